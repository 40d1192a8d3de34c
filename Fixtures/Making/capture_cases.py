#!/usr/bin/env python3
"""Writes the captures that do not show all that was on the wire. The same bytes each time."""
import struct

from frames import checksum
from talk import ALICE, BOB, PBX, Talk, sdp

CHALLENGE = 'WWW-Authenticate: Digest realm="pbx.example", nonce="n1", qop="auth", algorithm=MD5'
PROOF = 'Authorization: Digest username="201", realm="pbx.example", nonce="n1", uri="sip:pbx.example", response="%s"' % ("0" * 32)


def cut(talk, length):
    """Keeps so many bytes of each packet, as `tcpdump -s` does."""
    kept = []
    for record in talk.records:
        data = record[16:16 + length]
        kept.append(record[:8] + struct.pack("<I", len(data)) + record[12:16] + data)
    talk.records = kept


def only_from(talk, address):
    """Keeps what one address sends, as `tcpdump src host` does."""
    source = bytes(map(int, address.split(".")))
    talk.records = [record for record in talk.records if record[16 + 26:16 + 30] == source]


def shift(record, milliseconds):
    seconds, micros = struct.unpack_from("<II", record)
    total = seconds * 1_000_000 + micros + round(milliseconds * 1000)
    return struct.pack("<II", total // 1_000_000, total % 1_000_000) + record[8:]


def register(talk, at, vary, answer="200 OK"):
    """A phone registers: 401, credentials, and what comes of them."""
    client = talk.call(ALICE, ("", PBX), vary=vary)
    contact = [f"Contact: <sip:201@{ALICE[1]}>;expires=600"]
    client.request(at, "REGISTER", headers=contact)
    client.reply(at + 20, "401 Unauthorized", headers=[CHALLENGE])
    client.request(at + 40, "REGISTER", headers=[PROOF, *contact])
    client.reply(at + 60, answer, headers=contact if answer[0] == "2" else [CHALLENGE])


def call(talk, at, vary, answer="200 OK"):
    """A call that is challenged, and answered or refused."""
    one = talk.call(ALICE, BOB, vary=vary)
    one.request(at, "INVITE", body=sdp(ALICE[1], 16100))
    one.reply(at + 10, "401 Unauthorized", headers=[CHALLENGE])
    one.ack(at + 20)
    one.request(at + 30, "INVITE", headers=[PROOF], body=sdp(ALICE[1], 16100))
    if answer[0] != "2":
        one.reply(at + 50, answer, headers=[CHALLENGE])
        return one.ack(at + 60)
    one.reply(at + 100, "180 Ringing")
    one.reply(at + 1000, answer, body=sdp(BOB[1], 16200))
    one.ack(at + 1010)
    talk.rtp(at + 1020, (ALICE[1], 16100), (BOB[1], 16200), 1, 600)
    talk.rtp(at + 1020, (BOB[1], 16200), (ALICE[1], 16100), 2, 600)
    one.hang_up(at + 13_500)


def capture_cut():
    for name, start, length in (("capture-cut-early", "14:00", 220), ("capture-cut-late", "14:10", 400)):
        talk = Talk(name, start)
        register(talk, 0, "good")
        register(talk, 1000, "bad", answer="401 Unauthorized")
        call(talk, 2000, "good")
        call(talk, 20_000, "bad", answer="401 Unauthorized")
        cut(talk, length)
        talk.later(300_000)
        talk.save()


def capture_one_way():
    talk = Talk("capture-one-way", "14:20")
    register(talk, 0, "good")
    call(talk, 2000, "good")
    lonely = talk.call(ALICE, ("209", "10.20.0.109"), vary="lonely")
    invite = lonely.request(20_000, "INVITE", body=sdp(ALICE[1], 16100))
    for at in (500, 1500, 3500, 7500, 15_500, 31_500):
        talk.udp(20_000 + at, ALICE[1], "10.20.0.109", invite)
    talk.call(ALICE, ("208", "10.20.0.108"), vary="once").request(21_000, "INVITE", body=sdp(ALICE[1], 16100))
    only_from(talk, ALICE[1])
    other = talk.call(("203", "10.20.0.103"), ("", PBX))
    other.request(300_000, "OPTIONS")
    talk.save()


def capture_reordered():
    talk = Talk("capture-reordered", "14:30")
    register(talk, 0, "good")
    call(talk, 2000, "good")
    # The queue of what alice sends is read 30 ms late, so that answers come before what they answer.
    source = bytes(map(int, ALICE[1].split(".")))
    talk.records = [shift(record, 30) if record[42:46] == source else record for record in talk.records]
    talk.later(300_000)
    talk.save()


def capture_vlan_copies():
    talk = Talk("capture-vlan-copies", "14:40")
    call(talk, 0, "good")
    # The trunk shows each packet with a tag, the access port without; which one is first changes.
    copies = []
    for number, record in enumerate(talk.records):
        tagged = record[16:28] + struct.pack("!HH", 0x8100, 100) + record[28:]
        head = struct.pack("<II", len(tagged), len(tagged))
        copies.append(shift(record[:8] + head + tagged, -0.2 if number % 3 == 2 else 0.2))
    talk.records += copies
    talk.records = [shift(record, 1) for record in talk.records]
    talk.save()


def translate(record, inner, outer):
    """A packet on the other side of an address translation; None when the inner address has no part in it."""
    data = bytearray(record[16:])
    for place, port, delay, hops in ((26, 34, 0.2, -1), (30, 36, -0.2, 1)):
        if bytes(data[place:place + 4]) != bytes(map(int, inner.split("."))):
            continue
        data[place:place + 4] = bytes(map(int, outer.split(".")))
        struct.pack_into("!H", data, port, struct.unpack_from("!H", data, port)[0] + 20_000)
        data[22] += hops
        data[24:26] = b"\0\0"
        struct.pack_into("!H", data, 24, checksum(bytes(data[14:34])))
        data[40:42] = b"\0\0"
        return shift(record[:16] + bytes(data), delay)
    return None


def capture_nat_copies():
    talk = Talk("capture-nat-copies", "14:50")
    register(talk, 0, "good")
    call(talk, 2000, "good")
    register(talk, 20_000, "again")
    # What a router shows of all its interfaces: what leaves has the inner address first, what comes in the outer one.
    copies = (translate(record, ALICE[1], "203.0.113.7") for record in talk.records)
    talk.records += [copy for copy in copies if copy]
    talk.records = [shift(record, 1) for record in talk.records]
    talk.save()


for make in (capture_cut, capture_one_way, capture_reordered, capture_vlan_copies, capture_nat_copies):
    make()
