#!/usr/bin/env bash
# malformed, sip-tcp, sip-ipv6: messages that tools do not send, by scripts of our own; SIPp over IPv6.
. "$(dirname "$0")/network.sh"

switch_up
host exchange 192.0.2.10 2001:db8::10
host attacker 198.51.100.99
host phone1 192.0.2.101 2001:db8::101
host phone2 192.0.2.102 2001:db8::102
exchange_up udp:192.0.2.10:5060 tcp:192.0.2.10:5060 'udp:[2001:db8::10]:5060'

record malformed.pcap -- udp
at attacker python3 "$here/malformed.py" 198.51.100.99 192.0.2.10
recorded
keep malformed.pcap 2026-03-06T14:00:00Z -F pcap

record sip-tcp.pcapng -- tcp
at phone1 python3 "$here/stream.py" 192.0.2.101 192.0.2.10
recorded
keep sip-tcp.pcapng 2026-03-06T15:00:00Z -F pcapng

for file in call register answer; do
  sed 's/\(INVITE\|ACK\|REGISTER\) sip:\(\[called\]@\)\?office.example/\1 sip:\2[remote_ip]/' "$here/sipp/$file.xml" >"$work/$file.xml"
done
head -c 400 /dev/urandom >"$work/voice.g729"
# phone N SCENARIO MILLISECONDS NAME [options]: lets phone N play a scenario once, over IPv6.
phone() {
  local n=$1 scenario=$2 length=$3 name=$4; shift 4
  (cd "$work" && at "phone$n" timeout 20 sipp '[2001:db8::10]:5060' -sf "$scenario.xml" -m 1 -i "2001:db8::10$n" -p 5060 \
    -mi "2001:db8::10$n" -mp $((16000 + 100 * n)) -au "20$n" -ap "pass-20$n" -key user "20$n" -key name "$name" \
    -key agent "Desk Phone 620/3.0.2" -d "$length" -nostdin "$@" >"phone$n-$scenario.log" 2>&1)
}
record sip-ipv6.pcap -- 'ip6 and udp'
phone 1 register 1 - -key life 600
phone 2 register 1 - -key life 600
phone 2 answer 500 - &
answering=$!
until_listening phone2 5060
phone 1 call 600 "Zoë Müller 電話" -key called 202
wait "$answering"
recorded
keep sip-ipv6.pcap 2026-03-06T16:00:00Z -F pcap
