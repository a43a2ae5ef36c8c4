#!/usr/bin/env python3
"""demo-guest.py IMAGE: boots the demo guest under software emulation and tries all that it can do.

SPDX-License-Identifier: GPL-3.0-or-later

Writes TAP. The guest is asked over its serial line, the keyboard and the mouse are moved through
QEMU's monitor, and the answers are looked for on the screen, in the marks that data/demo/demo.c
describes.
"""

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

DEADLINE = 20
QEMU = 'qemu-system-x86_64'


class Guest:
    """A running demo guest, its console and its monitor."""

    def __init__(self, image, append='', machine='pc', more=()):
        self.folder = tempfile.mkdtemp(prefix='lodge-demo-')
        self.began = time.monotonic()
        self.seen = b''
        self.process = subprocess.Popen(
            [QEMU, '-machine', machine, '-accel', 'tcg', '-m', '64', '-nodefaults', '-vga', 'std',
             '-display', 'none', '-kernel', image, '-append', append, '-nic', 'none',
             '-chardev', f'socket,id=c,path={self.folder}/console,server=on,wait=on',
             '-serial', 'chardev:c', '-qmp', f'unix:{self.folder}/qmp,server=on,wait=off', *more],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.console = self.connect('console')
        self.qmp = self.connect('qmp').makefile('rw')
        self.qmp.readline()
        self.do('qmp_capabilities')

    def connect(self, name):
        while True:
            try:
                end = socket.socket(socket.AF_UNIX)
                end.connect(f'{self.folder}/{name}')
                end.settimeout(DEADLINE)
                return end
            except OSError:
                if time.monotonic() - self.began > DEADLINE or self.process.poll() is not None:
                    raise
                time.sleep(0.02)

    def do(self, command, **arguments):
        json.dump({'execute': command, 'arguments': arguments}, self.qmp)
        self.qmp.flush()
        while True:
            answer = json.loads(self.qmp.readline())
            if 'error' in answer:
                raise RuntimeError(answer['error']['desc'])
            if 'return' in answer:
                return answer['return']

    def wait(self, text):
        """Reads until a line that begins with @text, and returns it."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            while b'\n' in self.seen:
                line, self.seen = self.seen.split(b'\n', 1)
                line = line.decode(errors='replace').strip()
                if line.startswith(text):
                    return line
            some = self.console.recv(4096)
            if not some:
                break
            self.seen += some
        raise RuntimeError(f'the guest did not say "{text}", but {self.seen!r}')

    def ask(self, line):
        self.console.sendall(line.encode() + b'\n')
        return self.wait('ok ')

    def key(self, *names):
        self.do('send-key', keys=[{'type': 'qcode', 'data': name} for name in names],
                **{'hold-time': 20})

    def picture(self):
        path = f'{self.folder}/screen.ppm'
        self.do('screendump', filename=path)
        with open(path, 'rb') as file:
            data = file.read()
        kind, size, _, pixels = data.split(b'\n', 3)
        assert kind == b'P6', kind
        return Picture(*map(int, size.split()), pixels)

    def until(self, what, seconds=DEADLINE):
        """Looks at the screen until what() is pleased with the picture."""
        end = time.monotonic() + seconds
        while True:
            picture = self.picture()
            if what(picture):
                return picture
            if time.monotonic() > end:
                raise AssertionError('the screen never showed it')
            time.sleep(0.02)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Picture:
    def __init__(self, width, height, pixels):
        self.width, self.height, self.pixels = width, height, pixels

    def at(self, x, y):
        place = (y * self.width + x) * 3
        return int.from_bytes(self.pixels[place:place + 3], 'big')

    def mark(self, number, size=16):
        """The colour of the upper marks: 0, 1 corners, 2 frame, 3 echo, 4 state."""
        return self.at(size * (0, 1, 3, 5, 7)[number] + size // 2 * (number < 2), size // 2)

    def colours(self):
        return len(set(self.pixels[i:i + 3] for i in range(0, len(self.pixels), 3 * 97)))


def check_corners(picture, size=16, loss=0):
    """Whether all corners are where they belong; @loss: how far a colour may be off."""
    middle, right, bottom = size // 2, picture.width - size // 2, picture.height - size // 2
    for x, y, want in ((middle, middle, 0xff1053), (size + middle, middle, 0x10ff53),
                       (right, middle, 0x1053ff), (middle, bottom, 0xffd010),
                       (right, bottom, 0xd010ff)):
        got = picture.at(x, y)
        for shift in (0, 8, 16):
            assert abs((got >> shift & 255) - (want >> shift & 255)) <= loss, \
                f'{got:06x} at {x},{y} is not {want:06x}'


def test_ready(image):
    """boots in well under a second and shows its picture"""
    for machine in ('pc', 'q35'):
        with Guest(image, machine=machine) as guest:
            assert guest.wait('ready') == 'ready 1024x768x32 still absolute'
            took = time.monotonic() - guest.began
            picture = guest.picture()
            assert (picture.width, picture.height) == (1024, 768)
            check_corners(picture)
            assert picture.mark(4) == 0x013cc3
            assert picture.colours() > 500, 'this is no picture'
            print(f'# {machine}: ready after {took:.2f} s')


def test_sizes(image):
    """changes its size and its number of colours"""
    with Guest(image, 'mode=1280x800') as guest:
        assert guest.wait('ready').startswith('ready 1280x800x32')
        for width, height in ((800, 600), (1920, 1080), (1024, 768), (640, 480)):
            assert guest.ask(f'mode {width}x{height}').startswith(f'ok {width}x{height}x32')
            picture = guest.until(lambda p: (p.width, p.height) == (width, height))
            check_corners(picture)
        guest.ask('depth 16')
        guest.until(lambda p: p.mark(0) != 0xff1053 and p.mark(4) & 0xff00 == 0x3c00)
        check_corners(guest.picture(), loss=8)
        guest.console.sendall(b'mode 9000x9000\n')
        guest.wait('error')


def test_keyboard(image):
    """shows and reports the keys that are pressed"""
    with Guest(image) as guest:
        guest.wait('ready')
        before = guest.picture()
        guest.key('shift', 'l')
        guest.wait('key 26')
        guest.wait('key a6')
        picture = guest.until(lambda p: p.mark(3) >> 8 & 255 == 0x26)
        assert picture.mark(3) == (2 * 37 + 64) << 16 | 0x26 << 8 | 0x5a
        field = [(x, y) for x in range(64, 200) for y in range(664, 720)]
        assert any(before.at(x, y) != picture.at(x, y) for x, y in field), 'nothing was typed'
        guest.key('caps_lock')
        assert guest.wait('locks') == 'locks 1 1 0'
        guest.key('num_lock')
        assert guest.wait('locks') == 'locks 1 0 0'


def test_pointer(image):
    """follows a tablet and a mouse, with buttons and wheel"""
    def move(guest, kind, x, y):
        guest.do('input-send-event', events=[
            {'type': kind, 'data': {'axis': axis, 'value': value}} for axis, value in (('x', x), ('y', y))])

    def button(guest, name):
        for down in (True, False):
            guest.do('input-send-event', events=[{'type': 'btn', 'data': {'button': name, 'down': down}}])

    with Guest(image) as guest:
        guest.wait('ready')
        before = guest.picture()
        move(guest, 'abs', 0x4000, 0x2000)
        x, y = map(int, guest.wait('pointer').split()[1:3])
        assert abs(x - 512) <= 1 and abs(y - 192) <= 1, (x, y)
        guest.until(lambda p: p.at(x, y - 7) == 0xffc065 and p.at(512, 377) != 0xffc065)
        button(guest, 'left')
        assert guest.wait('pointer').split()[3] == '1'
        guest.ask('pointer relative')
        for _ in range(3):
            move(guest, 'rel', 10, 20)
        end = f'pointer {x + 30} {y + 60} 0'
        guest.wait(end)
        for name, bit in (('right', 2), ('middle', 4), ('side', 8), ('extra', 16)):
            button(guest, name)
            assert guest.wait('pointer').split()[3] == str(bit), name
            guest.wait('pointer')
        button(guest, 'wheel-down')
        assert guest.wait(end) == end + ' 1'
        assert before.pixels != guest.picture().pixels


def test_modes(image):
    """draws still, caret, region, full and blink, and counts the pictures"""
    def number(picture):
        """Of the frame, or -1: QEMU may look while the guest draws."""
        colour = picture.mark(2)
        return colour >> 16 | (colour & 255) << 8 if colour & 0xff00 == 0xa500 else -1

    def shows(mode, size=16):
        def all_there(picture):
            try:
                check_corners(picture, size)
            except AssertionError:
                return False
            return picture.mark(4, size) == mode << 16 | 0x3cc3
        return all_there

    with Guest(image) as guest:
        guest.wait('ready')
        for key, mode in (('f2', 2), ('f3', 3), ('f4', 4), ('f9', 5), ('f1', 1)):
            guest.key(key)
            guest.wait('state')
            guest.until(shows(mode))
            if mode > 1:
                guest.until(lambda p: number(p) >= 3)
        calm = guest.picture()
        assert number(calm) == 0
        assert guest.picture().pixels == calm.pixels, 'still moves'
    with Guest(image, 'mode=1920x1080 wl=4') as guest:
        guest.wait('ready')
        guest.until(shows(4, 32))


def test_power(image):
    """switches itself off when the power button is pressed"""
    for machine in ('pc', 'q35'):
        with Guest(image, machine=machine) as guest:
            guest.wait('ready')
            guest.do('system_powerdown')
            guest.wait('power')
            assert guest.process.wait(DEADLINE) == 0
    with Guest(image, 'power=ignore') as guest:
        guest.wait('ready')
        guest.do('system_powerdown')
        guest.wait('power')
        guest.ask('state')


def test_restart(image):
    """starts again on Ctrl+Alt+Del"""
    with Guest(image) as guest:
        guest.wait('ready')
        guest.key('ctrl', 'alt', 'delete')
        guest.wait('ready')


def test_bridge(image):
    """joins COM2 and COM3 when asked to"""
    folder = tempfile.mkdtemp(prefix='lodge-demo-')
    more = []
    for name in ('a', 'b'):
        more += ['-chardev', f'socket,id={name},path={folder}/{name},server=on,wait=off',
                 '-serial', f'chardev:{name}']
    try:
        with Guest(image, 'bridge', more=more) as guest:
            guest.wait('ready')
            ends = []
            for name in ('a', 'b'):
                ends.append(socket.socket(socket.AF_UNIX))
                ends[-1].settimeout(DEADLINE)
                ends[-1].connect(f'{folder}/{name}')
            sent = bytes(i * 7 & 255 for i in range(20000))
            for one, other in (ends, ends[::-1]):
                one.sendall(sent)
                got = b''
                while len(got) < len(sent):
                    got += other.recv(65536)
                assert got == sent, 'bytes were lost'
    finally:
        shutil.rmtree(folder)


class Client:
    """The other end of the agent's port, as a display server and its client speak."""

    CLIENT, SERVER = 1, 2

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(path)
        self.seen = b''

    def send(self, kind, data, port=CLIENT, most=2000):
        message = struct.pack('<IIQI', 1, kind, 0, len(data)) + data
        for at in range(0, len(message), most):
            piece = message[at:at + most]
            self.socket.sendall(struct.pack('<II', port, len(piece)) + piece)

    def need(self, length):
        while len(self.seen) < length:
            some = self.socket.recv(65536)
            assert some, 'the guest closed its port'
            self.seen += some

    def wait(self, kind):
        """The data of the next message of that kind."""
        while True:
            self.need(28)
            got, size = struct.unpack('<12xI8xI', self.seen[:28])
            self.need(28 + size)
            data, self.seen = self.seen[28:28 + size], self.seen[28 + size:]
            if got == kind:
                return data


def test_agent(image):
    """is its own agent: size, pointer and clipboard"""
    mouse, monitors, reply, clipboard, capabilities, grab, request = 1, 2, 3, 4, 6, 7, 8
    folder = tempfile.mkdtemp(prefix='lodge-demo-')
    more = ['-device', 'virtio-serial-pci', '-chardev', f'socket,id=a,path={folder}/a,server=on,wait=off',
            '-device', 'virtserialport,nr=1,chardev=a,name=com.redhat.spice.0']
    try:
        with Guest(image, more=more) as guest:
            guest.wait('ready')
            client = Client(f'{folder}/a')
            guest.wait('agent on')
            asks, can = struct.unpack('<II', client.wait(capabilities))
            assert asks and can & 0x27 == 0x27, f'{can:x}'
            client.send(capabilities, struct.pack('<II', 1, can))
            assert not struct.unpack('<II', client.wait(capabilities))[0]

            # in small pieces, with another message between them
            for width, height in ((1283, 701), (800, 600)):
                client.send(monitors, struct.pack('<IIIIIii', 1, 0, height, width, 32, 0, 0), most=20)
                assert client.wait(reply) == struct.pack('<II', monitors, 1)
                assert guest.wait('state').startswith(f'state {width & ~7}x{height}x32')
                check_corners(guest.until(lambda p, w=width, h=height: (p.width, p.height) == (w & ~7, h)))

            client.send(mouse, struct.pack('<IIIB', 200, 100, 1 << 1, 0), port=client.SERVER)
            assert guest.wait('pointer') == 'pointer 200 100 1 0'

            text = 'Hello'
            client.send(grab, struct.pack('<I', 1))
            guest.ask('state')
            guest.key('ctrl', 'v')
            assert client.wait(request) == struct.pack('<I', 1)
            client.send(clipboard, struct.pack('<I', 1) + text.encode())
            guest.ask('state')
            guest.key('ctrl', 'c')
            assert client.wait(grab) == struct.pack('<I', 1)
            client.send(request, struct.pack('<I', 1))
            assert client.wait(clipboard) == struct.pack('<I', 1) + text.encode()

            # far more than it can hold, and what is no text
            client.send(clipboard, struct.pack('<I', 1) + bytes(range(256)) * 400)
            client.send(request, struct.pack('<I', 1))
            assert len(client.wait(clipboard)) > 4
            client.socket.close()
            guest.wait('agent off')
    finally:
        shutil.rmtree(folder)


def test_idle(image):
    """uses no processor while nothing happens"""
    with Guest(image) as guest:
        guest.wait('ready')

        def used():
            with open(f'/proc/{guest.process.pid}/stat') as file:
                return sum(map(int, file.read().rsplit(')', 1)[1].split()[11:13]))
        guest.ask('state')
        lowest = 100
        for _ in range(3):
            before = used()
            time.sleep(1)
            lowest = min(lowest, used() - before)
        assert lowest <= 5, f'{lowest} % of a processor'


def main():
    image = sys.argv[1]
    tests = [(name[5:], what) for name, what in globals().items() if name.startswith('test_')]
    if not shutil.which(QEMU):
        print(f'1..0 # SKIP {QEMU} is not installed')
        return
    print(f'1..{len(tests)}', flush=True)
    failed = False
    for number, (name, what) in enumerate(tests, 1):
        try:
            what(image)
            print(f'ok {number} - {name}: {what.__doc__}', flush=True)
        except Exception as error:      # each test case is reported, whatever went wrong
            failed = True
            print(f'not ok {number} - {name}: {what.__doc__}', flush=True)
            print(f'# {type(error).__name__}: {error}', file=sys.stderr, flush=True)
    sys.exit(failed)


main()
