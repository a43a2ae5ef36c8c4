#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around a guest's screen: dialogs, tools of the menu, the captured pointer, sound."""

import glob
import os
import re
import time

from hand import demo
from hand.sound import Speaker
from hand.tap import Cases, await_that, equal
from hand.world import main

cases = Cases()
SCREEN = "<graphics type='spice'><listen type='socket'/></graphics><video><model type='vga'/></video>"

# What is wrong with each address, in words that the dialog uses.
BAD_ADDRESSES = {
    'nonsense': 'An address looks like',
    'qemu:///sytem': 'ends in /system',
    'qemu+shh://a/system': 'the way to the host',
    'qemu+ssh:///system': 'needs the name of a computer',
    'qemu:// /system': 'not a complete address',
}


def await_picture(world):
    return await_that("the guest's picture is on the screen", lambda: demo.look(world.screen), 60)


def boot(world, name, devices='', **more):
    world.guests.define_demo(world.build, name, SCREEN + devices, **more)
    lodge = world.start_lodge('--start', name)
    return lodge, await_picture(world)


def choose(lodge, *names):
    lodge.open_menu('Guest Menu')
    for name in names:
        lodge.press(name)


def open_dialog(world, lodge):
    """Asks for the dialog, whose entry has the keyboard."""
    lodge.press('Connect to a Host')
    await_that('the dialog is there', lambda: len(lodge.windows()) == 2)
    lodge.await_one('text', 'Address')
    world.screen.settled()


def fill(world, text):
    world.screen.key('ctrl+a')
    world.screen.type(text, delay=5)


@cases.case('the address of a host: what is wrong with it, examples, Cancel, and a host that is there')
def connect(world):
    world.forget_settings()
    lodge = world.start_lodge()
    open_dialog(world, lodge)
    button = lodge.await_one('push button', 'Connect')
    assert 'sensitive' not in button.states, 'no address can be connected to'
    for address, words in BAD_ADDRESSES.items():
        fill(world, address)
        lodge.await_one('label', re.compile(re.escape(words)))
        assert 'sensitive' not in button.states, f'{address} can be connected to'
    world.shoot('connect-bad')
    lodge.press('Cancel')
    lodge.await_none('push button', 'Connect')

    open_dialog(world, lodge)
    fill(world, '  test:///default ')
    await_that('it can be connected to',
               lambda: 'sensitive' in lodge.find('push button', 'Connect').states)
    world.screen.key('Return')
    lodge.await_one(name='test')
    lodge.await_none('push button', 'Connect')
    world.shoot('connected')


@cases.case('a host that is not there: the reason, and Remove From the List')
def no_host(world):
    world.forget_settings()
    lodge = world.start_lodge()
    open_dialog(world, lodge)
    fill(world, 'qemu+tcp://localhost:1/system')
    world.screen.key('Return')
    lodge.await_one(name=re.compile('^Not connected, retrying'))
    lodge.await_one(name=re.compile('The host cannot be reached'))
    world.shoot('host-not-there')
    lodge.press('Remove From the List')
    lodge.await_none(name=re.compile('^Not connected'))


@cases.case('the shortcuts have a window')
def shortcuts(world):
    lodge = world.start_lodge()
    world.screen.key('ctrl+question')
    # In the language of assistive technology a shortcut is a label of its own.
    lodge.await_one(name='Release keyboard and pointer')
    lodge.await_one(name=re.compile('^Alt'))
    world.shoot('shortcuts')
    world.screen.key('Escape')
    lodge.await_none(name='Release keyboard and pointer')

    # Those that were chosen, not those that come with Lodge.
    world.user.run('gsettings', 'set', 'org.lodgevm.Lodge', 'release-keys', 'Super_R')
    world.screen.key('ctrl+question')
    lodge.await_one(name=re.compile('^Super'))
    world.screen.key('Escape')
    lodge.await_none(name='Release keyboard and pointer')
    world.user.run('gsettings', 'reset', 'org.lodgevm.Lodge', 'release-keys')


@cases.case('a screenshot is saved where the dialog says, or copied, or not at all')
def screenshot(world):
    lodge, shown = boot(world, 'pictured')

    def saved():
        return glob.glob(os.path.join(world.user.env['HOME'], '*.png'))
    choose(lodge, 'Screenshot', 'Save…')
    await_that('the dialog is there', lambda: len(lodge.windows()) == 2)
    world.screen.settled()
    world.screen.key('Escape')
    await_that('the dialog has gone', lambda: len(lodge.windows()) == 1)
    equal(saved(), [], 'pictures after Cancel')

    choose(lodge, 'Screenshot', 'Save…')
    await_that('the dialog is there', lambda: len(lodge.windows()) == 2)
    world.shoot('screenshot-dialog')
    world.screen.key('Return')
    path = await_that('a picture is saved', saved)[0]
    assert os.path.basename(path).startswith('pictured 20'), path
    lodge.await_one(name='Screenshot saved')
    equal(measure(world, path), (demo.WIDTH, demo.HEIGHT), 'its size')

    choose(lodge, 'Screenshot', 'Copy to the Clipboard')
    lodge.await_one(name='Screenshot copied to the clipboard')
    copy = world.write('copy.png', world.user.finish(
        'sh', '-c', 'xclip -selection clipboard -target image/png -o | base64').stdout)
    world.user.run('sh', '-c', f'base64 -d {copy} > {copy}.png')
    equal(measure(world, copy + '.png'), (demo.WIDTH, demo.HEIGHT), 'the size of the copy')


def measure(world, path):
    words = world.user.run('identify', '-format', '%w %h', path).split()
    return int(words[0]), int(words[1])


@cases.case("the clipboard's text is typed, and what has no key is counted")
def type_clipboard(world):
    lodge, _ = boot(world, 'typed')
    world.user.start('xclip', '-selection', 'clipboard', '-quiet', '-i', world.write('in.txt', 'Say hä? ☃ d'))
    await_that('the text is in the clipboard', lambda: '☃' in world.user.run(
        'xclip', '-selection', 'clipboard', '-target', 'UTF8_STRING', '-o', check=False))
    choose(lodge, 'Send Keys', 'Type the Clipboard’s Text')
    await_that('the guest has got the last letter',
               lambda: demo.look(world.screen).key[0] == demo.SCANCODES['d'])
    lodge.await_one(name='2 characters have no key and were left out')
    world.shoot('clipboard-typed')


@cases.case('a guest with a mouse alone captures the pointer, says how to leave, and lets it go')
def captured(world):
    lodge, shown = boot(world, 'mouse', features="<acpi/><vmport state='off'/>")
    place = [int(value) for value in shown.at(500, 300)]
    before = world.screen.settled()
    world.screen.click(*place)
    lodge.await_one('label', re.compile('Press Ctrl.Alt to release the pointer'))

    def held():
        # It is put back to where it was caught, whatever the hand does.
        world.screen.hand('mousemove_relative', '--', -40, 15)
        return world.screen.settled(0.2) and list(world.screen.pointer()) == place
    await_that('the pointer is held', held)
    world.shoot('captured')
    await_that('the guest has moved its own pointer', lambda: moved(world, before, shown))
    world.screen.hand('keydown', 'Control_L', 'keydown', 'Alt_L', 'keyup', 'Alt_L', 'keyup', 'Control_L')

    def free():
        world.screen.hand('mousemove_relative', '--', -40, 15)
        return world.screen.pointer()[0] < place[0] - 30
    await_that('the pointer is free', free)
    await_that('the words have gone', lambda: 'Press Ctrl' not in shown_hint(world, lodge))


def shown_hint(world, lodge):
    """The hint, as long as it takes room above the picture."""
    label = lodge.has('label', re.compile('Press Ctrl'))
    return label.text or label.name if label and 'showing' in label.states else ''


def moved(world, before, shown):
    """Whether something changed around the middle, where nothing but a pointer moves."""
    now = world.screen.picture()
    return any(now.pixel(*shown.at(x, y)) != before.pixel(*shown.at(x, y))
               for x in range(300, 620, 2) for y in range(300, 560, 2))


@cases.case('a beep of the guest is heard here, until it is muted')
def sound(world):
    speaker = Speaker(world.user)
    # The guest beeps by its PC speaker, which libvirt 9 cannot ask of QEMU 7.
    lodge, shown = boot(world, 'loud', "<sound model='ac97'/>",
                        arguments=('-machine', 'pcspk-audiodev=audio1'))
    world.screen.click(*shown.at(500, 300))

    def beep():
        world.screen.key('F8')
        return speaker.loud()
    await_that('the beep is heard', beep, 60)
    lodge.open_popover('Sound')
    switch = lodge.await_one(('switch', 'toggle button', 'check box'), re.compile('Mute Sound'))
    world.shoot('sound')
    switch.press()
    world.screen.key('Escape')
    lodge.await_none(name=re.compile('Mute Sound'))
    speaker.forget()
    for _ in range(5):
        world.screen.key('F8')
        assert not speaker.loud(), 'a muted guest is heard'


@cases.case('a guest that does not heed Shut Down counts as running again after a minute, and can be told again')
def unheeded(world):
    lodge, _ = boot(world, 'deaf', features='')
    choose(lodge, 'Shut Down')
    lodge.await_one(name=re.compile('^Shutting down'))
    began = time.monotonic()
    lodge.await_one(name=re.compile('^Running'), seconds=90)
    waited = time.monotonic() - began
    assert 45 < waited, f'given up after {waited:.0f} s'
    equal(world.guests.state('deaf'), 'running', 'the state of the guest')
    lodge.open_menu('Guest Menu')
    assert 'sensitive' in lodge.await_one('menu item', 'Shut Down').states, 'it cannot be told again'


if __name__ == '__main__':
    main(cases)
