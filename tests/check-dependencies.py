#!/usr/bin/env python3
"""check-dependencies.py ROOT: the lists of packages are whole and true.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import sys

import tap

ROOT = sys.argv[1]
FOLDER = os.path.join(ROOT, 'data/dependencies')
MANAGERS = ('apt', 'dnf', 'pacman', 'zypper')
LISTS = ('build', 'headless', 'tests')


def names(which, manager):
    found = []
    for line in tap.text(FOLDER, f'{which}-{manager}.txt').splitlines():
        line = line.split('#')[0].strip()
        if line:
            found.append(line)
    return found


def complete():
    """Each list is there for each package manager."""
    for which in LISTS:
        for manager in MANAGERS:
            if not os.path.exists(f'{FOLDER}/{which}-{manager}.txt'):
                yield f'{which}-{manager}.txt is missing'
            elif not names(which, manager):
                yield f'{which}-{manager}.txt is empty'


def form():
    """Names are one a line, each once."""
    for which in LISTS:
        for manager in MANAGERS:
            found = names(which, manager)
            for name in found:
                if not re.fullmatch(r'\??[A-Za-z0-9][A-Za-z0-9.+:_-]*', name):
                    yield f'{which}-{manager}.txt: "{name}" is no name'
                if found.count(name) > 1:
                    yield f'{which}-{manager}.txt lists {name} twice'


def known():
    """Debian has each package of the lists for apt."""
    code, words = tap.command('apt-cache', 'stats')
    if code or 'Total package names: 0' in words:
        raise tap.Skip('there are no lists of packages here')
    wanted = sorted({name for which in LISTS for name in names(which, 'apt') if name[0] != '?'})
    _, words = tap.command('apt-cache', 'policy', *wanted)
    there = set(re.findall(r'^(\S+):\n  Installed: .*\n  Candidate: (?!\(none\))', words, re.MULTILINE))
    if 'libgtk-4-dev' not in there and 'bash' not in tap.command('apt-cache', 'policy', 'bash')[1]:
        raise tap.Skip('the lists of packages here are empty')
    return [f'{name} does not exist' for name in wanted if name not in there]


def needed():
    """What meson.build asks for is in the list for apt."""
    code, whole = tap.command('apt-cache', 'depends', '--recurse', '--important', '--installed',
                              *(name for name in names('build', 'apt') if name[0] != '?'))
    if code or not whole:
        raise tap.Skip('there are no lists of packages here')
    brought = set(whole.split())
    asked = set()
    for name in tap.files(ROOT):
        if os.path.basename(name) == 'meson.build' and not name.startswith('tests/'):
            asked |= set(re.findall(r"dependency\('([\w.+-]+)'", tap.text(ROOT, name)))
    for name in sorted(asked):
        code, folder = tap.command('pkg-config', '--variable=pcfiledir', name)
        if code:
            continue
        code, owner = tap.command('dpkg-query', '-S', f'{folder}/{name}.pc')
        if code:
            raise tap.Skip('no Debian')
        package = owner.split(':')[0]
        if package not in brought:
            yield f'{name} comes from {package}, which build-apt.txt does not bring'


tap.run(complete, form, known, needed)
