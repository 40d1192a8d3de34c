#!/usr/bin/env bash
# office-morning.pcap: an exchange (Kamailio) and five phones (SIPp) on an ordinary morning.
. "$(dirname "$0")/network.sh"

switch_up
host exchange 192.0.2.10
for n in 1 2 3 4 5; do host "phone$n" "192.0.2.10$n"; done

cp "$here"/sipp/*.xml "$work"
for code in 486 480 404; do sed "s/REFUSAL/$code/" "$work/call-rejected.xml" >"$work/call-rejected-$code.xml"; done
head -c 400 /dev/urandom >"$work/voice.g729"      # sound that nobody will hear: 20 frames of 20 bytes

names=(- "Anna Berg" "Bernd Cohn" "Carla Dietz" "Dirk Ebert" "Elif Frey")
agents=(- "Desk Phone 410/2.1.7" "Desk Phone 410/2.1.7" "Desk Phone 620/3.0.2" "Softline 9.4 (Linux)" "Softline 9.4 (Windows)")

# phone N PORT SCENARIO SECONDS [sipp options]: lets phone N play a scenario once.
phone() {
  local n=$1 port=$2 scenario=$3 seconds=$4; shift 4
  (cd "$work" && at "phone$n" timeout 20 sipp 192.0.2.10:5060 -sf "$scenario.xml" -m 1 -i "192.0.2.10$n" -p "$port" \
    -mi "192.0.2.10$n" -mp $((16000 + 100 * n)) -key user "20$n" -au "20$n" -ap "pass-20$n" -key name "${names[$n]}" \
    -key agent "${agents[$n]}" -d "$((seconds * 1000))" -nostdin "$@" >"phone$n-$port.log" 2>&1) \
    || { echo "phone $n failed in $scenario" >&2; exit 1; }
}
# calls FROM TO PORT SCENARIO SECONDS ANSWER RINGING: one call between two phones.
calls() {
  local from=$1 to=$2 port=$3 scenario=$4 seconds=$5 answer=$6 ringing=$7
  phone "$to" 5060 "$answer" "$ringing" & local callee=$!
  until_listening "phone$to" 5060
  phone "$from" "$port" "$scenario" "$seconds" -key called "20$to"
  wait "$callee"
}

record office-morning.pcap -- 'udp or icmp'
exchange_up udp:192.0.2.10:5060
for n in 1 2 3 4; do phone "$n" 5060 register 1 -key life 600; sleep 0.3; done
phone 5 5060 register-mistyped 1 -key life 600
for n in 1 2 3 4 5; do phone "$n" 5062 options 1; sleep 0.2; done
calls 1 2 5062 call 2 answer 1 & first=$!
sleep 0.7
calls 3 4 5062 call-rejected-486 1 answer-busy 0
wait "$first"
calls 2 5 5062 call-cancelled 2 answer-cancelled 1
for n in 1 2 3 4 5; do phone "$n" 5062 options 1; sleep 0.1; done
calls 4 1 5062 call-hold 1 answer 2 & held=$!
sleep 1
calls 5 3 5062 call-rejected-480 1 answer-nobody 3
wait "$held"
phone 3 5062 call-rejected-404 1 -key called 299
for n in 1 2; do phone "$n" 5060 register 1 -key life 600; sleep 0.4; done
calls 3 1 5062 call 1 answer 1
phone 4 5060 register 1 -key life 0
for n in 1 2 3 5; do phone "$n" 5062 options 1; done
recorded
keep office-morning.pcap 2026-03-02T08:00:00Z -F pcap
