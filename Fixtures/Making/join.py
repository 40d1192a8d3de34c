#!/usr/bin/env python3
"""Puts captures one behind the other: join.py OUT START FIRST [SECONDS NEXT]…

The first packet gets the time START (ISO 8601), the first of each next file comes SECONDS after the last packet
before it. So nobody has to wait for timers that take minutes.
"""
import struct
import sys
from datetime import datetime


def read(path):
    """The link type and the packets of a pcap file: microseconds, original length, bytes."""
    data = open(path, "rb").read()
    link = struct.unpack_from("<I", data, 20)[0]
    packets, at = [], 24
    while at + 16 <= len(data):
        seconds, micros, captured, length = struct.unpack_from("<IIII", data, at)
        packets.append((seconds * 1_000_000 + micros, length, data[at + 16:at + 16 + captured]))
        at += 16 + captured
    return link, sorted(packets, key=lambda packet: packet[0])


out, start, *parts = sys.argv[1:]
parts = ["0"] + parts
now, link, records = int(datetime.fromisoformat(start).timestamp()) * 1_000_000, 1, []
for gap, path in zip(parts[::2], parts[1::2]):
    link, packets = read(path)
    if not packets:
        sys.exit(f"{path} is empty")
    offset = now + round(float(gap) * 1_000_000) - packets[0][0]
    for micros, length, data in packets:
        now = micros + offset
        records.append(struct.pack("<IIII", now // 1_000_000, now % 1_000_000, len(data), length) + data)
with open(out, "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link) + b"".join(records))
