#!/usr/bin/env bash
# Makes Fixtures/lab-*.pcap from the captures of the last lab run: without the desks that took no part, and at a fixed time.
# Usage: fixtures.sh [NAME…]; needs tcpdump, tshark and editcap.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
results=${LAB_OUT:-$root/ringwatch-out/lab}
desks='not host 192.0.2.101 and not host 192.0.2.102 and not host 192.0.2.103'
wanted=" $* "

# fixture NAME SCENARIO START FILTER [editcap options]: a capture of the lab becomes a fixture that begins at START (UTC).
fixture() {
  local name=$1 scenario=$2 start=$3 filter=$4 first offset; shift 4
  [ "$wanted" = "  " ] || [[ $wanted == *" $name "* ]] || return 0
  tcpdump -r "$results/$scenario/$scenario.pcap" -w "$results/part.pcap" "udp and ($filter)" 2>/dev/null
  first=$(tshark -r "$results/part.pcap" -c 1 -T fields -e frame.time_epoch 2>/dev/null)
  offset=$(python3 -c 'import sys, decimal as d; print(d.Decimal(sys.argv[1]) - d.Decimal(sys.argv[2]))' "$(date -u -d "$start" +%s)" "$first")
  editcap -F pcap -t "$offset" "$@" "$results/part.pcap" "$root/Fixtures/lab-$name.pcap"
  rm "$results/part.pcap"
}

fixture spray spray 2026-03-12T09:00:00Z "$desks"
fixture power-cut power-cut-nat 2026-03-12T09:10:00Z "$desks"
fixture toll-fraud toll-fraud 2026-03-12T09:20:00Z "$desks"
fixture wangiri wangiri 2026-03-12T09:30:00Z "$desks"
fixture unregister unregister 2026-03-12T09:40:00Z "$desks"
fixture forged-bye forged-bye 2026-03-12T09:50:00Z 'not host 192.0.2.103'
fixture forged-cancel forged-cancel 2026-03-12T10:00:00Z 'not host 192.0.2.102 and not host 192.0.2.103'
fixture voice-continued inject-continue 2026-03-12T10:10:00Z 'not host 192.0.2.103'
fixture digest-leak digest-leak 2026-03-12T10:20:00Z 'not host 192.0.2.101 and not host 192.0.2.103'
fixture transfer desk-transfer 2026-03-12T10:30:00Z 'host 192.0.2.101 or host 192.0.2.102 or host 192.0.2.103'
