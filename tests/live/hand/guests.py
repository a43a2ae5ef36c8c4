# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests on the user's own libvirt session, seen with virsh: the other eye of the tests."""

import base64
import os
import re
import signal
import socket
from xml.sax.saxutils import escape

from .tap import Skip, await_that

HERE = os.path.dirname(os.path.abspath(__file__))


class Guests:
    def __init__(self, user, uri='qemu:///session'):
        self.user, self.uri, self.desktops = user, uri, []

    def virsh(self, *words, check=True, timeout=60):
        return self.user.run('virsh', '-q', '-c', self.uri, *words, check=check, timeout=timeout)

    def state(self, name):
        return self.virsh('domstate', name, check=False).strip()

    def await_state(self, name, state, seconds=45):
        await_that(f'{name} is {state}', lambda: self.state(name) == state, seconds)

    def names(self, *flags):
        return [line for line in self.virsh('list', '--name', *flags).splitlines() if line]

    def define(self, xml):
        path = self.user.path('tmp', 'domain.xml')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(xml)
        self.virsh('define', path)

    def define_small(self, name, devices='', title='', memory=32, head=''):
        """A guest without anything to boot, for what stands around a guest."""
        self.define(f"""<domain type='qemu'><name>{escape(name)}</name>
          {f'<title>{escape(title)}</title>' if title else ''}
          <memory unit='MiB'>{memory}</memory><vcpu>1</vcpu>{head}
          <os><type arch='x86_64' machine='pc'>hvm</type></os>
          <on_poweroff>destroy</on_poweroff>
          <devices>{devices}<memballoon model='none'/></devices></domain>""")

    def define_demo(self, build, name, devices, features='<acpi/>', arguments=()):
        """The demo guest's image in a guest of another shape; `arguments` are for QEMU itself."""
        kernel = os.path.join(build, 'data', 'demo', 'lodge-demo.elf')
        own = ''.join(f"<qemu:arg value='{argument}'/>" for argument in arguments)
        self.define(f"""<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
          <name>{escape(name)}</name><memory unit='MiB'>32</memory>
          <vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type><kernel>{kernel}</kernel></os>
          <features>{features}</features><on_poweroff>destroy</on_poweroff>
          <devices>{devices}<memballoon model='none'/></devices>
          {f'<qemu:commandline>{own}</qemu:commandline>' if own else ''}</domain>""")

    def clear(self):
        """Ends and forgets every guest."""
        self.desktops = []
        for name in self.names():
            self.virsh('destroy', name, check=False)
        for name in self.names('--all'):
            self.virsh('undefine', '--managed-save', '--nvram', name, check=False)

    def daemon(self):
        """The process id of the session's daemon."""
        with open(os.path.join(self.user.env['XDG_RUNTIME_DIR'], 'libvirt', 'libvirtd.pid')) as file:
            return int(file.read())

    def machine(self, name):
        """The process id of a guest's QEMU."""
        path = os.path.join(self.user.env['XDG_RUNTIME_DIR'], 'libvirt', 'qemu', 'run', f'{name}.pid')
        with open(path) as file:
            return int(file.read())

    def kill_daemon_of(self, runtime):
        """Ends the daemon of another session, if there is one: what comes next reads its settings."""
        path = os.path.join(runtime, 'libvirt', 'libvirtd.pid')
        if os.path.exists(path):
            with open(path) as file:
                self._kill(int(file.read()), signal.SIGKILL)

    def kill_daemon(self, sign=signal.SIGKILL):
        self._kill(self.daemon(), sign)

    def _kill(self, pid, sign):
        os.kill(pid, sign)
        await_that('the daemon has ended', lambda: not os.path.exists(f'/proc/{pid}')
                   or open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[0] == 'Z')


class CommandFailed(LookupError):
    """A command in a guest that did not succeed."""


class DesktopGuest:
    """A Debian desktop with spice-vdagent: this machine's own programs, booted over 9p."""

    def __init__(self, guests, name='desktop', video='virtio', heads=1, cards=1):
        self.guests, self.name, self.questions = guests, name, 0
        folder = os.path.join(HERE, '..', 'desktop-guest')
        self.files = guests.user.path('desktop-guest')
        for program in ('/bin/busybox', '/usr/lib/xorg/Xorg', '/usr/bin/spice-vdagent'):
            if not os.path.exists(program) and not os.path.exists('/etc/debian_version'):
                raise Skip(f'the desktop guest is made of Debian packages; {program} is not here')
            if not os.path.exists(program):
                raise AssertionError(f'{program} is not installed: sh tests/run.sh installs it')
        guests.user.run('sh', os.path.join(folder, 'build.sh'), self.files, timeout=120)
        self.socket = guests.user.path('run', 'question.sock')
        with open(os.path.join(folder, 'domain.xml.in'), encoding='utf-8') as file:
            xml = file.read()
        card = f"<video><model type='{video}' heads='{heads}'/></video>"
        for word, value in (('NAME', name), ('FILES', self.files), ('SOCKET', self.socket),
                            ('VIDEO', card * cards)):
            xml = xml.replace(f'@{word}@', value)
        guests.define(xml)
        guests.desktops.append(self)

    def describe(self):
        """Lines for a failure's record."""
        try:
            return self.ask('ps ax | tail -n 25; tail -n 20 /var/log/*.out; dmesg | tail -n 5').splitlines()
        except (CommandFailed, OSError) as error:
            return [f'the desktop guest does not answer: {error}']

    def await_up(self, seconds=240):
        """Waits until the guest's own programs answer; the agent may take a moment longer."""
        await_that('the desktop guest answers', lambda: self._try('true'), seconds)
        await_that('the desktop guest shows its desktop',
                   lambda: self._try('test -e /run/desktop-is-up'), seconds)

    def _try(self, command):
        try:
            self.ask(command, timeout=10)
            return True
        except (CommandFailed, OSError):
            return False

    def ask(self, command, timeout=30):
        """Runs a shell command in the guest and returns what it says."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(timeout)
            link.connect(self.socket)
            self.questions += 1
            number = str(self.questions).encode()
            link.sendall(number + b' ' + base64.b64encode(command.encode()) + b'\n')
            answer = b''
            # An answer to somebody who did not wait for it may come first.
            while not (answer.endswith(b'\n') and answer.splitlines()[-1].startswith(number + b' ')):
                part = link.recv(65536)
                if not part:
                    raise OSError('the guest hung up')
                answer += part
        _, status, words = (answer.decode().splitlines()[-1] + ' ').split(' ', 2)
        words = base64.b64decode(words.strip()).decode(errors='replace')
        if status != '0':
            raise CommandFailed(f'in the guest: {command}: {status}: {words}')
        return words

    def size(self):
        """(width, height) of the guest's screen, as the guest's X server has it."""
        first = self.ask("xrandr --current | head -n 1")
        width, _, height = first.partition('current ')[2].partition(',')[0].split()
        return int(width), int(height)

    def monitors(self):
        """{output: (width, height, x)} of what the guest's X server shows something on."""
        found = re.findall(r'^(\S+) (?:dis)?connected (?:primary )?(\d+)x(\d+)\+(\d+)\+', self.ask('xrandr --current'),
                           re.MULTILINE)
        return {name: (int(width), int(height), int(x)) for name, width, height, x in found}

    def await_agent(self, seconds=60):
        """Waits until the agent has met a client."""
        await_that('the agent is there', lambda: 'connected' in self.ask('cat /var/log/vdagent.out'), seconds)

    def clipboard(self):
        return self.ask('timeout 5 xclip -selection clipboard -target UTF8_STRING -o')

    def set_clipboard(self, text):
        packed = base64.b64encode(text.encode()).decode()
        self.ask(f'base64 -d <<< {packed} | setsid xclip -selection clipboard -i > /dev/null 2>&1')


