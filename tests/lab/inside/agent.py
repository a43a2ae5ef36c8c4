#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in the laboratory what the outside asks for.

Each line on the port org.lodgevm.lab is a JSON object. {"id": N, "run": "COMMAND"} runs a shell
command; its output comes back in pieces as {"id": N, "output": "…"} and at last {"id": N,
"status": S}. {"id": N, "stop": true} ends the command N and all that it started.
"""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time

PORT = '/dev/virtio-ports/org.lodgevm.lab'


class Agent:
    def __init__(self):
        while not os.path.exists(PORT):
            time.sleep(0.05)
        self.port = os.open(PORT, os.O_RDWR)
        self.lock = threading.Lock()
        self.running = {}

    def say(self, message):
        data = (json.dumps(message) + '\n').encode()
        with self.lock:
            while data:
                data = data[os.write(self.port, data):]

    def run(self, number, command):
        process = subprocess.Popen(['/bin/bash', '-c', command], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        self.running[number] = process
        threading.Thread(target=self.reap, args=(process,), daemon=True).start()
        while True:
            piece = os.read(process.stdout.fileno(), 8192)
            if not piece:
                break
            self.say({'id': number, 'output': piece.decode(errors='replace')})
        self.say({'id': number, 'status': process.wait()})
        del self.running[number]

    @staticmethod
    def reap(process):
        """Ends what a command has left behind, once it has ended."""
        # Not by wait(), which would give its number to somebody else. Where there is nothing to wait
        # for any more, nothing was left behind.
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            os.killpg(process.pid, signal.SIGKILL)

    def obey(self, line):
        try:
            order = json.loads(line)
        except ValueError:
            return
        if order.get('stop'):
            process = self.running.get(order['id'])
            if process:
                # It may have ended meanwhile.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        else:
            threading.Thread(target=self.run, args=(order['id'], order['run']), daemon=True).start()

    def serve(self):
        rest = b''
        while True:
            data = os.read(self.port, 65536)
            if not data:
                # Nobody holds the other end.
                rest = b''
                time.sleep(0.02)
                continue
            *lines, rest = (rest + data).split(b'\n')
            for line in lines:
                self.obey(line)


Agent().serve()
