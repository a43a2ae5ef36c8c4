# SPDX-License-Identifier: GPL-3.0-or-later
"""Another computer, as far as SSH and libvirt can tell: a server of its own, behind it a libvirt
session of its own."""

import os
import socket

from .guests import Guests
from .tap import Skip, await_that

SSHD = '/usr/sbin/sshd'


class Remote:
    def __init__(self, user):
        if not os.path.exists(SSHD):
            raise Skip('no SSH server is installed')
        self.user, self.server = user, None
        self.folder = user.path('other')
        for name in ('', 'run', 'config', 'cache', 'data', 'home', 'pki'):
            os.makedirs(os.path.join(self.folder, name), 0o700, exist_ok=True)
        for name in ('host', 'key'):
            if not os.path.exists(self.path(name)):
                user.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', self.path(name))
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]
        env = ' '.join(f'{name}={self.path(folder)}' for name, folder in (
            ('XDG_RUNTIME_DIR', 'run'), ('XDG_CONFIG_HOME', 'config'), ('XDG_CACHE_HOME', 'cache'),
            ('XDG_DATA_HOME', 'data'), ('HOME', 'home')))
        with open(self.path('sshd_config'), 'w', encoding='utf-8') as file:
            file.write(f"""ListenAddress 127.0.0.1:{self.port}
HostKey {self.path('host')}
AuthorizedKeysFile {self.path('key')}.pub
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
SetEnv {env}
""")
        self.uri = (f'qemu+ssh://localhost:{self.port}/session?keyfile={self.path("key")}'
                    '&no_verify=1&no_tty=1')
        self.start()
        self.guests = Guests(user, self.uri)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def start(self):
        # In the foreground: what it forks for a connection are its children, and ours to end.
        self.server = self.user.start(SSHD, '-D', '-e', '-f', self.path('sshd_config'), log='sshd.log')

        def listens():
            with socket.create_connection(('127.0.0.1', self.port), 5) as link:
                return link.recv(4) == b'SSH-'
        await_that('the SSH server listens', listens)

    def vanish(self):
        """As if the computer went away: no server any more, and every connection is cut."""
        self.server.kill()
        self.server.wait()
        pattern = f'{self.path("key")}'
        for number in os.listdir('/proc'):
            if not number.isdigit():
                continue
            try:
                with open(f'/proc/{number}/cmdline', 'rb') as file:
                    words = file.read().split(b'\0')
            except OSError:
                continue
            # Our ends, which a cut wire would leave without a word.
            if os.path.basename(words[0]) == b'ssh' and pattern.encode() in words:
                os.kill(int(number), 9)

    def encrypt(self):
        """Gives its guests' screens a certificate; returns that of who signed it."""
        pki = self.path('pki')
        self.user.run('sh', '-ec', f"""cd {pki}
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Somebody -keyout ca-key.pem \\
              -out ca-cert.pem
            openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server-key.pem -out request.pem
            printf 'subjectAltName=DNS:localhost' > names
            openssl x509 -req -in request.pem -CA ca-cert.pem -CAkey ca-key.pem -CAcreateserial -days 2 \\
              -extfile names -out server-cert.pem""")
        os.makedirs(self.path('config', 'libvirt'), exist_ok=True)
        with open(self.path('config', 'libvirt', 'qemu.conf'), 'w', encoding='utf-8') as file:
            file.write(f'spice_tls = 1\nspice_tls_x509_cert_dir = "{pki}"\n')
        return os.path.join(pki, 'ca-cert.pem')
