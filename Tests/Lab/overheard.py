"""What an eavesdropper learns from a capture (classic pcap of Ethernet, IPv4, UDP): dialogs, media ends, RTP headers."""
import re
import struct
import sys


def packets(path):
    """Source, source port, target, target port, payload of each UDP packet; an unfinished last record is left out."""
    with open(path, "rb") as file:
        data = file.read()
    place = 24
    while place + 16 <= len(data):
        length = struct.unpack_from("<I", data, place + 8)[0]
        frame, place = data[place + 16:place + 16 + length], place + 16 + length
        if len(frame) == length and frame[12:14] == b"\x08\x00" and frame[23] == 17:
            at = 14 + 4 * (frame[14] & 15)
            ends = struct.unpack_from("!HH", frame, at)
            yield address(frame[26:30]), ends[0], address(frame[30:34]), ends[1], frame[at + 8:]


def address(four):
    return ".".join(str(byte) for byte in four)


def header(message, name):
    found = re.search(rf"^{name}:\s*(.*?)\s*$", message, re.MULTILINE | re.IGNORECASE)
    return found.group(1) if found else None


def messages(path):
    for source, sport, target, dport, payload in packets(path):
        if b"SIP/2.0\r\n" in payload or payload.startswith(b"SIP/2.0 "):
            yield source, sport, target, dport, payload.decode("utf-8", "replace")


def last_invite(path, source):
    """The last INVITE with credentials that `source` sent, as (target, port, text)."""
    found = None
    for origin, _, target, port, text in messages(path):
        if origin == source and text.startswith("INVITE ") and "Proxy-Authorization" in text:
            found = target, port, text
    return found


def last_answer(path, source):
    """The last 200 to an INVITE that the callee `source` sent, as text."""
    found = None
    for origin, _, _, _, text in messages(path):
        if origin == source and text.startswith("SIP/2.0 200") and header(text, "CSeq").endswith("INVITE"):
            found = text
    return found


def last_voice(path, source, target):
    """Ports, payload type, sequence number, time stamp and SSRC of the last RTP packet between two hosts."""
    found = None
    for origin, sport, goal, dport, payload in packets(path):
        if (origin, goal) == (source, target) and len(payload) > 12 and payload[0] == 0x80 and payload[1] & 127 < 72:
            kind, number, time, ssrc = struct.unpack_from("!BHII", payload, 1)
            found = sport, dport, kind & 127, number, time, ssrc
    return found


if __name__ == "__main__":                       # overheard.py CAPTURE FROM TO: succeeds when there is media
    raise SystemExit(0 if last_voice(*sys.argv[1:]) else 1)
