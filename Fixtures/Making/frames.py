"""Writes captures byte by byte: Ethernet frames with VLAN tags, IPv4, IPv6, UDP and TCP, at exact times."""
import ipaddress
import struct
from datetime import datetime

MACS = {}


def mac(address):
    """A locally administered MAC address for an IP address: the next free number."""
    number = MACS.setdefault(address, len(MACS) + 1)
    return bytes([2, 0, 0, 0, 0, number])


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Capture:
    """A classic pcap file with microseconds; times are milliseconds after the start."""

    def __init__(self, start):
        MACS.clear()
        self.start = int(datetime.fromisoformat(start).timestamp())
        self.records = []
        self.identification = 0
        self.sequence = {}

    def frame(self, at, data, length=None):
        micros = round(at * 1000)
        stamp = struct.pack("<II", self.start + micros // 1_000_000, micros % 1_000_000)
        self.records.append(stamp + struct.pack("<II", len(data), length or len(data)) + data)

    def packet(self, at, source, target, protocol, payload, vlans=()):
        """An IP packet on Ethernet; `payload` begins with the transport header."""
        a, b = ipaddress.ip_address(source), ipaddress.ip_address(target)
        if a.version == 4:
            self.identification += 1
            header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), self.identification, 0x4000, 64, protocol, 0)
            header += a.packed + b.packed
            header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
        else:
            header = struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + a.packed + b.packed
        kind = 0x0800 if a.version == 4 else 0x86DD
        tags = b""
        for index, vlan in enumerate(vlans):
            tags += struct.pack("!HH", 0x88A8 if index + 1 < len(vlans) else 0x8100, vlan)
        self.frame(at, mac(target) + mac(source) + tags + struct.pack("!H", kind) + header + payload)

    def _sum(self, source, target, protocol, segment):
        a, b = ipaddress.ip_address(source), ipaddress.ip_address(target)
        return checksum(a.packed + b.packed + struct.pack("!HH", protocol, len(segment)) + segment)

    def udp(self, at, source, target, payload, ports=(5060, 5060), vlans=()):
        segment = struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload
        segment = segment[:6] + struct.pack("!H", self._sum(source, target, 17, segment) or 0xFFFF) + segment[8:]
        self.packet(at, source, target, 17, segment, vlans)

    def tcp(self, at, source, target, payload=b"", ports=(40000, 5060), flags="PA", skip=0, **options):
        """A segment with the right sequence numbers; `skip` puts it that many bytes further on."""
        key, back = (source, target, ports), (target, source, ports[::-1])
        number = self.sequence.setdefault(key, 1000) + skip
        bits = sum({"F": 1, "S": 2, "R": 4, "P": 8, "A": 16}[flag] for flag in flags)
        acknowledged = self.sequence.get(back, 0) if "A" in flags else 0
        segment = struct.pack("!HHIIBBHHH", *ports, number, acknowledged, 5 << 4, bits, 64000, 0, 0) + payload
        segment = segment[:16] + struct.pack("!H", self._sum(source, target, 6, segment)) + segment[18:]
        self.packet(at, source, target, 6, segment, **options)
        if not skip:
            self.sequence[key] += len(payload) + ("S" in flags) + ("F" in flags)

    def advance(self, source, target, count, ports=(40000, 5060)):
        """Counts bytes that were sent ahead with `skip`."""
        self.sequence[(source, target, ports)] += count

    def handshake(self, at, client, server, ports=(40000, 5060)):
        self.tcp(at, client, server, flags="S", ports=ports)
        self.tcp(at + 1, server, client, flags="SA", ports=ports[::-1])
        self.tcp(at + 2, client, server, flags="A", ports=ports)

    def write(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            file.write(b"".join(self.records))
