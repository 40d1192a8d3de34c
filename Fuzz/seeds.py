#!/usr/bin/env python3
"""Writes seeds for the fuzz targets: parts of the captures in Fixtures, and a few small messages.

usage: seeds.py FIXTURES OUTPUT, which gets one folder for each target.
"""
import glob
import gzip
import hashlib
import os
import struct
import sys
import zlib

SEEDS_PER_CAPTURE = 60
# Positions in the table of Link.swift.
LINK_INDEX = {1: 0, 113: 5, 276: 6}


def save(target, data):
    folder = os.path.join(sys.argv[2], target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, hashlib.sha1(data).hexdigest()), "wb") as file:
        file.write(data)


def frames(data):
    """Link type and bytes of each frame of a pcap or pcapng file in this machine's byte order."""
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        offset, links = 0, []
        while offset + 12 <= len(data):
            kind, length = struct.unpack_from("<II", data, offset)
            if kind == 1:
                links.append(struct.unpack_from("<H", data, offset + 8)[0])
            elif kind == 6:
                interface, _, _, count = struct.unpack_from("<IIII", data, offset + 8)
                yield links[interface], data[offset + 28 : offset + 28 + count]
            offset += length
        return
    link = struct.unpack_from("<I", data, 20)[0]
    offset = 24
    while offset + 16 <= len(data):
        count = struct.unpack_from("<I", data, offset + 8)[0]
        yield link, data[offset + 16 : offset + 16 + count]
        offset += 16 + count


def transport(link, frame):
    """Protocol and bytes behind IP, for the plain frames that most are."""
    kind, offset = {1: (frame[12:14], 14), 276: (frame[0:2], 20)}.get(link, (b"", 0))
    if kind == b"\x81\x00":
        kind, offset = frame[16:18], 18
    if kind == b"\x08\x00" and frame[offset + 6 : offset + 8] in (b"\0\0", b"\x40\0"):
        end = offset + struct.unpack_from(">H", frame, offset + 2)[0]
        return frame[offset + 9], frame[offset + 20 : end]
    if kind == b"\x86\xdd":
        return frame[offset + 6], frame[offset + 40 :]
    return 0, b""


def segment(data):
    """One TCP segment as TCPStream.swift reads it."""
    source, _ = struct.unpack_from(">HH", data)
    flags = data[13] & 0x3F | (0x80 if source != 5060 else 0)
    payload = data[(data[12] >> 4) * 4 :][:0x1FFF]
    return struct.pack(">BBhH", flags, source & 7, 0, len(payload)) + payload


def payload(data):
    if b"SIP/2.0" in data:
        save("SIP", data)
        if b"\r\n\r\nv=0" in data:
            save("SDP", data.split(b"\r\n\r\n", 1)[1])
    elif data[:1] >= b"\x80":
        save("RTP", data)


def capture(path):
    data = open(path, "rb").read()
    plain = gzip.decompress(data) if path.endswith(".gz") else data
    save("PcapReader", data[:4096] if path.endswith(".gz") else data[:2048])
    save("PcapReader", gzip.compress(plain[:2048], mtime=0))
    found = list(frames(plain))
    segments = b""
    for link, frame in found[:: max(1, len(found) // SEEDS_PER_CAPTURE)]:
        save("Link", bytes([LINK_INDEX[link]]) + struct.pack(">H", len(frame)) + frame)
    for link, frame in found:
        protocol, data = transport(link, frame)
        if protocol == 17:
            payload(data[8:])
        elif protocol == 6:
            segments += segment(data)
    if segments:
        save("TCPStream", segments)


def chunk(kind, value):
    return struct.pack(">HHH", 0, kind, 6 + len(value)) + value


def hep(*chunks):
    body = b"".join(chunks)
    return b"HEP3" + struct.pack(">H", 6 + len(body)) + body


def messages():
    """What no capture of Fixtures has."""
    sip = b"OPTIONS sip:a@example.com SIP/2.0\r\nCall-ID: 1\r\n\r\n"
    ends = chunk(2, b"\x11") + chunk(3, b"\xc0\0\2\1") + chunk(4, b"\xc0\0\2\2") + chunk(7, b"\x13\xc4")
    save("HEP", hep(ends, chunk(9, b"\x69\xa4\0\0"), chunk(11, b"\1"), chunk(15, sip)))
    save("HEP", hep(ends, chunk(16, zlib.compress(sip))) + hep(ends, chunk(16, gzip.compress(sip, mtime=0))))
    save("HEP", b"\2\x10\2\x11\x13\xc4\x13\xc4\xc0\0\2\1\xc0\0\2\2" + b"\0" * 12 + sip)
    stun = bytes.fromhex("2112a442") + bytes(range(12))
    for attributes in ("000600036162630080280004a1b2c3d4", "002000080001a147e112a643",
                       "000900100000040155 6e617574686f7269736564"):
        body = bytes.fromhex(attributes)
        save("STUN", struct.pack(">HH", 0x0101, len(body)) + stun + body)
    save("STUN", bytes.fromhex("40000008") + b"\x80\0\0\1\0\0\0\1")
    for report in ("80c80006111111110000000100000002000000030000000400000005", "81ca0003111111110103616263000000",
                   "80cf0005111111110403000300000001000000020000", "80cb000111111111", "8fcd000311111111222222220000"):
        save("RTP", bytes.fromhex(report))
    name = b"\0\0\0\x0e\0\x0c\0\0\x09localhost"
    extensions = name + bytes.fromhex("000a00040002001d 0010000500030268 32 002b0003020304 000d000400020403")
    hello = bytes.fromhex("0303") + bytes(32) + bytes.fromhex("00 0004 1301c02f 0100")
    hello += struct.pack(">H", len(extensions)) + extensions
    handshake = b"\1" + struct.pack(">I", len(hello))[1:] + hello
    save("TLS", b"\x16\3\1" + struct.pack(">H", len(handshake)) + handshake)
    save("TLS", hello)
    datagram = hello[:35] + b"\0" + hello[35:]
    head = b"\1" + struct.pack(">I", len(datagram))[1:] + b"\0\0" + b"\0\0\0" + struct.pack(">I", len(datagram))[1:]
    save("TLS", b"\x16\xfe\xfd" + bytes(8) + struct.pack(">H", len(head + datagram)) + head + datagram)


def ipv4(protocol, data, fragmentation=0):
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(data), 7, fragmentation, 64, protocol, 0)
    return head + b"\xc0\0\2\1\xc0\0\2\2" + data


def ipv6(next_header, data):
    head = struct.pack(">IHBB", 0x60000000, len(data), next_header, 64)
    return head + (b"\x20\1\x0d\xb8" + bytes(11) + b"\1") * 2 + data


def udp(port, data):
    return struct.pack(">HHHH", 40000, port, 8 + len(data), 0) + data


def encapsulations():
    """Frames as Link.swift reads them: what wraps packets, and what cuts them."""
    inner = ipv4(17, udp(5060, b"OPTIONS sip:a SIP/2.0\r\n\r\n"))
    ethernet = bytes(12) + b"\x08\0" + inner
    key = bytes(3) + b"\x2a"
    packets = [
        ipv4(4, inner), ipv4(41, ipv6(17, udp(5060, b"x"))), ipv4(47, b"\0\0\x08\0" + inner),
        ipv4(47, b"\x30\0\x65\x58" + key + key + ethernet),
        ipv4(47, b"\x10\0\x88\xbe" + key + b"\x10" + bytes(7) + ethernet),
        ipv4(47, b"\x10\0\x22\xeb" + key + b"\x20" + bytes(11) + ethernet),
        ipv4(17, udp(4789, b"\x08" + bytes(7) + ethernet)), ipv4(97, b"\x30\0" + ethernet),
        ipv4(17, udp(6081, b"\0\0\x65\x58" + bytes(4) + ethernet)),
        ipv4(17, udp(2152, b"\x30\xff" + struct.pack(">H", len(inner)) + key + inner)),
        ipv4(17, udp(1701, b"\0\2" + key + b"\xff\3\0\x21" + inner)),
        ipv4(17, udp(37008, b"\1\0\0\1\1" + ethernet)), ipv4(17, udp(6635, b"\0\1\1\x40" + inner)),
        ipv4(50, key + key + udp(5060, b"abcd") + b"\1\2\2\x11" + bytes(12)),
        ipv4(132, bytes(12) + b"\0\3\0\x14" + bytes(11) + b"\1abcd"),
        ipv4(51, b"\x11\4" + bytes(22) + udp(5060, b"x")),
    ]
    for packet in packets:
        frame(0, bytes(12) + b"\x08\0" + packet)
    frame(0, bytes(12) + b"\x86\xdd" + ipv6(0, b"\x11\0\1\4\0\0\0\0" + udp(5060, b"x")))
    frame(0, bytes(12) + b"\x88\x47\0\1\1\x40" + inner)
    frame(0, bytes(12) + b"\x88\xa8\0\1\x81\0\0\2\x08\0" + inner)
    frame(0, bytes(12) + b"\x88\x64\x11\0\0\1" + struct.pack(">H", len(inner) + 2) + b"\0\x21" + inner)
    frame(0, *(bytes(12) + b"\x08\0" + ipv4(17, inner[20:][part], flags)
               for part, flags in ((slice(8), 0x2000), (slice(8, None), 1))))
    for index in range(27):
        frame(index, inner)
        frame(index, ethernet)


def frame(index, *parts):
    save("Link", bytes([index]) + b"".join(struct.pack(">H", len(data)) + data for data in parts))


def classic():
    """Classic pcap files of both byte orders and units, and some that are left to libpcap."""
    for order in "<>":
        for magic in (0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34):
            for minor, snap, link in ((4, 65535, 1), (4, 0, 101), (4, 3, 0x10000001), (3, 96, 1), (4, 262144, 189)):
                data = struct.pack(order + "IHHIIII", magic, 2, minor, 0, 0, snap, link)
                for second in range(3):
                    data += struct.pack(order + "IIII", second, 999_999, 5, 9) + b"frame"
                save("PcapReader", data)


encapsulations()
classic()
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.pcap*"))):
    capture(path)
messages()
