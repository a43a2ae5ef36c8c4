# SPDX-License-Identifier: GPL-3.0-or-later
"""What assistive technology sees of a program, and its way to press buttons."""

import os
import re

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402

from .tap import await_that  # noqa: E402


def connect(user):
    """Starts the session's buses and joins them."""
    address = user.run('dbus-daemon', '--session', '--fork', '--print-address=1').strip()
    user.env['DBUS_SESSION_BUS_ADDRESS'] = address
    os.environ['DBUS_SESSION_BUS_ADDRESS'] = address
    os.environ['XDG_RUNTIME_DIR'] = user.env['XDG_RUNTIME_DIR']
    user.start('/usr/libexec/at-spi-bus-launcher', '--launch-immediately', log='at-spi.log')
    await_that('the accessibility bus is there', lambda: 'unix:' in user.run(
        'dbus-send', '--session', '--print-reply', '--dest=org.a11y.Bus', '/org/a11y/bus',
        'org.a11y.Bus.GetAddress', check=False))
    if Atspi.init() not in (0, 1):
        raise AssertionError('no accessibility bus')
    Atspi.set_timeout(3000, 3000)


def another_session(user):
    """What makes a program think that it is in a session of its own, but for this accessibility bus."""
    answer = user.run('dbus-send', '--session', '--print-reply=literal', '--dest=org.a11y.Bus', '/org/a11y/bus',
                      'org.a11y.Bus.GetAddress')
    env = {'AT_SPI_BUS_ADDRESS': answer.strip(),
           'DBUS_SESSION_BUS_ADDRESS': user.run('dbus-daemon', '--session', '--fork', '--print-address=1').strip()}
    for name in ('XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME'):
        env[name] = user.env[name] + '-2'
        os.makedirs(env[name], exist_ok=True)
    return env


def program(pid):
    """The accessible of the program with this process id, or LookupError."""
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for index in range(desktop.get_child_count()):
        try:
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_process_id() == pid:
                return Widget(child)
        except GLib.Error:
            continue
    raise LookupError(f'no program {pid} on the accessibility bus')


class Widget:
    """One accessible object, always asked afresh."""

    def __init__(self, accessible):
        self.accessible = accessible

    def _ask(self, question, fallback):
        try:
            return question()
        except GLib.Error:
            return fallback

    @property
    def role(self):
        return self._ask(self.accessible.get_role_name, 'gone')

    @property
    def name(self):
        return self._ask(self.accessible.get_name, '') or ''

    @property
    def description(self):
        return self._ask(self.accessible.get_description, '') or ''

    @property
    def text(self):
        interface = self._ask(self.accessible.get_text_iface, None)
        if interface is None:
            return ''
        # To the last character, and not to -1: that is nothing in an entry of GTK 4.8.
        return self._ask(lambda: Atspi.Text.get_text(interface, 0, Atspi.Text.get_character_count(interface)),
                         '') or ''

    @property
    def value(self):
        """What a slider stands at."""
        interface = self._ask(self.accessible.get_value_iface, None)
        return self._ask(lambda: Atspi.Value.get_current_value(interface), 0.0) if interface else 0.0

    @value.setter
    def value(self, value):
        interface = self.accessible.get_value_iface()
        if interface is None or not Atspi.Value.set_current_value(interface, value):
            raise AssertionError(f'{self} takes no value')

    @property
    def states(self):
        found = self._ask(self.accessible.get_state_set, None)
        return {state.value_nick for state in found.get_states()} if found else set()

    @property
    def children(self):
        def ask():
            self.accessible.clear_cache()
            count = self.accessible.get_child_count()
            return [self.accessible.get_child_at_index(index) for index in range(count)]
        return [Widget(child) for child in self._ask(ask, []) if child is not None]

    @property
    def place(self):
        """(x, y, width, height) in the window."""
        box = self._ask(lambda: self.accessible.get_extents(Atspi.CoordType.WINDOW), None)
        return (box.x, box.y, box.width, box.height) if box else (0, 0, 0, 0)

    def walk(self, depth=0):
        """Everything below that shows, with its depth."""
        for child in self.children:
            # Not the state "showing": GTK 4.8 has it for windows alone.
            if 'visible' not in child.states:
                continue
            place = child.place
            if place[2] > 0 and place[3] > 0:
                yield depth, child
            elif place != (0, 0, 0, 0):
                continue
            # What stands for a page of a stack has no place of its own.
            yield from child.walk(depth + 1)

    def all(self, role=None, name=None):
        return [widget for _, widget in self.walk() if widget.matches(role, name)]

    def matches(self, role, name):
        if role is not None and self.role not in ((role,) if isinstance(role, str) else role):
            return False
        if name is None:
            return True
        mine = self.name or self.text
        if isinstance(name, re.Pattern):
            return bool(name.search(mine))
        # GTK 4.8 names a button with a mnemonic twice: "_Start Start".
        return mine in (name, f'_{name} {name}') or mine.replace('_', '') in (name, f'{name} {name}')

    def find(self, role=None, name=None):
        for _, widget in self.walk():
            if widget.matches(role, name):
                return widget
        raise LookupError(f'nothing shows with role {role} and name {name}')

    def has(self, role=None, name=None):
        try:
            return self.find(role, name)
        except LookupError:
            return None

    def await_one(self, role=None, name=None, seconds=45.0):
        return await_that(f'a {role} named {name} shows', lambda: self.find(role, name), seconds)

    def await_none(self, role=None, name=None, seconds=45.0):
        return await_that(f'no {role} named {name} shows', lambda: not self.has(role, name), seconds)

    def press(self):
        """What a screen reader does for "activate"."""
        states = self.states
        if 'sensitive' not in states and 'enabled' not in states:
            raise AssertionError(f'{self} cannot be pressed: {sorted(states)}')
        for index in range(self.accessible.get_n_actions()):
            if self.accessible.get_action_name(index) in ('click', 'press', 'activate', 'toggle'):
                break
        else:
            index = 0
        if not self.accessible.do_action(index):
            raise AssertionError(f'{self} has no action')

    def focus(self):
        self.accessible.grab_focus()

    def __str__(self):
        return f'{self.role} “{self.name or self.text}”'

    def describe(self):
        """Lines that show the tree, for a failure's record."""
        return [f'{"  " * depth}{widget}'[:160] for depth, widget in self.walk()]
