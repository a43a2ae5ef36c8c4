"""tap.py: the little that a check written in Python needs.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import subprocess
import sys


class Skip(Exception):
    """Why a case cannot be tried here."""


def files(root):
    """The files of the source tree, as paths from its root."""
    listed = subprocess.run(['git', '-C', root, 'ls-files', '-z', '--cached', '--others',
                             '--exclude-standard'], capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.split('\0')
    else:
        names = []
        for folder, folders, here in os.walk(root):
            folders[:] = [f for f in folders if not f.startswith(('.git', 'build', '_build', '__'))]
            names += [os.path.relpath(os.path.join(folder, name), root) for name in here]
    return sorted(name for name in names if name and os.path.isfile(os.path.join(root, name)))


def text(root, name):
    """The text of a file, or '' where it is something else."""
    with open(os.path.join(root, name), 'rb') as file:
        data = file.read()
    if b'\0' in data:
        return ''
    return data.decode('utf-8', errors='replace')


def command(*words, cwd=None):
    """What a program says about something: its code and its words."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              cwd=cwd, check=False)
    except FileNotFoundError:
        raise Skip(f'{words[0]} is not installed') from None
    return done.returncode, (done.stdout + done.stderr).strip()


def run(*cases):
    """Tries each case, a function that returns what is wrong, as a list of sentences."""
    print(f'1..{len(cases)}', flush=True)
    failed = False
    for number, case in enumerate(cases, 1):
        name = case.__doc__.split('\n')[0].strip('. ')
        try:
            wrong = list(case() or [])
        except Skip as reason:
            print(f'ok {number} - {name} # SKIP {reason}')
            continue
        failed = failed or bool(wrong)
        print(f'{"not ok" if wrong else "ok"} {number} - {name}')
        for sentence in wrong:
            # on stderr, where meson lets it be seen
            print('\n'.join(f'# {line}' for line in str(sentence).splitlines()), file=sys.stderr)
    sys.exit(failed)
