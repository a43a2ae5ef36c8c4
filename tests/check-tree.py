#!/usr/bin/env python3
"""check-tree.py ROOT: the source tree keeps its rules.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import re
import subprocess
import sys

import tap

ROOT = sys.argv[1]
FILES = tap.files(ROOT)
CODE = ('.c', '.h', '.S', '.ld', '.py', '.sh')
MOST_LINES = 1000
# Words that stand for a place on somebody's machine or network. They are spelt in pieces so that
# this file does not have them.
PLACES = [re.compile(place) for place in (
    r'(?<![\w.])/' + r'(?:work|home/(?!me/|user/)\w+|Users/\w+|tmp/wt)/',
    r'\b(?:deb|security|snapshot|ftp)\.' + r'debian\.org',
    r'\bpypi' + r'\.org|files\.python' + r'hosted\.org',
    r'registry\.' + r'npmjs|npmjs' + r'\.org',
    r'proxy\.' + r'golang\.org|crates' + r'\.io|index\.docker' + r'\.io',
)]


def is_script(name, shells):
    first = tap.text(ROOT, name).split('\n', 1)[0]
    return bool(re.match(rf'#!\s*/\S*\b({shells})\b', first))


def lengths():
    """No source file is longer than a thousand lines."""
    for name in FILES:
        if name.endswith(CODE + ('.ui',)):
            count = tap.text(ROOT, name).count('\n')
            if count > MOST_LINES:
                yield f'{name} has {count} lines'


def licences():
    """Each source file says its licence."""
    for name in FILES:
        if name.endswith(CODE) and 'SPDX-License-Identifier: ' not in tap.text(ROOT, name)[:600]:
            yield name


def endings():
    """Text ends with a line feed and has no blanks at the end of lines."""
    for name in FILES:
        content = tap.text(ROOT, name)
        if name.endswith(CODE + ('.build', '.md', '.in', '.txt', '.xml', '.ui', '.yml')) and content:
            if not content.endswith('\n'):
                yield f'{name} does not end with a line feed'
            for number, line in enumerate(content.split('\n'), 1):
                if line != line.rstrip(' \t\r'):
                    yield f'{name}:{number} ends with a blank'


def places():
    """Nothing names a package registry or a place on one machine."""
    for name in FILES:
        for number, line in enumerate(tap.text(ROOT, name).split('\n'), 1):
            for place in PLACES:
                found = place.search(line)
                if found:
                    yield f'{name}:{number}: {found[0]}'


def shell_syntax():
    """Shell scripts can be read by their shell."""
    for name in FILES:
        for shell in ('sh', 'bash'):
            if is_script(name, shell):
                code, words = tap.command(shell, '-n', name, cwd=ROOT)
                if code:
                    yield words


def shell_habits():
    """Shell scripts have no habits that shellcheck warns of."""
    scripts = [name for name in FILES if is_script(name, 'sh|bash')]
    code, words = tap.command('shellcheck', '--severity=warning', '--format=gcc', *scripts, cwd=ROOT)
    if code:
        yield words


def python_syntax():
    """Python scripts can be read by Python."""
    for name in FILES:
        if name.endswith('.py'):
            try:
                compile(tap.text(ROOT, name), name, 'exec')
            except SyntaxError as error:
                yield f'{name}:{error.lineno}: {error.msg}'


def documents():
    """What README.md and CONTRIBUTING.md point to is there."""
    for name in ('README.md', 'CONTRIBUTING.md'):
        content = tap.text(ROOT, name)
        if not content:
            yield f'{name} is missing'
            continue
        pointed = re.findall(r'\]\((?!\w+:|#)([^)#\s]+)', content)
        pointed += re.findall(r'^\s*(?:sudo )?(?:sh|bash|python3) ((?!-)\S+)', content, re.MULTILINE)
        pointed += re.findall(r'`((?:data|src|tests|po|flatpak|\.ci)/[\w./-]*)`', content)
        for path in pointed:
            if not os.path.exists(os.path.join(ROOT, path)):
                yield f'{name} points to {path}, which is not there'


def options():
    """README.md names each option of launch.sh and run.sh, and no other."""
    readme = tap.text(ROOT, 'README.md')
    for script in ('data/launch.sh', 'tests/run.sh'):
        head = tap.text(ROOT, script).split('\n\n', 3)
        for option in sorted(set(re.findall(r'--[a-z][a-z-]+', '\n'.join(head[:3])))):
            if option not in readme:
                yield f'{script} knows {option}, README.md does not'


def ignored():
    """Nothing that is built is in the tree."""
    listed = subprocess.run(['git', '-C', ROOT, 'ls-files', '-ci', '--exclude-standard'],
                            capture_output=True, text=True, check=False)
    return listed.stdout.split()


tap.run(lengths, licences, endings, places, shell_syntax, shell_habits, python_syntax, documents,
        options, ignored)
