#!/usr/bin/env bash
# Builds the program for speed: once to see what it does most, and again so that this is what it does fastest.
#
# The first build counts its branches, and is given traffic as it is made here: a busy server, a company's morning, every
# attack that can be simulated, the captures in Fixtures. The second is inlined and laid out after these counts, and has
# the Swift libraries in it: .build/tuned/release/ringwatch runs where no Swift is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}
out=$PWD/.build/tuned
work=$out/training
resources=$("${swift}c" -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
profdata=$resources/../../bin/llvm-profdata
[ -x "$profdata" ] || { echo "tuned: no llvm-profdata beside $resources: it comes with the Swift toolchain" >&2; exit 1; }

# Both in one place: what is not Swift is compiled once.
build() {
  "$swift" build -c release ${BUILD_FLAGS:-} --product ringwatch \
    --scratch-path "$out" "$@"
}

build -Xswiftc -Xfrontend -Xswiftc -ir-profile-generate \
  -Xswiftc -Xclang-linker -Xswiftc -fprofile-generate
rm -rf "$work" && mkdir -p "$work"
program=$out/release/ringwatch

echo "log: {overwrite: true}" >"$work/settings.yaml"
watch() { "$program" run -q -c "$work/settings.yaml" -S rules -l "$work/log" -r "$1"; }

# What makes the traffic is not what is to be fast.
export LLVM_PROFILE_FILE=$work/making-%p
"$program" bench --write "$work/reference.pcap"
"$program" simulate --scenario office-day --duration 2h --media 2s -o "$work/office.pcap" >"$work/said"
attacks=$("$program" simulate --list | sed -n '/^ATTACKS/,$p' | sed -n 's/^  \([a-z0-9-]*\) .*/\1/p' | paste -sd,)
"$program" simulate --attack "$attacks" --media 2s -o "$work/attacks.pcap" >"$work/said"

export LLVM_PROFILE_FILE=$work/%p.profraw
for capture in "$work"/*.pcap Fixtures/*.pcap Fixtures/*.pcapng; do
  # 1: a capture that breaks off, of which there are some.
  watch "$capture" || [ $? = 1 ]
done
"$profdata" merge -o "$work/counts.profdata" "$work"/*.profraw
rm -rf "$work"/*.profraw "$work"/*.pcap "$work"/making-* "$work/log"
build --static-swift-stdlib -Xswiftc -Xfrontend -Xswiftc "-ir-profile-use=$work/counts.profdata"
echo "Built: $out/release/ringwatch"
