#!/usr/bin/env python3
"""Writes the captures of decoys that are to make guesses look forwarded. The same bytes each time."""
from talk import MALLORY, PROXY, Talk, tag

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


registration_decoys()
