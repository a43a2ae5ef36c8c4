#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The USB laboratory: a virtual machine with a USB bus, in which libvirt and a Linux guest run.

lab.py [--build FOLDER] shell         a shell in it, for a developer; ends with it
lab.py [--build FOLDER] run COMMAND   runs a command of the shell in it
lab.py [--build FOLDER] test PROGRAM  runs a test program of the build in it: TAP goes through
lab.py state                          makes the state from which it goes on, if there is none

What was built stands in /run/lodge there, and this folder in /run/lodge/lab. Devices are plugged in
and out with /run/lodge/lab/hand.py: "hand.py plug stick one serial=1234", "hand.py unplug one".
"""

import argparse
import glob
import os
import shlex
import signal
import socket
import subprocess
import sys
import termios
import threading
import tty

from hand import Hand
from machine import PROGRAM_SIZE, LabError, Machine
from state import HERE, missing, prepared

SETTING = ('export HOME=/root LANG=C.UTF-8 XDG_RUNTIME_DIR=/run/user/0 PYTHONDONTWRITEBYTECODE=1 '
           'G_DEBUG=gc-friendly,fatal-warnings GSETTINGS_BACKEND=memory '
           'GSETTINGS_SCHEMA_DIR=/run/lodge/data G_TEST_SRCDIR=/run/lodge G_TEST_BUILDDIR=/run/lodge/tests '
           'ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}; cd /run/lodge; ')


def pack(build, to):
    """Puts what was built and the laboratory's own scripts onto the disc that is handed in."""
    files = ['-C', os.path.dirname(HERE), 'lab']
    if build:
        names = ['src/lodge', 'data/gschemas.compiled', 'data/demo/lodge-demo.elf']
        names += [os.path.relpath(path, build) for path in glob.glob(f'{build}/tests/*-lab-*')
                  if os.path.isfile(path)]
        files += ['-C', build] + [name for name in names if os.path.exists(f'{build}/{name}')]
    subprocess.run(['tar', '--exclude=__pycache__', '-cf', to, *files], check=True)
    if os.path.getsize(to) > PROGRAM_SIZE:
        raise LabError('what was built is too big for the laboratory')
    os.truncate(to, PROGRAM_SIZE)


def begin(machine, build):
    pack(build, f'{machine.folder}/program')
    machine.start(f'{machine.state}/memory')
    Hand(machine).begin()
    machine.ask('mkdir -p /run/lodge && blockdev --flushbufs /dev/vdb && '
                'tar --no-same-owner -xf /dev/vdb -C /run/lodge && chmod -R go+rX /run/lodge')


def write(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def shell(machine):
    """Joins this terminal with the serial line until either ends."""
    line = socket.socket(socket.AF_UNIX)
    line.connect(f'{machine.folder}/console')
    print('The laboratory is up. Ctrl+] ends it.\r')
    line.sendall(b'export PATH=$PATH:/run/lodge/lab; ' + SETTING.encode() + b'\n')

    def show():
        while data := line.recv(4096):
            os.write(1, data)
    threading.Thread(target=show, daemon=True).start()
    before = termios.tcgetattr(0) if os.isatty(0) else None
    try:
        if before:
            tty.setraw(0)
        while (data := os.read(0, 1024)) and b'\x1d' not in data:
            line.sendall(data)
    finally:
        if before:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build')
    parser.add_argument('action', choices=['shell', 'run', 'test', 'state'])
    parser.add_argument('words', nargs=argparse.REMAINDER)
    options = parser.parse_args()

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    reason = missing()
    if reason:
        print(f'1..0 # SKIP the laboratory {reason}' if options.action == 'test' else reason)
        return 0 if options.action == 'test' else 1

    with prepared() as state:
        if options.action == 'state':
            print(state)
            return 0
        machine = Machine(state)
        try:
            begin(machine, options.build and os.path.abspath(options.build))
            if options.action == 'shell':
                return shell(machine)
            command = ' '.join(options.words)
            if options.action == 'test':
                name = os.path.relpath(options.words[0], options.build)
                command = shlex.join([f'/run/lodge/{name}', '--tap', *options.words[1:]])
            status = machine.run(SETTING + command, output=write)
            if status < 0:
                write(f'Bail out! ended by {signal.Signals(-status).name}\n')
            return abs(status)
        finally:
            machine.stop()


if __name__ == '__main__':
    try:
        sys.exit(main())
    except LabError as error:
        sys.exit(f'lab.py: {error}')
