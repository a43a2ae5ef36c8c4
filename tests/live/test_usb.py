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
    if not lodge.has('heading', 'USB') and not lodge.has('list', 'Plugged In'):
        if not lodge.has(name='USB'):
            lodge.press(re.compile('^(Resources and Devices|Ressourcen und Geräte)$'))
        for widget in lodge.program().all(name='USB'):
            try:
                widget.press()
                break
            except AssertionError:
                continue
    lodge.await_one(name=re.compile('^(Plugged In|Angeschlossen)$'))


@cases.case('what is plugged in is shown, whatever it says of itself')
def listed(world):
    world.forget_settings()
    bus = UsbBus()
    plug_many(bus)
    guest = LinuxGuest(world.guests, usb=ROOM, options='usb')
    lodge = world.start_lodge('--start', guest.name, env=bus.env)
    guest.await_up()
    open_usb(world, lodge)
    lodge.await_one('label', 'Logitech BRIO Ultra HD Webcam')
    world.shoot('usb')
    await_all_named(lodge)


if __name__ == '__main__':
    main(cases)
