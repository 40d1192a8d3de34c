#!/usr/bin/env bash
# Builds the fuzz targets and runs each of them for a number of seconds: run.sh SECONDS [TARGET …].
# Corpora, crashes and logs are kept in .build-fuzz; a crash ends its target and the exit code is 1.
set -uo pipefail
cd "$(dirname "$0")"
seconds=${1:-60}
shift || true
targets=${*:-Link TCPStream SIP SDP RTP STUN TLS HEP PcapReader}
out=../.build-fuzz
export SWIFT_BACKTRACE=enable=no
swift build -c release --scratch-path $out --sanitize=address -Xswiftc -sanitize=fuzzer || exit 1
python3 seeds.py ../Fixtures $out/seeds || exit 1
failed=0
for target in $targets; do
  mkdir -p "$out/corpus/$target" "$out/crashes/$target" "$out/seeds/$target"
  $out/release/"$target" "$out/corpus/$target" "$out/seeds/$target" \
    -artifact_prefix="$out/crashes/$target/" -max_total_time="$seconds" -max_len=8192 -len_control=20 \
    -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 > "$out/$target.log" 2>&1
  result=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$target.log")
  if [ $result -eq 0 ]; then
    echo "$target: ${runs:-0} executions, no finding"
  else
    echo "$target: FAILED after ${runs:-?} executions; see $out/$target.log and $out/crashes/$target"
    failed=1
  fi
done
exit $failed
