#!/usr/bin/env python3
"""Sends broken SIP messages, one a datagram: malformed.py SOURCE TARGET. Each breaks one thing."""
import socket
import sys
import time

source, target = sys.argv[1], sys.argv[2]


def message(number, start="OPTIONS sip:201@office.example SIP/2.0", body=b"", **changes):
    """A correct message, but for the headers that `changes` replaces or, with None, takes away."""
    headers = {
        "Via": f"SIP/2.0/UDP {source}:5070;branch=z9hG4bKfault{number}",
        "Max-Forwards": "70",
        "From": f"<sip:faulty@{source}>;tag=fault{number}",
        "To": "<sip:201@office.example>",
        "Call-ID": f"fault-{number}@{source}",
        "CSeq": f"{number} {start.split(' ')[0]}",
        "Contact": f"<sip:faulty@{source}:5070>",
        "Content-Length": str(len(body)),
    }
    headers.update({name.replace("_", "-"): value for name, value in changes.items()})
    lines = [start] + [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


DESCRIPTION = b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
INVITE = "INVITE sip:201@office.example SIP/2.0"
REPLY = "SIP/2.0 {} OK"

FAULTS = [
    ("start line cut after the URI", lambda n: message(n, "OPTIONS sip:201@office.example", CSeq="1 OPTIONS")),
    ("two spaces in the start line", lambda n: message(n, "OPTIONS  sip:201@office.example SIP/2.0")),
    ("version 7.0", lambda n: message(n, "OPTIONS sip:201@office.example SIP/7.0")),
    ("a method nobody knows", lambda n: message(n, "PROBE sip:201@office.example SIP/2.0")),
    ("no Via", lambda n: message(n, Via=None)),
    ("no Call-ID", lambda n: message(n, Call_ID=None)),
    ("no To and no From", lambda n: message(n, To=None, From=None)),
    ("CSeq without a number", lambda n: message(n, CSeq="one OPTIONS")),
    ("CSeq beyond 32 bits", lambda n: message(n, CSeq="99999999999 OPTIONS")),
    ("CSeq of another method", lambda n: message(n, CSeq=f"{n} INVITE")),
    ("more Content-Length than bytes", lambda n: message(n, INVITE, DESCRIPTION, Content_Type="application/sdp", Content_Length="4000")),
    ("negative Content-Length", lambda n: message(n, INVITE, DESCRIPTION, Content_Type="application/sdp", Content_Length="-1")),
    ("two Content-Lengths", lambda n: message(n, INVITE, DESCRIPTION, Content_Type="application/sdp").replace(
        b"Content-Length", b"Content-Length: 7\r\nContent-Length")),
    ("garbage after the body", lambda n: message(n, INVITE, DESCRIPTION, Content_Type="application/sdp") + b"\x00\xff garbage"),
    ("status 99", lambda n: message(n, REPLY.format(99), CSeq=f"{n} OPTIONS")),
    ("status 20", lambda n: message(n, REPLY.format(20), CSeq=f"{n} OPTIONS")),
    ("status 4294967301", lambda n: message(n, REPLY.format(4294967301), CSeq=f"{n} OPTIONS")),
    ("quotation mark not closed", lambda n: message(n, From=f'"Mallory <sip:faulty@{source}>;tag=q{n}')),
    ("bracket not closed", lambda n: message(n, To="<sip:201@office.example")),
    ("empty Via", lambda n: message(n, Via="")),
    ("Via that is no Via", lambda n: message(n, Via="hello")),
    ("zero byte in a header", lambda n: message(n, Subject="a\0b")),
    ("header without a colon", lambda n: message(n).replace(b"Max-Forwards: 70", b"Max-Forwards 70")),
    ("no empty line at the end", lambda n: message(n)[:-2]),
    ("cut in the middle of a header", lambda n: message(n)[:150]),
    ("Max-Forwards 300", lambda n: message(n, Max_Forwards="300")),
    ("Request-URI in brackets", lambda n: message(n, "OPTIONS <sip:201@office.example> SIP/2.0")),
    ("a URI of 3000 characters", lambda n: message(n, f"OPTIONS sip:{'a' * 3000}@office.example SIP/2.0")),
    ("400 headers", lambda n: message(n, **{f"X-{i}": str(i) for i in range(400)})),
    ("Expires that is no number", lambda n: message(n, "REGISTER sip:office.example SIP/2.0", Expires="tomorrow")),
    ("SDP of a session that has no time", lambda n: message(n, INVITE, DESCRIPTION.replace(b"t=0 0\r\n", b""), Content_Type="application/sdp")),
    ("two messages in a datagram", lambda n: message(n) + message(n + 100)),
]

sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.bind((source, 5070))
for number, (name, make) in enumerate(FAULTS, start=1):
    sender.sendto(make(number), (target, 5060))
    time.sleep(0.1)
