# SPDX-License-Identifier: GPL-3.0-or-later
"""A small Linux guest whose own figures of memory and cores can be asked for."""

import os
import re
import socket
import time

from .tap import Skip, await_that

BUILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'support', 'linux-guest', 'build.sh')


class LinuxGuest:
    """The guest of tests/support/linux-guest, on the user's own session, with a screen."""

    def __init__(self, guests, name='linux', memory="<memory unit='MiB'>512</memory>",
                 cpus="<vcpu placement='static' current='1'>4</vcpu>", options='', devices='',
                 usb="<controller type='usb' model='none'/>"):
        self.guests, self.name, self.questions = guests, name, 0
        self.socket = guests.user.path('run', f'{name}.serial')
        files = guests.user.path('linux-guest')
        done = guests.user.finish('sh', BUILD, files, timeout=120)
        if done.returncode == 77:
            raise Skip(done.stdout.strip())
        if done.returncode != 0:
            raise AssertionError('the Linux guest could not be built: ' + done.stdout + done.stderr)
        guests.define(f"""<domain type='qemu'><name>{name}</name>{memory}{cpus}
          <os><type arch='x86_64' machine='q35'>hvm</type>
          <kernel>{files}/vmlinux</kernel><initrd>{files}/initrd.cpio</initrd>
          <cmdline>console=tty0 tsc=unstable no_timer_check mitigations=off random.trust_cpu=on
            quiet memhp_default_state=online_movable {options}</cmdline></os>
          <features><acpi/></features><clock offset='utc'><timer name='hpet' present='no'/></clock>
          <on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>
          <devices>{usb}
          <serial type='unix'><source mode='bind' path='{self.socket}'/></serial>
          <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
          <graphics type='spice'><listen type='socket'/></graphics><video><model type='vga'/></video>
          <memballoon model='virtio'/>{devices}</devices></domain>""")

    def start(self):
        self.guests.virsh('start', self.name)
        self.await_up()

    def await_up(self, seconds=60):
        await_that('the Linux guest answers', lambda: self.ask('true', 2) == '', seconds)

    def ask(self, command, seconds=20):
        """Runs a shell command in the guest and returns what it says."""
        self.questions += 1
        tag = f'q{self.questions}'
        answer = re.compile(rf'{tag}\(\r?\n(.*?){tag}\)(\d+)\r?\n'.encode(), re.DOTALL)
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(0.5)
            link.connect(self.socket)
            link.sendall(f'\n{tag} {command}\n'.encode())
            seen, deadline = b'', time.monotonic() + seconds
            while time.monotonic() < deadline:
                try:
                    part = link.recv(65536)
                except TimeoutError:
                    continue
                if not part:
                    break
                seen += part
                found = answer.search(seen)
                if found:
                    if found.group(2) != b'0':
                        raise LookupError(f'in the guest: {command}: {found.group(2).decode()}')
                    return found.group(1).decode(errors='replace').strip()
        raise OSError('the Linux guest does not answer')

    def total(self):
        """MemTotal in MiB."""
        return int(self.ask("awk '/^MemTotal:/ { print $2 }' /proc/meminfo")) / 1024

    def cores(self):
        return int(self.ask('nproc'))
