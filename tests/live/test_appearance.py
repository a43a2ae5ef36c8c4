#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Lodge's window looks to eyes and to assistive technology."""

import re

from hand import demo
from hand.tap import Cases, await_that
from hand.world import main

cases = Cases()

CONTROLS = ('push button', 'button', 'toggle button', 'check box', 'menu item', 'radio button', 'switch',
            'combo box', 'text', 'entry', 'password text', 'slider', 'spin button', 'link', 'list item')


def await_picture(world):
    return await_that("the guest's picture is on the screen", lambda: demo.look(world.screen), 40)


def await_all_named(lodge):
    """Every control that shows has a name, or holds words that say what it is."""
    def nameless():
        found = []
        for _, widget in lodge.program().walk():
            if widget.role in CONTROLS and not (widget.name or widget.text or widget.description):
                if not any(inner.name or inner.text for _, inner in widget.walk()):
                    found.append(widget)
        return found
    found = nameless()
    assert not found, 'without a name: ' + ', '.join(
        f'{widget.role} at {widget.place}' for widget in found)


@cases.case('every control has a name')
def names(world):
    world.forget_settings()
    lodge = world.start_lodge()
    lodge.await_one(name='Try the Demo Guest')
    await_all_named(lodge)
    lodge.press('Try the Demo Guest')
    await_picture(world)
    await_all_named(lodge)
    lodge.open_menu('Guest Menu')
    await_all_named(lodge)
    world.shoot('guest-menu')
    world.screen.key('Escape')
    lodge.await_none('menu item')
    lodge.open_menu('Main Menu')
    await_all_named(lodge)
    world.shoot('main-menu')
    lodge.press('Preferences')
    lodge.await_one(name=re.compile('Resize Guests With the Window'))
    await_all_named(lodge)
    world.shoot('preferences')


@cases.case('a window of 360 pixels shows the list or the guest, never half of them')
def fold(world):
    lodge = world.start_lodge('--demo')
    await_picture(world)
    window = lodge.window()

    def narrow():
        # As a hand that goes on pulling: there is less to fit once the list has folded away.
        world.screen.resize(window, 360, 640)
        world.screen.settled()
        # 360 and the frame of a window without a compositor.
        return world.screen.place(window)[2] <= 372
    await_that('the window is narrow', narrow)
    await_that('the picture fits', lambda: fits(world, window))
    world.shoot('narrow-guest')
    lodge.press('Back to the List')
    lodge.await_one(name='Main Menu')
    world.shoot('narrow-list')
    world.screen.resize(window, 1000, 700)
    await_that('the window is wide', lambda: world.screen.place(window)[2] >= 990)
    world.shoot('wide-again')


def fits(world, window):
    shown = demo.look(world.screen)
    x, y, width, height = world.screen.place(window)
    inside = x <= shown.x and shown.x + shown.width <= x + width
    return shown if inside else None


@cases.case('dark style')
def dark(world):
    lodge = world.start_lodge('--demo', env={'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'})
    await_picture(world)
    world.shoot('dark')
    picture = world.screen.settled()
    x, y, _, _ = world.screen.place(lodge.window())
    colour = picture.pixel(x + 40, y + 60)
    assert sum((colour >> shift & 255) for shift in (0, 8, 16)) < 300, f'{colour:06x} is not dark'


@cases.case('the picture of a guest without an agent keeps its shape in any window')
def shapes(world):
    world.guests.define_demo(world.build, 'plain', """<graphics type='spice'><listen type='socket'/></graphics>
      <video><model type='vga'/></video>""")
    lodge = world.start_lodge('--start', 'plain')
    await_picture(world)
    window = lodge.window()
    for width, height in ((1200, 500), (700, 800), (1279, 880)):
        world.screen.resize(window, width, height)
        await_that(f'the window is {width} wide', lambda: abs(world.screen.place(window)[2] - width) < 3)

        def in_shape():
            shown = fits(world, window)
            return shown and abs(shown.width * 3 - shown.height * 4) <= 8 and shown
        await_that('the picture is whole and 4 by 3', in_shape)
        world.shoot(f'window-{width}x{height}')


if __name__ == '__main__':
    main(cases)
