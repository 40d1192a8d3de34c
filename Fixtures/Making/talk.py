"""Calls written message by message at exact times, for what phones do not play: races, forgeries, NAT, two legs."""
import hashlib
import os
import struct
import sys

sys.dont_write_bytecode = True
from frames import Capture

DOMAIN = "pbx.example"
CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Cases")
ALICE, BOB, CAROL = ("201", "10.20.0.101"), ("202", "10.20.0.102"), ("203", "10.20.0.103")
PROXY, PBX, MALLORY = "10.20.0.10", "10.20.0.30", "10.20.0.66"


def tag(*words):
    return hashlib.md5("/".join(words).encode()).hexdigest()[:10]


def sdp(address, port, version=1, direction="sendrecv", payload=18, media=(), session=(), connection=None, origin=None,
        profile="RTP/AVP", more=()):
    """A description with one audio stream; `media` are further sections, `more` further lines of the audio."""
    codec = {18: ["a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=no"], 8: ["a=rtpmap:8 PCMA/8000"]}[payload]
    return "\r\n".join([
        "v=0", f"o={origin or f'- 71{port} {version} IN IP4 {address}'}", "s=-", f"c=IN IP4 {connection or address}", "t=0 0",
        *session, f"m=audio {port} {profile} {payload} 101", *codec, "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15",
        *more, f"a={direction}", *media, ""])


class Talk(Capture):
    """A capture with calls, voices and noise in it; packets may be added in any order."""

    def __init__(self, name, start):
        super().__init__(f"2026-03-11T{start}:00+00:00")
        self.name = name

    def save(self):
        self.records.sort(key=lambda record: struct.unpack_from("<II", record))
        folder = os.path.join(CASES, self.name)
        os.makedirs(folder, exist_ok=True)
        self.write(os.path.join(folder, "input.pcap"))

    def call(self, caller=ALICE, callee=BOB, **options):
        return Call(self, caller, callee, **options)

    def rtp(self, at, source, target, ssrc, count, first=1000, payload=18, size=20, interval=20, step=160, skip=(), begin=0):
        """Voice from `source` to `target`, both (address, port); `skip` are numbers of packets that got lost."""
        for number in range(count):
            if number in skip:
                continue
            head = struct.pack("!BBHII", 0x80, payload | (0x80 if number == 0 else 0), (first + number) & 0xFFFF,
                               (begin + step * number) & 0xFFFFFFFF, ssrc)
            noise = hashlib.sha256(struct.pack("!II", ssrc, number)).digest() * 6
            self.udp(at + interval * number, source[0], target[0], head + noise[:size], ports=(source[1], target[1]))

    def sender_report(self, at, source, target, ssrc, packets, octets, about=None, lost=0, jitter=0):
        """An RTCP SR with one report block when there is a stream to report on, and an SDES (RFC 3550 §6)."""
        seconds = self.start + int(at) // 1000 + 2208988800
        blocks = b""
        if about is not None:
            blocks = struct.pack("!IBBHIIII", about, 0, 0, lost, 60000, jitter, 0, 0)
        report = struct.pack("!IIIIII", ssrc, seconds, int(at % 1000 * 4294967), 160 * packets, packets, octets) + blocks
        report = struct.pack("!BBH", 0x80 | (about is not None), 200, len(report) // 4) + report
        name = b"\x01\x05a@b.c\0"
        sdes = struct.pack("!BBHI", 0x81, 202, (4 + len(name)) // 4, ssrc) + name
        self.udp(at, source[0], target[0], report + sdes, ports=(source[1], target[1]))

    def goodbye(self, at, source, target, ssrc):
        """An empty RTCP RR and a BYE (RFC 3550 §6.6)."""
        data = struct.pack("!BBHI", 0x80, 201, 1, ssrc) + struct.pack("!BBHI", 0x81, 203, 1, ssrc)
        self.udp(at, source[0], target[0], data, ports=(source[1], target[1]))

    def stun(self, at, source, target, kind=0x0001, user=None, mapped=None, number=1, sealed=True):
        """A STUN message (RFC 8489 §5): a binding request (1) or success response (0x101), with integrity unless it has no user."""
        attributes = b""
        if user:
            padded = user.encode() + b"\0" * (-len(user) % 4)
            attributes += struct.pack("!HH", 0x0006, len(user)) + padded
        if mapped:
            port = mapped[1] ^ 0x2112
            numbers = bytes(a ^ b for a, b in zip(map(int, mapped[0].split(".")), b"\x21\x12\xa4\x42"))
            attributes += struct.pack("!HHBBH", 0x0020, 8, 0, 1, port) + numbers
        if sealed and (user or mapped):
            attributes += struct.pack("!HH", 0x0008, 20) + hashlib.sha1(attributes).digest()
        head = struct.pack("!HHI", kind, len(attributes), 0x2112A442) + hashlib.md5(bytes([number])).digest()[:12]
        self.udp(at, source[0], target[0], head + attributes, ports=(source[1], target[1]))

    def later(self, at):
        """An OPTIONS and its answer between others: it only says how late it is."""
        other = Call(self, CAROL, ("", PROXY))
        other.request(at, "OPTIONS")
        other.reply(at + 5, "200 OK")

    def repeat(self, after=0.1):
        """Shows the last packet again, as a span port that mirrors both directions does."""
        seconds, micros = struct.unpack_from("<II", self.records[-1])
        micros += round(after * 1000)
        stamp = struct.pack("<II", seconds + micros // 1_000_000, micros % 1_000_000)
        self.records.append(stamp + self.records[-1][8:])


class Call:
    """The messages of one Call-ID between two users, each (user part, address)."""

    def __init__(self, capture, caller, callee, call_id=None, vary="", user=None, domain=DOMAIN):
        self.capture, self.caller, self.callee, self.domain = capture, caller, callee, domain
        self.user = caller[0] if user is None else user
        label = f"{capture.name}/{caller[0]}/{callee[0]}{vary}"
        self.call_id = call_id or f"{tag(label, 'call')}@{caller[1]}"
        self.tags = {caller: tag(label, "from"), callee: tag(label, "to")}
        self.cseq = {caller: 0, callee: 0}
        self.in_dialog = False
        self.label, self.last = label, {}

    def _party(self, who, to=False):
        user = self.user if who == self.caller else who[0]
        known = self.in_dialog or (who == self.caller)
        return f"<sip:{user + '@' if user else ''}{self.domain}>" + (f";tag={self.tags[who]}" if known else "")

    def request(self, at, method, by=None, body="", headers=(), branch=None, cseq=None, uri=None, source=None, target=None,
                type="application/sdp", cookie="z9hG4bK", ports=(5060, 5060)):
        """Sends a request of the caller, or of `by`; ACK and CANCEL go with the INVITE before them."""
        by = by or self.caller
        other = self.callee if by == self.caller else self.caller
        if cseq is None and method not in ("ACK", "CANCEL"):
            self.cseq[by] += 1
        number = cseq or (self.last[by]["number"] if method in ("ACK", "CANCEL") else self.cseq[by])
        refusing = method == "ACK" and not self.in_dialog
        kind = "INVITE" if method == "CANCEL" or refusing else method    # they belong to the transaction of the INVITE
        branch = branch or f"{cookie}{tag(self.label, by[0], kind, str(number))}"
        source, target = source or by[1], target or other[1]
        lines = [
            f"{method} {uri or 'sip:' + (other[0] and other[0] + '@') + other[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {source}:{ports[0]};branch={branch}" if branch != "none" else f"Via: SIP/2.0/UDP {source}:{ports[0]}",
            "Max-Forwards: 70",
            f"From: {self._party(by)}",
            f"To: {self._party(other)}" + (f";tag={self.tags[other]}" if refusing else ""),
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
        ]
        if method in ("INVITE", "UPDATE", "REFER", "NOTIFY"):
            lines.append(f"Contact: <sip:{by[0]}@{by[1]}>")
        lines += headers
        lines += [f"Content-Type: {type}"] if body else []
        data = "\r\n".join(lines + [f"Content-Length: {len(body)}", "", body]).encode()
        if method != "ACK":
            self.last[by] = {"lines": lines, "number": number, "source": source, "target": target, "method": method}
            self.asked = by
        self.capture.udp(at, source, target, data, ports=ports)
        return data

    def reply(self, at, line, body="", headers=(), to=None, source=None, target=None, method=None):
        """Answers the last request (or the last of `to`); a 1xx or 2xx to an INVITE makes the dialog known."""
        asker = to or self.asked
        asked = self.last[asker]
        other = self.callee if asker == self.caller else self.caller
        known = {each.split(":")[0]: each for each in asked["lines"][1:]}
        to_line = known["To"] if ";tag=" in known["To"] or line.startswith("100") else f"{known['To']};tag={self.tags[other]}"
        number = asked["number"]
        lines = [f"SIP/2.0 {line}", known["Via"], known["From"], to_line, f"Call-ID: {self.call_id}",
                 f"CSeq: {number} {method or asked['method']}"]
        if asked["method"] in ("INVITE", "UPDATE") and line[0] in "12" and not line.startswith("100"):
            lines.append(f"Contact: <sip:{other[0]}@{other[1]}>")
        lines += headers
        lines += ["Content-Type: application/sdp"] if body else []
        data = "\r\n".join(lines + [f"Content-Length: {len(body)}", "", body]).encode()
        self.capture.udp(at, source or asked["target"], target or asked["source"], data)
        if line[0] == "2" and asked["method"] == "INVITE":
            self.in_dialog = True
        return data

    def ack(self, at, **options):
        self.request(at, "ACK", **options)

    def hang_up(self, at, by=None):
        self.request(at, "BYE", by=by)
        self.reply(at + 10, "200 OK")
