# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo guest's picture on the screen, found by its marks (data/demo/demo.c has their list)."""

UPPER_LEFT, BESIDE, UPPER_RIGHT, LOWER_LEFT, LOWER_RIGHT = (
    0xff1053, 0x10ff53, 0x1053ff, 0xffd010, 0xd010ff)
WIDTH, HEIGHT = 1024, 768

# Scancodes of set 1, for what the tests type.
SCANCODES = {'a': 0x1e, 's': 0x1f, 'd': 0x20, 'h': 0x23, 'Return': 0x1c, 'Escape': 0x01, 'F2': 0x3c,
             'Tab': 0x0f, 'space': 0x39, 'F11': 0x57}


class Shown:
    """The guest's picture inside one of the screen."""

    def __init__(self, picture):
        self.picture = picture
        left, top = picture.first(UPPER_LEFT)
        self.x, self.y = left, top
        corner = picture.last(LOWER_RIGHT)
        self.width, self.height = corner[0] - left + 1, corner[1] - top + 1
        right = picture.first(UPPER_RIGHT)
        lower = picture.last(LOWER_LEFT)
        self.mark = picture.first(BESIDE)[0] - left
        if (abs(right[1] - top) > 1 or abs(lower[1] - corner[1]) > 1 or right[0] <= left
                or self.mark <= 0):
            raise LookupError('the marks do not lie in a rectangle')

    def at(self, x, y):
        """Where a place of the guest's layout, which is 1024 by 768, is on the screen."""
        scale = min(self.width / WIDTH, self.height / HEIGHT)
        return (self.x + self.width / 2 + (x - WIDTH / 2) * scale,
                self.y + self.height - (HEIGHT - y) * scale)

    def _mark(self, number):
        return self.picture.pixel(self.x + self.mark * number, self.y + self.mark / 2)

    @property
    def key(self):
        """(scancode of the last key that was pressed, red counter of presses)"""
        colour = self._mark(5)
        if abs((colour & 255) - 0x5a) > 4:
            raise LookupError(f'{colour:06x} is not the mark of keys')
        return colour >> 8 & 255, colour >> 16

    @property
    def frame(self):
        colour = self._mark(3)
        return colour >> 16 | (colour & 255) << 8

    @property
    def mode(self):
        return self._mark(7) >> 16


def look(screen):
    """The guest's picture on the screen now, or LookupError."""
    return Shown(screen.picture())
