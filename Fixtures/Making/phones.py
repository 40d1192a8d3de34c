"""Writes SIPp scenarios: two phones that talk without a server between them, a message a line.

SIPp wants some fifteen lines of XML for each message. Here a phone is asked to `request`, `reply`, `wait_for`
and `speak`, and what must agree between both sides (tags, CSeq, branches, session versions) is counted along.
"""
import hashlib
import os
import struct

DOMAIN = "pbx.example"
PHONES = {"alice": ("201", "10.20.0.101", 16100), "bob": ("202", "10.20.0.102", 16200), "carol": ("203", "10.20.0.103", 16300)}


def tag_of(case, name):
    """A tag that both sides know: the same each time, another one in each case."""
    return hashlib.md5(f"{case}/{name}".encode()).hexdigest()[:10]


class Phone:
    def __init__(self, case, name, peer):
        self.case, self.name, self.peer = case, name, peer
        self.user, self.number = PHONES[name][0], PHONES[peer][0]
        self.tag, self.peer_tag = tag_of(case, name), tag_of(case, peer)
        self.steps, self.index, self.cseq, self.version = [], 0, 0, 0
        self.invite = self.invite_cseq = None
        self.in_dialog = False

    def _step(self, text):
        self.steps.append(text)
        self.index += 1

    def _message(self, lines, body="", retrans=False):
        lines = [line for line in lines if line]
        lines += ["Content-Type: application/sdp", "Content-Length: [len]", "", body] if body else ["Content-Length: 0"]
        text = "\n".join(lines).replace("\n", "\n      ")
        again = ' retrans="500"' if retrans else ""
        self._step(f"  <send{again}>\n    <![CDATA[\n      {text}\n    ]]>\n  </send>")

    def description(self, direction="sendrecv", connection="[media_ip]", payload=18):
        """An offer or answer of this phone; each one has the next version."""
        self.version += 1
        codec = {18: ["a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=no"], 8: ["a=rtpmap:8 PCMA/8000"]}[payload]
        return "\n".join([
            "v=0", f"o={self.user} 53655765 {self.version} IN IP4 [media_ip]", "s=-", f"c=IN IP4 {connection}", "t=0 0",
            f"m=audio [media_port] RTP/AVP {payload} 101", *codec, "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-15", f"a={direction}"])

    def _head(self, method, uri, branch, to, cseq, headers):
        return [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[{branch}]",
            "Max-Forwards: 70",
            f"From: <sip:{self.user}@{DOMAIN}>;tag={self.tag}",
            to,
            "Call-ID: [call_id]",
            f"CSeq: {cseq} {method}",
            f"Contact: <sip:{self.user}@[local_ip]:[local_port]>" if method in ("INVITE", "UPDATE", "REFER") else "",
            *headers,
            "User-Agent: Desk Phone 410/2.1.7",
        ]

    def request(self, method, sdp="", headers=(), uri=None, retrans=True):
        """A request with the next CSeq: in the dialog when there is one."""
        self.cseq += 1
        if method == "INVITE":
            self.invite, self.invite_cseq = self.index, self.cseq
        uri = uri or f"sip:{self.number}@[remote_ip]:[remote_port]"
        to = f"To: <sip:{self.number}@{DOMAIN}>" + (f";tag={self.peer_tag}" if self.in_dialog else "")
        self._message(self._head(method, uri, "branch", to, self.cseq, headers), sdp, retrans)

    def ack(self, tag=None):
        """The ACK of a 2xx, and from here on there is a dialog."""
        self.in_dialog = True
        self.peer_tag = tag or self.peer_tag
        to = f"To: <sip:{self.number}@{DOMAIN}>;tag={self.peer_tag}"
        uri = f"sip:{self.number}@[remote_ip]:[remote_port]"
        self._message(self._head("ACK", uri, "branch", to, self.invite_cseq, ()))

    def ack_refusal(self):
        """The ACK of another final response: in the transaction of its INVITE (RFC 3261 §17.1.1.3)."""
        uri = f"sip:{self.number}@[remote_ip]:[remote_port]"
        branch = f"branch-{self.index - self.invite}"
        self._message(self._head("ACK", uri, branch, "[last_To:]", self.invite_cseq, ()))

    def cancel(self):
        uri = f"sip:{self.number}@[remote_ip]:[remote_port]"
        to = f"To: <sip:{self.number}@{DOMAIN}>"
        self._message(self._head("CANCEL", uri, f"branch-{self.index - self.invite}", to, self.invite_cseq, ()))

    def reply(self, line, sdp="", headers=(), tag=None, cseq=None, retrans=False):
        """A response to the last request, or (with `cseq`) to the one before with the same Via."""
        to = "[last_To:]" + ("" if self.in_dialog else f";tag={tag or self.tag}")
        contact = line[0] in "12" and line[:3] != "100" and not (cseq or "").endswith("CANCEL")
        self._message([
            f"SIP/2.0 {line}", "[last_Via:]", "[last_From:]", to, "[last_Call-ID:]",
            f"CSeq: {cseq}" if cseq else "[last_CSeq:]",
            f"Contact: <sip:{self.user}@[local_ip]:[local_port]>" if contact else "",
            *headers, "User-Agent: Softline 9.4 (Linux)"], sdp, retrans)

    def wait_for(self, *codes, auth=False, optional=()):
        """Waits for a response; those in `optional` may come before it."""
        for code in optional:
            self._step(f'  <recv response="{code}" optional="true"/>')
        for code in codes:
            self._step(f'  <recv response="{code}"' + (' auth="true"/>' if auth else "/>"))

    def on(self, method):
        """Waits for a request."""
        self._step(f'  <recv request="{method}"/>')

    def pause(self, milliseconds):
        if milliseconds:
            self._step(f'  <pause milliseconds="{milliseconds}"/>')

    def speak(self, name):
        """Plays a recorded voice without waiting for its end."""
        self._step(f'  <nop><action><exec play_pcap_audio="{name}"/></action></nop>')

    def write(self, folder):
        body = "\n".join(self.steps)
        with open(os.path.join(folder, f"{self.case}-{self.name}.xml"), "w") as file:
            file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="{self.case}-{self.name}">\n{body}\n</scenario>\n')


def voice(folder, name, ssrc, payload, size, count, first=0):
    """A pcap of RTP packets every 20 ms for `play_pcap_audio`; noise from a fixed seed."""
    with open(os.path.join(folder, name), "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        noise = b""
        for number in range(count):
            noise = hashlib.sha256(noise + name.encode()).digest()
            header = struct.pack("!BBHII", 0x80, payload | (0x80 if number == 0 else 0), first + number, 160 * number, ssrc)
            udp = header + (noise * 5)[:size]
            udp = struct.pack("!HHHH", 16000, 16000, 8 + len(udp), 0) + udp
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number, 0, 64, 17, 0, b"\x0a\x14\0\1", b"\x0a\x14\0\2")
            frame = bytes(12) + b"\x08\0" + ip + udp
            micros = 20_000 * number
            file.write(struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(frame), len(frame)) + frame)
