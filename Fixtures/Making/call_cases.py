#!/usr/bin/env python3
"""Writes the captures of calls that phones do not play by themselves. The same bytes each time."""
import hashlib

from talk import ALICE, BOB, CAROL, MALLORY, PBX, PROXY, Talk, sdp, tag


def passed_on(data, branch, record=False):
    """What a proxy sends on: its own Via on top, one hop less."""
    via = f"Via: SIP/2.0/UDP {PROXY}:5060;branch=z9hG4bK{branch}\r\n"
    return data.replace(b"Via: ", via.encode() + b"Via: ", 1).replace(b"Max-Forwards: 70", b"Max-Forwards: 69")


def transaction_repeats():
    talk = Talk("transaction-repeats", "08:00")
    call = talk.call()
    address = {"target": PROXY}

    def ask(at, method, hops=1, **options):
        """A request to the proxy and, 20 ms later, from there to bob."""
        data = call.request(at, method, **address, **options)
        talk.udp(at + 20, PROXY, BOB[1], passed_on(data, tag(method, "hop")))
        return data

    def told(at, line, **options):
        """A response from bob to the proxy, and 2 ms later on to alice."""
        data = call.reply(at + 2, line, source=PROXY, target=ALICE[1], **options)
        before = talk.records.pop()
        back = data.replace(b"Via: ", f"Via: SIP/2.0/UDP {PROXY}:5060;branch=z9hG4bK{tag(call.last[ALICE]['method'], 'hop')}\r\nVia: ".encode(), 1)
        talk.udp(at, BOB[1], PROXY, back)
        talk.records.append(before)
        return back, data

    invite = ask(0, "INVITE", body=sdp(ALICE[1], 16100))
    talk.repeat()                                               # the forwarded INVITE seen twice by the span port
    talk.udp(500, ALICE[1], PROXY, invite)                      # retransmission at the first hop
    talk.udp(520, PROXY, BOB[1], passed_on(invite, tag("INVITE", "hop")))  # and at the second
    told(600, "180 Ringing")
    back, data = told(1600, "200 OK", body=sdp(BOB[1], 16200))
    talk.udp(2100, BOB[1], PROXY, back)                         # bob repeats his answer until the ACK comes
    talk.udp(2102, PROXY, ALICE[1], data)
    ask(2200, "ACK")
    ask(5000, "BYE")
    talk.repeat()
    told(5030, "200 OK")
    talk.save()


def transaction_rfc2543():
    talk = Talk("transaction-rfc2543", "08:10")
    for start, caller, vary in ((0, ALICE, "none"), (10_000, ALICE, "1"), (10_050, CAROL, "1")):
        call = talk.call(caller, vary=vary)
        invite = call.request(start, "INVITE", body=sdp(caller[1], 16100), branch=vary)
        talk.udp(start + 500, caller[1], BOB[1], invite)
        call.reply(start + 700, "180 Ringing")
        call.reply(start + 1500, "200 OK", body=sdp(BOB[1], 16200))
        call.ack(start + 1510, branch=vary)
        call.request(start + 3000, "BYE", branch=vary)
        call.reply(start + 3010, "200 OK")
    talk.save()


def transaction_timeout():
    talk = Talk("transaction-timeout", "08:20")
    call = talk.call()
    invite = call.request(0, "INVITE", body=sdp(ALICE[1], 16100))
    for at in (500, 1500, 3500, 7500, 15_500, 31_500):          # timer A doubles until timer B ends it at 32 s
        talk.udp(at, ALICE[1], BOB[1], invite)
    other = talk.call(CAROL, ("", "10.20.0.11"))
    options = other.request(100, "OPTIONS")
    for at in (500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500):   # timer E, at most T2 = 4 s
        talk.udp(100 + at, CAROL[1], "10.20.0.11", options)
    talk.later(60_000)
    talk.save()


def answered(call, start=0, rings=100, picks_up=1000, offer=None, answer=None):
    call.request(start, "INVITE", body=offer or sdp(call.caller[1], 16100))
    call.reply(start + rings, "180 Ringing")
    call.reply(start + picks_up, "200 OK", body=answer or sdp(call.callee[1], 16200))
    call.ack(start + picks_up + 10)


def third_party_bye():
    talk = Talk("call-ended-by-third-party", "08:30")
    call = talk.call()
    answered(call)
    a, b = (ALICE[1], 16100), (BOB[1], 16200)
    talk.rtp(1020, a, b, 0x0A0A0A01, 250)
    talk.rtp(1025, b, a, 0x0B0B0B01, 100)
    call.request(3000, "BYE", source=MALLORY)                   # tags and Call-ID are right, the address is not
    call.reply(3010, "200 OK")
    talk.save()


def cancel_races():
    """The CANCEL and the 200 cross: on the wire once the one comes first, once the other."""
    talk = Talk("call-cancel-loses-race", "09:55")
    call = talk.call()
    call.request(0, "INVITE", body=sdp(ALICE[1], 16100))
    call.reply(100, "180 Ringing")
    call.request(1500, "CANCEL")
    call.reply(1510, "200 OK")
    call.reply(1502, "200 OK", method="INVITE", body=sdp(BOB[1], 16200))
    call.in_dialog = True
    call.ack(1520)
    call.hang_up(1600)
    talk.save()
    talk = Talk("call-cancel-after-answer", "09:57")
    call = talk.call()
    call.request(0, "INVITE", body=sdp(ALICE[1], 16100))
    call.reply(100, "180 Ringing")
    call.request(1501, "CANCEL")
    call.reply(1500, "200 OK", method="INVITE", body=sdp(BOB[1], 16200))
    call.reply(1511, "481 Call/Transaction Does Not Exist")
    call.in_dialog = True
    call.ack(1512)
    call.hang_up(2500)
    talk.save()


def transferred_blind():
    talk = Talk("call-transferred-blind", "08:40")
    call = talk.call()
    answered(call)
    call.request(4000, "REFER", by=BOB, headers=["Refer-To: <sip:203@10.20.0.103>", "Referred-By: <sip:202@pbx.example>"])
    call.reply(4010, "202 Accepted")
    fragment = {"headers": ["Event: refer", "Subscription-State: active;expires=60"], "type": "message/sipfrag"}
    call.request(4020, "NOTIFY", body="SIP/2.0 100 Trying\r\n", **fragment)
    call.reply(4030, "200 OK")
    new = talk.call(ALICE, CAROL)
    new.request(4040, "INVITE", body=sdp(ALICE[1], 16104), headers=["Referred-By: <sip:202@pbx.example>"])
    new.reply(4140, "180 Ringing")
    new.reply(5040, "200 OK", body=sdp(CAROL[1], 16300))
    new.ack(5050)
    fragment["headers"] = ["Event: refer", "Subscription-State: terminated;reason=noresource"]
    call.request(5060, "NOTIFY", body="SIP/2.0 200 OK\r\n", **fragment)
    call.reply(5070, "200 OK")
    call.hang_up(5100, by=BOB)
    new.hang_up(9000)
    talk.save()


def transfers_that_fail():
    """Four calls: the target is busy; the REFER is refused; it fails once and succeeds then; who transfers leaves at once."""
    talk = Talk("call-transfer-failed", "08:45")
    refer = {"headers": ["Refer-To: <sip:203@10.20.0.103>", "Referred-By: <sip:202@pbx.example>"]}

    def call(at, vary):
        call = talk.call(vary=vary)
        answered(call, at)
        return call

    def notify(call, at, line, id="", state="active;expires=60"):
        call.request(at, "NOTIFY", body=line + "\r\n", type="message/sipfrag;version=2.0",
                     headers=["Event: refer" + id, "Subscription-State: " + state])
        call.reply(at + 5, "200 OK")

    def transfer(call, at, line, id=""):
        call.request(at, "REFER", by=BOB, **refer)
        call.reply(at + 10, "202 Accepted")
        notify(call, at + 20, "SIP/2.0 100 Trying", id)
        notify(call, at + 900, line, id, "terminated;reason=noresource")

    busy = call(0, "busy")
    transfer(busy, 3000, "SIP/2.0 486 Busy Here")
    busy.hang_up(8000)
    refused = call(10_000, "refused")
    refused.request(13_000, "REFER", by=BOB, **refer)
    refused.reply(13_010, "603 Decline")
    refused.hang_up(18_000)
    twice = call(20_000, "twice")
    transfer(twice, 23_000, "SIP/2.0 480 Temporarily Unavailable", ";id=1")
    transfer(twice, 25_000, "SIP/2.0 200 OK", ";id=2")
    twice.hang_up(28_000, by=BOB)
    gone = call(30_000, "gone")
    gone.request(33_000, "REFER", by=BOB, **refer)
    gone.reply(33_010, "202 Accepted")
    notify(gone, 33_020, "SIP/2.0 100 Trying")
    gone.hang_up(33_100, by=BOB)
    notify(gone, 33_300, "SIP/2.0 200 OK", state="terminated;reason=noresource")
    talk.save()


def transferred_attended():
    talk = Talk("call-transferred-attended", "08:50")
    first = talk.call(ALICE, BOB)
    answered(first)
    first.request(3000, "INVITE", by=BOB, body=sdp(BOB[1], 16200, 2, "sendonly"))     # bob puts alice on hold
    first.reply(3010, "200 OK", body=sdp(ALICE[1], 16100, 2, "recvonly"))
    first.ack(3020, by=BOB)
    asking = talk.call(BOB, CAROL)
    answered(asking, 4000, offer=sdp(BOB[1], 16202), answer=sdp(CAROL[1], 16300))       # and asks carol
    tags = f"to-tag={asking.tags[CAROL]};from-tag={asking.tags[BOB]}"
    escaped = tags.replace("=", "%3D").replace(";", "%3B")
    first.request(7000, "REFER", by=BOB, headers=[
        f"Refer-To: <sip:203@10.20.0.103?Replaces={asking.call_id.replace('@', '%40')}%3B{escaped}>",
        "Referred-By: <sip:202@pbx.example>"])
    first.reply(7010, "202 Accepted")
    new = talk.call(ALICE, CAROL)
    new.request(7020, "INVITE", body=sdp(ALICE[1], 16104),
                headers=[f"Replaces: {asking.call_id};{tags}", "Referred-By: <sip:202@pbx.example>"])
    new.reply(7040, "200 OK", body=sdp(CAROL[1], 16302))
    new.ack(7050)
    asking.hang_up(7060, by=CAROL)                             # what is replaced ends
    first.request(7080, "NOTIFY", body="SIP/2.0 200 OK\r\n", type="message/sipfrag",
                  headers=["Event: refer", "Subscription-State: terminated;reason=noresource"])
    first.reply(7090, "200 OK")
    first.hang_up(7100, by=BOB)
    new.hang_up(12_000, by=CAROL)
    talk.save()


def legs(name, start, inner, outer=(), answer_inner=(), answer_outer=(), origin=None, called=("202", "+493055500202"),
         delay=15, caller_inner=None):
    """alice calls the exchange, which calls bob with another Call-ID: two legs of one call."""
    talk = Talk(name, start)
    one = talk.call(ALICE, (called[0], PBX))
    two = talk.call((caller_inner or ALICE[0], PBX), (called[1], BOB[1]), call_id=f"{tag(name, 'inner')}@{PBX}")
    one.request(0, "INVITE", body=sdp(ALICE[1], 16100, origin=origin), headers=inner)
    one.reply(3, "100 Trying")
    two.request(delay, "INVITE", body=sdp(PBX, 30000, origin=origin), headers=outer or inner)
    two.reply(delay + 100, "180 Ringing", headers=answer_outer)
    one.reply(delay + 105, "180 Ringing", headers=answer_inner)
    two.reply(delay + 2100, "200 OK", body=sdp(BOB[1], 16200), headers=answer_outer)
    two.ack(delay + 2110)
    one.reply(delay + 2115, "200 OK", body=sdp(PBX, 30002), headers=answer_inner)
    one.ack(delay + 2125)
    one.request(8000, "BYE")
    one.reply(8005, "200 OK")
    two.request(8010, "BYE")
    two.reply(8015, "200 OK")
    talk.save()
    return talk


def b2bua():
    local, remote = "ab30317f1a784dc48ff824d0d3715d86", "47755a9de7794ba387653f2099600ef2"
    legs("b2bua-session-id", "09:00", [f"Session-ID: {local};remote={'0' * 32}"],
         answer_inner=[f"Session-ID: {remote};remote={local}"], answer_outer=[f"Session-ID: {remote};remote={local}"])
    outer = tag("b2bua-x-call-id/201/202", "call") + "@" + ALICE[1]
    legs("b2bua-x-call-id", "09:10", [], outer=[f"X-Call-ID: {outer}"])
    vector = 'P-Charging-Vector: icid-value="AyretyU0dm+6O2IrT5tAFrbHLso=023551024";icid-generated-at=10.20.0.30'
    legs("b2bua-icid", "09:20", [vector])
    legs("b2bua-sdp-origin", "09:30", [], origin="alice 3890844526 3890842807 IN IP4 alice.pbx.example")
    legs("b2bua-number-and-time", "09:40", [], called=("+493055500202", "+493055500202"), caller_inner="201")


def b2bua_unrelated():
    """Two calls through one exchange within 20 ms, to different numbers and with nothing in common."""
    talk = Talk("b2bua-unrelated", "09:50")
    one = talk.call(ALICE, ("202", PBX))
    two = talk.call(CAROL, ("204", PBX))
    for at, call in ((0, one), (20, two)):
        call.request(at, "INVITE", body=sdp(call.caller[1], 16100, origin=f"- {call.caller[0]} 1 IN IP4 {call.caller[1]}"))
        call.reply(at + 150, "180 Ringing")
        call.reply(at + 2000, "200 OK", body=sdp(PBX, 30000 + at))
        call.ack(at + 2010)
        call.hang_up(at + 5000)
    talk.save()


def carried_on():
    """An exchange, and a border controller behind it, carry calls on to satellites; once the exchange leads one there itself."""
    talk = Talk("b2bua-carried-on", "10:20")
    border, trunk = "10.20.0.40", "203.0.113.5"

    def chain(at, caller, legs, headers=()):
        calls = [talk.call((caller[0], client), (number, server), vary=client) for client, server, number in legs]
        for index, call in enumerate(calls):
            call.request(at + 15 * index, "INVITE", body=sdp(call.caller[1], 16100 + 2 * index), headers=headers)
        for index, call in enumerate(reversed(calls)):
            call.reply(at + 2000 + 5 * index, "200 OK", body=sdp(call.callee[1], 16200 + 2 * index))
            call.ack(at + 2001 + 5 * index)
        for index, call in enumerate(calls):
            call.hang_up(at + 9000 + 15 * index)

    session = f"Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote={'0' * 32}"
    chain(0, ALICE, [(ALICE[1], PBX, "00881612345671"), (PBX, trunk, "+881612345671")], [session])
    chain(20_000, ALICE, [(ALICE[1], PBX, "+881612345672"), (PBX, border, "+881612345672"), (border, trunk, "+881612345672")])
    chain(40_000, ALICE, [(ALICE[1], PBX, "+881612345673"), (PBX, trunk, "+881612345673")],
          ["P-Charging-Vector: icid-value=023551024;icid-generated-at=10.20.0.30"])
    chain(60_000, CAROL, [(CAROL[1], PBX, "202"), (PBX, trunk, "+881612345674")], ["X-Call-ID: forwarded"])
    talk.save()


def bystander():
    """While bob refers alice to carol, dave calls carol too, on his own account."""
    talk = Talk("call-transferred-bystander", "10:00")
    dave = ("204", "10.20.0.104")
    call = talk.call()
    answered(call)
    call.request(4000, "REFER", by=BOB, headers=["Refer-To: <sip:203@10.20.0.103>", "Referred-By: <sip:202@pbx.example>"])
    call.reply(4010, "202 Accepted")
    other = talk.call(dave, CAROL)
    other.request(4500, "INVITE", body=sdp(dave[1], 16400))
    other.reply(4510, "486 Busy Here")
    other.ack(4520)
    call.hang_up(6000, by=BOB)
    talk.save()


def constant_origin():
    """A phone whose descriptions all have one `o=` line, as those of simple programs do, calls two numbers."""
    talk = Talk("b2bua-constant-origin", "10:10")
    for at, callee, port in ((0, BOB, 16100), (300, CAROL, 16104)):
        call = talk.call(ALICE, callee)
        call.request(at, "INVITE", body=sdp(ALICE[1], port, origin=f"user1 53655765 2353687637 IN IP4 {ALICE[1]}"))
        call.reply(at + 100, "180 Ringing")
        call.reply(at + 1000, "200 OK", body=sdp(callee[1], 16200))
        call.ack(at + 1010)
        call.hang_up(at + 4000)
    talk.save()


def session_changed():
    """Three calls behind a challenge: an honest one, one whose media goes elsewhere, one with heard credentials."""
    talk = Talk("call-session-changed", "13:40")
    challenge = 'Proxy-Authenticate: Digest realm="pbx.example", nonce="{}", algorithm=MD5, qop="auth"'
    credentials = ('Proxy-Authorization: Digest username="201", realm="pbx.example", nonce="{}", uri="sip:{}@pbx.example", '
                   'response="{}", algorithm=MD5, qop=auth, nc=00000001, cnonce="0a4f113b"')

    def call(at, number, first, second, nonce=None, caller=ALICE):
        nonce = nonce or tag(number, "nonce")
        call = talk.call(caller, (number, PBX), user="201")
        call.request(at, "INVITE", body=first)
        call.reply(at + 5, "407 Proxy Authentication Required", headers=[challenge.format(nonce)])
        call.ack(at + 10)
        proof = credentials.format(nonce, number, hashlib.md5(nonce.encode()).hexdigest())
        call.request(at + 20, "INVITE", body=second, headers=[proof])
        call.reply(at + 100, "180 Ringing")
        call.reply(at + 1000, "200 OK", body=sdp(PBX, 16200))
        call.ack(at + 1010)
        call.hang_up(at + 4000)

    # A phone may count its version on, and offer codecs anew.
    call(0, "202", sdp(ALICE[1], 16100), sdp(ALICE[1], 16100, 2, payload=8, origin=f"- 7116100 2 IN IP4 {ALICE[1]}"))
    call(10_000, "203", sdp(ALICE[1], 16104), sdp(ALICE[1], 16104, connection=MALLORY))
    # Mallory has heard the credentials of the second call and uses them for one of his own.
    call(20_000, "203", sdp(MALLORY, 16300), sdp(MALLORY, 16300), tag("203", "nonce"), ("201", MALLORY))
    talk.save()


def relay():
    """A proxy that leads the media through itself: it writes its own address into both descriptions."""
    talk = Talk("call-relay", "16:20")
    relay = "10.20.0.10"
    call = talk.call()

    def passed_on(data, at, source, target, body, adds_via):
        head = data.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
        first = next(index for index, line in enumerate(head) if line.startswith(b"Via:"))
        if adds_via:
            [sequence] = [line.split(b":")[1].decode() for line in head if line.startswith(b"CSeq:")]
            head.insert(first, f"Via: SIP/2.0/UDP {PROXY}:5060;branch=z9hG4bK{tag(call.label, sequence)}".encode())
        head = [line for line in head if not line.startswith(b"Content-Length:")]
        text = body.encode()
        talk.udp(at, source, target, b"\r\n".join(head) + f"\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)

    def from_bob(at, line, body=""):
        """bob's answer to the proxy, with both Vias."""
        data = call.reply(at, line, source=BOB[1], target=PROXY, body=body)
        talk.records.pop()
        passed_on(data, at, BOB[1], PROXY, body, True)
        passed_on(data, at + 2, PROXY, ALICE[1], sdp(relay, 30100) if body else "", False)

    invite = call.request(0, "INVITE", target=PROXY, body=sdp(ALICE[1], 16100))
    passed_on(invite, 2, PROXY, BOB[1], sdp(relay, 30200), True)
    from_bob(50, "180 Ringing")
    from_bob(2000, "200 OK", sdp(BOB[1], 16200))
    ack = call.request(2010, "ACK", target=PROXY)
    passed_on(ack, 2012, PROXY, BOB[1], "", True)
    for source, target, ssrc in (((ALICE[1], 16100), (relay, 30100), 0x0A0A0A01), ((relay, 30200), (BOB[1], 16200), 0x0A0A0A01),
                                 ((BOB[1], 16200), (relay, 30200), 0x0B0B0B01), ((relay, 30100), (ALICE[1], 16100), 0x0B0B0B01)):
        talk.rtp(2100, source, target, ssrc, 100)
    bye = call.request(10_000, "BYE", target=PROXY)
    passed_on(bye, 10_002, PROXY, BOB[1], "", True)
    from_bob(10_010, "200 OK")
    talk.save()


def branches():
    """Seen between a proxy and its places: one place fails before another one answers, and one after the other."""
    talk = Talk("call-branches", "16:00")
    own = {"source": PROXY}

    def fork(call, at, place, branch, vias=2):
        """The proxy's INVITE to one place, with the caller's Via below its own."""
        data = call.request(at, "INVITE", source=PROXY, target=place[1], body=sdp(ALICE[1], 16100), branch=f"z9hG4bK{branch}", cseq=1)
        talk.records.pop()
        lower = f"Via: SIP/2.0/UDP {ALICE[1]}:5060;branch=z9hG4bK{tag(call.label, 'alice')}\r\n"
        top, rest = data.split(b"Max-Forwards", 1)
        data = top + lower.encode() + b"Max-Forwards" + rest
        talk.udp(at, PROXY, place[1], data)
        return data

    def answer(call, at, place, request, line, body=""):
        """What a place sends back, with both Vias."""
        vias = [each for each in request.split(b"\r\n") if each.startswith(b"Via:")]
        data = call.reply(at, line, source=place[1], target=PROXY, body=body)
        talk.records.pop()
        lines = data.split(b"\r\n")
        place_of = next(index for index, each in enumerate(lines) if each.startswith(b"Via:"))
        lines[place_of:place_of + 1] = vias
        talk.udp(at, place[1], PROXY, b"\r\n".join(lines))

    both = talk.call()
    first, second = fork(both, 0, BOB, "place1"), fork(both, 5, CAROL, "place2")
    answer(both, 2000, BOB, first, "486 Busy Here")
    answer(both, 5000, CAROL, second, "200 OK", sdp(CAROL[1], 16300))
    both.request(5020, "ACK", target=CAROL[1], **own)
    both.request(15_000, "BYE", target=CAROL[1], **own)
    both.reply(15_010, "200 OK", source=CAROL[1], target=PROXY)

    serial = talk.call(vary="serial")
    first = fork(serial, 60_000, BOB, "trunk1")
    answer(serial, 60_100, BOB, first, "503 Service Unavailable")
    second = fork(serial, 60_200, CAROL, "trunk2")
    answer(serial, 61_000, CAROL, second, "200 OK", sdp(CAROL[1], 16302))
    serial.request(61_020, "ACK", target=CAROL[1], **own)
    serial.request(70_000, "BYE", target=CAROL[1], **own)
    serial.reply(70_010, "200 OK", source=CAROL[1], target=PROXY)
    talk.save()


def answers():
    """Where the answer to an offer stands: in the ACK, and in a reliable 183."""
    talk = Talk("call-answers", "16:10")
    two = sdp(BOB[1], 16200).replace("RTP/AVP 18 101", "RTP/AVP 18 8 101")
    late = talk.call()
    late.request(0, "INVITE")
    late.reply(500, "200 OK", body=two)
    late.ack(510, body=sdp(ALICE[1], 16100, payload=8))
    late.hang_up(2000)
    early = talk.call(vary="early")
    early.request(10_000, "INVITE", body=sdp(ALICE[1], 16104))
    early.reply(10_100, "183 Session Progress", body=sdp(BOB[1], 16204, payload=8))
    early.reply(11_000, "200 OK")
    early.ack(11_010)
    early.hang_up(13_000)
    talk.save()


def dialled():
    """Whom the Request-URI calls: somebody else than To, and the same."""
    talk = Talk("call-dialled", "16:30")
    for at, uri in ((0, f"sip:00882990000011@{PBX}"), (10_000, f"sip:202@{PBX}"), (20_000, f"sip:{PBX}")):
        call = talk.call(vary=str(at))
        call.request(at, "INVITE", uri=uri, body=sdp(ALICE[1], 16100))
        call.reply(at + 500, "486 Busy Here")
        call.ack(at + 510)
    talk.save()


def strangers():
    """Requests within calls from where no party is: accepted, refused, with credentials, and by a proxy of the route."""
    talk = Talk("call-strangers", "16:20")
    mallory = {"source": MALLORY}

    def call(at, vary, headers=()):
        call = talk.call(vary=vary)
        call.request(at, "INVITE", body=sdp(ALICE[1], 16100))
        call.reply(at + 500, "200 OK", body=sdp(BOB[1], 16200), headers=headers)
        call.ack(at + 510)
        return call

    one = call(0, "accepted")
    one.request(2000, "INVITE", body=sdp(MALLORY, 16300), **mallory)
    one.reply(2020, "200 OK", body=sdp(BOB[1], 16200, version=2))
    one.ack(2030, **mallory)
    one.request(3000, "INFO", **mallory)
    one.reply(3010, "200 OK")
    one.hang_up(5000)

    two = call(10_000, "refused")
    two.request(12_000, "INVITE", body=sdp(MALLORY, 16300), **mallory)
    two.reply(12_020, "403 Forbidden")
    two.ack(12_030, **mallory)
    two.hang_up(15_000)

    moved = {"source": "10.20.0.109"}
    three = call(20_000, "moved")
    proof = 'Authorization: Digest username="201", realm="pbx.example", nonce="n1", uri="sip:202@10.20.0.102", response="%s"' % ("0" * 32)
    three.request(22_000, "INVITE", body=sdp("10.20.0.109", 16100, version=2), headers=[proof], **moved)
    three.reply(22_020, "200 OK", body=sdp(BOB[1], 16200, version=2))
    three.ack(22_030, **moved)
    three.request(25_000, "BYE", **moved)
    three.reply(25_010, "200 OK")

    four = call(30_000, "route", [f"Record-Route: <sip:198.51.100.8;lr>, <sip:{PROXY};lr>"])
    four.request(35_000, "BYE", source="198.51.100.8")
    four.reply(35_010, "200 OK")

    def register(at, phone, registrar):
        one = talk.call(phone, (phone[0], registrar), vary=f"register{at}")
        one.request(at, "REGISTER", uri="sip:pbx.example", headers=[f"Contact: <sip:{phone[0]}@{phone[1]}>", "Expires: 3600"])
        one.reply(at + 20, "200 OK", headers=[f"Contact: <sip:{phone[0]}@{phone[1]}>;expires=3600"])

    five, there = call(40_000, "registered", [f"Record-Route: <sip:{PROXY};lr>"]), {"source": "10.20.0.119"}
    register(41_000, (ALICE[0], there["source"]), PROXY)
    register(41_500, (ALICE[0], MALLORY), "198.51.100.99")
    five.request(42_000, "INVITE", body=sdp(there["source"], 16100, version=2), **there)
    five.reply(42_020, "200 OK", body=sdp(BOB[1], 16200, version=2))
    five.ack(42_030, **there)
    five.request(43_000, "INFO", **mallory)
    five.reply(43_010, "200 OK")
    five.request(45_000, "BYE", **there)
    five.reply(45_010, "200 OK")
    talk.save()


def strange_requests():
    """Requests outside of dialogs to phones that have registered: of their servers, and of a stranger."""
    talk = Talk("registration-strangers", "16:30")
    mallory = ("299", MALLORY)
    waiting = {"body": "Messages-Waiting: yes\r\nVoice-Message: 4/0 (4/0)\r\n", "type": "application/simple-message-summary",
               "headers": ["Event: message-summary", "Subscription-State: active"]}

    def ask(at, method, caller, callee, answer, vary="", **options):
        one = talk.call(caller, callee, vary=method + vary)
        one.request(at, method, **options)
        one.reply(at + 20, answer)
        return one

    def register(at, phone):
        ask(at, "REGISTER", phone, (phone[0], PROXY), "200 OK", uri="sip:pbx.example",
            headers=[f"Contact: <sip:{phone[0]}@{phone[1]}>", "Expires: 3600"])

    refer = {"headers": ["Refer-To: <sip:0900500000031@pbx.example>", "Referred-By: <sip:299@pbx.example>"]}
    register(0, BOB)
    ask(1000, "SUBSCRIBE", BOB, ("voicemail", PBX), "200 OK",
        headers=[f"Contact: <sip:202@{BOB[1]}>", "Event: message-summary", "Expires: 3600"])
    ask(2000, "NOTIFY", ("voicemail", PROXY), BOB, "200 OK", **waiting)        # nobody subscribed, but it is bob's registrar
    ask(3000, "NOTIFY", ("voicemail", PBX), BOB, "200 OK", vary="other", **waiting)
    ask(4000, "REFER", ("201", PROXY), BOB, "202 Accepted", **refer)
    ask(5000, "NOTIFY", mallory, BOB, "200 OK", **waiting)
    ask(6000, "NOTIFY", mallory, BOB, "481 Subscription Does Not Exist", vary="refused", **waiting)
    ask(7000, "NOTIFY", mallory, CAROL, "200 OK", vary="unknown", **waiting)   # nobody has seen her register
    ask(8000, "REFER", mallory, BOB, "403 Forbidden", vary="refused", **refer)
    ask(9000, "REFER", mallory, BOB, "202 Accepted", **refer)
    dear = talk.call(BOB, ("0900500000031", PROXY), vary="dear")
    dear.request(9100, "INVITE", body=sdp(BOB[1], 16200))
    dear.reply(9600, "200 OK", body=sdp(PROXY, 17000))
    dear.ack(9610)
    dear.hang_up(12_000)
    register(13_000, CAROL)
    ask(14_000, "OPTIONS", mallory, CAROL, "200 OK")
    ask(15_000, "REFER", mallory, CAROL, "202 Accepted", vary="second", **refer)
    forged = talk.call(mallory, BOB, vary="forged")            # mallory would have bob's phone look like a registrar
    forged.request(16_000, "REGISTER", headers=[f"Contact: <sip:299@{MALLORY}>", "Expires: 3600"])
    forged.reply(16_020, "200 OK", headers=[f"Contact: <sip:299@{MALLORY}>;expires=3600"])
    ask(700_000, "REFER", mallory, BOB, "202 Accepted", vary="forged", **refer)
    for at in (3_000_000, 3_700_000):                           # with a tag of no dialog
        one = talk.call(mallory, BOB, vary=f"tag{at}")
        one.in_dialog = True
        one.request(at, "REFER", **refer)
        one.reply(at + 20, "202 Accepted")
    talk.save()


def taken_over():
    """Calls of phones that have registered, which others replace or join: mallory, who was asked to, and a server."""
    talk = Talk("call-taken-over", "16:50")
    mallory = ("299", MALLORY)

    def register(at, phone):
        one = talk.call(phone, (phone[0], PROXY), vary="register")
        one.request(at, "REGISTER", uri="sip:pbx.example", headers=[f"Contact: <sip:{phone[0]}@{phone[1]}>", "Expires: 3600"])
        one.reply(at + 20, "200 OK", headers=[f"Contact: <sip:{phone[0]}@{phone[1]}>;expires=3600"])

    def call(at, vary):
        one = talk.call(vary=vary)
        answered(one, at)
        return one

    def dialog(call, receiver, other):
        return f"{call.call_id};to-tag={call.tags[receiver]};from-tag={call.tags[other]}"

    def take(at, header, caller, callee, answer="200 OK", vary="", more=(), **options):
        one = talk.call(caller, callee, vary="take" + vary)
        one.request(at, "INVITE", body=sdp(caller[1], 16500), headers=[header, *more], **options)
        if answer == "200 OK":
            one.reply(at + 100, answer, body=sdp(callee[1], 16202))
        else:
            one.reply(at + 100, answer)
        one.ack(at + 110)
        return one

    for at, phone in enumerate((ALICE, BOB, CAROL)):
        register(100 * at, phone)
    one = call(1000, "replaced")
    new = take(4000, f"Replaces: {dialog(one, BOB, ALICE)}", mallory, BOB, more=["Referred-By: <sip:201@pbx.example>"])
    one.hang_up(4150, by=BOB)
    new.hang_up(9000)
    two = call(10_000, "joined")
    new = take(14_000, f"Join: {dialog(two, BOB, ALICE)}", mallory, BOB, vary="join")
    two.hang_up(18_000)
    new.hang_up(18_100, by=BOB)
    three = call(20_000, "refused")
    take(24_000, f"Replaces: {dialog(three, BOB, ALICE)}", mallory, BOB, "481 Call/Transaction Does Not Exist", vary="refused")
    three.hang_up(28_000)
    four = call(30_000, "referred")                             # bob has carol on the line as well, and brings the two together
    asking = talk.call(BOB, CAROL, vary="asking")
    answered(asking, 32_000, offer=sdp(BOB[1], 16204), answer=sdp(CAROL[1], 16300))
    escaped = dialog(asking, CAROL, BOB).replace("=", "%3D").replace(";", "%3B").replace("@", "%40")
    four.request(35_000, "REFER", by=BOB, headers=[f"Refer-To: <sip:203@10.20.0.103?Replaces={escaped}>"])
    four.reply(35_010, "202 Accepted")
    new = take(35_020, f"Replaces: {dialog(asking, CAROL, BOB)}", ALICE, CAROL, vary="referred")
    asking.hang_up(35_200, by=CAROL)
    four.hang_up(35_300, by=BOB)
    new.hang_up(39_000)
    five = call(40_000, "server")
    new = take(44_000, f"Replaces: {dialog(five, BOB, ALICE)}", ("201", PROXY), BOB, vary="server")
    five.hang_up(44_200, by=BOB)
    new.hang_up(48_000)
    talk.save()


for make in (transaction_repeats, transaction_rfc2543, transaction_timeout, third_party_bye, cancel_races,
             transferred_blind, transfers_that_fail,
             transferred_attended, b2bua, b2bua_unrelated, carried_on, bystander, constant_origin,
             session_changed, relay, branches, answers, dialled, strangers, strange_requests,
             taken_over):
    make()
