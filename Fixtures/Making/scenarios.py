#!/usr/bin/env python3
"""Writes the SIPp scenarios and voices of the cases with two phones: scenarios.py FOLDER."""
import sys

sys.dont_write_bytecode = True
from phones import DOMAIN, PHONES, Phone, tag_of, voice

folder = sys.argv[1]
RINGS_AFTER, RINGS, TALKS = 120, 600, 1200


def pair(case):
    return Phone(case, "alice", "bob"), Phone(case, "bob", "alice")


def save(*phones):
    for phone in phones:
        phone.write(folder)


def ring(alice, bob, milliseconds=RINGS):
    """INVITE and 180."""
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    bob.pause(RINGS_AFTER)
    bob.reply("180 Ringing")
    alice.wait_for(180)
    bob.pause(milliseconds)


def answer(alice, bob, direction="sendrecv"):
    """200 and ACK."""
    bob.reply("200 OK", bob.description(direction), retrans=True)
    alice.wait_for(200)
    alice.ack()
    bob.on("ACK")
    bob.in_dialog = True


def talk(alice, bob, milliseconds=TALKS, voices=False):
    if voices:
        alice.speak("alice.pcap")
        bob.speak("bob.pcap")
    alice.pause(milliseconds)


def hang_up(one, other):
    one.request("BYE")
    other.on("BYE")
    other.reply("200 OK")
    one.wait_for(200)


def answered():
    alice, bob = pair("call-answered")
    ring(alice, bob)
    answer(alice, bob)
    talk(alice, bob, 2000, voices=True)
    hang_up(alice, bob)
    save(alice, bob)


def ended_by_callee():
    alice, bob = pair("call-ended-by-callee")
    ring(alice, bob)
    answer(alice, bob)
    bob.pause(1500)
    alice.on("BYE")
    bob.request("BYE")
    alice.reply("200 OK")
    bob.wait_for(200)
    save(alice, bob)


def forked():
    """One 180 from each of two phones behind bob's address, and an answer of the second."""
    alice, bob = pair("call-forked")
    desk, mobile = tag_of("call-forked", "desk"), tag_of("call-forked", "mobile")
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    bob.reply("180 Ringing", tag=desk)
    bob.pause(300)
    bob.reply("180 Ringing", tag=mobile)
    bob.pause(500)
    bob.reply("200 OK", bob.description(), tag=mobile, retrans=True)
    alice.wait_for(180, 180, 200)
    alice.ack(mobile)
    bob.tag = mobile
    bob.on("ACK")
    bob.in_dialog = True
    talk(alice, bob)
    hang_up(alice, bob)
    save(alice, bob)


def refused(case, line, rings=True, headers=()):
    alice, bob = pair(case)
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    bob.pause(RINGS_AFTER)
    if rings:
        bob.reply("180 Ringing")
        alice.wait_for(180)
        bob.pause(RINGS)
    bob.reply(line, headers=headers, retrans=True)
    alice.wait_for(line[:3])
    alice.ack_refusal()
    bob.on("ACK")
    save(alice, bob)


CHALLENGE = 'Proxy-Authenticate: Digest realm="pbx.example", nonce="%s", algorithm=MD5, qop="auth"%s'


def challenge(alice, bob, nonce="65f1c0de0a1b", more="", wait=60):
    bob.pause(wait)
    bob.reply("407 Proxy Authentication Required", headers=[CHALLENGE % (nonce, more)], retrans=True)
    alice.wait_for(407, auth=True)
    alice.ack_refusal()
    bob.on("ACK")


def again(alice, bob):
    """The INVITE once more, with credentials."""
    alice.pause(150)
    alice.request("INVITE", alice.description(), ["[authentication username=201 password=fixture]"])
    bob.on("INVITE")


def challenge_unanswered():
    alice, bob = pair("call-challenge-unanswered")
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    challenge(alice, bob)
    save(alice, bob)


def forbidden_after_credentials():
    alice, bob = pair("call-forbidden-after-credentials")
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    challenge(alice, bob)
    again(alice, bob)
    bob.reply("403 Forbidden", retrans=True)
    alice.wait_for(403)
    alice.ack_refusal()
    bob.on("ACK")
    save(alice, bob)


def bad_credentials():
    alice, bob = pair("call-bad-credentials")
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    challenge(alice, bob)
    again(alice, bob)
    challenge(alice, bob, nonce="65f1c0de0a1c")
    save(alice, bob)


def stale_nonce():
    alice, bob = pair("call-stale-nonce")
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    challenge(alice, bob)
    again(alice, bob)
    challenge(alice, bob, nonce="65f1c0de0a1d", more=", stale=true")
    again(alice, bob)
    bob.pause(100)
    bob.reply("180 Ringing")
    alice.wait_for(180)
    bob.pause(RINGS)
    answer(alice, bob)
    talk(alice, bob)
    hang_up(alice, bob)
    save(alice, bob)


def redirected():
    """302 to another number of the same host, and the INVITE to it in the same call (RFC 3261 §8.1.3.4)."""
    alice, bob = pair("call-redirected")
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    bob.pause(100)
    target = ["Contact: <sip:203@[local_ip]:[local_port]>", "Diversion: <sip:202@pbx.example>;reason=unconditional"]
    bob.reply("302 Moved Temporarily", headers=target, tag=tag_of("call-redirected", "server"), retrans=True)
    alice.wait_for(302)
    alice.ack_refusal()
    bob.on("ACK")
    alice.pause(50)
    alice.request("INVITE", alice.description(), uri="sip:203@[remote_ip]:[remote_port]")
    bob.on("INVITE")
    bob.reply("180 Ringing")
    alice.wait_for(180)
    bob.pause(RINGS)
    answer(alice, bob)
    talk(alice, bob)
    hang_up(alice, bob)
    save(alice, bob)


def session_interval():
    alice, bob = pair("call-session-interval")
    alice.request("INVITE", alice.description(), ["Supported: timer", "Session-Expires: 60", "Min-SE: 60"])
    bob.on("INVITE")
    bob.reply("422 Session Interval Too Small", headers=["Min-SE: 1800"], tag=tag_of("422", "first"), retrans=True)
    alice.wait_for(422)
    alice.ack_refusal()
    bob.on("ACK")
    alice.request("INVITE", alice.description(), ["Supported: timer", "Session-Expires: 1800", "Min-SE: 1800"])
    bob.on("INVITE")
    bob.reply("180 Ringing")
    alice.wait_for(180)
    bob.pause(RINGS)
    answer(alice, bob)
    talk(alice, bob)
    hang_up(alice, bob)
    save(alice, bob)


def cancelled():
    alice, bob = pair("call-cancelled")
    ring(alice, bob, 0)
    alice.pause(800)
    alice.cancel()
    bob.on("CANCEL")
    bob.reply("200 OK")
    bob.reply("487 Request Terminated", cseq="1 INVITE", retrans=True)
    alice.wait_for(200, 487)
    alice.ack_refusal()
    bob.on("ACK")
    save(alice, bob)


def early_media():
    alice, bob = pair("call-early-media")
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    bob.reply("183 Session Progress", bob.description())
    alice.wait_for(183)
    bob.speak("announcement.pcap")
    bob.pause(1500)
    answer(alice, bob)
    talk(alice, bob, 1500, voices=True)
    hang_up(alice, bob)
    save(alice, bob)


def change(alice, bob, direction, answered, connection="[media_ip]", method="INVITE"):
    """A change of the session that the other side accepts."""
    alice.request(method, alice.description(direction, connection))
    bob.on(method)
    bob.reply("200 OK", bob.description(answered), retrans=method == "INVITE")
    alice.wait_for(200)
    if method == "INVITE":
        alice.ack()
        bob.on("ACK")


def held(case, direction, answered, connection="[media_ip]", method="INVITE"):
    alice, bob = pair(case)
    ring(alice, bob)
    answer(alice, bob)
    alice.pause(600)
    change(alice, bob, direction, answered, connection, method)
    alice.pause(900)
    change(alice, bob, "sendrecv", "sendrecv", method=method)
    alice.pause(500)
    hang_up(alice, bob)
    save(alice, bob)


def held_twice():
    """Held, the hold repeated, taken back; and all that a second time."""
    alice, bob = pair("call-held-twice")
    ring(alice, bob)
    answer(alice, bob)
    for _ in range(2):
        alice.pause(400)
        change(alice, bob, "sendonly", "recvonly")
        alice.pause(400)
        change(alice, bob, "sendonly", "recvonly")
        alice.pause(400)
        change(alice, bob, "sendrecv", "sendrecv")
    alice.pause(400)
    hang_up(alice, bob)
    save(alice, bob)


def reinvite_refused(case, line):
    """A re-INVITE is refused; the call goes on and ends by BYE."""
    alice, bob = pair(case)
    ring(alice, bob)
    answer(alice, bob)
    alice.pause(600)
    alice.request("INVITE", alice.description(payload=8))
    bob.on("INVITE")
    bob.reply(line, retrans=True)
    alice.wait_for(line[:3])
    alice.ack_refusal()
    bob.on("ACK")
    alice.pause(1000)
    hang_up(alice, bob)
    save(alice, bob)


def reinvite_ends(case, line):
    """A re-INVITE shows that the other side has no dialog any more; nobody sends a BYE."""
    alice, bob = pair(case)
    ring(alice, bob)
    answer(alice, bob)
    alice.pause(1000)
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    bob.reply(line, retrans=True)
    alice.wait_for(line[:3])
    alice.ack_refusal()
    bob.on("ACK")
    save(alice, bob)


def transaction_ack():
    """A refused call, whose ACK belongs to its INVITE, and an answered one, whose ACK does not."""
    refused("transaction-ack", "486 Busy Here")
    alice, bob = pair("transaction-ack-2")
    ring(alice, bob, 200)
    answer(alice, bob)
    alice.pause(300)
    hang_up(alice, bob)
    save(alice, bob)


def brief_call(case):
    alice, bob = pair(case)
    ring(alice, bob, 300)
    answer(alice, bob)
    alice.pause(700)
    hang_up(alice, bob)
    save(alice, bob)


def lost_bye(case, headers=()):
    """Answered, a little talk, and then nothing more."""
    alice, bob = pair(case)
    alice.request("INVITE", alice.description(), ["Supported: timer", *headers] if headers else ())
    bob.on("INVITE")
    bob.reply("180 Ringing")
    alice.wait_for(180)
    bob.pause(300)
    bob.reply("200 OK", bob.description(), ["Require: timer", *headers] if headers else (), retrans=True)
    alice.wait_for(200)
    alice.ack()
    bob.on("ACK")
    talk(alice, bob, 1000)
    save(alice, bob)


def authenticated():
    alice, bob = pair("call-authenticated")
    alice.request("INVITE", alice.description())
    bob.on("INVITE")
    challenge(alice, bob)
    again(alice, bob)
    bob.pause(300)
    bob.reply("180 Ringing")
    alice.wait_for(180)
    bob.pause(RINGS)
    answer(alice, bob)
    talk(alice, bob)
    hang_up(alice, bob)
    save(alice, bob)


def register(case, phone="alice", contact="sip:201@[local_ip]:[local_port]", expires="600"):
    """A phone's REGISTER steps; the registrar is played by bob's host."""
    alice, bob = pair(case)

    def ask(headers=(), expires=expires, contact=contact):
        alice.cseq += 1
        alice._message([
            f"REGISTER sip:{DOMAIN} SIP/2.0", "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
            "Max-Forwards: 70", f"From: <sip:201@{DOMAIN}>;tag={alice.tag}", f"To: <sip:201@{DOMAIN}>", "Call-ID: [call_id]",
            f"CSeq: {alice.cseq} REGISTER", f"Contact: <{contact}>", f"Expires: {expires}" if expires else "",
            *headers, "User-Agent: Desk Phone 410/2.1.7"], retrans=True)
        bob.on("REGISTER")

    def told(line, *headers):
        bob.pause(30)
        bob._message([f"SIP/2.0 {line}", "[last_Via:]", "[last_From:]", f"[last_To:];tag={bob.tag}", "[last_Call-ID:]",
                      "[last_CSeq:]", *headers, "Server: Office Exchange 3"])
        alice.wait_for(line[:3], auth=line.startswith("401"))
        alice.pause(200)

    return alice, bob, ask, told


WWW = 'WWW-Authenticate: Digest realm="pbx.example", nonce="%s", algorithm=MD5, qop="auth"%s'
CREDENTIALS = ["[authentication username=201 password=fixture]"]
BINDING = "Contact: <sip:201@10.20.0.101:5060>;expires=%d"


def registration_forbidden_after_credentials():
    alice, bob, ask, told = register("registration-forbidden-after-credentials")
    ask()
    told("401 Unauthorized", WWW % ("65f1c0de1a01", ""))
    ask(CREDENTIALS)
    told("403 Forbidden")
    save(alice, bob)


def registration_interval():
    alice, bob, ask, told = register("registration-interval-too-brief", expires="30")
    ask()
    told("423 Interval Too Brief", "Min-Expires: 300")
    ask(expires="300")
    told("200 OK", BINDING % 300)
    save(alice, bob)


def registration_contact_expires():
    """The 200 grants 120 s in its Contact, and says 3600 in an Expires header that does not count."""
    alice, bob, ask, told = register("registration-contact-expires", expires="3600")
    ask()
    told("200 OK", BINDING % 120, "Expires: 3600")
    save(alice, bob)


def registration_stale_nonce():
    alice, bob, ask, told = register("registration-stale-nonce")
    ask()
    told("401 Unauthorized", WWW % ("65f1c0de1a02", ""))
    ask(CREDENTIALS)
    told("401 Unauthorized", WWW % ("65f1c0de1a03", ", stale=true"))
    ask(CREDENTIALS)
    told("200 OK", BINDING % 600)
    save(alice, bob)


def registration_challenge_unanswered():
    alice, bob, ask, told = register("registration-challenge-unanswered")
    ask()
    told("401 Unauthorized", WWW % ("65f1c0de1a04", ""))
    save(alice, bob)


answered()
ended_by_callee()
forked()
for case, line, rings in [
    ("call-busy", "486 Busy Here", False), ("call-no-answer-480", "480 Temporarily Unavailable", True),
    ("call-no-answer-408", "408 Request Timeout", True), ("call-declined", "603 Decline", True),
    ("call-not-found", "404 Not Found", False), ("call-unavailable", "503 Service Unavailable", False),
    ("call-forbidden", "403 Forbidden", False),
]:
    refused(case, line, rings)
challenge_unanswered()
forbidden_after_credentials()
bad_credentials()
stale_nonce()
redirected()
session_interval()
cancelled()
early_media()
held("call-held-sendonly", "sendonly", "recvonly")
held("call-held-inactive", "inactive", "inactive")
held("call-held-zero-address", "sendrecv", "sendrecv", connection="0.0.0.0")
held("call-held-by-update", "sendonly", "recvonly", method="UPDATE")
held_twice()
reinvite_refused("call-reinvite-488", "488 Not Acceptable Here")
reinvite_refused("call-reinvite-491", "491 Request Pending")
reinvite_ends("call-reinvite-481", "481 Call/Transaction Does Not Exist")
reinvite_ends("call-reinvite-408", "408 Request Timeout")
transaction_ack()
brief_call("call-id-reused")
brief_call("call-id-reused-2")
lost_bye("call-lost-bye")
lost_bye("call-session-timer-expired", ["Session-Expires: 90;refresher=uac"])
authenticated()
registration_forbidden_after_credentials()
registration_interval()
registration_contact_expires()
registration_stale_nonce()
registration_challenge_unanswered()
voice(folder, "alice.pcap", 0x1A2B3C01, 18, 20, 90, first=1000)
voice(folder, "bob.pcap", 0x5D6E7F02, 18, 20, 85, first=60000)
voice(folder, "announcement.pcap", 0x5D6E7F02, 18, 20, 60, first=3000)
