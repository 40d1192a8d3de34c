#!/usr/bin/env python3
"""Writes the captures of cases about attack tools that say who they are. The same bytes each time."""
from talk import ALICE, BOB, MALLORY, PBX, Talk, sdp


def answered():
    """A dialler tries three numbers at the exchange, and the third one is put through. A test program answers a call of
    alice, and it is not she who is told of."""
    talk = Talk("call-attack-tool", "15:10")
    tool, office = ["User-Agent: sipcli/v1.8"], ["User-Agent: Office Exchange 3"]
    for number, (prefix, line) in enumerate([("", "404 Not Found"), ("9", "403 Forbidden"), ("00", "200 OK")]):
        at = 2000 * number
        call = talk.call(("100", MALLORY), (f"{prefix}53591234567", PBX))
        call.request(at, "INVITE", headers=tool, body=sdp(MALLORY, 17000))
        call.reply(at + 20, "100 Trying")
        call.reply(at + 900, line, headers=office, body=sdp(PBX, 18000) if line[0] == "2" else "")
        call.ack(at + 920)
    call.hang_up(12_000)
    talk.call(BOB, ALICE).request(20_000, "OPTIONS", headers=tool)
    call = talk.call(ALICE, BOB, vary="second")
    call.request(22_000, "INVITE", headers=["User-Agent: Desk Phone 410"], body=sdp(ALICE[1], 16100))
    call.reply(22_500, "200 OK", headers=tool, body=sdp(BOB[1], 16200))
    call.ack(22_510)
    call.hang_up(25_000)
    talk.save()


answered()
