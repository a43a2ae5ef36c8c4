#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lodge without a window: rules go on, it comes back when it is started, and begins with the desktop."""

import configparser
import os
import re
import shlex

import gi
gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib

from hand.bus import CAMERA, UsbBus
from hand.tap import Cases, await_that, equal
from hand.world import main

cases = Cases()

ID = 'org.lodgevm.Lodge'
NOTIFICATIONS = """<node><interface name='org.freedesktop.Notifications'>
  <method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
  <arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>
  <arg type='a{sv}' direction='in'/><arg type='i' direction='in'/><arg type='u' direction='out'/></method>
  <method name='CloseNotification'><arg type='u' direction='in'/></method>
  </interface></node>"""
RULES = """<metadata><lodge:guest xmlns:lodge='https://lodgevm.org/xmlns/domain/1'><lodge:usb>
  <lodge:any kind='camera' verdict='ask'/></lodge:usb></lodge:guest></metadata>"""


class Desktop:
    """Who shows notifications: it keeps their headings, and clicks on them."""

    def __init__(self, world):
        self.headings = []
        flags = Gio.DBusConnectionFlags
        self.bus = Gio.DBusConnection.new_for_address_sync(
            world.user.env['DBUS_SESSION_BUS_ADDRESS'],
            flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        info = Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS)
        self.bus.register_object('/org/freedesktop/Notifications', info.interfaces[0], self.called, None, None)
        self.ask('RequestName', GLib.Variant('(su)', ('org.freedesktop.Notifications', 0)))

    def ask(self, method, parameters):
        return self.bus.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', method,
                                  parameters, None, Gio.DBusCallFlags.NONE, -1, None).unpack()[0]

    def has_lodge(self):
        return self.ask('NameHasOwner', GLib.Variant('(s)', (ID,)))

    def called(self, connection, sender, path, interface, method, parameters, invocation):
        if method == 'Notify':
            self.headings.append(parameters.unpack()[3])
        invocation.return_value(GLib.Variant('(u)', (len(self.headings),)) if method == 'Notify' else None)

    def heard(self, words):
        while GLib.MainContext.default().iteration(False):
            pass
        return any(words in heading for heading in self.headings)

    def click(self):
        """On the last notification itself."""
        self.bus.emit_signal(None, '/org/freedesktop/Notifications', 'org.freedesktop.Notifications',
                             'ActionInvoked', GLib.Variant('(us)', (len(self.headings), 'default')))
        self.bus.flush_sync(None)

    def end(self):
        self.bus.close_sync(None)


def start(world, head=RULES, bus=None):
    world.forget_settings()
    world.guests.define_small('arch', "<controller type='usb' model='qemu-xhci' ports='15'/>", 'Arch', head=head)
    world.guests.virsh('start', 'arch')
    lodge = world.start_lodge(env=bus.env if bus else None)
    lodge.await_one(name=re.compile('Arch'))
    return lodge


def close_window(world, lodge):
    """As a user does who is told for the first time that guests keep running."""
    world.screen.close(lodge.window())
    lodge.press('Close Window')
    await_that('there is no window', lambda: not lodge.windows())


@cases.case('rules work with the window closed, and starting again shows it')
def closed(world):
    bus, desktop = UsbBus(), Desktop(world)
    lodge = start(world, bus=bus)
    close_window(world, lodge)
    assert desktop.has_lodge(), 'Lodge has left the bus'

    bus.plug('3-1', 11, (0x046d, 0x0825), [(CAMERA, 'uvcvideo')], name='Everyday Camera', serial='E1')
    await_that('the desktop asks', lambda: desktop.heard('Everyday Camera was plugged in'))
    assert not lodge.windows(), 'the question brought a window'
    desktop.click()
    lodge.await_window()
    lodge.await_one('label', re.compile('Everyday Camera was plugged in'))
    world.shoot('background-question')
    lodge.press('Keep Here')
    lodge.await_none('label', re.compile('Everyday Camera was plugged in'))

    world.screen.close(lodge.window())
    await_that('there is no window', lambda: not lodge.windows())
    code, _, words = world.run_lodge(env=bus.env)
    equal(code, 0, f'how the second one ended: {words}')
    lodge.await_window()
    assert lodge.alive()
    desktop.end()
    bus.end()


@cases.case('quitting ends it, also where it says first that guests keep running')
def quits(world):
    lodge = start(world)
    world.screen.key('ctrl+q')
    lodge.press('Stay Here')
    lodge.await_none('label', 'Your Guests Keep Running')
    world.screen.key('ctrl+q')
    lodge.press('Close Window')
    await_that('it ends', lambda: not lodge.alive())
    equal(world.guests.state('arch'), 'running', 'the guest')


@cases.case('with nothing to do, or if the user does not want it, it ends with its window')
def ends(world):
    lodge = start(world)
    close_window(world, lodge)
    world.guests.virsh('destroy', 'arch')
    await_that('it ends with the guest', lambda: not lodge.alive())

    world.guests.virsh('start', 'arch')
    lodge = world.start_lodge()
    lodge.await_one(name=re.compile('Arch'))
    lodge.open_menu('Main Menu')
    lodge.press('Preferences')
    turn(lodge, 'Keep Running in the Background')
    world.shoot('background-preferences')
    world.screen.key('Escape')
    lodge.await_none(SWITCH, 'Keep Running in the Background')
    world.screen.close(lodge.window())
    await_that('it ends with its window', lambda: not lodge.alive())


SWITCH = ('switch', 'toggle button', 'check box')


def turn(lodge, name):
    was = 'checked' in lodge.await_one(SWITCH, name).states
    lodge.press(name, SWITCH)
    await_that(f'{name} is turned', lambda: ('checked' in lodge.find(SWITCH, name).states) != was)


@cases.case('the desktop starts it without a window, if the user wants that')
def autostart(world):
    desktop = Desktop(world)
    path = os.path.join(world.user.env['XDG_CONFIG_HOME'], 'autostart', f'{ID}.desktop')
    lodge = start(world)
    lodge.open_menu('Main Menu')
    lodge.press('Preferences')
    turn(lodge, 'Start With the Desktop')
    await_that('the file is there', lambda: os.path.exists(path))
    world.shoot('background-autostart')
    world.user.run('desktop-file-validate', path)
    lodge.stop()
    await_that('Lodge has gone', lambda: not desktop.has_lodge())

    entry = configparser.RawConfigParser()
    entry.read(path)
    words = shlex.split(entry['Desktop Entry']['Exec'])
    equal(words[0], world.lodge_path, 'what is started')
    lodge = world.start_lodge_unseen(*words[1:])
    await_that('Lodge is on the bus', desktop.has_lodge)
    code, _, _ = world.run_lodge()
    equal(code, 0, 'how the second one ended')
    lodge.await_window()
    lodge.open_menu('Main Menu')
    lodge.press('Preferences')
    turn(lodge, 'Start With the Desktop')
    await_that('the file has gone', lambda: not os.path.exists(path))
    desktop.end()


if __name__ == '__main__':
    main(cases)
