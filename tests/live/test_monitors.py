#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Linux guest with several monitors, each in a window of its own."""

import re

from hand.guests import DesktopGuest
from hand.tap import Cases, await_that, equal
from hand.world import main

cases = Cases()
NAME = 'Monitor 2 in a Window'
# Rounding to a cell, the frame of a window without a compositor, and the header's height.
CELL, FRAME, HEADER = 8, 12, 60


def boot(world, **shape):
    guest = DesktopGuest(world.guests, 'several', **shape)
    lodge = world.start_lodge('--start', guest.name)
    guest.await_up()
    guest.await_agent()
    await_that("the guest's first monitor follows the window",
               lambda: follows(world, lodge.window(), list(guest.monitors().values())[0], sidebar=300), 60)
    return lodge, guest


def choose(lodge, name):
    lodge.open_menu('Guest Menu')
    lodge.press('Monitors')
    lodge.press(name)


def second_window(world, lodge):
    return await_that('the second monitor has a window', lambda: [
        window for window in lodge.windows() if 'Monitor 2' in world.screen.title(window)])[0]


def follows(world, window, monitor, sidebar=0):
    """Whether a monitor is as large as the window that shows it."""
    _, _, width, height = world.screen.place(window)
    return (0 <= width - monitor[0] <= CELL + FRAME + sidebar
            and 0 <= height - monitor[1] <= FRAME + HEADER)


def second_monitor(guest):
    """The one on the right; LookupError while there is one alone."""
    found = sorted(guest.monitors().values(), key=lambda monitor: monitor[2])
    if len(found) < 2:
        raise LookupError('one monitor')
    return found[1]


def several(world, **shape):
    lodge, guest = boot(world, **shape)
    equal(len(guest.monitors()), 1, 'monitors that nobody looks at')

    choose(lodge, NAME)
    window = second_window(world, lodge)
    await_that('the second monitor fills its window',
               lambda: follows(world, window, second_monitor(guest)), 60)
    world.screen.resize(window, 700, 520)
    await_that('the second monitor follows its window',
               lambda: world.screen.place(window)[2] <= 712 and follows(world, window, second_monitor(guest)), 60)
    pointer_arrives(world, guest, window)
    world.shoot('monitors-' + shape['video'])

    fullscreen(world, lodge, guest, window)

    choose(lodge, NAME)
    equal(len(lodge.windows()), 2, 'windows after the same monitor was asked for again')

    world.screen.close(window)
    await_that('its window is closed', lambda: len(lodge.windows()) == 1)
    await_that('the guest has one monitor again', lambda: len(guest.monitors()) == 1, 60)

    choose(lodge, NAME)
    window = second_window(world, lodge)
    await_that('the second monitor is there again',
               lambda: follows(world, window, second_monitor(guest)), 60)
    world.guests.virsh('destroy', guest.name)
    await_that('the window of the second monitor goes with the guest', lambda: len(lodge.windows()) == 1)


def pointer_arrives(world, guest, window):
    """A point in the second window is the same point of the second monitor."""
    world.screen.hand('windowactivate', '--sync', window.id)
    left, top, width, height = world.screen.place(window)
    turn = iter(range(1000))

    def arrives():
        # The agent's tablet is made anew with each resolution, and misses what does not move.
        move = 3 * (next(turn) % 20)
        world.screen.point(left + width // 2 + move, top + height // 2 + move)
        monitor = second_monitor(guest)
        x, y = (int(word) for word in re.findall(r'[xy]:(\d+)', guest.ask('sleep 0.2; xdotool getmouselocation')))
        return (abs(x - monitor[2] - width // 2 - move) <= CELL + FRAME
                and -HEADER - FRAME <= y - height // 2 - move <= 0)
    await_that("the guest's pointer is on the second monitor", arrives, 60)


def fullscreen(world, lodge, guest, window):
    before = second_monitor(guest)
    world.screen.key('F11')
    await_that('the second window fills the screen',
               lambda: '_NET_WM_STATE_FULLSCREEN' in world.screen.states(window))
    await_that('the second monitor fills the screen', lambda: second_monitor(guest)[:2] == (1280, 900), 60)
    world.screen.point(640, 500)
    world.screen.point(640, 300)
    world.screen.point(640, 0)
    lodge.press('Leave Fullscreen')
    await_that('the second window is a window again',
               lambda: '_NET_WM_STATE_FULLSCREEN' not in world.screen.states(window))
    await_that('the second monitor is as before', lambda: second_monitor(guest) == before, 60)


@cases.case('a card of two heads that are there from the start (virtio)')
def virtio(world):
    several(world, video='virtio', heads=2)


@cases.case('a card whose heads the guest lights (qxl)')
def qxl(world):
    several(world, video='qxl', heads=2)


@cases.case('a monitor that the guest does not light: it is said, and no window comes')
def unlit(world):
    # The guest's X server drives the first of its cards.
    lodge, guest = boot(world, video='qxl', cards=2)
    choose(lodge, NAME)
    lodge.await_one(name=re.compile('did not switch monitor 2 on'))
    world.shoot('monitor-not-lit')
    equal(len(lodge.windows()), 1, 'windows')
    equal(len(guest.monitors()), 1, 'monitors')


@cases.case('a guest with one monitor says so in the menu')
def one(world):
    world.guests.define_demo(world.build, 'one', """<graphics type='spice'><listen type='socket'/></graphics>
      <video><model type='vga'/></video>""")
    lodge = world.start_lodge('--start', 'one')
    lodge.open_menu('Guest Menu')
    lodge.press('Monitors')
    item = lodge.await_one('menu item', 'The Guest Has One Monitor')
    assert 'sensitive' not in item.states, 'it can be chosen'


if __name__ == '__main__':
    main(cases)
