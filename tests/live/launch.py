#!/usr/bin/env python3
"""launch.py ROOT BUILD: the first command that a new user gives does what it says.

SPDX-License-Identifier: GPL-3.0-or-later

Writes TAP. data/launch.sh runs with the build folder of these tests and a home of its own.
"""

import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

ROOT, BUILD = sys.argv[1:]
LIMIT = 90                      # seconds; launch.sh itself gives up after 60


def started(home, words, environment):
    """launch.sh as a process, the first of a session of its own."""
    cleared = {name: value for name, value in os.environ.items() if name not in (
        'DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'GSETTINGS_BACKEND')}
    return subprocess.Popen(['sh', f'{ROOT}/data/launch.sh', *words], cwd=home,
                            env={**cleared, 'LODGE_BUILD': BUILD, **home_of(home), **environment},
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True, start_new_session=True)


def launch(home, *words, **environment):
    """Runs launch.sh; its exit code, what it wrote on stderr, and the seconds that it took."""
    began = time.monotonic()
    process = started(home, words, environment)
    try:
        said = process.communicate(timeout=LIMIT)[1]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    return process.returncode, said, time.monotonic() - began


def home_of(folder):
    places = {'HOME': folder, 'XDG_RUNTIME_DIR': f'{folder}/run'}
    for name in ('config', 'cache', 'data', 'state'):
        places[f'XDG_{name.upper()}_HOME'] = f'{folder}/{name}'
    for place in places.values():
        os.makedirs(place, mode=0o700, exist_ok=True)
    return places


def end_daemons(home):
    """libvirt's daemons of that home end by themselves, but only after some minutes."""
    for folder, _, names in os.walk(home):
        for name in names:
            if name in ('libvirtd.pid', 'virtlogd.pid'):
                with open(os.path.join(folder, name), encoding='ascii') as file:
                    try:
                        os.kill(int(file.read()), signal.SIGTERM)
                    except (OSError, ValueError):
                        pass


def read_png(path):
    """Width, height and rows of red, green and blue of a picture that headless.py wrote."""
    with open(path, 'rb') as file:
        data = file.read()
    assert data[:8] == b'\x89PNG\r\n\x1a\n', 'this is no PNG'
    width, height = struct.unpack('>II', data[16:24])
    at, body = 8, b''
    while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        if kind == b'IDAT':
            body += data[at + 8:at + 8 + length]
        at += length + 12
    raw = zlib.decompress(body)
    step = width * 3 + 1
    return width, height, [raw[y * step + 1:(y + 1) * step] for y in range(height)]


def no_display(home):
    """without a display it says so, and what to do"""
    code, words, took = launch(home)
    assert code != 0, 'it claims to have worked'
    assert 'display' in words and '--headless' in words, words
    assert took < 10, f'it took {took:.0f} s'


def version(home):
    """options are given to Lodge"""
    code, words, _ = launch(home, '--version')
    assert code == 0, words


def bad_file(home):
    """a picture that cannot be written is an error at once"""
    for words in (['--headless'], ['--headless', f'{home}/none/x.png']):
        code, said, took = launch(home, *words)
        assert code != 0 and said.strip(), words
        assert took < 10, f'it took {took:.0f} s'


def seen(home):
    """the demo guest is seen in the window"""
    code, words, took = launch(home, '--headless', 'first.png')
    assert code == 0, words
    width, height, rows = read_png(f'{home}/first.png')
    assert width >= 600 and height >= 400, f'{width}x{height}'
    for mark in (0xff1053, 0x10ff53, 0x1053ff, 0xffd010, 0xd010ff):
        assert any(mark.to_bytes(3, 'big') in row for row in rows), f'{mark:06x} is not in the picture'
    print(f'# {took:.1f} s', flush=True)


def again(home):
    """it works a second time, and without the daemon of the first"""
    code, words, _ = launch(home, '--headless', 'again.png')
    assert code == 0, words
    end_daemons(home)
    code, words, _ = launch(home, '--headless', 'after.png')
    assert code == 0, words


def guest_runs(home):
    return any(name == 'Lodge Demo.pid' for _, _, names in os.walk(home) for name in names)


def crashed(home):
    """it works after everything was killed while the guest ran"""
    process = started(home, ['--headless', 'never.png'], {})
    end = time.monotonic() + LIMIT
    while not guest_runs(home) and process.poll() is None:
        assert time.monotonic() < end, 'the guest does not run'
        time.sleep(0.05)
    assert process.poll() is None, process.communicate()[1]
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert guest_runs(home), 'the guest ended with the window'
    code, words, _ = launch(home, '--headless', 'crashed.png')
    assert code == 0, words
    assert not guest_runs(home), 'the guest was not shut down'


def broken(home):
    """what goes wrong is said within a minute"""
    folder = f'{home}/bin'
    os.makedirs(folder, exist_ok=True)
    with open(f'{folder}/Xvfb', 'w', encoding='ascii') as file:
        file.write('#!/bin/sh\necho no screen today >&2\nexit 1\n')
    os.chmod(f'{folder}/Xvfb', 0o755)
    code, words, took = launch(home, '--headless', 'none.png', PATH=f'{folder}:{os.environ["PATH"]}')
    assert code != 0 and 'no screen today' in words, words
    assert took < 60, f'it took {took:.0f} s'


def killed(home):
    """whoever is killed leaves no screen behind"""
    process = subprocess.Popen([sys.executable, f'{ROOT}/data/headless.py', f'{home}/killed.png', 'sleep', '80'],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)

    def children():
        with open(f'/proc/{process.pid}/task/{process.pid}/children', encoding='ascii') as file:
            return [int(number) for number in file.read().split()]
    end = time.monotonic() + 30
    while len(children()) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    left = children()
    assert len(left) == 2, f'{len(left)} processes instead of a screen and a command'
    process.kill()
    process.wait()
    while any(alive(number) for number in left) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(alive(number) for number in left), 'the screen or the command is still there'


def alive(number):
    try:
        with open(f'/proc/{number}/stat', encoding='ascii') as file:
            return file.read().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


def main():
    tests = [no_display, version, bad_file, seen, again, crashed, broken, killed]
    home = tempfile.mkdtemp(prefix='lodge-launch-')
    failed = False
    print(f'1..{len(tests)}', flush=True)
    try:
        for number, test in enumerate(tests, 1):
            try:
                test(home)
                print(f'ok {number} - {test.__doc__}', flush=True)
            except Exception as error:      # each test case is reported, whatever went wrong
                failed = True
                print(f'not ok {number} - {test.__doc__}', flush=True)
                print(f'# {type(error).__name__}: {error}', file=sys.stderr, flush=True)
    finally:
        end_daemons(home)
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(failed)


main()
