/// A rule file with something of everything.
let exampleRules = """
  lists:
    trusted_peers:  {type: cidr,   items: ["192.0.2.0/28", "2001:db8:5::/48"]}
    premium:        {type: prefix, items: ["+4990", "0044871"]}
    holidays:       {type: date,   items: [2026-12-25, 2026-12-31..2027-01-01]}

  schedules:
    night:
      zone: Europe/Berlin
      any_of:
        - {days: [sun, mon, tue, wed, thu, fri], hours: "20:00-07:00"}
        - {days: [sat, sun], hours: "00:00-24:00"}
        - {dates: holidays,  hours: "00:00-24:00"}

  macros:
    from_peer:  client.ip in @trusted_peers
    new_invite: sip.method == "INVITE" and not sip.in_dialog and not sip.retransmission

  rules:
    - id: register-bruteforce          # the name people use
      sid: 9100010
      rev: 3
      title: Password guessing on REGISTER
      event: registration.failed
      when: registration.reason == "bad-credentials"
      during: night
      threshold: {by: [client.ip, registration.aor], within: 60s, count: {at_least: 10}}
      suppress: {by: [client.ip], for: 1h, summary: true}
      severity: high
      category: Attempted Administrator Privilege Gain
      tags: [brute-force]
      attack: [T1110.001]
      spoofable: 1
      references: ["https://example.com/a#b"]
      description: |
        Somebody guesses.
        Again and again.
      except:
        - {name: load test, when: client.ip in @trusted_peers, reason: provisioning, expires: 2027-01-31}
      tests:
        - name: ten bad passwords in a minute
          start: 2026-03-01T22:00:00+01:00
          events: [{repeat: 10, every: 5s, event: registration.failed, client.ip: 203.0.113.7, codecs: [PCMA, "PCMU"]}]
          expect: [{at: 45s, key: {client.ip: 203.0.113.7}, count: 10}]
        - name: ordinary challenges are no attack
          pcap: Fixtures/office-morning.pcap
          expect: 0
    - id: many-callees
      sid: 9100011
      title: Many callees
      event: call.started
      enabled: false
      threshold: {by: [], within: 250ms, distinct: {of: call.callee, more_than: 5}}

  """
