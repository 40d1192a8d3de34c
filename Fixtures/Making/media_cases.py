#!/usr/bin/env python3
"""Writes the captures of cases about media. The same bytes each time."""
import hashlib
import struct

from talk import ALICE, BOB, CAROL, MALLORY, PBX, Talk, sdp

A, B = (ALICE[1], 16100), (BOB[1], 16200)
C, D = (CAROL[1], 16300), (BOB[1], 16310)
SSRC_A, SSRC_B = 0x0A0A0A01, 0x0B0B0B01


def begin(talk, offer=None, answer=None, at=0):
    """alice calls bob; he answers after half a second."""
    call = talk.call(vary=str(at) if at else "")
    call.request(at, "INVITE", body=offer or sdp(*A))
    call.reply(at + 100, "180 Ringing")
    call.reply(at + 500, "200 OK", body=answer or sdp(*B))
    call.ack(at + 510)
    return call


def begin_other(talk, at=6000):
    """carol calls bob, and he answers after half a second."""
    call = talk.call(CAROL, BOB, vary=str(at) if at != 6000 else "")
    call.request(at, "INVITE", body=sdp(*C))
    call.reply(at + 500, "200 OK", body=sdp(*D))
    call.ack(at + 510)
    return call


def both(talk, count=75, at=520):
    talk.rtp(at, A, B, SSRC_A, count)
    talk.rtp(at + 5, B, A, SSRC_B, count, first=60000)


def media_level_connection():
    talk = Talk("media-level-connection", "10:00")
    media, other = ("10.20.0.111", 16100), ("10.20.0.112", 16200)
    call = begin(
        talk, sdp(ALICE[1], 16100, more=[]).replace("m=audio 16100 RTP/AVP 18 101\r\n", f"m=audio 16100 RTP/AVP 18 101\r\nc=IN IP4 {media[0]}\r\n"),
        sdp(BOB[1], 16200).replace("m=audio 16200 RTP/AVP 18 101\r\n", f"m=audio 16200 RTP/AVP 18 101\r\nc=IN IP4 {other[0]}\r\n"))
    talk.rtp(520, media, other, SSRC_A, 50)
    talk.rtp(525, other, media, SSRC_B, 50)
    talk.rtp(530, (MALLORY, 16166), A, 0x0E0E0E01, 50)          # to the session's address, which is overridden
    call.hang_up(2000)
    talk.save()


def port_zero():
    talk = Talk("media-port-zero", "10:10")
    video = ["m=video {} RTP/AVP 96", "a=rtpmap:96 VP8/90000"]
    call = begin(talk, sdp(*A, media=[video[0].format(16110), video[1]]), sdp(*B, media=[video[0].format(0), video[1]]))
    both(talk, 50)
    talk.rtp(530, (BOB[1], 16210), (ALICE[1], 16110), 0x0B0B0B02, 50, payload=96, size=60, step=1800)
    call.hang_up(2000)
    talk.save()


def rtcp(name, start, offer, answer, sender, receiver):
    """A call with a report from each side after 1, 2 and 3 s."""
    talk = Talk(name, start)
    call = begin(talk, sdp(*A, more=offer), sdp(*B, more=answer))
    both(talk, 130)
    for second in (1, 2, 3):
        sent = second * 50 - 25
        talk.sender_report(1000 * second, sender, receiver, SSRC_A, sent, 20 * sent, about=SSRC_B, lost=0, jitter=16)
        talk.sender_report(1000 * second + 7, receiver, sender, SSRC_B, sent, 20 * sent, about=SSRC_A, lost=3, jitter=24)
    call.hang_up(3500)
    talk.save()


def bundle():
    talk = Talk("media-bundle", "10:50")
    session = ["a=group:BUNDLE a v"]
    video = ["a=mid:v", "a=rtpmap:96 VP8/90000", "a=rtcp-mux"]
    offer = sdp(*A, session=session, more=["a=mid:a", "a=rtcp-mux"], media=["m=video 16110 RTP/AVP 96", *video])
    answer = sdp(*B, session=session, more=["a=mid:a", "a=rtcp-mux"], media=["m=video 16200 RTP/AVP 96", *video])
    call = begin(talk, offer, answer)
    both(talk, 50)
    talk.rtp(530, A, B, 0x0A0A0A02, 40, payload=96, size=60, step=2250, interval=25, first=500)
    talk.rtp(535, B, A, 0x0B0B0B02, 40, payload=96, size=60, step=2250, interval=25, first=700)
    call.hang_up(2000)
    talk.save()


def ice():
    """alice is behind a NAT: her description names 192.168.1.5, her packets come from 10.20.9.9."""
    talk = Talk("media-ice", "11:00")
    inside, outside = ("192.168.1.5", 50000), ("10.20.9.9", 50443)
    offer = sdp(*inside, more=[
        "a=ice-ufrag:aUfr", "a=ice-pwd:asd88fgpdd777uzjYhagZg99", f"a=candidate:1 1 UDP 2130706431 {inside[0]} {inside[1]} typ host"])
    answer = sdp(*B, more=["a=ice-ufrag:bUfr", "a=ice-pwd:YH75Fviy6338Vbrhrlp8Yh77", f"a=candidate:1 1 UDP 2130706431 {B[0]} {B[1]} typ host"])
    call = begin(talk, offer, answer)
    for number, at in ((1, 520), (3, 620)):
        talk.stun(at, outside, B, user="bUfr:aUfr", number=number)
        talk.stun(at + 3, B, outside, kind=0x0101, mapped=outside, number=number)
        talk.stun(at + 5, B, outside, user="aUfr:bUfr", number=number + 1)
        talk.stun(at + 8, outside, B, kind=0x0101, mapped=B, number=number + 1)
    talk.rtp(700, outside, B, SSRC_A, 50)
    talk.rtp(705, B, outside, SSRC_B, 50)
    call.hang_up(2000)
    talk.save()


def ice_moved():
    """alice goes on from an address that no candidate names, and her checks are answered; mallory's bare request is, too."""
    talk = Talk("media-ice-moved", "11:05")
    def opus(*end, **options):
        return sdp(*end, **options).replace("AVP 18", "AVP 96").replace("a=rtpmap:18 G729/8000", "a=rtpmap:96 opus/48000/2").replace(
            "a=fmtp:18 annexb=no", "a=fmtp:96 useinbandfec=1")

    inside, outside, moved, other = ("192.168.1.5", 50000), ("10.20.9.9", 50443), ("10.20.8.8", 41000), (MALLORY, 40000)
    offer = opus(*inside, more=[
        "a=ice-ufrag:aUfr", "a=ice-pwd:asd88fgpdd777uzjYhagZg99", f"a=candidate:1 1 UDP 2130706431 {inside[0]} {inside[1]} typ host"])
    answer = opus(*B, more=[
        "a=ice-ufrag:bUfr", "a=ice-pwd:YH75Fviy6338Vbrhrlp8Yh77", f"a=candidate:1 1 UDP 2130706431 {B[0]} {B[1]} typ host"])
    call = begin(talk, offer, answer)

    def check(at, source, number, user="bUfr:aUfr", **options):
        talk.stun(at, source, B, user=user, number=number, **options)
        talk.stun(at + 3, B, source, kind=0x0101, mapped=source, number=number, **options)

    check(520, outside, 1)
    talk.rtp(700, outside, B, SSRC_A, 600, payload=96, size=40, step=960)
    talk.rtp(705, B, outside, SSRC_B, 600, payload=96, size=40, step=960)
    check(12_600, moved, 3)
    talk.rtp(12_700, moved, B, SSRC_A, 600, payload=96, size=40, step=960, first=1600, begin=576_000)
    talk.rtp(12_705, B, moved, SSRC_B, 600, payload=96, size=40, step=960, first=1600, begin=576_000)
    check(14_000, other, 5, user=None, sealed=False)
    talk.rtp(14_100, other, B, 0xBADBAD, 600, payload=96, size=40, step=960)
    call.hang_up(26_000)
    talk.save()


def nat_moved():
    """bob's translation is made anew: his packets come from the same address and another port."""
    talk = Talk("media-nat-moved", "11:15")
    first, second = ("10.20.9.9", 31044), ("10.20.9.9", 31999)
    call = talk.call(("201", first[0]), BOB)
    call.request(0, "INVITE", body=sdp("192.168.1.50", 16100))
    call.reply(100, "180 Ringing")
    call.reply(500, "200 OK", body=sdp(*B))
    call.ack(510)
    talk.rtp(600, first, B, SSRC_A, 300)
    talk.rtp(640, B, first, SSRC_B, 300)
    talk.rtp(6600, second, B, SSRC_A, 300, first=1300, begin=48_000)
    talk.rtp(6640, B, second, SSRC_B, 300, first=1300, begin=48_000)
    call.hang_up(14_000)
    talk.save()


def group_on_hold():
    """The music of a group (RFC 1112) is there before the call, for whoever is on hold, and afterwards."""
    talk = Talk("media-group", "11:25")
    group = ("239.1.1.1", 20000)
    talk.rtp(-800, ("10.20.0.5", 20000), group, 0x0C0C0C0C, 600)
    call = begin(talk)
    both(talk, 50)
    call.request(2000, "INVITE", by=call.callee, body=sdp(*group, version=2, direction="sendonly"))
    call.reply(2010, "200 OK", body=sdp(*A, version=2, direction="recvonly"))
    call.request(2020, "ACK", by=call.callee)
    call.hang_up(6000)
    talk.save()


def never_answered():
    """Two people talk for three minutes and a half while it rings, and one of them gives up."""
    talk = Talk("media-never-answered", "11:35")
    call = talk.call(ALICE, BOB)
    call.request(0, "INVITE", body=sdp(*A))
    call.reply(100, "180 Ringing")
    talk.rtp(530, A, B, SSRC_A, 1060, interval=200, step=1600)
    talk.rtp(535, B, A, SSRC_B, 1060, interval=200, step=1600)
    call.request(213_000, "CANCEL")
    call.reply(213_010, "200 OK")
    call.reply(213_020, "487 Request Terminated", method="INVITE")
    call.request(213_030, "ACK")
    talk.save()


def nat_learned():
    """As with ICE, but without: bob's exchange answers to where alice's packets come from."""
    talk = Talk("media-nat-learned", "11:10")
    outside = ("10.20.9.9", 31044)
    call = begin(talk, sdp("192.168.1.50", 16100))
    talk.rtp(520, outside, B, SSRC_A, 75)
    talk.rtp(640, B, outside, SSRC_B, 70)                       # after six packets of alice
    call.hang_up(2200)
    talk.save()


def nat_learned_late():
    """bob's exchange answers to the first packet, and of alice's next ones three get lost: it is there before her voice is."""
    talk = Talk("media-nat-learned-late", "11:15")
    outside = ("10.20.9.9", 31046)
    call = begin(talk, sdp("192.168.1.50", 16100))
    talk.rtp(520, outside, B, SSRC_A, 200, skip=(1, 2, 3))
    talk.rtp(545, B, outside, SSRC_B, 200)
    call.hang_up(4700)
    talk.save()


def ssrc_changed():
    talk = Talk("media-ssrc-changed", "11:20")
    call = begin(talk)
    talk.rtp(520, A, B, SSRC_A, 200, first=1000)
    talk.rtp(4520, A, B, 0x0C0C0C01, 50, first=40000, begin=900_000)
    talk.rtp(525, B, A, SSRC_B, 250)
    call.hang_up(5600)
    talk.save()


def injected():
    """A stranger sends with alice's SSRC and fitting numbers to bob, while she talks."""
    talk = Talk("media-injected", "11:30")
    call = begin(talk)
    both(talk, 250)
    talk.rtp(4530, (MALLORY, 4444), B, SSRC_A, 40, first=1201, begin=160 * 201)
    call.hang_up(5600)
    talk.save()


def inserted():
    """A stranger sends with alice's address, port and SSRC, two numbers ahead, right behind each of her packets; to alice,
    as bob, 500 ahead. A second call is seen twice, by a span port."""
    talk = Talk("media-inserted", "11:35")
    call = begin(talk)
    both(talk, 250)
    talk.rtp(2520.4, A, B, SSRC_A, 100, first=1103, begin=160 * 103)
    talk.rtp(2525.4, B, A, SSRC_B, 100, first=60601, begin=160 * 601)
    call.hang_up(5600)
    other = begin_other(talk)
    for copy in (0, 0.3):
        talk.rtp(6520 + copy, C, D, 0x0C0C0C01, 100)
        talk.rtp(6525 + copy, D, C, 0x0D0D0D01, 100)
    other.hang_up(8700)
    talk.save()


def goodbye():
    """RTCP says that streams end: a stranger to bob, somebody with bob's address to alice, and both go on for four seconds.
    In a second call carol leaves; later she comes back, and bob leaves at the end."""
    talk = Talk("media-goodbye", "11:37")
    call = begin(talk)
    both(talk, 250)
    talk.goodbye(1520, (MALLORY, 4445), (BOB[1], 16201), SSRC_A)
    talk.goodbye(1530, (BOB[1], 16201), (ALICE[1], 16101), SSRC_B)
    call.hang_up(5600)
    other = begin_other(talk)
    talk.rtp(6520, C, D, 0x0C0C0C01, 100)
    talk.goodbye(8505, (CAROL[1], 16301), (BOB[1], 16311), 0x0C0C0C01)
    talk.rtp(9220, C, D, 0x0C0C0C01, 200, first=1100, begin=160 * 135)
    talk.rtp(6525, D, C, 0x0D0D0D01, 330)
    talk.goodbye(13_110, (BOB[1], 16311), (CAROL[1], 16301), 0x0D0D0D01)
    other.hang_up(13_300)
    talk.save()


def source_renegotiated():
    """alice moves to another device: a re-INVITE says so, and then the voice comes from there."""
    talk = Talk("media-source-renegotiated", "11:40")
    moved = ("10.20.0.121", 16140)
    call = begin(talk)
    both(talk, 50)
    call.request(1550, "INVITE", body=sdp(*moved, version=2))
    call.reply(1560, "200 OK", body=sdp(*B, version=2))
    call.ack(1570)
    talk.rtp(1580, moved, B, 0x0A0A0A03, 50)
    talk.rtp(1585, B, moved, SSRC_B, 50, first=60050, begin=160 * 50)
    call.hang_up(2600)
    talk.save()


def after_bye():
    talk = Talk("media-after-bye", "11:50")
    call = begin(talk)
    both(talk, 74)
    call.hang_up(2000)
    talk.rtp(2005, B, A, SSRC_B, 250, first=60074, begin=160 * 74)         # bob's phone does not stop: 5 s more
    talk.rtp(42_500, A, B, 0x0A0A0A09, 50)                      # the ports again, 40 s after the BYE: another story
    talk.save()


def until_bye_arrives():
    """The fourth BYE arrives, and bob talks until then; the next one arrives when it is sent again, and he talks on."""
    talk = Talk("media-until-bye-arrives", "15:10")
    for start, repeats in ((0, (500, 1500, 3500)), (20_000, (500,))):
        call = begin(talk, at=start)
        talk.rtp(start + 520, A, B, SSRC_A, 74, first=1000 + start)
        talk.rtp(start + 525, B, A, SSRC_B, 250, first=60000 - start)
        call.request(start + 2000, "BYE")
        for after in repeats:
            call.request(start + 2000 + after, "BYE", cseq=2)
        call.reply(start + 2010 + repeats[-1], "200 OK")
    talk.save()


def without_call():
    talk = Talk("media-without-call", "12:00")
    talk.rtp(0, (MALLORY, 7078), (BOB[1], 16200), 0x0E0E0E01, 100, payload=0, size=160)
    talk.later(3000)
    talk.save()


def before_answer():
    """Voice flows to alice for three seconds while the phone rings; nobody announced it."""
    talk = Talk("media-before-answer", "13:30")
    call = talk.call()
    call.request(0, "INVITE", body=sdp(*A))
    call.reply(100, "180 Ringing")
    talk.rtp(200, B, A, SSRC_B, 240)
    call.reply(3200, "200 OK", body=sdp(*B))
    call.ack(3210)
    talk.rtp(3220, A, B, SSRC_A, 89)
    call.hang_up(5000)
    talk.save()


def one_way():
    talk = Talk("media-one-way", "12:10")
    call = begin(talk)
    talk.rtp(520, A, B, SSRC_A, 250)
    call.hang_up(6000)
    talk.save()


def stopped():
    """bob's voice breaks off after two seconds, and alice hangs up twelve seconds later. In a second call, ten minutes on,
    carol pauses as she has nothing to say, and bob breaks off; in a third one he stops as it ends."""
    talk = Talk("media-stopped", "12:15")
    call = begin(talk)
    talk.rtp(520, A, B, SSRC_A, 700)
    talk.rtp(525, B, A, SSRC_B, 100)
    call.hang_up(14_530)
    other = begin_other(talk, at=700_000)
    talk.rtp(700_520, C, D, 0x0C0C0C01, 20)
    talk.rtp(703_000, C, D, 0x0C0C0C01, 60, first=1020, begin=160 * 124)
    talk.rtp(700_525, D, C, 0x0D0D0D01, 60)
    other.hang_up(716_000)
    last = begin_other(talk, at=720_000)
    talk.rtp(720_520, C, D, 0x0C0C0C02, 60)
    talk.rtp(720_525, D, C, 0x0D0D0D02, 60)
    last.hang_up(721_800)
    talk.save()


def missing():
    """A call of alice with media, then ones of six seconds without: of alice, of carol, whose media was never seen, of alice
    again, for four seconds only, and more than an hour later."""
    talk = Talk("media-missing", "12:17")
    call = begin(talk)
    both(talk, 75)
    call.hang_up(2100)
    begin(talk, at=10_000).hang_up(16_600)
    begin_other(talk, at=20_000).hang_up(26_600)
    begin(talk, at=30_000).hang_up(34_600)
    begin(talk, at=3_700_000).hang_up(3_706_600)
    talk.save()


def held_is_not_one_way():
    """alice holds with music: five seconds in one direction, as agreed."""
    talk = Talk("media-hold-music", "12:20")
    call = begin(talk)
    both(talk, 50)
    call.request(1550, "INVITE", body=sdp(*A, version=2, direction="sendonly"))
    call.reply(1560, "200 OK", body=sdp(*B, version=2, direction="recvonly"))
    call.ack(1570)
    talk.rtp(1580, A, B, SSRC_A, 200, first=1050, begin=160 * 53)
    call.request(5600, "INVITE", body=sdp(*A, version=3))
    call.reply(5610, "200 OK", body=sdp(*B, version=3))
    call.ack(5620)
    talk.rtp(5640, A, B, SSRC_A, 40, first=1250, begin=160 * 256)
    talk.rtp(5645, B, A, SSRC_B, 40, first=60050, begin=160 * 256)
    call.hang_up(6500)
    talk.save()


def paging():
    """alice speaks to a loudspeaker: one direction, as both say."""
    talk = Talk("media-paging", "14:10")
    call = begin(talk, sdp(*A, direction="sendonly"), sdp(*B, direction="recvonly"))
    talk.rtp(520, A, B, SSRC_A, 250)
    call.hang_up(6000)
    talk.save()


def two_legs():
    """An exchange calls bob for alice and leaves the media to the phones: each leg describes both places."""
    talk = Talk("media-two-legs", "14:20")
    first, second = talk.call(callee=("202", PBX)), talk.call(caller=("201", PBX))
    first.request(0, "INVITE", body=sdp(*A))
    second.request(20, "INVITE", body=sdp(*A))
    second.reply(500, "200 OK", body=sdp(*B))
    second.ack(510)
    first.reply(520, "200 OK", body=sdp(*B))
    first.ack(530)
    both(talk, 250, at=540)
    first.hang_up(6000)
    second.hang_up(6020)
    talk.save()


def elsewhere():
    """The media stops where a re-INVITE has led it to another place; the call goes on for eleven minutes."""
    talk = Talk("media-elsewhere", "14:30")
    call = begin(talk)
    both(talk, 75)
    call.request(2020, "INVITE", body=sdp("198.51.100.40", 16100, version=2, origin=f"- 7116100 2 IN IP4 {ALICE[1]}"))
    call.reply(2040, "200 OK", body=sdp("198.51.100.41", 16200, version=2, origin=f"- 7116200 2 IN IP4 {BOB[1]}"))
    call.ack(2050)
    for minute in range(1, 11):
        talk.later(60_000 * minute)
    call.hang_up(660_000)
    talk.save()


def moved():
    """alice's voice is led to carol's telephone for three seconds and back, with one SSRC and one count."""
    talk = Talk("media-moved", "14:40")
    call = begin(talk)
    talk.rtp(525, B, A, SSRC_B, 400, first=60000)
    talk.rtp(520, A, B, SSRC_A, 100)
    for at, place in ((2500, (CAROL[1], 16300)), (5500, B)):
        call.request(at, "INVITE", by=BOB, body=sdp(*place, version=at, origin=f"- 7116200 {at} IN IP4 {BOB[1]}"))
        call.reply(at + 15, "200 OK", body=sdp(*A, version=at, origin=f"- 7116100 {at} IN IP4 {ALICE[1]}"))
        call.ack(at + 19, by=BOB)
    talk.rtp(2520, A, (CAROL[1], 16300), SSRC_A, 150, first=1100, begin=160 * 100)
    talk.rtp(5520, A, B, SSRC_A, 150, first=1250, begin=160 * 250)
    call.hang_up(9000)
    talk.save()


def queue():
    """alice hears music for four minutes before somebody answers."""
    talk = Talk("media-queue", "14:50")
    call = talk.call()
    call.request(0, "INVITE", body=sdp(*A))
    call.reply(100, "183 Session Progress", body=sdp(*B))
    talk.rtp(200, B, A, SSRC_B, 2, first=999)
    talk.rtp(240, B, A, SSRC_B, 240, first=1001, begin=320, interval=1000)
    call.reply(240_500, "200 OK", body=sdp(*B))
    call.ack(240_510)
    talk.rtp(240_520, B, A, SSRC_B, 75, first=1241, begin=160 * 242)
    talk.rtp(240_530, A, B, SSRC_A, 75)
    call.hang_up(243_000)
    talk.save()


def event_ssrc():
    """alice's phone sends its telephone events with an SSRC of their own."""
    talk = Talk("media-event-ssrc", "15:00")
    call = begin(talk)
    both(talk, 175)
    talk.rtp(2000, A, B, 0x0A0A0A07, 12, payload=101, size=4, first=7, step=0)
    call.hang_up(4500)
    talk.save()


def srtp():
    talk = Talk("media-srtp", "12:30")
    key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s"
    call = begin(
        talk, sdp(*A, profile="RTP/SAVP", more=[key % "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"]),
        sdp(*B, profile="RTP/SAVP", more=[key % "NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj"]))
    talk.rtp(520, A, B, SSRC_A, 50, size=30)                    # 20 bytes of voice and a tag of 10
    talk.rtp(525, B, A, SSRC_B, 50, size=30)
    call.hang_up(2000)
    talk.save()


def srtcp(talk, at, source, target, ssrc, index):
    """An encrypted SR with its index and a tag of 10 bytes (RFC 3711 §3.4)."""
    noise = hashlib.sha256(struct.pack("!II", ssrc, index)).digest()
    data = struct.pack("!BBHI", 0x80, 200, 6, ssrc) + noise[:20] + struct.pack("!I", 0x80000000 | index) + noise[20:30]
    talk.udp(at, source[0], target[0], data, ports=(source[1], target[1]))


def srtp_offered():
    """Keys that are only offered (RFC 8643): an answer without, whose voice overtakes it, and one with keys; the same without
    a word in the descriptions, by ZRTP, which bob's telephone answers in one call of two."""
    talk = Talk("media-srtp-offered", "12:35")
    key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s"
    offered, taken = key % "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj", key % "NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj"

    def call(at, keys, answer, place):
        a, b = (A[0], A[1] + place), (B[0], B[1] + place)
        return begin(talk, sdp(*a, more=keys), sdp(*b, more=answer), at=at), a, b

    def reports(a, b):
        return (a[0], a[1] + 1), (b[0], b[1] + 1)

    dialog, a, b = call(0, [offered], [], 0)
    talk.rtp(400, b, a, SSRC_B, 150)                            # from 100 ms before the answer on
    talk.rtp(520, a, b, SSRC_A, 150)
    here, there = reports(a, b)
    talk.sender_report(2000, here, there, SSRC_A, 70, 1400)
    talk.sender_report(2005, there, here, SSRC_B, 70, 1400)
    dialog.hang_up(4000)

    dialog, a, b = call(10_000, [offered], [taken], 10)
    talk.rtp(10_400, b, a, SSRC_B + 1, 150, size=30)
    talk.rtp(10_520, a, b, SSRC_A + 1, 150, size=30)
    here, there = reports(a, b)
    srtcp(talk, 12_000, here, there, SSRC_A + 1, 1)
    srtcp(talk, 12_005, there, here, SSRC_B + 1, 1)
    dialog.hang_up(14_000)

    for at, place, messages in ((20_000, 20, ["Hello   "]), (30_000, 30, ["Hello   ", "Confirm1", "Confirm2", "Conf2ACK"])):
        dialog, a, b = call(at, [], [], place)
        for number, message in enumerate(messages):
            source, target = (a, b) if number % 2 == 0 else (b, a)
            data = b"\x10\0\0\1ZRTP\x0a\x0a\x0a\x01" + b"PZ\0\x03" + message.encode() + bytes(4)
            talk.udp(at + 900 + 10 * number, source[0], target[0], data, ports=(source[1], target[1]))
        tag = 10 if len(messages) > 1 else 0
        for here, there, ssrc in ((a, b, SSRC_A + place), (b, a, SSRC_B + place)):
            talk.rtp(at + 520, here, there, ssrc, 20)
            talk.rtp(at + 940, here, there, ssrc, 130, first=1021, begin=160 * 21, size=20 + tag)
        dialog.hang_up(at + 4000)
    talk.save()


def handshake(kind, body):
    """A handshake message whole in one fragment, in one record (RFC 6347 §4.1, §4.2.2)."""
    length = len(body).to_bytes(3, "big")
    message = bytes([kind]) + length + b"\0\0" + b"\0\0\0" + length + body
    return b"\x16\xfe\xfd" + bytes(8) + struct.pack("!H", len(message)) + message


def hellos():
    """A ClientHello and a ServerHello of DTLS 1.2 with `use_srtp` (RFC 5764 §4.1)."""
    use_srtp = struct.pack("!HHHHB", 14, 5, 2, 1, 0)
    groups = struct.pack("!HHHH", 10, 4, 2, 29)
    suites = struct.pack("!HHH", 4, 0xC02B, 0xC02F)
    client = b"\xfe\xfd" + bytes(range(32)) + b"\0\0" + suites + b"\x01\0" + struct.pack("!H", len(use_srtp + groups)) + use_srtp + groups
    server = b"\xfe\xfd" + bytes(range(32, 64)) + b"\0" + struct.pack("!HB", 0xC02B, 0) + struct.pack("!H", len(use_srtp)) + use_srtp
    return handshake(1, client), handshake(2, server)


def dtls():
    talk = Talk("media-dtls-srtp", "12:40")
    print_of = "a=fingerprint:sha-256 " + ":".join(f"{byte:02X}" for byte in range(32))
    profile = {"profile": "UDP/TLS/RTP/SAVPF"}
    call = begin(talk, sdp(*A, more=[print_of, "a=setup:actpass"], **profile), sdp(*B, more=[print_of, "a=setup:active"], **profile))
    client, server = hellos()
    talk.udp(515, B[0], A[0], client, ports=(B[1], A[1]))
    talk.udp(518, A[0], B[0], server, ports=(A[1], B[1]))
    talk.rtp(560, A, B, SSRC_A, 50, size=30)
    talk.rtp(565, B, A, SSRC_B, 50, size=30)
    call.hang_up(2000)
    talk.save()


def sealed(number):
    """A Finished: a record of epoch 1, whose content only the ends can read."""
    noise = hashlib.sha256(bytes([number])).digest() + bytes(8)
    return b"\x16\xfe\xfd" + struct.pack("!HHIH", 1, 0, number, len(noise)) + noise


def dtls_alone():
    """Voice and picture with keys by DTLS, whose signalling nobody sees, and a second flow whose server never speaks up."""
    talk = Talk("media-dtls-alone", "12:45")
    client, server = hellos()
    there, here = {"ports": (B[1], A[1])}, {"ports": (A[1], B[1])}
    talk.udp(0, B[0], A[0], client, **there)
    talk.udp(3, A[0], B[0], server, **here)
    talk.udp(6, B[0], A[0], sealed(1), **there)
    talk.udp(9, A[0], B[0], sealed(2), **here)
    for source, target, ssrc in ((A, B, SSRC_A), (B, A, SSRC_B)):
        talk.rtp(20, source, target, ssrc, 100, payload=111, size=70, step=960)
        talk.rtp(25, source, target, ssrc + 1, 60, payload=96, size=90, step=3000, interval=33)
    for second in (1, 2):
        srtcp(talk, 1000 * second, A, B, SSRC_A, second)
        srtcp(talk, 1000 * second + 5, B, A, SSRC_B, second)
    talk.udp(500, D[0], C[0], client, ports=(D[1], C[1]))
    talk.rtp(520, C, D, 0x0C0C0C01, 60, payload=0, size=160)
    talk.rtp(525, D, C, 0x0D0D0D01, 60, payload=0, size=160)
    talk.later(3000)
    talk.save()


def der(kind, *parts):
    """A value of ASN.1 in DER."""
    body = b"".join(parts)
    size = bytes([len(body)]) if len(body) < 128 else b"\x82" + struct.pack("!H", len(body))
    return bytes([kind]) + size + body


def certificate(name):
    """A Certificate message (RFC 5246 §7.4.2) with one certificate, which nobody could verify."""
    subject = der(0x30, der(0x31, der(0x30, der(6, b"\x55\x04\x03"), der(0x0C, name.encode()))))
    validity = der(0x30, der(0x17, b"260102030405Z"), der(0x17, b"270102030405Z"))
    key = der(0x30, der(0x30, der(6, b"\x2a\x03")), der(3, b"\0" + hashlib.sha512(name.encode()).digest() * 9))
    number = der(2, hashlib.md5(name.encode()).digest()[:3])
    unsigned = der(0x30, der(0xA0, der(2, b"\x02")), number, der(0x30, der(6, b"\x2a\x03")), subject, validity, subject, key)
    whole = der(0x30, unsigned, der(0x30, der(6, b"\x2a\x03")), der(3, b"\0" + bytes(8)))
    size = struct.pack("!I", len(whole))[1:]
    return whole, struct.pack("!I", len(whole) + 3)[1:] + size + whole


def fragment(body, number, first, last):
    """A part of a Certificate in a record of DTLS 1.2 (RFC 6347 §4.2.3)."""
    part = body[first:last]
    head = b"\x0b" + struct.pack("!I", len(body))[1:] + struct.pack("!H", 2) + struct.pack("!I", first)[1:] + struct.pack("!I", len(part))[1:]
    return b"\x16\xfe\xfd" + struct.pack("!HIHH", 0, 0, number, len(head + part)) + head + part


def dtls_certificates():
    """Three calls whose ends show their certificates: as announced, another one, and one of several."""
    talk = Talk("media-dtls-certificate", "13:50")
    alice, bob, mallory = (certificate(name) for name in ("alice.example", "bob.example", "mallory.example"))

    def announce(function, whole, shape):
        digest = hashlib.new(function.replace("-", ""), whole[0]).digest()
        return f"a=fingerprint:{function} " + ":".join(shape % byte for byte in digest)

    profile = {"profile": "UDP/TLS/RTP/SAVPF"}
    client, server = hellos()

    def call(at, a, b, shown, prints):
        call = begin(
            talk, sdp(*a, more=[announce("sha-256", alice, "%02X"), "a=setup:actpass"], **profile),
            sdp(*b, more=[*prints, "a=setup:active"], **profile), at=at)
        here, there = {"ports": (a[1], b[1])}, {"ports": (b[1], a[1])}
        talk.udp(at + 515, b[0], a[0], client, **there)
        talk.udp(at + 518, a[0], b[0], server, **here)
        whole = alice[1]
        talk.udp(at + 520, a[0], b[0], fragment(whole, 3, 400, len(whole)), **here)     # the second part first
        talk.udp(at + 521, a[0], b[0], fragment(whole, 2, 0, 500), **here)
        talk.udp(at + 530, b[0], a[0], fragment(shown[1], 2, 0, len(shown[1])), **there)
        talk.rtp(at + 560, a, b, SSRC_A + at, 20, size=30)
        talk.rtp(at + 565, b, a, SSRC_B + at, 20, size=30)
        call.hang_up(at + 2000)

    call(0, A, B, bob, [announce("sha-1", bob, "%02x")])
    call(10_000, (A[0], 16110), (B[0], 16210), mallory, [announce("sha-384", bob, "%02X")])
    call(20_000, (A[0], 16120), (B[0], 16220), mallory, [announce("sha-1", bob, "%02X"), announce("sha-256", bob, "%02X")])
    talk.save()


def dtmf():
    """Three keys within the voice: five packets each, the last three of them with the end bit (RFC 4733 §2.5.1)."""
    talk = Talk("media-dtmf", "12:50")
    call = begin(talk)
    silent = {number for key in range(3) for number in range(20 + 30 * key, 25 + 30 * key)}
    talk.rtp(520, A, B, SSRC_A, 120, skip=silent)
    for key, digit in enumerate((7, 2, 9)):
        first = 20 + 30 * key
        for number in range(5):
            event = struct.pack("!BBH", digit, (0x80 if number >= 2 else 0) | 10, 160 * min(number + 1, 3))
            head = struct.pack("!BBHII", 0x80, 101 | (0x80 if number == 0 else 0), 1000 + first + number, 160 * first, SSRC_A)
            talk.udp(520 + 20 * (first + number), A[0], B[0], head + event, ports=(A[1], B[1]))
    talk.rtp(525, B, A, SSRC_B, 120)
    call.hang_up(3200)
    talk.save()


def first_byte():
    """On the ports of a call comes all that may come there (RFC 7983): only RTP is counted as RTP."""
    talk = Talk("media-first-byte", "13:00")
    call = begin(talk)
    both(talk, 75)
    ports = {"ports": (A[1], B[1])}
    talk.stun(600, A, B, user="b:a")
    talk.udp(610, A[0], B[0], b"\x10\0\0\1ZRTP\x0a\x0a\x0a\x01" + b"PZ\0\x03HelloACK" + bytes(4), **ports)
    talk.udp(620, A[0], B[0], hellos()[0], **ports)
    talk.udp(630, A[0], B[0], b"\x40\0\0\x10" + bytes(16), **ports)
    talk.udp(640, A[0], B[0], bytes(12), **ports)               # 0, but no STUN
    talk.udp(650, A[0], B[0], b"\xc8" + bytes(11), **ports)     # 200: not a first byte of RTP
    talk.sender_report(660, A, B, SSRC_A, 7, 140)
    call.hang_up(2200)
    talk.save()


def loss():
    """Of 100 packets five are lost, one comes twice and two change places; in the other direction all is well."""
    talk = Talk("media-loss", "13:10")
    call = begin(talk)
    talk.rtp(520, A, B, SSRC_A, 100, skip={20, 40, 41, 42, 70, 50, 51, 60})
    for number, at in ((51, 520 + 20 * 50), (50, 520 + 20 * 51), (60, 520 + 20 * 60), (60, 520 + 20 * 60 + 30)):
        talk.rtp(at, A, B, SSRC_A, 1, first=1000 + number, begin=160 * number)
    talk.rtp(525, B, A, SSRC_B, 100)
    call.hang_up(2700)
    talk.save()


def early_apart():
    """An announcement with one packet in three lost, then an answered call without loss, all in one stream."""
    talk = Talk("media-early-apart", "13:20")
    call = talk.call()
    call.request(0, "INVITE", body=sdp(*A))
    call.reply(100, "183 Session Progress", body=sdp(*B))
    talk.rtp(120, B, A, SSRC_B, 90, first=5000, skip=set(range(1, 88, 3)))
    call.reply(2000, "200 OK", body=sdp(*B))
    call.ack(2010)
    talk.rtp(2020, A, B, SSRC_A, 150)
    talk.rtp(2025, B, A, SSRC_B, 150, first=5090, begin=160 * 95)
    call.hang_up(5200)
    talk.save()


media_level_connection()
port_zero()
rtcp("media-rtcp-attribute", "10:20", ["a=rtcp:17001 IN IP4 10.20.0.101"], ["a=rtcp:17002"], (ALICE[1], 17001), (BOB[1], 17002))
rtcp("media-rtcp-mux", "10:30", ["a=rtcp-mux"], ["a=rtcp-mux"], A, B)
rtcp("media-rtcp-mux-refused", "10:40", ["a=rtcp-mux"], [], (ALICE[1], 16101), (BOB[1], 16201))
for make in (bundle, ice, ice_moved, nat_moved, group_on_hold, never_answered, nat_learned, nat_learned_late, ssrc_changed, injected, inserted, goodbye, source_renegotiated, after_bye,
             until_bye_arrives, without_call, one_way, stopped, missing, held_is_not_one_way, srtp, srtp_offered, dtls, dtls_alone, dtls_certificates, dtmf, first_byte, loss,
             early_apart, before_answer, paging, two_legs, elsewhere, moved, queue, event_ssrc):
    make()
