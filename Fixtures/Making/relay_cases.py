#!/usr/bin/env python3
"""Writes the captures of cases about TURN relays, seen between a client and its relay. The same bytes each time."""
import hashlib
import ipaddress
import struct

from talk import ALICE, BOB, CAROL, Talk, sdp

CLIENT, RELAY, RELAYED = (ALICE[1], 16100), ("10.20.0.40", 3478), ("10.20.0.40", 50100)
B, C = (BOB[1], 16200), (CAROL[1], 16300)
SSRC_A, SSRC_B = 0x0A0A0A01, 0x0B0B0B01
ALLOCATE, REFRESH, SEND, DATA, PERMIT, BIND = 3, 4, 6, 7, 8, 9
REQUEST, INDICATION, SUCCESS, ERROR = 0, 0x10, 0x100, 0x110
PEER, RELAYED_ADDRESS, MAPPED_ADDRESS = 0x12, 0x16, 0x20


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def address(kind, end):
    """An address under the cookie (RFC 8489 §14.2); none of the cases has one of IPv6."""
    packed = int(ipaddress.IPv4Address(end[0])) ^ 0x2112A442
    return attribute(kind, struct.pack("!BBHI", 0, 1, end[1] ^ 0x2112, packed))


def message(kind, number, *attributes):
    body = b"".join(attributes)
    return struct.pack("!HHI", kind, len(body), 0x2112A442) + hashlib.md5(bytes([number])).digest()[:12] + body


class Relayed(Talk):
    """What a client and its peers send each other, as it goes between the client and its relay.

    In the channels of `channels`, by peer, once they are there, and in indications until then."""

    def __init__(self, talk, client=CLIENT, relayed=RELAYED):
        self.talk, self.start, self.client, self.relayed = talk, talk.start, client, relayed
        self.channels, self.number = {}, 0

    def ask(self, at, method, *attributes, answer=(), refusal=None):
        """A request of the client, and the relay's answer 5 ms later."""
        self.number += 1
        self.send(at, self.client, RELAY, message(method, self.number, *attributes))
        kind = method | (ERROR if refusal else SUCCESS)
        self.send(at + 5, RELAY, self.client, message(kind, self.number, *([refusal] if refusal else answer)))

    def allocate(self, at):
        """Refused without credentials, then granted."""
        transport = attribute(0x19, b"\x11\0\0\0")
        realm = attribute(0x14, b"relay.example") + attribute(0x15, b"f00d")
        user = attribute(0x06, b"alice") + realm + attribute(0x08, bytes(20))
        self.ask(at, ALLOCATE, transport, refusal=attribute(0x09, struct.pack("!I", 0x401) + b"Unauthorized") + realm)
        self.ask(at + 10, ALLOCATE, transport, user, answer=[
            address(RELAYED_ADDRESS, self.relayed), address(MAPPED_ADDRESS, self.client), attribute(0x0D, struct.pack("!I", 600))])

    def permit(self, at, peer):
        self.ask(at, PERMIT, address(PEER, peer))

    def bind(self, at, channel, peer, isSeen=True):
        if isSeen:
            self.ask(at, BIND, attribute(0x0C, struct.pack("!HH", channel, 0)), address(PEER, peer))
        self.channels[peer] = channel

    def udp(self, at, source, target, payload, ports=(5060, 5060), vlans=()):
        """A datagram between the relayed address and a peer."""
        isOut = (source, ports[0]) == self.relayed
        peer = (target, ports[1]) if isOut else (source, ports[0])
        channel = self.channels.get(peer)
        if channel is None:
            self.number = (self.number + 1) % 256
            data = message((SEND if isOut else DATA) | INDICATION, self.number, address(PEER, peer), attribute(0x13, payload))
        else:
            data = struct.pack("!HH", channel, len(payload)) + payload
        self.send(at, self.client if isOut else RELAY, RELAY if isOut else self.client, data)

    def send(self, at, source, target, data):
        self.talk.udp(at, source[0], target[0], data, ports=(source[1], target[1]))


def candidates(end, kind, number=1):
    return ["a=ice-ufrag:aUfr", "a=ice-pwd:asd88fgpdd777uzjYhagZg99", "a=rtcp-mux",
            f"a=candidate:{number} 1 UDP 41885439 {end[0]} {end[1]} typ {kind}"]


def turn():
    """alice's descriptions name her address at the relay; between her and the relay there are only TURN messages."""
    talk = Talk("media-turn", "14:00")
    leg = Relayed(talk)
    leg.allocate(0)
    call = talk.call()
    call.request(100, "INVITE", body=sdp(*RELAYED, more=candidates(RELAYED, "relay")))
    call.reply(200, "180 Ringing")
    call.reply(600, "200 OK", body=sdp(*B, more=candidates(B, "host")))
    call.ack(610)
    leg.permit(620, B)
    leg.stun(640, RELAYED, B, user="bUfr:aUfr", number=101)
    leg.stun(648, B, RELAYED, kind=0x0101, mapped=RELAYED, number=101)
    leg.stun(650, B, RELAYED, user="aUfr:bUfr", number=102)
    leg.stun(655, RELAYED, B, kind=0x0101, mapped=B, number=102)
    leg.rtp(700, RELAYED, B, SSRC_A, 5)
    leg.rtp(708, B, RELAYED, SSRC_B, 5, first=60000)
    leg.bind(796, 0x4000, B)
    leg.rtp(802, RELAYED, B, SSRC_A, 195, first=1005, begin=800)
    leg.rtp(808, B, RELAYED, SSRC_B, 195, first=60005, begin=800, skip=(30, 31, 90))
    for second in (1, 2, 3):
        sent = second * 50 - 15
        leg.sender_report(1000 * second, RELAYED, B, SSRC_A, sent, 20 * sent, about=SSRC_B, lost=0, jitter=16)
        leg.sender_report(1000 * second + 17, B, RELAYED, SSRC_B, sent, 20 * sent, about=SSRC_A, lost=3, jitter=24)
    call.hang_up(4710)
    leg.ask(4800, REFRESH, attribute(0x0D, bytes(4)), answer=[attribute(0x0D, bytes(4))])
    talk.save()


def channels():
    """The capture begins when two channels are there; both peers have the same SSRC, and much else looks like channels."""
    talk = Talk("media-turn-channels", "14:10")
    leg = Relayed(talk)
    leg.bind(0, 0x4001, B, isSeen=False)
    leg.bind(0, 0x4002, C, isSeen=False)
    for peer, at, first in ((B, 0, 100), (C, 7, 30000)):
        leg.rtp(at, RELAYED, peer, SSRC_A, 60, first=first)
        leg.rtp(at + 3, peer, RELAYED, SSRC_B, 60, first=first + 10000)
    leg.sender_report(1250, B, RELAYED, SSRC_B, 60, 1200, about=SSRC_A)
    # Not of the same flow, and too little for a channel: a length, a number, or numbers of packets that do not fit.
    other, noise = (ALICE[1], 17000), []
    for number in range(20):
        voice = struct.pack("!BBHII", 0x80, 18, number, 160 * number, SSRC_A) + bytes(20)
        noise += [
            struct.pack("!HH", 0x4001, 36) + voice, struct.pack("!HH", 0x5000, 32) + voice,
            struct.pack("!HH", 0x4001, 31) + voice + b"\0\0\0", struct.pack("!HH", 0x4001, 32) + voice + b"\0\0\0\0",
            struct.pack("!HH", 0x4001, 32) + struct.pack("!BBH", 0x80, 18, number * 977 % 65536) + voice[4:],
            struct.pack("!HHHH", 0x4001, 36, 0x4001, 32) + voice]
    for number, data in enumerate(noise):
        leg.send(13 + 5 * number, other, RELAY, data)
    talk.save()


turn()
channels()
