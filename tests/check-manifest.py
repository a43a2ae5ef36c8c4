#!/usr/bin/env python3
"""check-manifest.py ROOT APP_ID: the Flatpak manifest has the right form.

SPDX-License-Identifier: GPL-3.0-or-later

It cannot be built here. What is tried: its keys, that each source is pinned, and that a module comes
after those that it is built with.
"""

import os
import re
import sys

import tap

ROOT, APP_ID = sys.argv[1:]
NAME = f'flatpak/{APP_ID}.yml'
RUNTIME = '50'                  # the newest that was released when this was written
BUILD_SYSTEMS = {'autotools', 'cmake', 'cmake-ninja', 'meson', 'qmake', 'simple'}
# Each module and those that must have been built before it.
NEEDS = {
    'spice-gtk': ('spice-protocol', 'usbredir', 'phodav', 'pyparsing', 'six'),
    'spice': ('spice-protocol', 'pyparsing', 'six'),
    'qemu': ('spice', 'spice-protocol', 'usbredir', 'libslirp', 'distlib'),
    'libvirt': ('json-c', 'libtirpc', 'rpcsvc-proto'),
    'libvirt-glib': ('libvirt',),
    'osinfo-db': ('osinfo-db-tools',),
    'libosinfo': ('osinfo-db', 'hwids'),
    'vte': ('fast_float',),
    'lodge': ('spice-gtk', 'libvirt-glib', 'libosinfo', 'qemu', 'vte'),
}


def load():
    try:
        import yaml
    except ImportError:
        raise tap.Skip('python3-yaml is not installed') from None
    with open(os.path.join(ROOT, NAME), encoding='utf-8') as file:
        return yaml.safe_load(file)


def modules(manifest):
    """All modules in the order in which they are built."""
    for module in manifest['modules']:
        yield from modules(module) if module.get('modules') else ()
        yield module


def keys():
    """It is Lodge's, for the current runtime."""
    manifest = load()
    wanted = {'app-id': APP_ID, 'runtime': 'org.gnome.Platform', 'runtime-version': RUNTIME,
              'sdk': 'org.gnome.Sdk', 'command': 'lodge'}
    for key, value in wanted.items():
        if manifest.get(key) != value:
            yield f'{key} is {manifest.get(key)!r} rather than {value!r}'
    known = set(wanted) | {'finish-args', 'cleanup', 'cleanup-commands', 'build-options', 'modules',
                           'add-extensions'}
    yield from (f'{key} is no key of a manifest' for key in set(manifest) - known)


def head():
    """It says that it was not built."""
    text = tap.text(ROOT, NAME)
    if 'NOT been built' not in text.split('\napp-id', 1)[0]:
        yield 'its head does not say so'


def permissions():
    """It asks for the permissions that Lodge needs."""
    given = load()['finish-args']
    for wanted in ('--socket=wayland', '--socket=fallback-x11', '--share=ipc', '--share=network',
                   '--socket=pulseaudio', '--device=all', '--filesystem=xdg-run/libvirt',
                   '--talk-name=org.freedesktop.secrets'):
        if wanted not in given:
            yield f'{wanted} is missing'
    for permission in given:
        if not re.fullmatch(r'--[a-z-]+=\S+', permission):
            yield f'{permission} is no permission'
        if permission in ('--filesystem=host', '--filesystem=home', '--socket=session-bus',
                          '--socket=system-bus'):
            yield f'{permission} is too much'


def sources():
    """Each source is pinned to one content."""
    for module in modules(load()):
        if not module.get('sources'):
            yield f'{module["name"]} has no source'
        for source in module.get('sources', []):
            kind = source['type']
            where = f'{module["name"]}: {source.get("url", kind)}'
            if kind in ('archive', 'file', 'git') and not source.get('url', '').startswith('https://'):
                yield f'{where} is not fetched by HTTPS'
            if kind in ('archive', 'file'):
                if not re.fullmatch(r'[0-9a-f]{64}', source.get('sha256', '')):
                    yield f'{where} has no SHA-256'
                versions = re.findall(r'\d+(?:\.\d+)+|\d{8}', source.get('url', ''))
                if not versions:
                    yield f'{where} names no version'
            elif kind == 'git':
                if not re.fullmatch(r'[0-9a-f]{40}', source.get('commit', '')):
                    yield f'{where} has no commit'
                if 'branch' in source:
                    yield f'{where} follows a branch'
            elif kind == 'dir':
                if module['name'] != 'lodge' or source['path'] != '..':
                    yield f'{where} is not here'
            elif kind not in ('shell', 'script', 'patch'):
                yield f'{where} is a {kind}'


def order():
    """Each module comes after those that it is built with."""
    names = [module['name'] for module in modules(load())]
    for name in names:
        if names.count(name) > 1:
            yield f'{name} is there twice'
    for name, needed in NEEDS.items():
        if name not in names:
            yield f'{name} is missing'
            continue
        for other in needed:
            if other not in names:
                yield f'{other} is missing, which {name} needs'
            elif names.index(other) > names.index(name):
                yield f'{name} comes before {other}, which it needs'
    if names[-1] != 'lodge':
        yield 'lodge is not the last'


def building():
    """Each module is built in a way that there is."""
    for module in modules(load()):
        if module.get('buildsystem', 'autotools') not in BUILD_SYSTEMS:
            yield f'{module["name"]}: {module["buildsystem"]}'
        if module.get('buildsystem') == 'simple' and not module.get('build-commands'):
            yield f'{module["name"]} has no commands'


def named():
    """Each option of Lodge's build exists."""
    options = set(re.findall(r"^option\('([\w-]+)'", tap.text(ROOT, 'meson_options.txt'), re.MULTILINE))
    lodge = [module for module in modules(load()) if module['name'] == 'lodge'][0]
    for option in lodge.get('config-opts', []):
        name = re.match(r'-D([\w-]+)=', option)
        if not name or name[1] not in options:
            yield f'{option} is no option'


tap.run(keys, head, permissions, sources, order, building, named)
