# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen with a window manager, its pictures, and the keys and the pointer on it."""

import os
import re
import struct
import time
import zlib

from Xlib import X, display as xdisplay
from Xlib.error import BadWindow

from .tap import await_that

DRAG_SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'drag_source.py')


class Picture:
    """Pixels of the screen at one moment; colours are 0xrrggbb."""

    def __init__(self, width, height, data):
        clean = bytearray(data)
        clean[3::4] = bytes(width * height)
        self.width, self.height, self.data = width, height, bytes(clean)

    def pixel(self, x, y):
        at = 4 * (int(y) * self.width + int(x))
        return struct.unpack_from('<I', self.data, at)[0]

    def row(self, y):
        return struct.unpack_from(f'<{self.width}I', self.data, 4 * self.width * y)

    def colours(self, x=0, y=0, width=None, height=None, step=4):
        """How often each colour comes on a grid over a part of the picture."""
        found = {}
        for row in range(y, min(y + (height or self.height), self.height), step):
            for colour in self.row(row)[x:x + (width or self.width):step]:
                found[colour] = found.get(colour, 0) + 1
        return found

    def _find(self, colour, find):
        pattern = struct.pack('<I', colour)
        at = find(pattern)
        while at >= 0 and at % 4 != 0:
            at = self.data.find(pattern, at + 1) if find == self.data.find \
                else self.data.rfind(pattern, 0, at + 3)
        if at < 0:
            raise LookupError(f'no pixel of colour {colour:06x}')
        return at // 4 % self.width, at // 4 // self.width

    def first(self, colour):
        """(x, y) of the upper left pixel of just this colour; LookupError if there is none."""
        return self._find(colour, self.data.find)

    def last(self, colour):
        """(x, y) of the lower right one."""
        return self._find(colour, self.data.rfind)

    def save(self, path):
        rows = bytearray()
        for y in range(self.height):
            row = self.data[4 * self.width * y:4 * self.width * (y + 1)]
            line = bytearray(3 * self.width)
            line[0::3], line[1::3], line[2::3] = row[2::4], row[1::4], row[0::4]
            rows += b'\0' + line

        def chunk(kind, data):
            body = kind + data
            return struct.pack('>I', len(data)) + body + struct.pack('>I', zlib.crc32(body))
        with open(path, 'wb') as file:
            file.write(b'\x89PNG\r\n\x1a\n'
                       + chunk(b'IHDR', struct.pack('>IIBBBBB', self.width, self.height, 8, 2, 0, 0, 0))
                       + chunk(b'IDAT', zlib.compress(bytes(rows), 6)) + chunk(b'IEND', b''))


def near(one, other, tolerance):
    return all(abs((one >> shift & 255) - (other >> shift & 255)) <= tolerance for shift in (0, 8, 16))


class Screen:
    def __init__(self, user, size='1280x900'):
        self.user, self.drags = user, 0
        reading, writing = os.pipe()
        self.server = user.start('Xvfb', '-displayfd', str(writing), '-screen', '0', f'{size}x24',
                                 '-nolisten', 'tcp', '-noreset', '-dpi', '96', log='xvfb.log',
                                 pass_fds=[writing])
        os.close(writing)
        number = os.read(reading, 16)
        while number and not number.endswith(b'\n'):
            number += os.read(reading, 16)
        os.close(reading)
        if not number:
            raise AssertionError('Xvfb did not start: ' + open(user.path('xvfb.log')).read())
        self.name = ':' + number.decode().strip()
        user.env['DISPLAY'] = self.name
        user.env['GDK_BACKEND'] = 'x11'
        os.environ['DISPLAY'] = self.name
        self.display = xdisplay.Display(self.name)
        self.root = self.display.screen().root
        self.manager = user.start('openbox', log='openbox.log')
        await_that('the window manager is there', lambda: self._property(self.root, '_NET_SUPPORTING_WM_CHECK'))

    def _property(self, window, name):
        found = window.get_full_property(self.display.get_atom(name), X.AnyPropertyType)
        return found.value if found else None

    def picture(self):
        geometry = self.root.get_geometry()
        image = self.root.get_image(0, 0, geometry.width, geometry.height, X.ZPixmap, 0xffffffff)
        return Picture(geometry.width, geometry.height, image.data)

    def settled(self, seconds=0.4, limit=10):
        """The picture when nothing has moved on the screen for a while."""
        before, since, deadline = self.picture(), time.monotonic(), time.monotonic() + limit
        while time.monotonic() < deadline:
            time.sleep(0.05)
            now = self.picture()
            if now.data != before.data:
                before, since = now, time.monotonic()
            elif time.monotonic() - since >= seconds:
                break
        return before

    def windows(self, process=None):
        """The managed windows, oldest first; of one process if it is given."""
        found = []
        for number in self._property(self.root, '_NET_CLIENT_LIST') or []:
            window = self.display.create_resource_object('window', number)
            try:
                owner = self._property(window, '_NET_WM_PID')
            except BadWindow:
                # It has gone since it was listed.
                continue
            if process is None or (owner is not None and owner[0] == process):
                found.append(window)
        return found

    def title(self, window):
        name = self._property(window, '_NET_WM_NAME')
        return name.decode() if isinstance(name, bytes) else name

    def states(self, window):
        atoms = self._property(window, '_NET_WM_STATE')
        return {self.display.get_atom_name(atom) for atom in (atoms if atoms is not None else [])}

    def place(self, window):
        """(x, y, width, height) of the window's frame as the user sees it, without the shadow that
        GTK draws around."""
        geometry = window.get_geometry()
        at = self.root.translate_coords(window, 0, 0)
        extents = self._property(window, '_GTK_FRAME_EXTENTS')
        left, right, top, bottom = extents if extents is not None else (0, 0, 0, 0)
        return (at.x + left, at.y + top, geometry.width - left - right, geometry.height - top - bottom)

    def hand(self, *words):
        return self.user.run('xdotool', *[str(word) for word in words])

    def resize(self, window, width, height):
        """Asks the window manager, as a user's drag of the edge does."""
        extents = self._property(window, '_GTK_FRAME_EXTENTS')
        left, right, top, bottom = extents if extents is not None else (0, 0, 0, 0)
        self.hand('windowsize', window.id, width + left + right, height + top + bottom)

    def close(self, window):
        """As the window's own button or Alt+F4 do it."""
        from Xlib.protocol import event
        protocols = self.display.get_atom('WM_PROTOCOLS')
        delete = self.display.get_atom('WM_DELETE_WINDOW')
        window.send_event(event.ClientMessage(window=window, client_type=protocols,
                                              data=(32, [delete, X.CurrentTime, 0, 0, 0])))
        self.display.flush()

    def key(self, *names):
        self.hand('key', *names)

    def hold(self, name, down):
        self.hand('keydown' if down else 'keyup', name)

    def type(self, text, delay=20):
        """Types with so many milliseconds between the keys."""
        self.user.run('xdotool', 'type', '--delay', str(delay), '--', text, timeout=60 + delay * len(text) / 500)

    def point(self, x, y):
        self.hand('mousemove', int(x), int(y))

    def click(self, x, y, button=1):
        self.hand('mousemove', int(x), int(y), 'click', button)

    def drop_files(self, paths, x, y):
        """Drags files from a window of our own to a place on the screen."""
        # A log of its own: what an earlier drag has said is not said of this one.
        self.drags += 1
        log = f'drag-source-{self.drags}.log'
        source = self.user.start('/usr/bin/python3', DRAG_SOURCE, *paths, log=log)
        window = await_that('the source of the drag is there', lambda: self.windows(source.pid))[0]
        self.hand('windowmove', window.id, 0, 0, 'windowraise', window.id)
        await_that('it is in its place', lambda: self.place(window)[:2] == (0, 0))
        self.settled()
        self.hand('mousemove', 40, 40, 'mousedown', 1)
        steps = 20
        for step in range(1, steps + 1):
            self.point(40 + (x - 40) * step / steps, 40 + (y - 40) * step / steps)

        def words():
            with open(self.user.path(log), encoding='utf-8') as file:
                return file.read()

        def said(word):
            return word in words()
        await_that('the drag has begun', lambda: said('begin'))
        # The place under the pointer answers each of these, and the drop goes where it answered.
        for step in (3, 2, 1, 0):
            self.point(x + step, y)
            self.settled(0.1)
        self.hand('mouseup', 1)
        await_that('the files are taken', lambda: said('end'), 30)
        source.terminate()
        source.wait()
        assert not said('cancel'), 'the drop was refused: ' + words()

    def pointer(self):
        found = re.match(r'x:(\d+) y:(\d+)', self.hand('getmouselocation'))
        return int(found[1]), int(found[2])
