#!/usr/bin/env bash
# Watches an interface in a network namespace of its own while a capture is sent over it again and again, and prints
# each minute what was sent, received and lost, CPU time and memory.
# Usage: live.sh RINGWATCH CAPTURE PACKETS_PER_SECOND|topspeed SECONDS [arguments of ringwatch run...]
# Needs root, ip(8), tcpreplay(1) and python3.
set -euo pipefail
ringwatch=$(realpath "$1") capture=$(realpath "$2") rate=$3 seconds=$4
shift 4
. "$(dirname "$0")/wire.sh"
printf 'log:\n  types: [alert, sip, flow, stats]\n' >"$folder/live.yaml"
ip netns exec "$space" "$ringwatch" run -q -i in -c "$folder/live.yaml" -l "$folder" "$@" 2>"$folder/errors" &
program=$!
until [ -f "$folder/eve.json" ]; do sleep 0.1; done
sleep 1
[ "$rate" = topspeed ] && pace=(--topspeed) || pace=(--pps "$rate")
(timeout -s INT "$seconds" ip netns exec "$space" tcpreplay -q -i out "${pace[@]}" --preload-pcap --loop 0 "$capture" >"$folder/sent" 2>&1 || true) &
python3 - "$program" "$folder" "$seconds" <<'P'
import json, os, subprocess, sys, time
program, folder, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
tick = os.sysconf("SC_CLK_TCK")


def now():
    fields = open(f"/proc/{program}/stat").read().rsplit(")", 1)[1].split()
    status = open(f"/proc/{program}/status").read()
    memory = int(status.split("VmRSS:")[1].split()[0]) / 1024
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    return int(fields[11]) / tick, int(fields[12]) / tick, memory, peak


def stats():
    tail = subprocess.run(["tail", "-c", "3000000", folder + "/eve.json"], capture_output=True).stdout
    lines = [line for line in tail.split(b"\n") if b'"event_type":"stats"' in line]
    return json.loads(lines[-1])["stats"] if lines else {}


print("| minute | received | kernel drops | sensor drops | user s | system s | memory MiB | peak MiB |\n|---|---|---|---|---|---|---|---|")
start = time.time()
for minute in range(1, seconds // 60 + 2):
    time.sleep(max(0, start + min(60 * minute, seconds + 9) - time.time()))
    user, system, memory, peak = now()
    seen = stats()
    capture = seen.get("capture", {})
    print(f"| {minute if 60 * minute <= seconds else 'end'} | {seen.get('decoder', {}).get('pkts', 0):,} | {capture.get('kernel_drops', 0):,} "
          f"| {capture.get('sensor_drops', 0):,} | {user:.1f} | {system:.1f} | {memory:.1f} | {peak:.1f} |", flush=True)
    # The log is not what is measured: what was counted may go.
    if os.path.getsize(folder + "/eve.json") > 2_000_000_000:
        os.truncate(folder + "/eve.json", 0)
    if 60 * minute > seconds:
        break
P
kill -TERM "$program"
wait "$program" || true
grep -E 'Actual|Rated|Successful|Failed|Retried' "$folder/sent" || cat "$folder/sent"
cat "$folder/errors"
