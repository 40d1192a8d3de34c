#!/usr/bin/env bash
# sip-errors (VLAN 20), blacklisted (Linux cooked): refusals of an exchange and of a gateway; a blocked address.
. "$(dirname "$0")/network.sh"

switch_up
host exchange 192.0.2.10
host gateway 192.0.2.20
host client 198.51.100.31
host blocked 203.0.113.66
exchange_up udp:192.0.2.10:5060

# play SCENARIO TARGET COUNT RATE [keys]: lets the client play a scenario.
play() {
  local scenario=$1 target=$2 count=$3 rate=$4; shift 4
  (cd "$work" && at client timeout 30 sipp "$target:5060" -sf "$scenario" -i 198.51.100.31 -p 5060 -m "$count" \
    -r "$rate" -nr -nostdin "$@" >>"$work/client.log" 2>&1)
}
# fails STATUS REASON: one call that the gateway refuses so.
fails() {
  sed "s/STATUS/$1/; s/REASON/$2/" "$here/sipp/answer-failing.xml" >"$work/answer-$1.xml"
  sed "s/STATUS/$1/" "$here/sipp/call-failing.xml" >"$work/call-$1.xml"
  (cd "$work" && at gateway timeout 30 sipp -sf "answer-$1.xml" -i 192.0.2.20 -p 5060 -m 1 -nostdin >"gateway.log" 2>&1) &
  local answering=$!
  until_listening gateway 5060
  play "$work/call-$1.xml" 192.0.2.20 1 1 -key user 201 -key called 0301234567
  wait "$answering"
}

record sip-errors.plain -- udp
play "$here/sipp/register-refused.xml" 192.0.2.10 12 4 -key user 209
sed "s/STATUS/404/" "$here/sipp/call-failing.xml" >"$work/call-404.xml"
play "$work/call-404.xml" 192.0.2.10 24 12 -key user 301 -key called 700
fails 503 "Service Unavailable"
fails 500 "Database connection lost"
fails 502 "Bad Gateway"
fails 603 "Declined: fraud detected"
fails 608 "Rejected"
fails 580 "Precondition Failure"
recorded
keep sip-errors.plain 2026-03-05T09:00:00Z -F pcap
tcprewrite --enet-vlan=add --enet-vlan-tag=20 --enet-vlan-cfi=0 --enet-vlan-pri=0 \
  -i "$out/sip-errors.plain" -o "$out/sip-errors.pcap"
rm "$out/sip-errors.plain"

# A neighbour from a blocked network: two keep-alives and a call that comes to nothing, with a harmless name.
record_at exchange any blacklisted.pcap -y LINUX_SLL2 -- udp
(cd "$work" && at blocked timeout 30 sipp 192.0.2.10:5060 -sf "$here/sipp/options.xml" -i 203.0.113.66 -p 5060 -m 2 -r 2 \
  -key user 201 -key agent "Desk Phone 410/2.1.7" -nostdin >blocked.log 2>&1)
(cd "$work" && at blocked timeout 30 sipp 192.0.2.10:5060 -sf call-404.xml -i 203.0.113.66 -p 5060 -m 1 \
  -key user 4711 -key called 201 -nostdin >blocked.log 2>&1)
recorded
keep blacklisted.pcap 2026-03-05T11:00:00Z -F pcap
