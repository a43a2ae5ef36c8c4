# SPDX-License-Identifier: GPL-3.0-or-later
"""A USB bus for one program, with what is plugged in there: a mock of sysfs, /dev and udev.

Who has the mock sees it itself, so that this is a program of its own, too, which does what it is told
on standard input.
"""

import json
import os
import subprocess
import sys

PRELOAD = 'libumockdev-preload.so.0'

CAMERA, STORAGE, AUDIO, INPUT, KEY, HUB = 0x0e, 0x08, 0x01, 0x03, 0x0b, 0x09


class UsbBus:
    """What a program sees that is started with env."""

    def __init__(self):
        self.process = subprocess.Popen(['umockdev-wrapper', sys.executable, os.path.abspath(__file__)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.env = {'UMOCKDEV_DIR': self._read(), 'LD_PRELOAD': PRELOAD}

    def _read(self):
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError('the mock of a USB bus ended')
        return json.loads(answer)

    def _do(self, *words):
        self.process.stdin.write(json.dumps(words) + '\n')
        self.process.stdin.flush()
        return self._read()

    def plug(self, port, address, numbers, interfaces, name=None, serial=None, vendor=None, mounted_at=None):
        """port: '3-1'; numbers: (vendor, product); interfaces: [(class, driver)]; name may be bytes.

        mounted_at: where something of this computer is mounted, which is said to be on the device; then
        it has a node, too, which may be opened.
        """
        if isinstance(name, bytes):
            name = {'bytes': list(name)}
        self._do('plug', port, address, numbers, interfaces, name, serial, vendor, find_mount(mounted_at))

    def unplug(self, port):
        self._do('unplug', port)

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


def find_mount(point):
    """The number of the file system that is mounted there, as '0:45'."""
    with open('/proc/self/mountinfo', encoding='utf-8') as file:
        for line in file:
            words = line.split()
            if words[4] == point:
                return words[2]
    return None


class Mock:
    def __init__(self):
        import gi
        gi.require_version('UMockdev', '1.0')
        from gi.repository import UMockdev
        self.bed = UMockdev.Testbed.new()
        controller = self.bed.add_device('pci', '0000:00:14.0', None, [], [])
        self.root = self.bed.add_device('usb', 'usb3', controller,
                                        ['busnum', '3', 'devnum', '1', 'version', '2.00', 'bDeviceClass', '09'],
                                        ['DEVTYPE', 'usb_device'])

    def plug(self, port, address, numbers, interfaces, name, serial, vendor, disc):
        attributes = ['busnum', '3', 'devnum', str(address), 'idVendor', f'{numbers[0]:04x}',
                      'idProduct', f'{numbers[1]:04x}', 'bDeviceClass', '00', 'speed', '480',
                      'authorized', '1', 'bConfigurationValue', '1']
        for key, value in (('product', name), ('serial', serial), ('manufacturer', vendor)):
            if isinstance(value, str):
                attributes += [key, value]
        path = self.bed.add_device('usb', port, self.root, attributes, ['DEVTYPE', 'usb_device'])
        if isinstance(name, dict):
            with open(f'{self.bed.get_root_dir()}{path}/product', 'wb') as file:
                file.write(bytes(name['bytes']))
        for number, (kind, driver) in enumerate(interfaces):
            inner = self.bed.add_device('usb', f'{port}:1.{number}', path,
                                        ['bInterfaceNumber', f'{number:02x}', 'bInterfaceClass', f'{kind:02x}',
                                         'bInterfaceSubClass', '01',
                                         'bInterfaceProtocol', '01' if kind == INPUT else '00'],
                                        ['DEVTYPE', 'usb_interface'])
            if driver:
                self.bed.set_attribute_link(inner, 'driver', f'../../../../../bus/usb/drivers/{driver}')
        if disc:
            self.add_disc(f'{path}/{port}:1.0', disc)
            self.add_node(f'/dev/bus/usb/003/{address:03}')
        self.bed.set_attribute_link(path, 'driver', '../../../../bus/usb/drivers/usb')
        self.bed.uevent(path, 'bind')

    def add_node(self, path):
        path = self.bed.get_root_dir() + path
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8'):
            pass

    def add_disc(self, interface, number):
        root = self.bed.get_root_dir()
        os.makedirs(f'{root}{interface}/block/sdb')
        os.makedirs(f'{root}/sys/class/block', exist_ok=True)
        with open(f'{root}{interface}/block/sdb/dev', 'w', encoding='utf-8') as file:
            file.write(number + '\n')
        os.symlink(f'{root}{interface}/block/sdb', f'{root}/sys/class/block/sdb')

    def unplug(self, port):
        path = f'{self.root}/{port}'
        self.bed.uevent(path, 'remove')
        self.bed.remove_device(path)


if __name__ == '__main__':
    MOCK = Mock()
    print(json.dumps(MOCK.bed.get_root_dir()), flush=True)
    for line in sys.stdin:
        word, *rest = json.loads(line)
        getattr(MOCK, word)(*rest)
        print(json.dumps('done'), flush=True)
