#!/usr/bin/env bash
# mixed.pcap: a Monday morning around seven (Berlin), put together from parts of the other captures.
. "$(dirname "$0")/network.sh"

# part START FILE LAST [FIRST]: frames FIRST to LAST of a capture, the first of them at START (UTC).
number=0
part() {
  local start=$1 file=$2 last=$3 first=${4:-1}
  number=$((number + 1))
  editcap -F pcap -r "$out/$file" "$work/part" "$first-$last"
  local old=$(tshark -r "$work/part" -c 1 -T fields -e frame.time_epoch 2>/dev/null)
  editcap -F pcap -t "$(python3 -c 'import sys,decimal as d; print(d.Decimal(sys.argv[1])-d.Decimal(sys.argv[2]))' \
    "$(date -u -d "$start" +%s)" "$old")" "$work/part" "$(printf '%s/part-%02d' "$work" $number)"
}

switch_up
host exchange 192.0.2.10
host blocked 203.0.113.66
exchange_up udp:192.0.2.10:5060
record blocked.pcap -- udp
(cd "$work" && at blocked timeout 30 sipp 192.0.2.10:5060 -sf "$here/sipp/options.xml" -i 203.0.113.66 -p 5060 -m 2 -r 2 \
  -key user 201 -key agent "Desk Phone 410/2.1.7" -nostdin >blocked.log 2>&1)
recorded
cp "$work/blocked.pcap" "$out/blocked.tmp"

part 2026-03-02T05:57:00Z night-calls.pcap 57               # a dear call, still in the night
part 2026-03-02T05:57:30Z options-scan.pcap 40
part 2026-03-02T05:58:00Z register-enumeration.pcap 48
part 2026-03-02T05:58:20Z register-bruteforce.pcap 36
part 2026-03-02T06:00:00Z office-morning.pcap 282           # seven o'clock: people come in
part 2026-03-02T06:00:06Z blocked.tmp 4
part 2026-03-02T06:00:08Z malformed.pcap 20
part 2026-03-02T06:00:12Z sip-errors.pcap 114 97
mergecap -F pcap -w "$out/mixed.pcap" "$work"/part-*
rm "$out/blocked.tmp"
