#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A USB camera that is a program: usbcamera.py [--serial TEXT] [--port N] …

Runs where the kernel has vhci_hcd, the end of USB/IP at which devices appear, and speaks that
protocol over a pair of sockets instead of a network: to the kernel it is a camera of the USB video
class (1.1) on a high-speed port, with an isochronous stream of 160×120 pictures (YUYV). The first four
bytes of brightness of each picture hold its number. Prints the port's number and "plugged" once it is
plugged in; ends, and is unplugged by that, at SIGTERM.

What the kernel's Documentation/usb/usbip_protocol.rst says stands in Usbip, what the USB Device Class
Definition for Video Devices says in Camera.
"""

import argparse
import collections
import os
import signal
import socket
import struct
import sys
import threading
import time

CONTROLLER = '/sys/devices/platform/vhci_hcd.0'

WIDTH, HEIGHT = 160, 120
PICTURE = WIDTH * HEIGHT * 2

# Bytes that go in one packet, of which there is one every 4 ms: bInterval 6, 2⁶⁻¹ units of 125 µs. A guest
# in a machine that is emulated itself is too slow for more.
PACKET = 1024
PACKET_SECONDS = 0.004
PACKET_INTERVAL = 6

# 100 ns units, as the video class counts: a picture takes 38 packets.
INTERVAL = 1520000

HIGH_SPEED = 3  # enum usb_device_speed
VIDEO = 14

# GUID of the format YUY2.
YUY2 = bytes.fromhex('5955593200001000800000aa00389b71')

EPIPE, ECONNRESET = 32, 104


def descriptor(kind, form, *values):
    body = struct.pack('<' + form, *values)
    return bytes([len(body) + 2, kind]) + body


class Camera:
    """What the device is and how it answers on its control endpoint."""

    def __init__(self, options):
        self.texts = [None, options.maker, options.name, options.serial]
        self.device = descriptor(1, 'HBBBBHHHBBBB', 0x0200, 0xef, 2, 1, 64, options.vendor,
                                 options.product, 0x0100, 1 if options.maker else 0,
                                 2 if options.name else 0, 3 if options.serial else 0, 1)
        self.qualifier = descriptor(6, 'HBBBBBB', 0x0200, 0xef, 2, 1, 64, 1, 0)
        self.configuration = self.describe()
        # The only bargain there is: format 1, frame 1 (Table 4-75).
        self.bargain = struct.pack('<HBBIHHHHHIIIBBBB', 1, 1, 1, INTERVAL, 0, 0, 0, 0, 0, PICTURE,
                                   PACKET, 48000000, 3, 1, 1, 1)
        self.setting = 0

    @staticmethod
    def describe():
        interface, association, endpoint = 4, 11, 5
        of_class = 0x24
        units = (
            descriptor(of_class, 'BBHBBHHHB3s', 2, 1, 0x0201, 0, 0, 0, 0, 0, 3, bytes(3)) +  # the lens
            descriptor(of_class, 'BBHBBB', 3, 2, 0x0101, 0, 1, 0))                        # the way out
        control = descriptor(of_class, 'BHHIBB', 1, 0x0110, 13 + len(units), 48000000, 1, 1) + units
        formats = (
            descriptor(of_class, 'BBB16sBBBBBB', 4, 1, 1, YUY2, 16, 1, 0, 0, 0, 0) +
            descriptor(of_class, 'BBBHHIIIIBI', 5, 1, 0, WIDTH, HEIGHT, PICTURE * 8 * 7,
                       PICTURE * 8 * 7, PICTURE, INTERVAL, 1, INTERVAL) +
            descriptor(of_class, 'BBBB', 13, 1, 1, 4))
        stream = descriptor(of_class, 'BBHBBBBBBBB', 1, 1, 14 + len(formats), 0x81, 0, 2, 0, 0, 0, 1,
                            0) + formats
        body = (
            descriptor(association, 'BBBBBB', 0, 2, VIDEO, 3, 0, 2) +
            descriptor(interface, 'BBBBBBB', 0, 0, 0, VIDEO, 1, 0, 2) + control +
            descriptor(interface, 'BBBBBBB', 1, 0, 0, VIDEO, 2, 0, 0) + stream +
            descriptor(interface, 'BBBBBBB', 1, 1, 1, VIDEO, 2, 0, 0) +
            descriptor(endpoint, 'BBHB', 0x81, 5, PACKET, PACKET_INTERVAL))
        return descriptor(2, 'HBBBBB', len(body) + 9, 2, 1, 0, 0x80, 250) + body

    def text(self, number):
        if number == 0:
            return descriptor(3, 'H', 0x0409)
        if number < len(self.texts) and self.texts[number]:
            encoded = self.texts[number].encode('utf-16le', 'surrogatepass')
            return bytes([len(encoded) + 2, 3]) + encoded
        return None

    def get_descriptor(self, kind, number):
        if kind == 3:
            return self.text(number)
        return {1: self.device, 2: self.configuration, 6: self.qualifier,
                7: self.configuration[:1] + b'\7' + self.configuration[2:]}.get(kind)

    def answer(self, setup, data):
        """Bytes, or None where the endpoint stalls."""
        kind, request, value, index, _ = struct.unpack('<BBHHH', setup)
        if kind == 0x80 and request == 6:
            return self.get_descriptor(value >> 8, value & 0xff)
        if kind == 0x01 and request == 11:
            self.setting = value
            return b''
        if kind == 0x81 and request == 10:
            return bytes([self.setting])
        if kind in (0x00, 0x01, 0x02) and request in (1, 3, 9):
            return b''
        if kind == 0x80 and request == 8:
            return b'\1'
        if kind & 0xe0 == 0x80 and request == 0:
            return b'\0\0'
        if kind & 0x60 == 0x20:
            return self.answer_class(kind, request, index & 0xff)
        return None

    def answer_class(self, kind, request, interface):
        if interface == 1:
            if kind == 0x21:
                return b''
            return {0x81: self.bargain, 0x82: self.bargain, 0x83: self.bargain, 0x87: self.bargain,
                    0x85: struct.pack('<H', len(self.bargain)), 0x86: b'\3'}.get(request)
        # Why the last request was refused: it was not.
        return b'\0' if kind == 0xa1 and request == 0x81 else None


class Film:
    """Pictures cut into packets, each with the header of the video class."""

    def __init__(self):
        self.number = 0
        self.begin()

    def begin(self):
        picture = bytearray(b'\x50\x80' * (WIDTH * HEIGHT))
        for place, byte in enumerate(struct.pack('>I', self.number)):
            picture[place * 2] = byte
        self.picture = memoryview(bytes(picture))
        self.place = 0

    def packet(self, length):
        room = min(length, PACKET) - 2
        piece = self.picture[self.place:self.place + room]
        self.place += len(piece)
        ends = self.place == PICTURE
        # End of header, end of frame, and the bit that changes with each picture.
        header = bytes([2, 0x80 | (2 if ends else 0) | (self.number & 1)])
        if ends:
            self.number += 1
            self.begin()
        return header + bytes(piece)


class Usbip:
    """The device's end of the line to the kernel."""

    SUBMIT, UNLINK = 1, 2

    def __init__(self, line, camera):
        self.line = line
        self.camera = camera
        self.film = Film()
        self.lock = threading.Lock()
        self.waiting = collections.OrderedDict()
        self.current = None
        self.arrived = threading.Condition()

    def read(self, length):
        data = b''
        while len(data) < length:
            piece = self.line.recv(length - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def reply(self, number, status, sent, data=b'', packets=b'', count=0):
        head = struct.pack('>IIIIIiiiii8x', 3, number, 0, 0, 0, status, sent, 0, count, 0)
        with self.lock:
            self.line.sendall(head + data + packets)

    def stream(self):
        """Answers what waits for pictures, as fast as a real bus would."""
        due = time.monotonic()
        while True:
            with self.arrived:
                while not self.waiting:
                    self.arrived.wait()
                number, packets = self.waiting.popitem(last=False)
                self.current = number
            # Where the machine is slow the stream does not try to make up for more than this.
            due = max(due + len(packets) * PACKET_SECONDS, time.monotonic() - 0.2)
            time.sleep(max(0, due - time.monotonic()))
            data, told = [], []
            for offset, length in packets:
                piece = self.film.packet(length)
                data.append(piece)
                told.append(struct.pack('>IIII', offset, length, len(piece), 0))
            data = b''.join(data)
            # What was taken back meanwhile is not answered: the kernel would hang up on us.
            with self.arrived:
                if self.current == number:
                    self.reply(number, 0, len(data), data, b''.join(told), len(packets))
                self.current = None

    def submit(self, number, inwards, endpoint, rest):
        _, length, _, count, _ = struct.unpack('>IIIiI', rest[:20])
        data = b'' if inwards else self.read(length)
        if endpoint == 0:
            answer = self.camera.answer(rest[20:28], data)
            if answer is None:
                self.reply(number, -EPIPE, 0)
            elif inwards:
                self.reply(number, 0, len(answer[:length]), answer[:length])
            else:
                self.reply(number, 0, length)
            return
        packets = [struct.unpack('>IIII', self.read(16))[:2] for _ in range(max(0, count))]
        with self.arrived:
            self.waiting[number] = packets
            self.arrived.notify()

    def unlink(self, number, rest):
        wanted = struct.unpack('>I', rest[:4])[0]
        with self.arrived:
            taken_back = self.waiting.pop(wanted, None) is not None
            if self.current == wanted:
                self.current = None
                taken_back = True
            head = struct.pack('>IIIIIi24x', 4, number, 0, 0, 0, -ECONNRESET if taken_back else 0)
            with self.lock:
                self.line.sendall(head)

    def serve(self):
        threading.Thread(target=self.stream, daemon=True).start()
        while True:
            head = self.read(48)
            command, number, _, direction, endpoint = struct.unpack('>IIIII', head[:20])
            if command == self.SUBMIT:
                self.submit(number, direction == 1, endpoint, head[20:])
            elif command == self.UNLINK:
                self.unlink(number, head[20:])


def free_port():
    with open(CONTROLLER + '/status') as status:
        for line in status.readlines()[1:]:
            words = line.split()
            # 004: nothing is plugged in (VDEV_ST_NULL).
            if words[0] == 'hs' and words[2] == '004':
                return int(words[1])
    sys.exit('usbcamera.py: no port is free')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--vendor', type=lambda text: int(text, 16), default=0x1209)
    parser.add_argument('--product', type=lambda text: int(text, 16), default=0x0c0a)
    parser.add_argument('--maker', default='Lodge')
    parser.add_argument('--name', default='Everyday Camera')
    parser.add_argument('--serial', default='')
    parser.add_argument('--port', type=int)
    options = parser.parse_args()

    ours, kernels = socket.socketpair()
    port = free_port() if options.port is None else options.port
    with open(CONTROLLER + '/attach', 'w') as attach:
        attach.write(f'{port} {kernels.fileno()} {1 << 16 | port + 1} {HIGH_SPEED}')
    kernels.close()

    def unplug(*_):
        try:
            with open(CONTROLLER + '/detach', 'w') as detach:
                detach.write(str(port))
        finally:
            os._exit(0)

    signal.signal(signal.SIGTERM, unplug)
    print(port, 'plugged', flush=True)
    try:
        Usbip(ours, Camera(options)).serve()
    except (EOFError, ConnectionError):
        pass


if __name__ == '__main__':
    main()
