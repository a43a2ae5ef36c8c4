#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The distribution's own kernel and modules, for guests that start without firmware and loader.

boot_files.py version               of the newest kernel that is here with its modules
boot_files.py kernel FILE           puts it there, unpacked: under software emulation the kernel's own
                                    unpacking costs more than all the rest of its start
boot_files.py modules FOLDER NAME…  puts modules there and what they need, unpacked as well, and numbered,
                                    so that the order of loading is the order of names

Exits with 77 and a reason where there is no such kernel.
"""

import glob
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys


class Missing(Exception):
    """What has to be installed first."""


def find_kernel(module='kernel/drivers/virtio/virtio_mem.ko*'):
    """(file, version) of the newest kernel in /boot whose modules have one that matches @module."""
    def number(path):
        return [int(part) for part in re.findall(r'\d+', path)]
    for path in sorted(glob.glob('/boot/vmlinuz-*'), key=number, reverse=True):
        version = path.split('vmlinuz-')[1]
        if glob.glob(f'/lib/modules/{version}/{module}'):
            return path, version
    raise Missing('a kernel of the distribution with its modules, as of linux-image-amd64')


def unpack(packed):
    """What xz or zstd has packed; what nobody has packed stays."""
    if packed.startswith(b'\xfd7zXZ\0'):
        return lzma.LZMADecompressor().decompress(packed)
    if packed.startswith(b'\x28\xb5\x2f\xfd'):
        if not shutil.which('zstd'):
            raise Missing('zstd')
        return subprocess.run(['zstd', '-dcq'], input=packed, stdout=subprocess.PIPE, check=True).stdout
    return packed


def unpack_kernel(path, to):
    """Linux' Documentation/arch/x86/boot.rst: payload_offset counts from the end of the setup sectors,
    and the payload ends with the size of what is in it."""
    with open(path, 'rb') as file:
        image = file.read()
    sectors = image[0x1f1] or 4
    offset, length = struct.unpack_from('<II', image, 0x248)
    start = (sectors + 1) * 512 + offset
    packed = image[start:start + length]
    kernel = unpack(packed[:-4])
    if kernel.startswith(b'\x7fELF'):
        with open(to, 'wb') as file:
            file.write(kernel)
    else:
        # Packed by something else, it unpacks itself.
        shutil.copyfile(path, to)


def copy_modules(version, folder, names):
    paths = []
    for name in names:
        said = subprocess.run(['modprobe', '-S', version, '--show-depends', name], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        paths += [line.split()[1] for line in said.splitlines() if line.startswith('insmod ')]
    os.makedirs(folder, exist_ok=True)
    for number, path in enumerate(dict.fromkeys(paths), 100):
        name = re.sub(r'\.(xz|zst)$', '', os.path.basename(path))
        with open(path, 'rb') as packed, open(f'{folder}/{number}-{name}', 'wb') as file:
            file.write(unpack(packed.read()))


def main():
    path, version = find_kernel()
    if sys.argv[1:] == ['version']:
        print(version)
    elif len(sys.argv) == 3 and sys.argv[1] == 'kernel':
        unpack_kernel(path, sys.argv[2])
    elif len(sys.argv) > 3 and sys.argv[1] == 'modules':
        copy_modules(version, sys.argv[2], sys.argv[3:])
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    try:
        main()
    except Missing as reason:
        print(f'needs {reason}')
        sys.exit(77)
