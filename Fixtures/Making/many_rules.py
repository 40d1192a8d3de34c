#!/usr/bin/env python3
"""Writes a rule file with many rules, as a rule pack of that size would mix them, for measuring.
usage: many_rules.py COUNT > many.yaml

Nothing is told by chance: rule n of a larger set is rule n of a smaller one. The names, numbers and addresses
that the rules look for are mostly not in anybody's traffic; two of them, in each set, count what is frequent."""
import sys

KINDS = [
    # Programs by a part of their name.
    lambda n: ("sip.request", f'sip.user_agent contains "scan-tool-{n}x"', None),
    lambda n: ("sip.request", f'lower(sip.user_agent) contains "voipkit{n}/"', None),
    # Numbers by their beginning, accounts, domains.
    lambda n: ("sip.request", f'sip.method == "INVITE" and sip.uri_user starts_with "00{n:05d}"', None),
    lambda n: ("sip.request", f'sip.from.user == "account{n}" and sip.method == "REGISTER"', None),
    lambda n: ("sip.response", f'sip.code in [403, 404] and sip.to.host == "host{n}.example.com"', None),
    # Addresses and networks.
    lambda n: ("sip.request", f"client.ip == 172.16.{n >> 8 & 255}.{n & 255}", "client.ip"),
    lambda n: ("sip.request", f"client.ip in [198.18.{n & 255}.0/24, 100.{64 + (n >> 8 & 63)}.0.0/20]", "client.ip"),
    lambda n: ("flow.started", f"dest_ip == 203.0.{n >> 8 & 255}.{n & 255} and dest_port == {1024 + n}", None),
    # Counting by account and by source.
    lambda n: ("registration.failed", f'registration.aor == "user{n}@example.com"', "client.ip"),
    lambda n: ("call.started", f'call.callee starts_with "sip:+99{n}"', "client.ip"),
    # Patterns.
    lambda n: ("sip.request", f'sip.call_id matches "^{n:x}-[0-9a-f]+-probe$"', None),
    lambda n: ("rtp.started", f"rtp.ssrc == {n * 7919} and src_port == {10000 + n % 40000}", None),
]
FREQUENT = [
    ("sip.request", 'sip.method == "REGISTER"', "client.ip"),
    ("sip.response", "sip.code == 401", "client.ip"),
    ("sip.request", 'sip.method == "INVITE" and not sip.in_dialog', "client.ip"),
    ("sip.response", "sip.code == 200", "client.ip"),
]


def rule(n):
    # The frequent ones are as many in each set: the first two.
    event, when, key = FREQUENT[n // 50] if n % 50 == 0 and n // 50 < 2 else KINDS[n % len(KINDS)](n)
    text = f"  - id: many-{n}\n    sid: {n + 1}\n    title: Rule {n}\n    event: {event}\n    when: '{when}'\n"
    if key:
        text += f"    threshold: {{by: [{key}], within: 60s, count: {{at_least: {50 + n % 50}}}}}\n"
    return text


print("rules:")
sys.stdout.write("".join(rule(n) for n in range(int(sys.argv[1]))))
