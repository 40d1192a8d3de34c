#!/usr/bin/env bash
# The tests, and the program over captures, with the thread and the address sanitizer: run.sh [thread] [address]
#
# CAPTURES names folders of captures beside Fixtures; FILTER runs only some tests, as `swift test --filter` does.
# Reports are kept in .build-tsan/reports and .build-asan/reports. One of them, or a test that fails, makes the exit
# code 1. What is still held at the exit is no finding: nothing is freed there.
set -uo pipefail
cd "$(dirname "$0")/../.."
export SWIFT_BACKTRACE=enable=no
failed=0

# Logs everything that there is: the types that are logged anyway, of which the documentation has a list, and the other one.
settings() {
  echo "log: {profiles: true, overwrite: true, types: [$(sed -n 's/^  types: \[\(.*\)\]$/\1/p' docs/operations.md), transaction]}"
  echo "scores: {publish_from: 0, publish_warm_up: true}"
}

# Each capture in one lane and in four. 1 is the answer to what breaks off, 2 to what is no capture; 1 is a sanitizer's as
# well, whose reports are looked for at the end.
replay() {
  local files=0 file lanes
  while IFS= read -r file; do
    files=$((files + 1))
    for lanes in 1 4; do
      $out/debug/ringwatch run -q -c $out/settings.yaml -S rules -l $out/log --lanes $lanes -r "$file" >$out/said 2>&1
      case $? in 0 | 1) ;; 2) grep -q 'unknown file format' $out/said ;; *) false ;; esac ||
        { echo "FAILED: $file in $lanes lanes"; failed=1; }
    done
  done < <(find -L Fixtures ${CAPTURES:-} -type f \( -name '*cap' -o -name '*cap*.gz' -o -name '*.pcapng*' \) | sort)
  echo "$kind: $files captures in one and in four lanes"
}

for kind in ${*:-thread address}; do
  out=.build-${kind:0:1}san
  swift build --build-tests --sanitize="$kind" --scratch-path $out || exit 1
  rm -rf $out/reports && mkdir $out/reports && settings >$out/settings.yaml || exit 1
  preload=
  if [ "$kind" = thread ]; then
    clang -O2 -shared -fPIC Tests/Sanitizers/mutex.c -o $out/mutex.so || exit 1
    preload=$PWD/$out/mutex.so
  fi
  export TSAN_OPTIONS=log_path=$PWD/$out/reports/report
  export ASAN_OPTIONS=$TSAN_OPTIONS:detect_leaks=0
  LD_PRELOAD=$preload swift test --skip-build --sanitize="$kind" --scratch-path $out ${FILTER:+--filter "$FILTER"} || failed=1
  LD_PRELOAD=$preload replay
  for report in $out/reports/*; do [ -e "$report" ] && failed=1 && echo "FAILED: see $report"; done
done
exit $failed
