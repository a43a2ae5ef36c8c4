#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new user's first day with the demo guest: from the empty start page to typing, and back."""

import re

from hand import demo
from hand.tap import Cases, await_that, equal
from hand.world import main

cases = Cases()
DEMO = 'Lodge Demo'


def await_picture(world, seconds=40):
    return await_that("the guest's picture is on the screen", lambda: demo.look(world.screen), seconds)


def await_key(world, name, seconds=10):
    code = demo.SCANCODES[name]
    await_that(f'the guest shows that {name} was pressed',
               lambda: demo.look(world.screen).key[0] == code, seconds)


def start_demo(world, *words):
    """Lodge with the running demo guest in its window."""
    lodge = world.start_lodge('--demo', *words)
    await_picture(world)
    return lodge


@cases.case('an empty start page leads to a guest that answers')
def first_start(world):
    world.forget_settings()
    lodge = world.start_lodge()
    lodge.await_one(name='Welcome to Lodge')
    world.shoot('start-page')
    lodge.press('Try the Demo Guest')
    shown = await_picture(world)
    equal(world.guests.state(DEMO), 'running', "the guest's state")
    ratio = shown.width / shown.height
    assert 1.32 < ratio < 1.35, f'the picture is {shown.width} × {shown.height}'
    world.shoot('demo-running')
    world.screen.click(*shown.at(500, 300))
    world.screen.key('a')
    await_key(world, 'a')
    world.screen.key('h')
    await_key(world, 'h')
    world.screen.hold('s', True)
    await_key(world, 's')
    world.screen.hold('s', False)
    world.shoot('demo-typed')


@cases.case('the pointer acts where it is seen')
def pointer(world):
    start_demo(world)
    shown = await_picture(world)
    world.screen.point(*shown.at(512, 400))
    world.screen.hand('mousedown', 1)
    # The left of the guest's three buttons, which is dark blue while it is up.
    await_that('the guest shows the left button down', lambda: button(world) > 0xd0, 10)
    world.screen.hand('mouseup', 1)
    await_that('the guest shows the left button up', lambda: button(world) < 0x60, 10)
    # The guest draws its pointer where it was told; the colour of the sky there changes.
    sky = world.screen.settled()
    shown = await_picture(world)
    away, there = shown.at(300, 60), shown.at(600, 60)
    world.screen.point(*there)
    await_that("the guest's pointer is where ours is",
               lambda: changed(world, sky, there) and not changed(world, sky, away), 10)


def button(world):
    """How red the left button of the guest's mouse is."""
    shown = demo.look(world.screen)
    return shown.picture.pixel(*shown.at(808, 674)) >> 16


def changed(world, before, place):
    """Whether something new is within a few pixels of a place."""
    now = world.screen.picture()
    x, y = int(place[0]), int(place[1])
    return any(now.pixel(x + dx, y + dy) != before.pixel(x + dx, y + dy)
               for dx in range(-9, 10) for dy in range(-9, 10))


@cases.case('pause, resume, force off and start again')
def life(world):
    lodge = start_demo(world)
    lodge.press('Pause')
    world.guests.await_state(DEMO, 'paused')
    lodge.await_one(name=re.compile('Paused'))
    world.shoot('demo-paused')
    lodge.press('Resume')
    world.guests.await_state(DEMO, 'running')
    lodge.open_menu('Guest Menu')
    lodge.press('Force Off…')
    lodge.await_one(name=re.compile('Everything in the guest that is not saved is lost'))
    world.shoot('force-off-question')
    lodge.press('Cancel')
    lodge.await_none(name=re.compile('Everything in the guest that is not saved is lost'))
    equal(world.guests.state(DEMO), 'running', 'the state after Cancel')
    lodge.open_menu('Guest Menu')
    lodge.press('Force Off…')
    lodge.press('Force Off')
    world.guests.await_state(DEMO, 'shut off')
    lodge.await_one(name=re.compile('^Off'))
    world.shoot('demo-off')
    lodge.press('Start')
    await_picture(world)
    equal(world.guests.state(DEMO), 'running', "the guest's state")


@cases.case('shut down asks the guest, save keeps its picture')
def shut_down(world):
    lodge = start_demo(world)
    shown = await_picture(world)
    world.screen.click(*shown.at(500, 300))
    world.screen.key('d')
    await_key(world, 'd')
    lodge.open_menu('Guest Menu')
    lodge.press('Save to Disc')
    lodge.await_one(name=re.compile('^Saved'), seconds=40)
    equal(world.guests.state(DEMO), 'shut off', 'the state of a saved guest')
    world.shoot('demo-saved')
    lodge.press('Start')
    await_picture(world)
    await_key(world, 'd')
    lodge.open_menu('Guest Menu')
    lodge.press('Shut Down')
    world.guests.await_state(DEMO, 'shut off')


@cases.case('what virsh does shows')
def outside(world):
    lodge = start_demo(world)
    world.guests.virsh('suspend', DEMO)
    lodge.await_one(name=re.compile('^Paused'))
    world.guests.virsh('resume', DEMO)
    lodge.await_one(name=re.compile('^Running'))
    world.guests.define_small('newcomer')
    lodge.await_one(name='newcomer')
    world.guests.virsh('undefine', 'newcomer')
    lodge.await_none(name='newcomer')
    world.guests.virsh('destroy', DEMO)
    lodge.await_one(name=re.compile('^Off'))


@cases.case('closing the window leaves the guest running, and says so once')
def close(world):
    world.forget_settings()
    lodge = start_demo(world)
    window = lodge.window()
    world.screen.close(window)
    lodge.await_one(name=re.compile('Closing the window does not shut guests down'))
    world.shoot('close-notice')
    lodge.press('Close Window')
    await_that('Lodge has ended', lambda: not lodge.alive())
    equal(lodge.process.returncode, 0, 'the exit status')
    equal(world.guests.state(DEMO), 'running', 'the guest after the window was closed')
    again = world.start_lodge('--start', DEMO)
    await_picture(world)
    world.screen.close(again.window())
    await_that('Lodge has ended without a question', lambda: not again.alive())
    equal(world.guests.state(DEMO), 'running', 'the guest after the window was closed again')


@cases.case('fullscreen with a header at the edge')
def fullscreen(world):
    lodge = start_demo(world)
    before = await_picture(world)
    world.screen.key('F11')
    await_that('the window fills the screen',
               lambda: '_NET_WM_STATE_FULLSCREEN' in world.screen.states(lodge.window()))
    await_that('the picture has grown', lambda: demo.look(world.screen).width > before.width)
    await_that('the header is away', lambda: not lodge.has(name='Leave Fullscreen'))
    world.shoot('fullscreen')
    world.screen.point(640, 500)
    world.screen.point(640, 300)
    world.screen.point(640, 0)
    lodge.await_one(name='Leave Fullscreen')
    world.shoot('fullscreen-header')
    lodge.press('Leave Fullscreen')
    await_that('the window is a window again',
               lambda: '_NET_WM_STATE_FULLSCREEN' not in world.screen.states(lodge.window()))


@cases.case('the keyboard alone is enough')
def keyboard(world):
    world.forget_settings()
    world.screen.point(1279, 899)
    lodge = world.start_lodge()
    button = lodge.await_one(name='Try the Demo Guest')

    def walk():
        if 'focused' in button.states:
            return True
        world.screen.key('Tab')
        return False
    await_that('Tab leads to the button', walk)
    world.screen.key('Return')
    await_picture(world)
    world.screen.key('a')
    await_key(world, 'a')
    # Tab belongs to the guest while its screen has the keyboard …
    world.screen.key('Tab')
    await_key(world, 'Tab')
    # … until the release keys give it back.
    world.screen.hand('keydown', 'Control_L', 'keydown', 'Alt_L', 'keyup', 'Alt_L', 'keyup', 'Control_L')
    presses = await_picture(world).key

    def leave():
        world.screen.key('Tab')
        return any('focused' in button.states for button in lodge.program().all(
            ('push button', 'button', 'toggle button', 'list item', 'text', 'entry')))
    await_that('Tab walks through the window again', leave)
    equal(await_picture(world).key, presses, 'the last key that the guest saw')


if __name__ == '__main__':
    main(cases)
