#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""USB by hand: what is plugged in, rules, questions, and a disc image in a real guest."""

import os
import re

from hand.bus import AUDIO, CAMERA, INPUT, KEY, STORAGE, UsbBus
from hand.linux import LinuxGuest
from hand.tap import Cases, await_that, equal
from hand.world import main
from test_appearance import await_all_named
from test_resources import click

cases = Cases()

ROOM = """<controller type='usb' model='qemu-xhci' ports='15'/>
  <redirdev bus='usb' type='spicevmc'/><redirdev bus='usb' type='spicevmc'/>
  <redirdev bus='usb' type='spicevmc'/><redirdev bus='usb' type='spicevmc'/>"""
HOSTILE = b'<b>Disc</b> \xff\x1b[31m\xe2\x80\xae&amp; ' + 100 * b'long '


def plug_many(bus):
    bus.plug('3-1', 11, (0x046d, 0x085e), [(CAMERA, 'uvcvideo'), (AUDIO, 'snd-usb-audio')],
             name='BRIO Ultra HD Webcam', vendor='Logitech', serial='8B2A')
    bus.plug('3-2', 12, (0x0951, 0x1666), [(STORAGE, 'usb-storage')], name=HOSTILE, serial='60A44C')
    bus.plug('3-3', 13, (0x1050, 0x0407), [(KEY, None), (INPUT, 'usbhid')], name='YubiKey OTP+FIDO+CCID',
             vendor='Yubico')
    bus.plug('3-4', 14, (0x04d9, 0x1503), [(INPUT, 'usbhid')], name='Keyboard')


def open_usb(world, lodge):
    lodge.open_sheet()
    tab = lodge.await_one('page tab', 'USB')

    def shown():
        click(world, lodge, tab)
        return lodge.has('label', 'Plugged In')
    await_that('the USB panel shows', shown)


def start(world, bus=None, words=(), env=None):
    world.forget_settings()
    guest = LinuxGuest(world.guests, usb=ROOM, options='usb')
    lodge = world.start_lodge('--start', guest.name, *words, env={**(bus.env if bus else {}), **(env or {})})
    guest.await_up()
    open_usb(world, lodge)
    return lodge, guest


def expand(world, lodge, name, what):
    """Opens the row of a device, where `what` is."""
    def shown():
        if not lodge.has('label', what):
            click(world, lodge, lodge.find('label', name))
        return lodge.await_one('label', what, 5)
    await_that('the row is open', shown)


@cases.case('what is plugged in is shown, whatever it says of itself')
def listed(world):
    bus = UsbBus()
    plug_many(bus)
    lodge, _ = start(world, bus)
    lodge.await_one('label', 'Logitech BRIO Ultra HD Webcam')
    names = [widget.name or widget.text for widget in lodge.program().all('label')]
    places = [names.index(next(name for name in names if word in name))
              for word in ('BRIO', '<b>Disc</b>', 'YubiKey', 'Keyboard')]
    equal(places, sorted(places), 'the order of kinds')
    assert not any('\x1b' in name or '\u202e' in name for name in names), 'a control character shows'
    world.shoot('usb')
    await_all_named(lodge)


@cases.case('where the right to a device is missing, its details say what gives it')
def denied(world):
    bus = UsbBus()
    bus.plug('3-1', 11, (0x046d, 0x085e), [(CAMERA, 'uvcvideo')], name='BRIO', vendor='Logitech', serial='8B2A')
    lodge, _ = start(world, bus, env={'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'})
    lodge.await_one('label', 'Logitech BRIO')
    expand(world, lodge, 'Logitech BRIO', re.compile('70-lodge-usb.rules.*ATTR{idVendor}=="046d"', re.DOTALL))
    lodge.await_one('label', re.compile('Not “Directly, by libvirt .hostdev.”: you have no right'))
    world.shoot('usb-denied-dark')
    world.screen.resize(lodge.window(), 360, 640)
    world.shoot('usb-denied-narrow')
    await_all_named(lodge)


@cases.case('a new device is asked about in the window, also in a narrow one')
def question(world):
    bus = UsbBus()
    lodge, guest = start(world, bus)
    lodge.await_one('label', re.compile('^Nothing is plugged in'))
    bus.plug('3-1', 11, (0x046d, 0x0825), [(CAMERA, 'uvcvideo')], name='Everyday Camera', serial='E1')
    lodge.await_one('label', re.compile('Everyday Camera was plugged in'))
    world.shoot('usb-question')
    lodge.press('Keep Here')
    lodge.await_none('label', re.compile('Everyday Camera was plugged in'))

    world.screen.resize(lodge.window(), 360, 640)
    bus.unplug('3-1')
    bus.plug('3-2', 12, (0x046d, 0x0825), [(CAMERA, 'uvcvideo')], name='Everyday Camera', serial='E2')
    lodge.await_one('label', re.compile('Everyday Camera was plugged in'))
    world.shoot('usb-question-narrow')
    lodge.press('Always')
    await_that('the rule is in the guest', lambda: 'E2' in world.guests.virsh('dumpxml', guest.name))


@cases.case('a stick that this computer has mounted is unmounted first, and says where')
def mounted(world):
    bus = UsbBus()
    world.forget_settings()
    world.guests.define_small('arch', f"{ROOM}<graphics type='spice'><listen type='socket'/></graphics>", 'Arch')
    lodge = world.start_lodge('--start', 'arch', env=bus.env)
    open_usb(world, lodge)
    bus.plug('3-1', 11, (0x0951, 0x1666), [(STORAGE, 'usb-storage')], name='Stick', serial='60A44C',
             mounted_at='/dev/shm')
    lodge.press(re.compile('^Give to Arch'))
    lodge.await_one('label', re.compile('^Unmount “.*Stick” First'))
    lodge.await_one('label', re.compile('/dev/shm'))
    world.shoot('usb-mounted')
    lodge.press('Keep Here')
    lodge.await_none('label', re.compile('^Unmount “'))

    # By a rule it is not asked for in the middle of something else, but at the edge.
    lodge.open_menu(re.compile('^Rule for “.*Stick”'))
    lodge.press(re.compile('^Always give to this guest'))
    lodge.await_one('label', re.compile('is to be given to “Arch”.*/dev/shm', re.DOTALL))
    world.shoot('usb-mounted-rule')
    world.screen.resize(lodge.window(), 360, 640)
    world.shoot('usb-mounted-rule-narrow')
    await_all_named(lodge)
    lodge.press('Keep Here')
    lodge.await_none('label', re.compile('is to be given to'))
    bus.end()


@cases.case('rules for kinds, by keyboard alone')
def kinds(world):
    lodge, guest = start(world)
    lodge.await_one('label', 'Add')

    def at_add():
        world.screen.key('Tab')
        return any('focused' in widget.states for widget in lodge.program().all(name='Add'))
    await_that('the Tab key leads to “Add”', at_add, 20)
    world.screen.key('Return')
    lodge.await_one('menu item', re.compile('^Any camera'))
    world.shoot('usb-kinds')
    world.screen.key('Return')
    lodge.await_one('label', 'None is plugged in')
    await_that('the rule is in the guest', lambda: 'kind="camera"' in
               world.guests.virsh('dumpxml', '--inactive', guest.name).replace("'", '"'))
    world.shoot('usb-rule')
    lodge.press('Remove the rule for “Any camera”')
    lodge.await_none('label', 'None is plugged in')


@cases.case('a disc image, chosen in the dialog, is a drive of the guest')
def image(world):
    lodge, guest = start(world)
    path = world.user.path('home', 'disc.iso')
    folder = world.user.path('home', 'disc')
    os.mkdir(folder)
    with open(os.path.join(folder, 'words.txt'), 'w', encoding='utf-8') as file:
        file.write('read by the guest\n')
    world.user.run('xorriso', '-as', 'mkisofs', '-quiet', '-r', '-o', path, folder)
    lodge.press('Insert a Disc Image…')
    lodge.await_one(name='Insert')
    world.screen.key('ctrl+l')
    world.screen.type(path)
    world.shoot('usb-image-dialog')
    world.screen.key('Return')
    lodge.await_one('label', 'The image is in a USB CD drive of the guest now')
    world.shoot('usb-image')
    await_that('the guest has a drive', lambda: guest.ask('ls /dev/sr0') == '/dev/sr0')
    equal(guest.ask('mkdir /run/d && mount -t iso9660 -o ro /dev/sr0 /run/d && cat /run/d/words.txt'),
          'read by the guest', 'what is on the disc')


if __name__ == '__main__':
    main(cases)
