#!/usr/bin/env python3
"""headless.py FILE.png COMMAND…: runs Lodge on a screen that nobody sees, until its guest is seen.

SPDX-License-Identifier: GPL-3.0-or-later

Starts Xvfb and COMMAND, which must show the demo guest, looks for the guest's marks on the screen
(data/demo/demo.c says where they are), saves a picture of the window as FILE.png, shuts the demo
guest down and ends what it started. Exits 0, or within 60 s with the reason on stderr.
"""

import ctypes
import ctypes.util
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

LIMIT = 45                      # seconds until the guest must be seen
GUEST = 'Lodge Demo'            # its name, as lodge --demo gives it
URI = 'qemu:///session'
SCREEN = (1280, 860)
SMALLEST = 6                    # width of a mark, in pixels of the screen

UPPER_LEFT, BESIDE, UPPER_RIGHT = 0xff1053, 0x10ff53, 0x1053ff
LOWER_LEFT, LOWER_RIGHT = 0xffd010, 0xd010ff


PR_SET_PDEATHSIG = 1            # linux/prctl.h
LIBC = ctypes.CDLL(None)


def end_with_us():
    """In a child: whatever ends us, the child is told to end, too."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


class Problem(Exception):
    """Why it did not work, for the user."""


class Image(ctypes.Structure):
    """The first members of Xlib's XImage."""
    _fields_ = [('width', ctypes.c_int), ('height', ctypes.c_int), ('xoffset', ctypes.c_int),
                ('format', ctypes.c_int), ('data', ctypes.POINTER(ctypes.c_char)),
                ('byte_order', ctypes.c_int), ('bitmap_unit', ctypes.c_int),
                ('bitmap_bit_order', ctypes.c_int), ('bitmap_pad', ctypes.c_int),
                ('depth', ctypes.c_int), ('bytes_per_line', ctypes.c_int),
                ('bits_per_pixel', ctypes.c_int)]


class Screen:
    """An X server of our own, and what is on it."""

    def __init__(self):
        end, other = os.pipe()
        self.log = tempfile.TemporaryFile()
        try:
            self.server = subprocess.Popen(
                ['Xvfb', '-displayfd', str(other), '-screen', '0', '{}x{}x24'.format(*SCREEN),
                 '-nolisten', 'tcp', '-noreset'], pass_fds=[other], stdin=subprocess.DEVNULL,
                stdout=self.log, stderr=self.log, preexec_fn=end_with_us)
        except OSError as error:
            raise Problem(f'Could not start Xvfb: {error.strerror}.') from error
        os.close(other)
        number = b''
        while not number.endswith(b'\n'):
            some = os.read(end, 16)
            if not some:
                self.log.seek(0)
                raise Problem('Could not start Xvfb: ' + self.log.read().decode(errors='replace'))
            number += some
        os.close(end)
        self.name = f':{number.decode().strip()}'
        self.xlib = ctypes.CDLL(ctypes.util.find_library('X11') or 'libX11.so.6')
        for function, result in (('XOpenDisplay', ctypes.c_void_p), ('XDefaultRootWindow', ctypes.c_ulong),
                                 ('XGetImage', ctypes.POINTER(Image))):
            getattr(self.xlib, function).restype = result
        self.display = ctypes.c_void_p(self.xlib.XOpenDisplay(self.name.encode()))
        if not self.display:
            raise Problem(f'Could not open the display {self.name}.')
        self.root = ctypes.c_ulong(self.xlib.XDefaultRootWindow(self.display))

    def window(self):
        """Place and size of the largest window, or None."""
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        children, number = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        self.xlib.XQueryTree(self.display, self.root, ctypes.byref(root), ctypes.byref(parent),
                             ctypes.byref(children), ctypes.byref(number))
        best = None
        for i in range(number.value):
            x, y = ctypes.c_int(), ctypes.c_int()
            width, height, border, depth = (ctypes.c_uint() for _ in range(4))
            self.xlib.XGetGeometry(self.display, ctypes.c_ulong(children[i]), ctypes.byref(root),
                                   *map(ctypes.byref, (x, y, width, height, border, depth)))
            size = width.value * height.value
            if size > 100 * 100 and (best is None or size > best[2] * best[3]):
                best = max(x.value, 0), max(y.value, 0), width.value, height.value
        if children:
            self.xlib.XFree(children)
        return best

    def grab(self):
        """The whole screen as rows of B, G, R, X."""
        all_planes = ctypes.c_ulong(0xffffffff)
        image = self.xlib.XGetImage(self.display, self.root, 0, 0, *SCREEN, all_planes, 2)
        if not image:
            raise Problem('Could not take a picture of the screen.')
        got = image.contents
        data = ctypes.string_at(got.data, got.bytes_per_line * got.height)
        # XDestroyImage is a macro: this is what it does.
        self.xlib.XFree(got.data)
        self.xlib.XFree(image)
        return data

    def close(self):
        self.server.terminate()
        self.server.wait()


def pixel(data, x, y):
    at = (y * SCREEN[0] + x) * 4
    return int.from_bytes(data[at:at + 3], 'little')


def runs(data, colour):
    """Runs of at least SMALLEST pixels of one colour, as x, y and length, a row each."""
    wanted = struct.pack('<I', colour)[:3]
    row, at = SCREEN[0] * 4, 0
    while (at := data.find(wanted, at)) >= 0:
        x, y = at % row // 4, at // row
        length = 1
        while x + length < SCREEN[0] and pixel(data, x + length, y) == colour:
            length += 1
        if at % 4 == 0 and length >= SMALLEST:
            yield x, y, length
            at = (y + 1) * row
        else:
            at += 1


def guest_place(data):
    """The guest's picture on the screen, as left, top, right and bottom, or None.

    It may be shown larger or smaller; in small pictures of it the marks are too small to count.
    """
    for left, top, length in runs(data, UPPER_LEFT):
        middle = min(top + length // 2, SCREEN[1] - 1)
        line = [pixel(data, x, middle) for x in range(left, SCREEN[0])]
        if BESIDE not in line[length:length + 4] or UPPER_RIGHT not in line:
            continue
        right = left + len(line) - 1 - line[::-1].index(UPPER_RIGHT)
        inside_left, inside_right = left + length // 2, right - length // 2
        for bottom in range(SCREEN[1] - 1, top + length, -1):
            if pixel(data, inside_left, bottom) == LOWER_LEFT:
                if pixel(data, inside_right, bottom) == LOWER_RIGHT:
                    return left, top, right, bottom
                break
    return None


def save_png(path, data, place):
    x, y, width, height = place
    width, height = min(width, SCREEN[0] - x), min(height, SCREEN[1] - y)
    rows = bytearray()
    for row in range(y, y + height):
        line = data[(row * SCREEN[0] + x) * 4:(row * SCREEN[0] + x + width) * 4]
        rgb = bytearray(width * 3)
        rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
        rows += b'\0' + rgb

    def chunk(kind, body):
        return (struct.pack('>I', len(body)) + kind + body
                + struct.pack('>I', zlib.crc32(kind + body)))
    try:
        with open(path, 'wb') as file:
            file.write(b'\x89PNG\r\n\x1a\n'
                       + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
                       + chunk(b'IDAT', zlib.compress(bytes(rows), 6)) + chunk(b'IEND', b''))
    except OSError as error:
        raise Problem(f'Could not write {path}: {error.strerror}.') from error


def virsh(*words):
    return subprocess.run(['virsh', '-q', '-c', URI, *words], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=15, check=False)


def shut_down():
    """Asks the guest to switch itself off; says whether it did."""
    virsh('shutdown', GUEST)
    end = time.monotonic() + 8
    while time.monotonic() < end:
        state = virsh('domstate', GUEST)
        if state.returncode or state.stdout.strip() == 'shut off':
            return True
        time.sleep(0.1)
    virsh('destroy', GUEST)
    return False


def last_lines(file):
    file.seek(0)
    lines = file.read().decode(errors='replace').strip().splitlines()[-15:]
    return '\n'.join(lines)


def watch(screen, lodge, log):
    """Waits for the guest; returns the screen with it."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if lodge.poll() is not None:
            raise Problem(f'Lodge ended with code {lodge.returncode}.\n{last_lines(log)}'.strip())
        data = screen.grab()
        place = guest_place(data)
        if place:
            time.sleep(1)       # until what comes in and goes out beside it has done so
            data = screen.grab()
            if guest_place(data) == place:
                return data
        time.sleep(0.1)
    raise Problem(f'The guest was not seen within {LIMIT} s.\n{last_lines(log)}'.strip())


def run(path, command):
    screen = Screen()
    log = tempfile.TemporaryFile()
    environment = {**os.environ, 'DISPLAY': screen.name, 'GDK_BACKEND': 'x11',
                   'GSETTINGS_BACKEND': 'memory', 'GTK_A11Y': 'none'}
    environment.pop('WAYLAND_DISPLAY', None)
    lodge = None
    try:
        lodge = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                                 stderr=log, preexec_fn=end_with_us)
        try:
            data = watch(screen, lodge, log)
        except Problem as problem:
            window = screen.window()
            if window and lodge.poll() is None:
                save_png(path, screen.grab(), window)
                raise Problem(f'{problem}\n{path} shows the window as it was.') from None
            raise
        finally:
            switched_off = shut_down()
        save_png(path, data, screen.window() or (0, 0, *SCREEN))
        if not switched_off:
            raise Problem('The guest did not switch itself off when it was asked to.')
    finally:
        if lodge and lodge.poll() is None:
            lodge.terminate()
            try:
                lodge.wait(5)
            except subprocess.TimeoutExpired:
                lodge.kill()
                lodge.wait()
        screen.close()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        run(sys.argv[1], sys.argv[2:])
    except Problem as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)


main()
