#!/usr/bin/env python3
"""Talks SIP over TCP with odd segments: stream.py SOURCE TARGET."""
import socket
import sys
import time

source, target = sys.argv[1], sys.argv[2]


def message(method, number, uri="sip:office.example", user="201", body="", **more):
    to = uri if "@" in uri else f"sip:{user}@office.example"
    lines = [
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/TCP {source}:5060;branch=z9hG4bKstream{number}",
        "Max-Forwards: 70",
        f"From: <sip:{user}@office.example>;tag=stream{number}",
        f"To: <{to}>",
        f"Call-ID: stream-{number}@{source}",
        f"CSeq: {number} {method}",
        f"Contact: <sip:{user}@{source}:5060;transport=tcp>",
        "User-Agent: Softline 9.4 (Linux)",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return ("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


stream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
stream.bind((source, 40060))
stream.connect((target, 5060))


def segments(*parts):
    """Sends each part in a segment of its own, then reads what comes back."""
    for part in parts:
        stream.sendall(part)
        time.sleep(0.15)
    stream.settimeout(0.5)
    try:
        while stream.recv(65536):
            pass
    except TimeoutError:
        pass


description = "v=0\r\no=- 1 1 IN IP4 192.0.2.101\r\ns=-\r\nc=IN IP4 192.0.2.101\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
one = message("REGISTER", 1, Expires="600")
segments(one)
segments(b"\r\n\r\n")                                      # a keep-alive, answered with CRLF
split = message("REGISTER", 2, Expires="600")
segments(split[:11], split[11:200], split[200:-2], split[-2:])      # one message in four segments
segments(message("OPTIONS", 3) + message("OPTIONS", 4) + message("REGISTER", 5, Expires="600"))
invite = message("INVITE", 7, "sip:202@office.example", body=description, Content_Type="application/sdp")
segments(message("MESSAGE", 6, "sip:202@office.example", body="hello", Content_Type="text/plain") + invite)
both = message("OPTIONS", 8) + message("OPTIONS", 9)
cut = len(both) // 2 + 40
segments(both[:cut], both[cut:] + b"\r\n\r\n")               # the cut falls into the second message
stream.close()
