#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""find-button.py NAME: where the largest button of that name is in its window, by AT-SPI; JSON.

A program of its own: it needs python3-gi, and a client is only measured once nobody listens on the
accessibility bus any more.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402


def descendants(parent):
    """All that is below."""
    for index in range(parent.get_child_count()):
        child = parent.get_child_at_index(index)
        if child:
            yield child
            yield from descendants(child)


def extents(accessible):
    """Where it is in its window, or None."""
    component = accessible.get_component_iface()
    return component.get_extents(Atspi.CoordType.WINDOW) if component else None


def main():
    """Prints {"x", "y"}: the middle of the button, and {"width", "height"}: the window."""
    best = None
    for application in descendants_of_desktop():
        for frame in range(application.get_child_count()):
            window = application.get_child_at_index(frame)
            inside = extents(window) if window else None
            for child in descendants(window) if inside else ():
                if child.get_role() != Atspi.Role.PUSH_BUTTON:
                    continue
                area = extents(child)
                # One on a page that does not show has no size.
                if area and sys.argv[1] in child.get_name().split() and \
                        area.width * area.height > (best[0] if best else 0):
                    best = (area.width * area.height, area, inside)
    if not best:
        sys.exit(f"no button is called {sys.argv[1]}")
    area, inside = best[1:]
    print(json.dumps({"x": area.x + area.width // 2, "y": area.y + area.height // 2,
                      "width": inside.width, "height": inside.height}))


def descendants_of_desktop():
    """The applications."""
    desktop = Atspi.get_desktop(0)
    return [desktop.get_child_at_index(index) for index in range(desktop.get_child_count())]


main()
