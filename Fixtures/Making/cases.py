#!/usr/bin/env python3
"""Writes the captures of Fixtures/Cases: cases.py [FOLDER]. The same bytes each time."""
import os
import sys

sys.dont_write_bytecode = True
from frames import Capture

folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "Cases")
ALICE, BOB, PROXY = "192.0.2.101", "192.0.2.102", "192.0.2.10"


def text(*lines, body=b"", length=True):
    """Lines of a message, its Content-Length and body."""
    if isinstance(body, str):
        body = body.encode()
    lines = list(lines) + ([f"Content-Length: {len(body)}"] if length else [])
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def request(method, number, uri="sip:bob@example.com", source=ALICE, transport="UDP", more=(), body=b"", to_tag=""):
    return text(
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/{transport} {source}:5060;branch=z9hG4bKcase{number}",
        "Max-Forwards: 70",
        "From: Alice <sip:alice@example.com>;tag=a1",
        f"To: <sip:bob@example.com>{to_tag}",
        f"Call-ID: case@{source}",
        f"CSeq: {number} {method}",
        f"Contact: <sip:alice@{source}>",
        *more,
        body=body,
    )


def response(line, method, number, source=ALICE, transport="UDP", more=(), tag="b1"):
    return text(
        f"SIP/2.0 {line}",
        f"Via: SIP/2.0/{transport} {source}:5060;branch=z9hG4bKcase{number}",
        "From: Alice <sip:alice@example.com>;tag=a1",
        f"To: <sip:bob@example.com>;tag={tag}",
        f"Call-ID: case@{source}",
        f"CSeq: {number} {method}",
        *more,
    )


def save(name, capture):
    os.makedirs(os.path.join(folder, name), exist_ok=True)
    capture.write(os.path.join(folder, name, "input.pcap"))


def compact_headers():
    capture = Capture("2026-03-09T09:00:00+00:00")
    capture.udp(0, ALICE, BOB, text(
        "INVITE sip:bob@example.com SIP/2.0",
        f"v: SIP/2.0/UDP {ALICE}:5060;branch=z9hG4bKcompact1",
        "f: \"Zoë Müller 電話\" <sip:alice@example.com>;tag=a1",
        "t: <sip:bob@example.com>",
        "i: compact@192.0.2.101",
        "CSEQ: 1 INVITE",
        "max-forwards: 70",
        "m: <sip:alice@192.0.2.101>;expires=60",
        "s: lunch",
        "k: 100rel, timer",
        "x: 1800",
        "r: <sip:carol@example.com>",
        "c: text/plain",
        "l: 4", length=False, body="noon"))
    capture.udp(40, BOB, ALICE, text(
        "SIP/2.0 486 Busy Here",
        f"v: SIP/2.0/UDP {ALICE}:5060;branch=z9hG4bKcompact1",
        "FROM: <sip:alice@example.com>;tag=a1",
        "tO: <sip:bob@example.com>;tag=b1",
        "i: compact@192.0.2.101",
        "cSeq: 1 INVITE",
        "l: 0", length=False))
    save("compact-headers", capture)


def folded_headers():
    capture = Capture("2026-03-09T09:10:00+00:00")
    capture.udp(0, ALICE, BOB, text(
        "INVITE sip:bob@example.com SIP/2.0",
        "Via: SIP/2.0/UDP",
        f"   {ALICE}:5060",
        "\t;branch=z9hG4bKfolded1",
        "Max-Forwards:",
        " 70",
        "From: \"A. \\\"Al\\\" Ice\"",
        "  <sip:alice@example.com>",
        "  ;tag=a1",
        "To  :  <sip:bob@example.com>",
        "Call-ID:",
        "   folded@192.0.2.101",
        "CSeq: 1",
        "  INVITE",
        "Contact: <sip:alice@192.0.2.101>",
        "Subject: the meeting",
        "\tis moved to",
        "   Friday"))
    save("folded-headers", capture)


def ipv6():
    alice, bob = "2001:db8::101", "2001:db8:0:1::10"
    capture = Capture("2026-03-09T09:20:00+00:00")
    capture.udp(0, alice, bob, text(
        "INVITE sip:bob@[2001:db8:0:1::10]:5060;transport=udp SIP/2.0",
        "Via: SIP/2.0/UDP [2001:db8::101]:5060;branch=z9hG4bKsix1;received=[2001:db8::101]",
        "Max-Forwards: 70",
        "From: \"Zoë\" <sip:alice@[2001:db8::101]>;tag=a1",
        "To: <sip:bob@[2001:db8:0:1::10]>",
        "Call-ID: six@2001:db8::101",
        "CSeq: 1 INVITE",
        "Contact: <sip:alice@[2001:db8::101]:5060>",
        "Content-Type: application/sdp",
        body="v=0\r\no=alice 1 1 IN IP6 2001:db8::101\r\ns=-\r\nc=IN IP6 2001:db8::101\r\nt=0 0\r\n"
             "m=audio 16000 RTP/AVP 8 0\r\n"))
    capture.udp(30, bob, alice, text(
        "SIP/2.0 200 OK",
        "Via: SIP/2.0/UDP [2001:db8::101]:5060;branch=z9hG4bKsix1;received=2001:db8::101",
        "From: \"Zoë\" <sip:alice@[2001:db8::101]>;tag=a1",
        "To: <sip:bob@[2001:db8:0:1::10]>;tag=b1",
        "Call-ID: six@2001:db8::101",
        "CSeq: 1 INVITE",
        "Contact: <sip:bob@[2001:db8:0:1::10]>"))
    save("ipv6", capture)


def tcp_framing():
    capture = Capture("2026-03-09T09:30:00+00:00")
    capture.handshake(0, ALICE, PROXY)

    def send(at, *parts):
        for index, part in enumerate(parts):
            capture.tcp(at + 2 * index, ALICE, PROXY, part)
        capture.tcp(at + 2 * len(parts), PROXY, ALICE, flags="A", ports=(5060, 40000))

    tcp = {"transport": "TCP"}
    send(10, request("OPTIONS", 1, **tcp) + request("OPTIONS", 2, **tcp))
    send(20, b"\r\n\r\n")
    capture.tcp(25, PROXY, ALICE, b"\r\n", ports=(5060, 40000))
    message = request("MESSAGE", 3, more=["Content-Type: text/plain"], body="hello", **tcp)
    send(30, message + request("INVITE", 4, **tcp))
    whole = request("OPTIONS", 5, **tcp)
    send(40, whole[:4], whole[4:60], whole[60:-3], whole[-3:] + b"\r\n\r\n" + request("BYE", 6, to_tag=";tag=b1", **tcp)[:100])
    send(60, request("BYE", 6, to_tag=";tag=b1", **tcp)[100:])
    late = request("OPTIONS", 7, **tcp)
    capture.tcp(70, ALICE, PROXY, late[200:], skip=200)
    capture.tcp(72, ALICE, PROXY, late[:200])
    capture.advance(ALICE, PROXY, len(late) - 200)
    capture.tcp(80, PROXY, ALICE, response("200 OK", "OPTIONS", 7, transport="TCP"), ports=(5060, 40000))
    capture.tcp(90, ALICE, PROXY, flags="FA")
    capture.tcp(91, PROXY, ALICE, flags="FA", ports=(5060, 40000))
    capture.tcp(92, ALICE, PROXY, flags="A")
    save("tcp-framing", capture)


def retransmissions():
    capture = Capture("2026-03-09T09:40:00+00:00")
    invite = request("INVITE", 1)
    for at in (0, 500, 1500):
        capture.udp(at, ALICE, PROXY, invite)
    forwarded = invite.replace(b"Via: ", f"Via: SIP/2.0/UDP {PROXY};branch=z9hG4bKhop1\r\nVia: ".encode(), 1)
    forwarded = forwarded.replace(b"Max-Forwards: 70", b"Max-Forwards: 69")
    capture.udp(1600, PROXY, BOB, forwarded)
    answer = response("200 OK", "INVITE", 1)
    capture.udp(1700, BOB, PROXY, answer.replace(b"Via: ", f"Via: SIP/2.0/UDP {PROXY};branch=z9hG4bKhop1\r\nVia: ".encode(), 1))
    for at in (1710, 2210):
        capture.udp(at, PROXY, ALICE, answer)
    capture.records.append(capture.records[-1])            # the switch shows the last frame twice
    capture.udp(2300, ALICE, PROXY, request("ACK", 1, to_tag=";tag=b1").replace(b"z9hG4bKcase1", b"z9hG4bKcase9"))
    capture.udp(9000, ALICE, PROXY, request("INVITE", 2, to_tag=";tag=b1"))
    save("retransmissions", capture)


def vlan():
    capture = Capture("2026-03-09T09:50:00+00:00")
    capture.udp(0, ALICE, PROXY, request("OPTIONS", 1), vlans=[20])
    capture.udp(5, PROXY, ALICE, response("200 OK", "OPTIONS", 1), vlans=[20])
    capture.udp(1000, ALICE, PROXY, request("OPTIONS", 2), vlans=[100, 30])
    capture.udp(2000, ALICE, PROXY, request("OPTIONS", 3))
    save("vlan", capture)


def anomalies():
    capture = Capture("2026-03-09T10:00:00+00:00")

    def send(at, data):
        capture.udp(at, "198.51.100.99", PROXY, data, ports=(5070, 5060))

    good = request("OPTIONS", 1, source="198.51.100.99")
    send(0, good)
    send(100, good.replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE").replace(b"case1", b"case2"))
    send(200, response("99 Strange", "OPTIONS", 3, source="198.51.100.99"))
    send(300, good.replace(b"Via", b"X-Via").replace(b"case1", b"case4"))
    send(400, good.replace(b"Content-Length: 0", b"Content-Length: -1").replace(b"case1", b"case5"))
    send(500, good.replace(b"Alice <", b"\"Alice <").replace(b"case1", b"case6"))
    segment = b"\x13\xce\x13\xc4\x02\x00\x00\x00" + good.replace(b"case1", b"case7")   # a UDP length of 512, more than there is
    capture.packet(600, "198.51.100.99", PROXY, 17, segment)
    capture.frame(700, b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\x00" + b"\x45\0\0")
    save("anomalies", capture)


def flows():
    capture = Capture("2026-03-09T10:10:00+00:00")
    capture.udp(0, ALICE, PROXY, request("OPTIONS", 1))
    capture.udp(5, PROXY, ALICE, response("200 OK", "OPTIONS", 1))
    capture.handshake(100, BOB, PROXY, ports=(41000, 5060))
    capture.tcp(110, BOB, PROXY, request("OPTIONS", 2, source=BOB, transport="TCP"), ports=(41000, 5060))
    capture.tcp(115, PROXY, BOB, response("200 OK", "OPTIONS", 2, source=BOB, transport="TCP"), ports=(5060, 41000))
    capture.tcp(120, BOB, PROXY, flags="FA", ports=(41000, 5060))
    capture.tcp(121, PROXY, BOB, flags="FA", ports=(5060, 41000))
    capture.tcp(122, BOB, PROXY, flags="A", ports=(41000, 5060))
    for number in range(6):
        capture.udp(1000 + 500 * number, "198.51.100.99", PROXY, b"\x80\x00" + bytes([0, number]) + bytes(8) + b"noise", ports=(9000, 9002))
    capture.udp(1_000_000, ALICE, PROXY, request("OPTIONS", 3))     # a quarter of an hour later: a flow of its own
    save("flows", capture)


def status_lines():
    capture = Capture("2026-03-09T10:20:00+00:00")
    quoted = "SIP/2.0 500 Database error\r\n"
    capture.udp(0, ALICE, PROXY, request(
        "MESSAGE", 1, more=["Content-Type: text/plain", "Subject: SIP/2.0 500 Database error"], body="I got:\r\n" + quoted))
    capture.udp(5, PROXY, ALICE, response("200 OK", "MESSAGE", 1, more=['Warning: 399 example.com "SIP/2.0 500 Database error"']))
    capture.udp(1000, ALICE, PROXY, request("OPTIONS", 2))
    capture.udp(1005, PROXY, ALICE, response("500 Database error", "OPTIONS", 2))
    capture.udp(2000, ALICE, PROXY, request("OPTIONS", 3))
    capture.udp(2005, PROXY, ALICE, response("500", "OPTIONS", 3))
    capture.udp(3000, ALICE, PROXY, request("OPTIONS", 4))
    capture.udp(3005, PROXY, ALICE, response("5000 Database error", "OPTIONS", 4))
    save("status-lines", capture)


def session_descriptions():
    capture = Capture("2026-03-09T10:30:00+00:00")
    offer = "\r\n".join([
        "v=0", "o=alice 2890844526 2890844526 IN IP4 192.0.2.101", "s=-", "c=IN IP4 192.0.2.101", "t=0 0",
        "m=audio 16000 RTP/SAVP 8 96 101", "a=rtpmap:96 opus/48000/2", "a=rtpmap:101 telephone-event/8000",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj", "a=sendrecv",
        "m=video 0 RTP/AVP 31", "m=image 16010 udptl t38", "c=IN IP4 192.0.2.77", ""])
    capture.udp(0, ALICE, PROXY, request("INVITE", 1, more=["Content-Type: application/sdp"], body=offer))
    mixed = "\r\n".join([
        "--frontier", "Content-Type: text/plain", "", "hello", "--frontier", "Content-Type: application/sdp", "",
        "v=0", "o=alice 1 2 IN IP4 192.0.2.101", "s=-", "t=0 0", "m=audio 16000 RTP/AVP 0", "c=IN IP4 0.0.0.0",
        "--frontier--", ""])
    capture.udp(1000, ALICE, PROXY, request(
        "INVITE", 2, more=['Content-Type: multipart/mixed;boundary="frontier"'], body=mixed, to_tag=";tag=b1"))
    capture.udp(2000, ALICE, PROXY, request("INVITE", 3, more=["Content-Type: application/sdp"], body=offer.replace("t=0 0\r\n", "")))
    save("session-descriptions", capture)


for make in (compact_headers, folded_headers, ipv6, tcp_framing, retransmissions, vlan, anomalies, flows, status_lines,
             session_descriptions):
    make()
