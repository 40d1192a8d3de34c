#!/usr/bin/env python3
"""Calls that all go on at the same time, each with two streams, as a capture on standard output.

    Tests/Lab/many_calls.py --calls 200000 |
      ringwatch run -q -r - -S rules -c large.yaml -l calls-out

All calls are answered first, then each stream sends its packets in turn, then all calls end. The limits of the
configuration have to be as large: `limits: {calls: 262144, streams: 524288, flows: 1048576}`.
"""
import argparse
import struct
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--calls", type=int, default=200_000)
parser.add_argument("--packets", type=int, default=8, help="RTP packets of each stream")
parser.add_argument("--rate", type=int, default=20_000, help="packets a second")
options = parser.parse_args()

START = 1_772_618_400_000_000
SERVER, GATEWAY = bytes([192, 0, 2, 10]), bytes([192, 0, 2, 20])


def datagram(source, source_port, destination, port, payload):
    udp = struct.pack(">HHHH", source_port, port, 8 + len(payload), 0)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0)
    return bytes(6) + b"\2" + bytes(5) + b"\x08\x00" + ip + source + destination + udp + payload


class Call:
    def __init__(self, number):
        self.number = number
        self.phone = bytes([10, number >> 16 & 255, number >> 8 & 255, number & 255])
        self.host = "10.%d.%d.%d" % tuple(self.phone[1:])
        # The gateway has a pair of ports for each of 24,000 calls, and as many addresses as are needed.
        self.gateway = GATEWAY[:3] + bytes([20 + number // 24_000])
        self.port = 10_000 + 2 * (number % 24_000)

    def message(self, first, method, branch, to_tag, body=""):
        number = self.number
        lines = [
            first, f"Via: SIP/2.0/UDP {self.host}:5060;branch=z9hG4bK{branch}{number}", "Max-Forwards: 70",
            f"From: <sip:u{number}@example.com>;tag=f{number}",
            f"To: <sip:{number % 5000}@example.com>" + (f";tag=t{number}" if to_tag else ""),
            f"Call-ID: call{number}@{self.host}", f"CSeq: {2 if method == 'BYE' else 1} {method}",
            f"Contact: <sip:u{number}@{self.host}>",
        ]
        if body:
            lines.append("Content-Type: application/sdp")
        return ("\r\n".join(lines + [f"Content-Length: {len(body)}", "", ""]) + body).encode()

    def description(self, address, port):
        host = "%d.%d.%d.%d" % tuple(address)
        return (f"v=0\r\no=- {self.number} 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
                f"m=audio {port} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n")

    def up(self, payload):
        return datagram(self.phone, 5060, SERVER, 5060, payload)

    def down(self, payload):
        return datagram(SERVER, 5060, self.phone, 5060, payload)

    def begin(self):
        target = f"sip:{self.number % 5000}@example.com"
        offer, answer = self.description(self.phone, 4000), self.description(self.gateway, self.port)
        yield self.up(self.message(f"INVITE {target} SIP/2.0", "INVITE", "i", False, offer))
        yield self.down(self.message("SIP/2.0 180 Ringing", "INVITE", "i", True))
        yield self.down(self.message("SIP/2.0 200 OK", "INVITE", "i", True, answer))
        yield self.up(self.message(f"ACK {target} SIP/2.0", "ACK", "a", True))

    def media(self, index):
        header = struct.pack(">BBHI", 0x80, 0, index, 160 * index)
        tail = bytes([0xD5]) * 160
        there = header + struct.pack(">I", 2 * self.number + 1) + tail
        back = header + struct.pack(">I", 2 * self.number + 2) + tail
        yield datagram(self.phone, 4000, self.gateway, self.port, there)
        yield datagram(self.gateway, self.port, self.phone, 4000, back)

    def end(self):
        yield self.up(self.message(f"BYE sip:{self.number % 5000}@example.com SIP/2.0", "BYE", "b", True))
        yield self.down(self.message("SIP/2.0 200 OK", "BYE", "b", True))


def main():
    out, count, pieces = sys.stdout.buffer, 0, []
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    parts = [Call.begin] + [lambda call, index=index: call.media(index) for index in range(options.packets)]
    for part in parts + [Call.end]:
        for number in range(options.calls):
            for frame in part(Call(number)):
                micros = START + count * 1_000_000 // options.rate
                count += 1
                pieces.append(struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(frame), len(frame)))
                pieces.append(frame)
            if len(pieces) > 4000:
                out.write(b"".join(pieces))
                pieces.clear()
    out.write(b"".join(pieces))


try:
    main()
except BrokenPipeError:
    sys.exit(1)
