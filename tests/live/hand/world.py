# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a case needs: a user with a screen, buses, a libvirt session, and Lodge to try."""

import os
import re
import sys
import time

from . import widgets
from .guests import Guests
from .screen import Screen
from .tap import await_that, say
from .user import User, stay_behind

BUTTONS = ('push button', 'button', 'toggle button')

# What a program says when it is ill, whether or not the case looks.
ILL = re.compile(r'(CRITICAL|Gtk-WARNING|GLib-GObject-WARNING|Adwaita-WARNING|lodge-WARNING'
                 r'|AddressSanitizer|runtime error:)')
# Words of the surroundings, not of Lodge: there is no sound card, portal or theme daemon here; and the
# SPICE library complains when QEMU's qxl sets a cursor before it has told its first one.
NOT_OURS = re.compile(r'(GstAuto|pulse|alsa|portal|Unable to acquire|settings daemon'
                      r'|Unknown key gtk-modules|cursor_handle_set: assertion)', re.IGNORECASE)


class World:
    def __init__(self, user, build, size):
        self.build = os.path.abspath(build)
        self.pictures = os.environ.get('LODGE_TEST_PICTURES', f'/tmp/lodge-live-pictures-{os.getuid()}')
        os.makedirs(self.pictures, exist_ok=True)
        self.user = user
        self.running = []
        # Whether the cases share what runs, rather than begin afresh each.
        self.keep_running = False
        self.user.env['GSETTINGS_SCHEMA_DIR'] = os.path.join(self.build, 'data')
        self.screen = Screen(self.user, size)
        widgets.connect(self.user)
        self.guests = Guests(self.user)

    @property
    def lodge_path(self):
        return os.path.join(self.build, 'src', 'lodge')

    def start_lodge(self, *words, env=None):
        """Starts Lodge and waits until its window is on the screen."""
        lodge = self.start_lodge_unseen(*words, env=env)
        lodge.await_window()
        return lodge

    def start_lodge_unseen(self, *words, env=None):
        """Starts Lodge without asking assistive technology about it."""
        lodge = Lodge(self, words, env)
        self.running.append(lodge)
        return lodge

    def end_lodge(self):
        """Ends every Lodge of the case, guests stay."""
        for lodge in self.running:
            lodge.stop()

    def run_lodge(self, *words, timeout=20, env=None, without=()):
        """Runs Lodge to its end: (exit status, standard output, standard error)."""
        done = self.user.finish(self.lodge_path, *words, timeout=timeout, env=env, without=without)
        return done.returncode, done.stdout, done.stderr

    def write(self, name, content):
        """Writes a file of the user, and returns its path."""
        path = self.user.path('home', name)
        with open(path, 'wb') as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return path

    def shoot(self, name):
        """Keeps a picture of the screen, for people to look at."""
        path = os.path.join(self.pictures, re.sub(r'[^a-z0-9-]+', '-', name.lower()) + '.png')
        self.screen.settled().save(path)
        return path

    def describe_failure(self, name):
        lines = [f'picture: {self.shoot("failed-" + name)}']
        for lodge in self.running:
            lines += lodge.words()[-30:]
            try:
                lines += lodge.program().describe()[:150]
            except (LookupError, AssertionError) as error:
                lines.append(str(error))
        for desktop in self.guests.desktops:
            lines += desktop.describe()
        return lines

    def after_case(self):
        """Ends what the case left running, and complains about what Lodge complained of."""
        ill = []
        for lodge in self.running:
            if not self.keep_running:
                lodge.stop()
            ill += lodge.complaints()
        if not self.keep_running:
            self.running = []
            self.guests.clear()
        if ill:
            raise AssertionError('Lodge said:\n' + '\n'.join(ill))

    def forget_settings(self):
        """As on the first day."""
        for name in ('XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME'):
            for folder in ('glib-2.0', 'lodge', 'org.lodgevm.Lodge'):
                self.user.run('rm', '-rf', os.path.join(self.user.env[name], folder))


class Lodge:
    """One running Lodge."""

    count = 0

    def __init__(self, world, words, env):
        Lodge.count += 1
        self.world = world
        self.log = f'lodge-{Lodge.count}.log'
        self.began = time.monotonic()
        self.process = world.user.start(world.lodge_path, *words, log=self.log, env=env)
        self.accepted, self.heard = [], 0

    def words(self):
        with open(self.world.user.path(self.log), encoding='utf-8', errors='replace') as file:
            return file.read().splitlines()

    def complaints(self):
        """Those since the last time: cases that share a Lodge answer for what came in them."""
        words = self.words()
        new, self.heard = words[self.heard:], len(words)
        return [line for line in new if ILL.search(line) and not NOT_OURS.search(line)
                and not any(word in line for word in self.accepted)]

    def alive(self):
        return self.process.poll() is None

    def program(self):
        if not self.alive():
            raise AssertionError(f'Lodge ended with {self.process.returncode}:\n'
                                 + '\n'.join(self.words()[-20:]))
        return widgets.program(self.process.pid)

    def windows(self):
        return self.world.screen.windows(self.process.pid)

    def window(self):
        found = self.windows()
        if not found:
            raise LookupError('Lodge has no window')
        return found[0]

    def await_window(self, seconds=45):
        def ready():
            self.program()
            return self.window()
        window = await_that("Lodge's window is there", ready, seconds)
        self.mapped_after = time.monotonic() - self.began
        return window

    def find(self, role=None, name=None):
        return self.program().find(role, name)

    def has(self, role=None, name=None):
        return self.program().has(role, name)

    def await_one(self, role=None, name=None, seconds=45.0):
        return await_that(f'a {role} named {name} shows', lambda: self.find(role, name), seconds)

    def await_none(self, role=None, name=None, seconds=45.0):
        await_that(f'no {role} named {name} shows', lambda: not self.has(role, name), seconds)

    def press(self, name, role=(*BUTTONS, 'menu item'), seconds=45.0):
        widget = self.await_one(role, name, seconds)
        await_that(f'{widget} can be pressed', lambda: 'sensitive' in widget.states, seconds)
        widget.press()
        return widget

    def open_sheet(self, name='Resources and Devices'):
        """The sheet may be about to come by itself, as it was left: its button would close it then."""
        button = self.await_one(BUTTONS, name)
        if not {'pressed', 'checked'} & set(button.states):
            self.press(name)

    def open_popover(self, name):
        """Presses a menu button."""
        button = self.await_one(BUTTONS, name)
        inner = button.all(BUTTONS)
        (inner[0] if inner else button).press()

    def open_menu(self, name):
        """Opens the menu of a button and returns when its items show."""
        if not self.has('menu item'):
            self.open_popover(name)
        return self.await_one('menu item')

    def stop(self, seconds=10):
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except Exception:
                self.process.kill()
                self.process.wait(5)
                raise AssertionError('Lodge did not end when told to') from None


def main(cases, size='1280x900'):
    """test.py BUILD [WORD…]: runs the cases with one of these words in their names, or all."""
    if len(sys.argv) < 2:
        sys.exit(f'usage: {sys.argv[0]} BUILD-FOLDER [WORD…]')
    if os.getuid() == 0:
        print('Bail out! root has another session: run this through as-user.sh')
        sys.exit(1)
    user = User()
    stay_behind(user.leave)
    world = World(user, sys.argv[1], size)
    failed = cases.run(world, sys.argv[2:])
    say('pictures in', world.pictures)
    sys.exit(1 if failed else 0)
