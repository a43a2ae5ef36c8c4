# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual machine that is the laboratory, and the two lines that lead into it."""

import contextlib
import ctypes
import itertools
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

# What Lodge built is handed in on a disc of this size, which the saved state has seen, too.
PROGRAM_SIZE = 640 << 20

KERNEL = ('console=ttyS0 quiet mitigations=off nokaslr no_timer_check lpj=4000000 tsc=reliable '
          'random.trust_cpu=on audit=0 apparmor=0 security=none cryptomgr.notests net.ifnames=0')


class LabError(Exception):
    pass


def command_line(state, folder, incoming):
    """QEMU's command line. What a saved state depends on must not differ between two calls."""
    line = [
        'qemu-system-x86_64', '-name', 'lodge-lab', '-nodefaults', '-no-user-config',
        '-accel', 'tcg,thread=multi,tb-size=512', '-machine', 'q35', '-cpu', 'max', '-smp', '2',
        '-m', '2048', '-display', 'none', '-nic', 'none',
        '-kernel', f'{state}/vmlinux', '-initrd', f'{state}/lab.cpio', '-append', KERNEL,
        '-drive', f'file={state}/root.ext4,format=raw,if=none,id=root,readonly=on',
        '-device', 'virtio-blk-pci,drive=root',
        '-drive', f'file={folder}/program,format=raw,if=none,id=program,readonly=on',
        '-device', 'virtio-blk-pci,drive=program',
        '-device', 'qemu-xhci,id=xhci,p2=15,p3=15',
        '-device', 'virtio-serial-pci',
        '-qmp', f'unix:{folder}/qmp,server=on,wait=off',
        '-chardev', f'socket,id=console,path={folder}/console,server=on,wait=off,'
                    f'logfile={folder}/console.log',
        '-serial', 'chardev:console',
    ]
    for name in ('lab', 'hand'):
        line += ['-chardev', f'socket,id={name},path={folder}/{name},server=on,wait=off',
                 '-device', f'virtserialport,chardev={name},name=org.lodgevm.{name}']
    if incoming:
        line += ['-incoming', 'defer']
    return line


def die_with_parent():
    """In the child, before it becomes QEMU: nobody else would end it."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def connect(path, deadline):
    """A connection to a socket that somebody is about to make."""
    while True:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(path)
            return line
        except OSError:
            line.close()
            if time.monotonic() > deadline:
                raise LabError(f'nobody listens on {path}')
            time.sleep(0.02)


class Qmp:
    """QEMU's own control line."""

    def __init__(self, path):
        self.line = connect(path, time.monotonic() + 20).makefile('rwb')
        self.lock = threading.Lock()
        self.events = queue.Queue()
        json.loads(self.line.readline())
        self.ask('qmp_capabilities')

    def ask(self, execute, **arguments):
        with self.lock:
            self.line.write(json.dumps({'execute': execute, 'arguments': arguments}).encode() + b'\n')
            self.line.flush()
            while True:
                text = self.line.readline()
                if not text:
                    raise LabError('the laboratory has ended')
                answer = json.loads(text)
                if 'error' in answer:
                    raise LabError(f'{execute}: {answer["error"]["desc"]}')
                if 'return' in answer:
                    return answer['return']
                self.events.put(answer)


class Machine:
    """One laboratory that runs. Its folder holds sockets, logs and the pictures of sticks."""

    def __init__(self, state, folder=None):
        self.state = state
        self.folder = folder or tempfile.mkdtemp(prefix='lodge-lab-')
        self.numbers = itertools.count(1)
        self.answers = {}
        self.process = self.qmp = self.port = None

    # Starting and ending

    def start(self, saved=None):
        """Boots, or goes on from the state in the file @saved."""
        program = f'{self.folder}/program'
        if not os.path.exists(program):
            with open(program, 'wb') as file:
                file.truncate(PROGRAM_SIZE)
        self.log = open(f'{self.folder}/qemu.log', 'ab')
        self.process = subprocess.Popen(
            command_line(self.state, self.folder, saved), stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, start_new_session=True, preexec_fn=die_with_parent)
        try:
            self.qmp = Qmp(f'{self.folder}/qmp')
            self.attach()
            if saved:
                self.load(saved)
            self.await_agent(120)
        except BaseException:
            self.stop()
            raise

    def attach(self):
        self.port = connect(f'{self.folder}/lab', time.monotonic() + 20)
        threading.Thread(target=self.listen, daemon=True).start()

    def load(self, saved):
        self.qmp.ask('migrate-incoming', uri=f'exec:cat "{saved}"')
        deadline = time.monotonic() + 120
        while self.qmp.ask('query-status')['status'] == 'inmigrate':
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise LabError('the saved state could not be read')
            time.sleep(0.02)
        self.qmp.ask('cont')

    def save(self, path):
        """Writes the state into a file and ends the machine."""
        self.qmp.ask('migrate-set-parameters', **{'max-bandwidth': 10 << 30})
        self.qmp.ask('stop')
        self.qmp.ask('migrate', uri=f'exec:cat > "{path}"')
        deadline = time.monotonic() + 300
        while True:
            status = self.qmp.ask('query-migrate').get('status')
            if status == 'completed':
                break
            if status in ('failed', 'cancelled') or time.monotonic() > deadline:
                raise LabError(f'the state could not be saved: {status}')
            time.sleep(0.05)
        self.stop()

    def await_agent(self, seconds):
        deadline = time.monotonic() + seconds
        while True:
            if self.process.poll() is not None:
                raise LabError('QEMU has ended: ' + self.tail('qemu.log'))
            try:
                if self.run('true', timeout=10) == 0:
                    return
            except LabError:
                if time.monotonic() > deadline:
                    raise LabError('the laboratory does not answer: ' + self.tail('console.log'))

    def tail(self, name):
        try:
            with open(f'{self.folder}/{name}', errors='replace') as file:
                return file.read()[-2000:]
        except OSError:
            return ''

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # The agent inside

    def listen(self):
        with self.port.makefile('rb') as lines, contextlib.suppress(ConnectionError):
            for text in lines:
                try:
                    answer = json.loads(text)
                except ValueError:
                    continue
                waiting = self.answers.get(answer.get('id'))
                if waiting:
                    waiting.put(answer)
        for waiting in list(self.answers.values()):
            waiting.put(None)

    def run(self, command, timeout=None, output=None):
        """Runs a command inside and returns its status; @output is called with what it says."""
        number = next(self.numbers)
        waiting = self.answers[number] = queue.Queue()
        deadline = time.monotonic() + timeout if timeout else None
        self.port.sendall(json.dumps({'id': number, 'run': command}).encode() + b'\n')
        try:
            while True:
                try:
                    answer = waiting.get(timeout=max(0, deadline - time.monotonic()) if deadline else None)
                except queue.Empty:
                    self.port.sendall(json.dumps({'id': number, 'stop': True}).encode() + b'\n')
                    raise LabError(f'no end after {timeout} s: {command}')
                if answer is None:
                    raise LabError('the laboratory has ended: ' + self.tail('qemu.log'))
                if 'status' in answer:
                    return answer['status']
                if output:
                    output(answer['output'])
        finally:
            del self.answers[number]

    def ask(self, command, timeout=60):
        """What a command says; it must succeed."""
        said = []
        status = self.run(command, timeout, said.append)
        if status != 0:
            raise LabError(f'{command}: status {status}: {"".join(said)}')
        return ''.join(said)
