#!/usr/bin/env bash
# Reloads rules every second while a network interface is under load, in a network namespace of its own:
# no packet may be lost, and the alerts must be those of a run without reloads.
# Usage: reload_under_load.sh RINGWATCH CAPTURE RULES [PACKETS_PER_SECOND] [SECONDS]
# Needs root, ip(8), tcpreplay(1) and python3.
set -euo pipefail
ringwatch=$(realpath "$1") capture=$(realpath "$2") rules=$(realpath "$3")
rate=${4:-20000} seconds=${5:-60}
. "$(dirname "$0")/../../Tests/Lab/wire.sh"

# run NAME RELOADS: one run over the replayed capture; leaves NAME/eve.json.
run() {
  mkdir -p "$folder/$1"
  ip netns exec "$space" "$ringwatch" run -q -i in -S "$rules" -l "$folder/$1" --control "$folder/$1/control" 2>"$folder/$1/errors" &
  local program=$!
  until [ -S "$folder/$1/control" ] && [ -f "$folder/$1/eve.json" ]; do sleep 0.1; done
  sleep 0.5
  ip netns exec "$space" tcpreplay -q -i out --pps "$rate" --limit $((rate * seconds)) --loop 0 "$capture" >"$folder/$1/sent" 2>&1 &
  local sender=$! reloads=0
  while kill -0 "$sender" 2>/dev/null; do
    if [ "$2" = yes ]; then
      touch "$rules"
      "$ringwatch" control "$folder/$1/control" reload --json >>"$folder/$1/reloads" && reloads=$((reloads + 1))
    fi
    sleep 1
  done
  sleep 1
  kill -TERM "$program"
  wait "$program"
  python3 - "$folder/$1" "$1" "$reloads" <<'P'
import json, re, sys
folder, name, reloads = sys.argv[1:]
sent = int(re.search(r"Actual: (\d+) packets", open(folder + "/sent").read()).group(1))
alerts, stats = {}, None
for line in open(folder + "/eve.json"):
    event = json.loads(line)
    if event["event_type"] == "alert":
        key = event["alert"]["signature_id"]
        alerts[key] = alerts.get(key, 0) + 1
    if event["event_type"] == "stats":
        stats = event["stats"]
print(f"{name}: sent {sent}, received {stats['decoder']['pkts']}, dropped {stats['capture']['kernel_drops']}, "
      f"reloads {reloads} ({stats['rules']['reloads']} counted), alerts {sum(alerts.values())} of {len(alerts)} rules")
json.dump(alerts, open(folder + "/alerts", "w"), sort_keys=True)
P
}
run without no
run with yes
if cmp -s "$folder/without/alerts" "$folder/with/alerts"; then echo "the alerts are the same"; else
  echo "the alerts differ:"; diff "$folder/without/alerts" "$folder/with/alerts" || true; fi
