# SPDX-License-Identifier: GPL-3.0-or-later
"""A polkit authority on a bus of its own: libvirt's daemon asks it who may do what to which guest.

It lets everybody do everything, but for changes to guests whose names begin with “their”.
"""

import os
import subprocess
import sys

NAME, PATH = 'org.freedesktop.PolicyKit1', '/org/freedesktop/PolicyKit1/Authority'
XML = """<node><interface name='org.freedesktop.PolicyKit1.Authority'>
  <method name='CheckAuthorization'><arg type='(sa{sv})' direction='in'/><arg type='s' direction='in'/>
    <arg type='a{ss}' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>
    <arg type='(bba{ss})' direction='out'/></method></interface></node>"""
READING = ('getattr', 'read', 'read-secure', 'search-storage-vols', 'open-graphics', 'screenshot')


def begin(user):
    """The session's daemon asks it from its next start on."""
    address = user.run('dbus-daemon', '--session', '--fork', '--print-address=1').strip()
    user.env['DBUS_SYSTEM_BUS_ADDRESS'] = address
    process = subprocess.Popen([sys.executable, os.path.abspath(__file__)], env=user.env,
                               stdout=subprocess.PIPE, text=True)
    if process.stdout.readline() != 'ready\n':
        raise AssertionError('the authority did not begin')
    folder = os.path.join(user.env['XDG_CONFIG_HOME'], 'libvirt')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'libvirtd.conf'), 'w', encoding='utf-8') as file:
        file.write('access_drivers = [ "polkit" ]\n')
    # Started by whoever asks for it, it would not get the address of the bus.
    user.start('libvirtd', log='libvirtd.log')


def serve():
    import gi
    gi.require_version('Gio', '2.0')
    from gi.repository import Gio, GLib

    def called(bus, sender, path, interface, method, parameters, invocation):
        _, action, details, _, _ = parameters.unpack()
        theirs = details.get('domain_name', '').startswith('their')
        allowed = not theirs or action.rpartition('.')[2] in READING
        invocation.return_value(GLib.Variant('((bba{ss}))', ((allowed, False, {}),)))

    bus = Gio.bus_get_sync(Gio.BusType.SYSTEM)
    bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], called, None, None)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE,
                                   lambda *_: print('ready', flush=True), None)
    GLib.MainLoop().run()


if __name__ == '__main__':
    serve()
