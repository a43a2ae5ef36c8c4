# SPDX-License-Identifier: GPL-3.0-or-later
"""A user of this machine with nothing in the home folder, and the processes that belong to it."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PR_SET_CHILD_SUBREAPER = 36


class User:
    """Folders of our own, the environment that leads there, and all that was started in it."""

    def __init__(self):
        # Short, since paths of sockets lie below it.
        self.root = tempfile.mkdtemp(prefix='lodge-live-', dir='/tmp')
        self.env = {
            'PATH': '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
            'LANG': 'C.UTF-8',
            'USER': 'nobody',
            'NO_AT_BRIDGE': '0',
            'GSETTINGS_BACKEND': 'keyfile',
        }
        for name, folder in (('HOME', 'home'), ('XDG_RUNTIME_DIR', 'run'), ('TMPDIR', 'tmp'),
                             ('XDG_CONFIG_HOME', 'config'), ('XDG_DATA_HOME', 'data'),
                             ('XDG_CACHE_HOME', 'cache'), ('XDG_STATE_HOME', 'state')):
            self.env[name] = os.path.join(self.root, folder)
            os.mkdir(self.env[name], 0o700)
        for name in ('LODGE_TEST_PATIENCE', 'ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS',
                     'GSK_RENDERER'):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def path(self, *names):
        return os.path.join(self.root, *names)

    def start(self, *command, log=None, env=None, **more):
        """Starts a process; what it says goes to the file `log` below our root."""
        output = open(self.path(log), 'ab') if log else subprocess.DEVNULL
        with contextlib.closing(output) if log else contextlib.nullcontext():
            return subprocess.Popen(command, env={**self.env, **(env or {})}, cwd=self.root,
                                    stdin=subprocess.DEVNULL, stdout=output,
                                    stderr=subprocess.STDOUT if log else output, **more)

    def finish(self, *command, timeout=30, env=None, without=(), **more):
        """Runs a command to its end."""
        whole = {**self.env, **(env or {})}
        for name in without:
            whole.pop(name, None)
        if 'input' not in more:
            more['stdin'] = subprocess.DEVNULL
        return subprocess.run(command, env=whole, cwd=self.root, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout, check=False, **more)

    def run(self, *command, check=True, **more):
        """Runs a command to its end and returns what it said on standard output."""
        done = self.finish(*command, **more)
        if check and done.returncode != 0:
            raise AssertionError(f'{command}: {done.returncode}: {done.stdout}{done.stderr}')
        return done.stdout

    def leave(self):
        if os.environ.get('LODGE_TEST_KEEP'):
            print('# kept', self.root)
        else:
            shutil.rmtree(self.root, ignore_errors=True)


def stay_behind(leave):
    """Goes on in a child process. This one stays behind until that has ended, takes on and ends
    what turned away from its parents (libvirt's daemon, QEMU), calls `leave`, and exits as the child did."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    worker = os.fork()
    if worker == 0:
        return

    def told_to_end(sign, frame):
        stop_below(os.getpid())
        leave()
        os._exit(128 + sign)
    signal.signal(signal.SIGTERM, told_to_end)
    signal.signal(signal.SIGINT, told_to_end)
    while True:
        # Everybody's: libvirt takes a QEMU that nobody has waited for for a living one.
        pid, status = os.wait()
        if pid == worker:
            break
    stop_below(os.getpid())
    leave()
    sys.stdout.flush()
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def children(pid):
    found = []
    for task in os.listdir(f'/proc/{pid}/task'):
        with contextlib.suppress(OSError), open(f'/proc/{pid}/task/{task}/children') as file:
            found += [int(child) for child in file.read().split()]
    return found


def descendants(pid):
    found = []
    for child in children(pid):
        found.append(child)
        with contextlib.suppress(OSError):
            found += descendants(child)
    return found


def stop_below(pid, seconds=5.0):
    """Ends every process below this one, first politely."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for child in descendants(pid):
            with contextlib.suppress(OSError):
                os.kill(child, sign)
        deadline = time.monotonic() + seconds
        while descendants(pid) and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            time.sleep(0.02)
        if not descendants(pid):
            return
