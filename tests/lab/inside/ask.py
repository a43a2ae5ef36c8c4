#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ask.py COMMAND: what the shell on the guest's serial line says to it."""

import os
import socket
import sys

with socket.socket(socket.AF_UNIX) as line:
    line.connect('/run/lab/linux.serial')
    number = str(os.getpid())
    line.sendall(f'{number} {sys.argv[1]}\n'.encode())
    with line.makefile('r', errors='replace', newline='\n') as lines:
        for text in lines:
            if text.startswith(f'@{number} '):
                sys.exit(int(text.split()[1]))
            print(text.rstrip('\r\n'))
