#!/usr/bin/env bash
# invite-flood, register-flood, options-flood: one client that sends far too much, with SIPp.
. "$(dirname "$0")/network.sh"

switch_up
host exchange 192.0.2.10
host attacker 198.51.100.50
exchange_up udp:192.0.2.10:5060

# flood SCENARIO USER RATE COUNT
flood() {
  (cd "$work" && at attacker timeout 20 sipp 192.0.2.10:5060 -sf "$here/sipp/$1.xml" -i 198.51.100.50 -p 5080 \
    -key user "$2" -r "$3" -m "$4" -nr -nostdin >"$work/$1.log" 2>&1)
}

record invite-flood.pcap --time-stamp-precision=nano -- udp
flood flood-invite 4711 120 160
recorded
keep invite-flood.pcap 2026-03-04T10:00:00Z -F nsecpcap

record register-flood.pcapng -- udp
flood flood-register 201 100 150
recorded
keep register-flood.pcapng 2026-03-04T10:10:00Z -F pcapng

record options-flood.pcap -- udp
flood flood-options 201 150 220
recorded
keep options-flood.pcap 2026-03-04T10:20:00Z -F pcap
gzip -9 -n -f "$out/options-flood.pcap"
