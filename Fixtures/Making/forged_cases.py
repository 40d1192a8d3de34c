#!/usr/bin/env python3
"""Writes the captures of forged answers, and of decoys that are to make guesses look forwarded. The same bytes each time."""
import struct

from frames import checksum, mac
from talk import ALICE, BOB, MALLORY, PROXY, Talk, sdp, tag

OTHER = "10.20.0.11"
MINE = ("201", ALICE[1])


def forged(call, at, line, sender=MALLORY, **options):
    """An answer of somebody else's with a tag of his own, and the dialog as it was."""
    known, call.tags[call.callee] = call.tags[call.callee], tag(call.label, "forged")
    in_dialog = call.in_dialog
    call.reply(at, line, source=sender, **options)
    call.tags[call.callee], call.in_dialog = known, in_dialog


def answers_forged():
    talk = Talk("answers-forged", "16:50")

    def register(at, **options):
        one = talk.call(ALICE, (ALICE[0], PROXY), vary=f"register{at}")
        one.request(at, "REGISTER", uri="sip:pbx.example", headers=[f"Contact: <sip:201@{ALICE[1]}>", "Expires: 3600"])
        return one

    def granted(one, at):
        one.reply(at, "200 OK", headers=[f"Contact: <sip:201@{ALICE[1]}>;expires=3600"])

    def invite(at, vary, target=PROXY):
        call = talk.call(ALICE, ("202", target), vary=vary)
        call.request(at, "INVITE", body=sdp(ALICE[1], 16100))
        return call

    def answered(call, at, **options):
        call.reply(at, "200 OK", body=sdp(PROXY, 17000), **options)
        call.ack(at + 10)
        call.hang_up(at + 2000)

    away = {"headers": [f"Contact: <sip:202@{MALLORY}>"]}
    granted(register(0), 20)

    one = invite(2000, "diverted")
    forged(one, 2001, "302 Moved Temporarily", **away)
    one.reply(2003, "100 Trying")
    one.reply(2500, "180 Ringing")
    answered(one, 5000)

    two = invite(12_000, "refused")
    forged(two, 12_001, "603 Decline")
    two.reply(12_400, "180 Ringing")
    answered(two, 15_000)

    three = invite(22_000, "refused at once")
    forged(three, 22_001, "603 Decline")
    answered(three, 23_000)

    four = invite(32_000, "answered")
    four.reply(32_003, "100 Trying")
    four.reply(32_300, "180 Ringing")
    forged(four, 33_000, "200 OK", body=sdp(MALLORY, 18000))
    four.reply(35_000, "486 Busy Here")
    four.ack(35_010)

    five = register(42_000)
    forged(five, 42_001, "401 Unauthorized", headers=['WWW-Authenticate: Digest realm="pbx.example", nonce="chosen"'])
    granted(five, 42_020)

    six = register(44_000)
    granted(six, 44_020)
    forged(six, 44_030, "403 Forbidden")

    # Nobody forges anything from here on.
    seven = invite(52_000, "elsewhere", target="10.20.0.12")        # a server that answers from another address
    seven.reply(52_003, "100 Trying", source=OTHER)
    seven.reply(52_500, "180 Ringing", source=OTHER)
    answered(seven, 54_000, source=OTHER)

    eight = invite(62_000, "translated", target="10.20.0.13")       # each answer before and behind a translation
    for at, line in ((62_003, "100 Trying"), (62_500, "180 Ringing"), (63_000, "486 Busy Here")):
        eight.reply(at, line, source=OTHER)
        eight.reply(at + 0.1, line)
    eight.ack(63_010)

    nine = talk.call(ALICE, ("202", "10.20.0.14"), vary="next server")
    data = nine.request(72_000, "INVITE", body=sdp(ALICE[1], 16100))
    talk.udp(76_000, ALICE[1], OTHER, data)                         # the next server gets the same request
    nine.reply(76_500, "180 Ringing", source=OTHER)
    nine.reply(78_000, "200 OK", source=OTHER, body=sdp(OTHER, 17000))
    nine.ack(78_010, target=OTHER)
    forged(nine, 78_100, "503 Service Unavailable", sender="10.20.0.14")
    nine.hang_up(80_000)
    talk.save()


def registration_decoys():
    talk = Talk("registration-decoys", "17:10")
    for number in range(24):
        at, spoofed = 2000 * number, f"198.51.100.{number + 1}"
        one = talk.call(("202", spoofed), ("202", PROXY), vary=str(number))
        one.in_dialog = True                                        # the tag in To is his, so that he knows the answer's
        proof = 'Authorization: Digest username="202", realm="pbx.example", nonce="n", uri="sip:pbx.example", response="%032x"' % number
        data = one.request(at, "REGISTER", uri="sip:pbx.example", headers=[proof])
        top = f"Via: SIP/2.0/UDP {MALLORY}:5060;branch=z9hG4bK{tag(one.label, 'guess')}\r\nVia: ".encode()
        talk.udp(at + 5, MALLORY, PROXY, data.replace(b"Via: ", top, 1))
        answer = one.reply(at + 20, "401 Unauthorized")
        behind = answer.replace(b"Via: ", top, 1)
        nobody = b"Via: SIP/2.0/UDP 10.20.0.1:5060;branch=z9hG4bKnobody\r\nVia: "
        talk.udp(at + 7, "198.51.100.200", PROXY, behind.replace(b"Via: ", nobody, 1))
        talk.udp(at + 15, PROXY, MALLORY, behind)
    talk.save()


def elsewhere(talk, hops=0, sender=None):
    """Gives the last packet the time to live and the hardware address of another way."""
    record = bytearray(talk.records[-1])
    if sender:
        record[22:28] = mac(sender)
    record[38] -= hops
    record[40:42] = b"\0\0"
    struct.pack_into("!H", record, 40, checksum(bytes(record[30:50])))
    talk.records[-1] = bytes(record)


def senders_forged():
    talk = Talk("senders-forged", "17:30")

    def register(who, at, vary, hops=0):
        one = talk.call(who, (who[0], PROXY), vary=vary)
        one.request(at, "REGISTER", uri="sip:pbx.example", headers=[f"Contact: <sip:{who[0]}@{who[1]}>", "Expires: 60"])
        elsewhere(talk, hops=hops)
        one.reply(at + 20, "200 OK", headers=[f"Contact: <sip:{who[0]}@{who[1]}>;expires=60"])

    def invite(at, vary):
        call = talk.call(ALICE, ("202", PROXY), vary=vary)
        call.request(at, "INVITE", body=sdp(ALICE[1], 16100))
        call.reply(at + 3, "100 Trying")
        return call

    register(ALICE, 0, "first")
    register(BOB, 100, "first")

    one = invite(2000, "cut off")
    one.reply(2500, "180 Ringing")
    one.reply(4000, "200 OK", body=sdp(PROXY, 17000))
    one.ack(4010)
    one.request(10_000, "BYE", by=one.callee, cseq=900)             # mallory's
    elsewhere(talk, hops=7)
    one.reply(10_010, "200 OK")
    one.request(15_000, "BYE", by=one.callee, cseq=1)               # that of the callee
    one.reply(15_010, "481 Call/Transaction Does Not Exist")

    two = invite(20_000, "given up")
    two.reply(20_500, "180 Ringing")
    two.request(21_000, "CANCEL")                                   # mallory's, in the same network
    elsewhere(talk, sender=MALLORY)
    two.reply(21_010, "200 OK")
    two.reply(21_020, "487 Request Terminated", method="INVITE")
    two.request(21_030, "ACK")

    three = talk.call(ALICE, ("202", PROXY), vary="diverted")
    three.request(30_000, "INVITE", body=sdp(ALICE[1], 16100))
    three.reply(30_001, "302 Moved Temporarily", headers=[f"Contact: <sip:202@{MALLORY}>"])
    elsewhere(talk, hops=7)
    three.reply(30_003, "407 Proxy Authentication Required",
                headers=['Proxy-Authenticate: Digest realm="pbx.example", nonce="n"'])
    three.request(30_010, "ACK")

    # The way to bob's phone changes; nobody forges anything.
    for at in range(40_000, 90_000, 5000):
        register(BOB, at, str(at), hops=2)
    talk.save()


for make in (answers_forged, registration_decoys, senders_forged):
    make()
