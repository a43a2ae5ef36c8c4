#!/usr/bin/env python3
"""check-data.py ROOT BUILD APP_ID: what a desktop and a software centre read is valid.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import configparser
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

import tap

ROOT, BUILD, APP_ID = sys.argv[1:]
DATA = os.path.join(BUILD, 'data', APP_ID)
ICONS = {'scalable': f'data/icons/hicolor/scalable/apps/{APP_ID}.svg',
         'symbolic': f'data/icons/hicolor/symbolic/apps/{APP_ID}-symbolic.svg'}
SVG = '{http://www.w3.org/2000/svg}'


def desktop_file():
    """The desktop file is valid."""
    code, words = tap.command('desktop-file-validate', DATA + '.desktop')
    if code or words:
        yield words
    file = configparser.ConfigParser(interpolation=None)
    file.optionxform = str
    file.read(DATA + '.desktop')
    if file['Desktop Entry']['Icon'] != APP_ID:
        yield 'its icon is another'


def service():
    """The D-Bus service starts the program by its name."""
    file = configparser.ConfigParser()
    file.read(DATA + '.service')
    if file['D-BUS Service']['Name'] != APP_ID:
        yield 'its name is another'
    if not re.fullmatch(r'/\S+/lodge --gapplication-service', file['D-BUS Service']['Exec']):
        yield 'it starts something else'


def metainfo():
    """The metainfo is valid."""
    code, words = tap.command('appstreamcli', 'validate', '--no-net', DATA + '.metainfo.xml')
    if code:
        yield words
    tree = ElementTree.parse(DATA + '.metainfo.xml').getroot()
    if tree.findtext('id') != APP_ID or tree.findtext('launchable') != APP_ID + '.desktop':
        yield 'it speaks of another program'


def schema():
    """The settings are valid, each with a summary."""
    code, words = tap.command('glib-compile-schemas', '--strict', '--dry-run', os.path.dirname(DATA))
    if code or words:
        yield words
    for key in ElementTree.parse(DATA + '.gschema.xml').getroot().iter('key'):
        if not key.findtext('summary'):
            yield f'{key.get("name")} has no summary'


def icons():
    """The icons are drawings of the right size without anything from outside."""
    for kind, name in ICONS.items():
        root = ElementTree.parse(os.path.join(ROOT, name)).getroot()
        size = '128' if kind == 'scalable' else '16'
        if root.tag != SVG + 'svg' or root.get('width') != size or root.get('height') != size:
            yield f'{name} is not {size} pixels wide and high'
        if 'href' in tap.text(ROOT, name):
            yield f'{name} refers to something'
        colours = set(re.findall(r'fill="(#\w+)"', tap.text(ROOT, name)))
        if kind == 'symbolic' and len(colours) != 1:
            yield f'{name} has {len(colours)} colours'


def interfaces():
    """Descriptions of windows and resources are well-formed."""
    for name in tap.files(ROOT):
        if name.startswith(('src/', 'data/')) and name.endswith(('.ui', '.xml', '.xml.in', '.svg')):
            try:
                ElementTree.fromstring(tap.text(ROOT, name))
            except ElementTree.ParseError as error:
                yield f'{name}: {error}'


def identity():
    """The application's ID is written down once, in meson.build."""
    for name in tap.files(ROOT):
        if name.startswith('src/') and name.endswith(('.c', '.h')) \
                and f'"{APP_ID}' in tap.text(ROOT, name):
            yield f'{name} spells it out: use APP_ID'


tap.run(desktop_file, service, metainfo, schema, icons, interfaces, identity)
