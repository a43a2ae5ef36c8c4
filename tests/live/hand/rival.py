# SPDX-License-Identifier: GPL-3.0-or-later
"""Another SPICE client, which takes a guest's screen over by linking to its main channel."""

import socket
import struct
import subprocess
import tempfile

MAIN_CHANNEL = 1
AUTH_SELECTION, AUTH_SPICE = 1 << 0, 1 << 1


def take_over(path):
    """Links to the server on a socket without a password; keep the result to keep the link."""
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(10)
    link.connect(path)
    # The link message: no connection yet, main channel, one word of common capabilities.
    message = struct.pack('<IBBIII', 0, MAIN_CHANNEL, 0, 1, 0, 18) + struct.pack(
        '<I', AUTH_SELECTION | AUTH_SPICE)
    link.sendall(b'REDQ' + struct.pack('<III', 2, 2, len(message)) + message)
    magic, _, _, size = struct.unpack('<4sIII', _read(link, 16))
    reply = _read(link, size)
    error = struct.unpack_from('<I', reply)[0]
    if magic != b'REDQ' or error:
        raise OSError(f'the SPICE server answered {magic!r} and error {error}')
    # The ticket is the password, empty, under the server's key, which follows the error.
    link.sendall(struct.pack('<I', 1) + _encrypt(b'\0', reply[4:4 + 162]))
    error = struct.unpack('<I', _read(link, 4))[0]
    if error:
        raise OSError(f'the SPICE server refused with error {error}')
    return link


def _encrypt(words, key):
    with tempfile.NamedTemporaryFile() as file:
        file.write(key)
        file.flush()
        return subprocess.run(['openssl', 'pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey',
                               file.name, '-pkeyopt', 'rsa_padding_mode:oaep'], input=words,
                              stdout=subprocess.PIPE, check=True).stdout


def _read(link, size):
    data = b''
    while len(data) < size:
        part = link.recv(size - len(data))
        if not part:
            raise OSError('the SPICE server hung up')
        data += part
    return data
