#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""drag_source.py FILE…: a small window from which files can be dragged, as from a file manager."""

import sys

import gi
gi.require_version('Gdk', '4.0')
gi.require_version('Gtk', '4.0')
from gi.repository import Gdk, Gio, GLib, Gtk  # noqa: E402


def activate(app):
    window = Gtk.ApplicationWindow(application=app, title='Drag source', decorated=False,
                                   default_width=120, default_height=80, resizable=False)
    label = Gtk.Label(label='files')
    files = Gdk.FileList.new_from_list([Gio.File.new_for_path(path) for path in sys.argv[1:]])
    source = Gtk.DragSource(actions=Gdk.DragAction.COPY,
                            content=Gdk.ContentProvider.new_for_value(files))
    source.connect('drag-begin', lambda *_: print('begin', flush=True))
    source.connect('drag-end', lambda *_: print('end', flush=True))
    source.connect('drag-cancel', lambda _source, _drag, reason: print('cancel', reason, flush=True))
    label.add_controller(source)
    window.set_child(label)
    window.present()


GLib.set_prgname('lodge-drag-source')
application = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
application.connect('activate', activate)
application.run([])
