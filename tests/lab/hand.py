#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hand that plugs devices into the laboratory, from outside, and its line from inside.

Inside: hand.py plug KIND NAME [serial=TEXT] [port=N] [size=MB], hand.py unplug NAME.
Kinds: stick, keyboard, mouse, tablet, phone (MTP), audio, serial. A stick keeps what is on it between
two times that it is plugged in under the same name.
"""

import json
import os
import re
import sys

PORT = '/dev/virtio-ports/org.lodgevm.hand'

DRIVERS = {'stick': 'usb-storage', 'keyboard': 'usb-kbd', 'mouse': 'usb-mouse', 'tablet': 'usb-tablet',
           'phone': 'usb-mtp', 'audio': 'usb-audio', 'serial': 'usb-serial'}


class Hand:
    """Outside. It does no more than plug: what is inside cannot ask anything else of this machine."""

    def __init__(self, machine):
        from machine import connect
        import time
        self.machine = machine
        self.line = connect(f'{machine.folder}/hand', time.monotonic() + 20)
        self.discs = set()

    def begin(self):
        import threading
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with self.line.makefile('rwb') as lines:
            for text in lines:
                try:
                    answer = self.obey(json.loads(text))
                except Exception as error:  # whatever it is, the one who asked wants to know
                    answer = {'error': str(error)}
                lines.write(json.dumps(answer).encode() + b'\n')
                lines.flush()

    def obey(self, order):
        name = order.get('name', '')
        if not re.fullmatch(r'[a-z][a-z0-9-]{0,30}', name):
            raise ValueError('a name has small letters and digits')
        if order['do'] == 'plug':
            return self.plug(order['kind'], name, order)
        if order['do'] == 'unplug':
            self.machine.qmp.ask('device_del', id=name)
            return {'done': True}
        raise ValueError('plug or unplug')

    def plug(self, kind, name, order):
        arguments = {'driver': DRIVERS[kind], 'id': name, 'bus': 'xhci.0'}
        if 'serial' in order:
            arguments['serial'] = str(order['serial'])
        if 'port' in order:
            arguments['port'] = str(int(order['port']))
        if kind == 'stick':
            arguments['drive'] = self.disc(name, int(order.get('size', 16)))
        elif kind == 'phone':
            folder = f'{self.machine.folder}/phone-{name}'
            os.makedirs(folder, exist_ok=True)
            arguments['rootdir'] = folder
        elif kind == 'audio':
            self.backend('audiodev-add', name, audiodev={'driver': 'none', 'id': f'audio-{name}'})
            arguments['audiodev'] = f'audio-{name}'
        elif kind == 'serial':
            self.backend('chardev-add', name, id=f'serial-{name}', backend={'type': 'null', 'data': {}})
            arguments['chardev'] = f'serial-{name}'
            arguments['always-plugged'] = True
        self.add(arguments)
        return {'done': True}

    def add(self, arguments):
        """What was unplugged a moment ago may still hold its disc."""
        import time
        over = time.monotonic() + 60
        while True:
            try:
                self.machine.qmp.ask('device_add', **arguments)
                return
            except Exception as error:  # QEMU has no code for it
                if time.monotonic() > over or not re.search('Permission conflict|Duplicate', str(error)):
                    raise
            time.sleep(0.02)

    def backend(self, command, name, **arguments):
        if name not in self.discs:
            self.machine.qmp.ask(command, **arguments)
            self.discs.add(name)

    def disc(self, name, size):
        path = f'{self.machine.folder}/stick-{name}'
        if name not in self.discs:
            with open(path, 'ab') as file:
                file.truncate(size << 20)
            self.machine.qmp.ask('blockdev-add', **{'node-name': f'stick-{name}', 'driver': 'raw',
                                                    'file': {'driver': 'file', 'filename': path}})
            self.discs.add(name)
        return f'stick-{name}'


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    order = {'do': sys.argv[1]}
    words = sys.argv[2:]
    if order['do'] == 'plug':
        order['kind'] = words.pop(0)
    order['name'] = words.pop(0)
    order.update(word.split('=', 1) for word in words)
    port = os.open(PORT, os.O_RDWR)
    os.write(port, json.dumps(order).encode() + b'\n')
    answer = b''
    while not answer.endswith(b'\n'):
        answer += os.read(port, 4096)
    answer = json.loads(answer)
    if 'error' in answer:
        sys.exit(f'hand.py: {answer["error"]}')


if __name__ == '__main__':
    main()
