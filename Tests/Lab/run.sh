#!/usr/bin/env bash
# The lab: real programs attack and call each other in network namespaces, and the shipped rules must alert on the
# former and on nothing else. Usage: run.sh [--install] [--list] [SCENARIO…]; README.md says more.
set -euo pipefail
lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$lab/../.." && pwd)
ringwatch=${RINGWATCH:-$root/.build/release/ringwatch}
results=${LAB_OUT:-$root/ringwatch-out/lab}
declare -A packages=([kamailio]=kamailio [sipp]=sip-tester [svmap]=sipvicious [baresip]=baresip [tcpdump]=tcpdump
  [ip]=iproute2 [ss]=iproute2 [ethtool]=ethtool [python3]=python3)

refuse() { printf 'lab: %s\n' "$1" >&2; exit 2; }

# check_packages [--install]: says which packages are missing, and installs them only when asked.
check_packages() {
  local program missing=""
  for program in "${!packages[@]}"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null || missing+=" ${packages[$program]}"
  done
  [ -n "$missing" ] || return 0
  missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
  if [ "${1:-}" = --install ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
  else
    refuse "these packages are missing: ${missing% }
     apt-get install --no-install-recommends ${missing% }        (or: make lab INSTALL=1)"
  fi
}

# remove_leftovers: namespaces of a lab that was killed before it could clean up.
remove_leftovers() {
  local name number
  for name in $(ip netns list | awk '{print $1}' | grep -E '^lab[0-9]+-' || true); do
    number=${name%%-*} number=${number#lab}
    [ -d "/proc/$number" ] || ip netns del "$name"
  done
}

all=$(sed -nE 's/^\[(.*)\]$/\1/p' "$lab/expectations.ini")
install="" wanted=()
for word in "$@"; do
  case $word in
    --list) printf '%s\n' $all; exit 0 ;;
    --install) install=--install ;;
    -*) refuse "unknown option $word; there are --install and --list" ;;
    *) grep -qx -- "$word" <<<"$all" || refuse "no scenario is called $word; run.sh --list names them"
       wanted+=("$word") ;;
  esac
done
[ ${#wanted[@]} -gt 0 ] || wanted=($all)
[ "$(id -u)" = 0 ] || refuse "network namespaces need root: sudo $0"
ip netns list >/dev/null 2>&1 && unshare -n true 2>/dev/null || refuse "this kernel or container allows no network namespaces"
check_packages "$install"
[ -x "$ringwatch" ] || refuse "$ringwatch is missing: make release (or set RINGWATCH)"

remove_leftovers
. "$root/Fixtures/Making/network.sh"
prefix=lab$$
trap 'exit 130' INT TERM HUP
. "$lab/phones.sh"
. "$lab/attacks.sh"
. "$lab/calls.sh"
mkdir -p "$results"
rm -rf "$results"/*

# watch NAME: Ringwatch and tcpdump both listen on the switch.
watch() {
  ip netns exec "$prefix-switch" "$ringwatch" run -q -i br0 -c "$lab/ringwatch.yaml" -S "$rules" -l "$results/$1/live" --overwrite \
    >"$results/$1.live.log" 2>&1 & watcher=$!
  started+=("$watcher")
  # A socket is there before it listens: to all protocols, and running.
  until at switch awk '$4 == "0003" && $6 == 1 { found = 1 } END { exit !found }' /proc/net/packet; do
    kill -0 "$watcher" 2>/dev/null || { cat "$results/$1.live.log" >&2; refuse "ringwatch does not run"; }
    sleep 0.05
  done
  record "$1.pcap" -s 2000 -B 32768 --     # short slots: the buffer holds more of them
}

# watched NAME: both end; then Ringwatch reads what tcpdump wrote, and the judge compares.
watched() {
  local name=$1 status=0
  recorded
  grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" || echo tcpdump-lost-packets >>"$work/broken"
  kill -TERM "$watcher"
  wait "$watcher" || status=$?
  [ "$status" = 0 ] || { cat "$results/$name.live.log" >&2; refuse "the live run ended with $status"; }
  mv "$work/$name.pcap" "$results/$name/"
  "$ringwatch" run -q -r "$results/$name/$name.pcap" -c "$lab/ringwatch.yaml" -S "$rules" -l "$results/$name/file" --overwrite
  python3 "$lab/judge.py" scenario "$lab/expectations.ini" "$results" "$name" "$began" "$work/broken"
}

# begin: the moment from which the time to detect counts.
begin() { began=$EPOCHREALTIME; }

# The shipped rules; of those that are off as shipped, the one that its description recommends where phones do not move.
rules=$work/rules
cp -r "$root/rules" "$rules"
sed -i '/id: registration-moved/,/tests:/s/enabled: false/enabled: true/' "$rules/registrations.yaml"

for name in "${wanted[@]}"; do mkdir -p "$results/$name"; done
network_up
for name in "${wanted[@]}"; do
  watch "$name"
  begin
  rm -f "$work/broken"
  "scenario_${name//-/_}" || true          # what failed is noted in "broken"
  watched "$name"
done
python3 "$lab/judge.py" table "$lab/expectations.ini" "$results"
