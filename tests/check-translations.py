#!/usr/bin/env python3
"""check-translations.py ROOT [--update]: every word that a user sees can be translated.

SPDX-License-Identifier: GPL-3.0-or-later

With --update it writes po/POTFILES.in anew instead.
"""

import os
import re
import sys

import tap

ROOT = sys.argv[1]
FILES = tap.files(ROOT)
MARKED = re.compile(r'\b(?:_|N_|C_|Q_|NC_|ngettext|dgettext|g_dngettext|g_dpgettext2)\s*\(\s*"')
TRANSLATABLE = re.compile(r'translatable="(?:yes|true|1)"|l10n="true"')
ALWAYS = ('.desktop.in.in', '.gschema.xml.in', '.metainfo.xml.in.in')


def has_words(name):
    if name.endswith(ALWAYS):
        return True
    if not name.startswith('src/'):
        return False
    if name.endswith(('.c', '.h')):
        return bool(MARKED.search(tap.text(ROOT, name)))
    return name.endswith(('.ui', '.blp', '.xml')) and bool(TRANSLATABLE.search(tap.text(ROOT, name)))


def lines(name):
    return [line.strip() for line in tap.text(ROOT, name).splitlines()
            if line.strip() and not line.startswith('#')]


def potfiles():
    """POTFILES.in lists exactly the files with words."""
    listed, wanted = lines('po/POTFILES.in'), [name for name in FILES if has_words(name)]
    for name in sorted(set(wanted) - set(listed)):
        yield f'{name} has words for translators: add it to po/POTFILES.in'
    for name in sorted(set(listed) - set(wanted)):
        yield f'po/POTFILES.in lists {name}, which {"has no words" if name in FILES else "is not there"}'
    if listed != sorted(listed):
        yield 'po/POTFILES.in is not in the order of the alphabet'
    if len(listed) != len(set(listed)):
        yield 'po/POTFILES.in lists a file twice'


def layers():
    """Core and display have no translated words."""
    for name in FILES:
        if name.startswith(('src/core/', 'src/display/')) and has_words(name):
            yield f'{name}: only panels and shell speak to the user'


def linguas():
    """LINGUAS lists exactly the translations."""
    listed = set(' '.join(lines('po/LINGUAS')).split())
    there = {os.path.basename(name)[:-3] for name in FILES if name.endswith('.po')}
    for language in sorted(listed ^ there):
        yield f'po/LINGUAS or po/{language}.po: one is there without the other'


def valid():
    """Each translation is well-formed and uses the placeholders of the original."""
    for name in FILES:
        if name.endswith('.po'):
            code, words = tap.command('msgfmt', '--check', '-o', os.devnull, name, cwd=ROOT)
            if code:
                yield words


def update():
    head = [line for line in tap.text(ROOT, 'po/POTFILES.in').splitlines() if line.startswith('#')]
    names = [name for name in FILES if has_words(name)]
    with open(os.path.join(ROOT, 'po/POTFILES.in'), 'w', encoding='utf-8') as file:
        file.write('\n'.join(head + names) + '\n')


if '--update' in sys.argv:
    update()
    sys.exit()
tap.run(potfiles, layers, linguas, valid)
