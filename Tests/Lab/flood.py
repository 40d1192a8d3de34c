#!/usr/bin/env python3
"""A flood from forged addresses with a real attack in it, as a capture on standard output.

    Tests/Lab/flood.py --sources 10000000 --attack Fixtures/register-bruteforce.pcap |
      ringwatch run -q -r - -S rules -l flood-out

Each source sends one request to the server: REGISTER, OPTIONS and INVITE in turn, each with users, tags and a
Call-ID of its own. The packets of the attack are spread evenly over some seconds in the middle, so that thousands of
others come between any two of them.
"""
import argparse
import struct
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--sources", type=int, default=1_000_000, help="addresses, one packet each")
parser.add_argument("--rate", type=int, default=20_000, help="packets a second")
parser.add_argument("--attack", help="pcap file whose packets come in the middle")
parser.add_argument("--spread", type=float, default=20, help="seconds that the attack takes")
options = parser.parse_args()

START = 1_772_618_400_000_000
SERVER = bytes([192, 0, 2, 10])
METHODS = ["REGISTER", "OPTIONS", "INVITE"]


def template(method):
    """A frame with places for eight digits, NUMBER__."""
    text = (
        f"{method} sip:192.0.2.10 SIP/2.0\r\n"
        "Via: SIP/2.0/UDP hNUMBER__.example:5060;branch=z9hG4bKNUMBER__\r\n"
        "Max-Forwards: 70\r\n"
        "From: <sip:uNUMBER__@192.0.2.10>;tag=tNUMBER__\r\n"
        f"To: <sip:{'uNUMBER__' if method == 'REGISTER' else '100'}@192.0.2.10>\r\n"
        "Call-ID: cNUMBER__@hNUMBER__.example\r\n"
        f"CSeq: 1 {method}\r\n"
        "Contact: <sip:uNUMBER__@hNUMBER__.example:5060>\r\n"
        "Content-Length: 0\r\n\r\n"
    ).encode()
    udp = struct.pack(">HHHH", 5060, 5060, 8 + len(text), 0)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(text), 0, 0, 64, 17, 0)
    return bytes(6) + b"\2" + bytes(5) + b"\x08\x00" + ip + bytes(4) + SERVER + udp + text


def places(frame, word):
    found, at = [], frame.find(word)
    while at >= 0:
        found.append(at)
        at = frame.find(word, at + 1)
    return found


class Prober:
    def __init__(self, method):
        self.frame = bytearray(template(method))
        self.numbers = places(self.frame, b"NUMBER__")

    def packet(self, number):
        # An odd factor makes each of 2^24 numbers another one.
        low = number * 0x9E3779 & 0xFFFFFF
        frame = self.frame
        frame[26:30] = bytes((64 + (number >> 24 & 63), low >> 16, low >> 8 & 255, low & 255))
        digits = b"%08d" % (number % 100_000_000)
        for at in self.numbers:
            frame[at:at + 8] = digits
        return frame


def attack(path):
    data, packets, at = open(path, "rb").read(), [], 24
    while at + 16 <= len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        packets.append(data[at + 16:at + 16 + length])
        at += 16 + length
    return packets


def main():
    out = sys.stdout.buffer
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    hostile = attack(options.attack) if options.attack else []
    first = options.sources // 2
    step = max(1, int(options.spread * options.rate / max(1, len(hostile))))
    due = {first + place * step: packet for place, packet in enumerate(hostile)}
    probers = [Prober(method) for method in METHODS]
    pieces = []
    for number in range(options.sources):
        micros = START + number * 1_000_000 // options.rate
        frames = [probers[number % 3].packet(number)]
        if number in due:
            frames.append(due[number])
        for frame in frames:
            pieces.append(struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(frame), len(frame)))
            pieces.append(bytes(frame))
        if len(pieces) > 4000:
            out.write(b"".join(pieces))
            pieces.clear()
    out.write(b"".join(pieces))


try:
    main()
except BrokenPipeError:
    sys.exit(1)
