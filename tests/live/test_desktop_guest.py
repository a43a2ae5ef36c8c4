#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Linux guest with a desktop and spice-vdagent, in Lodge's window."""

import hashlib
import os
import re
import subprocess

from hand.guests import DesktopGuest
from hand.tap import Cases, await_that
from hand.world import main

cases = Cases()

# The colour of the guest's desktop (desktop-guest/desktop.sh).
DESKTOP = 0x2d4f67

# The frame of a window without a compositor, in pixels.
BORDER = 6


class Desk:
    """The guest that all cases share: it takes longer to start than they do."""

    guest = None
    lodge = None


def desk(world):
    if Desk.guest is None:
        Desk.guest = DesktopGuest(world.guests)
        world.keep_running = True
        Desk.lodge = world.start_lodge('--start', Desk.guest.name)
        Desk.guest.await_up()
        await_that('the guest\'s desktop is in the window',
                   lambda: world.screen.picture().first(DESKTOP), 60)
        Desk.guest.await_agent()
    return Desk.lodge, Desk.guest


def area(world):
    """(x, y, width, height) of the guest's desktop on the screen."""
    picture = world.screen.picture()
    left, top = picture.first(DESKTOP)
    right, bottom = picture.last(DESKTOP)
    return left, top, right - left + 1, bottom - top + 1


@cases.case("the guest's resolution follows the window")
def resolution(world):
    lodge, guest = desk(world)
    window = lodge.window()
    for size in ((1100, 760), (900, 620), (1180, 800)):
        world.screen.resize(window, *size)

        def follows():
            x, y, width, height = area(world)
            place = world.screen.place(window)
            # A guest's modes are a multiple of 8 pixels wide, so that a few may be left over.
            return (guest.size() == (width, height) and y + height >= place[1] + place[3] - BORDER
                    and x + width >= place[0] + place[2] - BORDER - 8)
        await_that('the guest has just as many pixels as the window shows', follows, 60)
        world.shoot(f'desktop-{size[0]}x{size[1]}')


@cases.case('keys and clicks arrive in a program of the guest')
def keys(world):
    _, guest = desk(world)
    x, y, _, _ = area(world)
    # The terminal stands at 40, 40 of the guest's screen.
    world.screen.click(x + 200, y + 150)
    await_that('the terminal has the focus',
               lambda: '# 0x' in guest.ask('xprop -root _NET_ACTIVE_WINDOW'), 60)

    def typed():
        # Letters of the keyboard that both sides have: keys travel, not characters. Once more where
        # the machine is so busy that the guest's PS/2 keyboard, which keeps 16 bytes, overflows.
        world.screen.key('ctrl+u')
        world.screen.type("echo 'Hello: {[@~]} 42%' > /tmp/typed", delay=100)
        world.screen.key('Return')
        guest.ask('for i in $(seq 20); do test -e /tmp/typed && break; sleep 0.2; done')
        return guest.ask('cat /tmp/typed') == 'Hello: {[@~]} 42%\n'
    await_that('the terminal has run what was typed', typed, 60)
    world.shoot('desktop-typed')


@cases.case('the clipboard goes from here to the guest')
def clipboard_in(world):
    _, guest = desk(world)
    text = 'here → there: äöü 世界 🦉\nsecond line'
    world.user.start('xclip', '-selection', 'clipboard', '-quiet', '-i', world.write('in.txt', text))
    x, y, _, _ = area(world)
    world.screen.click(x + 300, y + 150)
    await_that("the text is in the guest's clipboard", lambda: guest.clipboard() == text, 60)


def pasted(world):
    """What a program here gets when it pastes, or None where the guest has not answered: its agent
    does not while a program in there that has just copied is not ready yet."""
    try:
        return world.user.run('xclip', '-selection', 'clipboard', '-target', 'UTF8_STRING', '-o', check=False)
    except subprocess.TimeoutExpired:
        return None


@cases.case('the clipboard comes from the guest to here')
def clipboard_out(world):
    _, guest = desk(world)
    text = 'there → here: äöü 世界 🦉'
    guest.set_clipboard(text)
    await_that("the guest's text can be pasted here",
               lambda: pasted(world) == text, 120)
    big = 'zeile mit umlaut ä\n' * 60000
    guest.ask("python3 -c \"print('zeile mit umlaut ä\\n' * 60000, end='')\" > /tmp/big; "
              "setsid xclip -selection clipboard -i /tmp/big > /dev/null 2>&1")
    await_that('a megabyte comes whole',
               lambda: pasted(world) == big, 120)


@cases.case('the status popover says what works')
def legs(world):
    lodge, _ = desk(world)
    lodge.open_popover('What Works')
    for words in ('The guest’s agent answers.', 'The guest’s screen can follow the window.',
                  'Text and pictures go both ways.'):
        lodge.await_one(name=re.compile(re.escape(words)))
    world.shoot('desktop-status')
    world.screen.key('Escape')


@cases.case('a file dropped on the screen arrives whole')
def drop(world):
    _, guest = desk(world)
    content = os.urandom(3_000_000)
    path = world.write('Dropped file ä.bin', content)
    x, y, width, height = area(world)
    world.screen.drop_files([path], x + width // 2, y + height * 3 // 4)
    digest = hashlib.md5(content).hexdigest()
    await_that('the file is in the guest', lambda: digest in guest.ask('md5sum /root/Downloads/*'), 60)
    assert 'Dropped file ä.bin' in guest.ask('ls /root/Downloads')
    world.shoot('desktop-dropped')


@cases.case("files of the clipboard are sent to the guest")
def clipboard_files(world):
    lodge, guest = desk(world)
    path = world.write('Copied file.txt', 'copied')
    world.user.start('xclip', '-selection', 'clipboard', '-quiet', '-target', 'text/uri-list', '-i',
                     world.write('uris', f'file://{path.replace(" ", "%20")}\r\n'))
    lodge.open_menu('Guest Menu')
    lodge.press('Send Files of the Clipboard')
    await_that('the file is in the guest', lambda: 'copied' == guest.ask('cat "/root/Downloads/Copied file.txt"'),
               60)


@cases.case('a transfer is cancelled while it is under way')
def cancel(world):
    lodge, guest = desk(world)
    path = world.user.path('home', 'Long.bin')
    with open(path, 'wb') as file:
        file.truncate(500_000_000)
    x, y, width, height = area(world)
    world.screen.drop_files([path], x + width // 2, y + height * 3 // 4)
    lodge.open_popover('File Transfers')
    lodge.await_one(name='Long.bin')
    # At the first of it: what is under way is in the guest's memory, and the agent works off all that
    # has reached it before it hears of the end.
    await_that('the transfer is under way', lambda: lodge.program().all('progress bar')[-1].value > 0)
    lodge.press(re.compile('^Cancel'))
    lodge.await_one(name=re.compile('^Cancel(l?)ed'))
    world.shoot('desktop-cancelled')
    world.screen.key('Escape')
    await_that('the guest has forgotten it', lambda: 'Long' not in guest.ask('ls /root/Downloads'), 240)


@cases.case('the guest shuts down when told')
def shut_down(world):
    lodge, guest = desk(world)
    world.keep_running = False
    lodge.open_menu('Guest Menu')
    lodge.press('Force Off…')
    lodge.press('Force Off')
    world.guests.await_state(guest.name, 'shut off', 60)
    lodge.await_one(name=re.compile('^Off'))
    world.shoot('desktop-off')


if __name__ == '__main__':
    main(cases)
