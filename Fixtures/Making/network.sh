# Sourced by the makers: a switch and its hosts in network namespaces, and captures from a span port.
# Needs root, iproute2, ethtool, tcpdump, and editcap from Wireshark. Nothing leaves the namespaces.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${OUT:-$here/..}
work=$(mktemp -d)
prefix=rw$$
started=()

cleanup() {
  for pid in "${started[@]}"; do { kill -9 "$pid" && wait "$pid"; } 2>/dev/null || true; done
  for name in $(ip netns list | awk '{print $1}' | grep "^$prefix-" || true); do
    for pid in $(ip netns pids "$name"); do kill -9 "$pid" 2>/dev/null || true; done    # the exchange has children
    ip netns del "$name"
  done
  [ -n "${DEBUG:-}" ] && cp -r "$work" "$DEBUG"; rm -rf "$work"
}
trap cleanup EXIT

# at HOST COMMAND…: runs a command on a host.
at() { local host=$1; shift; ip netns exec "$prefix-$host" "$@"; }

# on HOST COMMAND…: the same in the background; its process is ended at the end.
on() { local host=$1; shift; ip netns exec "$prefix-$host" "$@" >"$work/$host.log" 2>&1 & started+=($!); }

switch_up() {
  ip netns add "$prefix-switch"
  at switch ip link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
  at switch sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  at switch ip link set br0 up
}

# host NAME ADDRESS…: a host on the switch; all networks of the fixtures are on its link.
host() {
  local name=$1 address; shift
  ip netns add "$prefix-$name"
  ip -n "$prefix-$name" link add eth0 type veth peer name "$name"
  ip -n "$prefix-$name" link set "$name" netns "$prefix-switch"
  at "$name" sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.router_solicitations=0
  at "$name" ip link set eth0 address "$(mac "$1")"
  at "$name" ip link set lo up
  at "$name" ip link set eth0 up
  at "$name" ethtool -K eth0 tx off gso off tso off >/dev/null
  at switch ip link set "$name" master br0
  at switch ip link set "$name" up
  for address in "$@"; do
    case $address in
      *:*) at "$name" ip -6 addr add "$address/64" dev eth0 nodad ;;
      *) at "$name" ip addr add "$address/24" dev eth0 ;;
    esac
  done
  for net in 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24; do
    at "$name" ip route add "$net" dev eth0 2>/dev/null || true
  done
}

# mac ADDRESS: a MAC address that is the same each time.
mac() { printf '02:00:%s' "$(printf '%s' "$1" | md5sum | sed -E 's/(..)(..)(..)(..).*/\1:\2:\3:\4/')"; }

# record NAME [tcpdump options] -- FILTER…: starts a capture of all that passes the switch.
record() { record_at switch br0 "$@"; }

# record_at HOST INTERFACE NAME [tcpdump options] -- FILTER…: starts a capture on a host.
record_at() {
  local host=$1 interface=$2 name=$3; shift 3
  local options=() ; while [ "$1" != -- ]; do options+=("$1"); shift; done; shift
  rm -f "$work/tcpdump.log"                          # or the words of the capture before would be taken for this one's
  ip netns exec "$prefix-$host" tcpdump --immediate-mode -U -i "$interface" -s 0 -B 8192 "${options[@]}" \
    -w "$work/$name" "$@" 2>"$work/tcpdump.log" & recorder=$!
  started+=("$recorder")
  until grep -q 'listening on' "$work/tcpdump.log" 2>/dev/null; do sleep 0.05; done
}

# recorded: ends the capture.
recorded() { sleep 0.4; kill -INT "$recorder"; wait "$recorder" || true; }

# keep NAME START [editcap options]: puts a capture into Fixtures with its first packet at START (UTC).
keep() {
  local name=$1 start=$2; shift 2
  local first=$(tshark -r "$work/$name" -c 1 -T fields -e frame.time_epoch 2>/dev/null)
  local offset=$(python3 -c 'import sys,decimal as d; print(d.Decimal(sys.argv[1])-d.Decimal(sys.argv[2]))' \
    "$(date -u -d "$start" +%s)" "$first")
  editcap -t "$offset" "$@" "$work/$name" "$out/$name"
}

# exchange_up ADDRESS [LISTEN…]: starts the exchange of kamailio.cfg on the host "exchange", with the users whose numbers
# match $users.
users='^20[1-8]$'
exchange_up() {
  local listen="" each
  for each in "$@"; do listen+="listen=$each\n"; done
  sed "s/^LISTEN$/$listen/; s#USERS\"#$users\"#" "$here/kamailio.cfg" >"$work/kamailio.cfg"
  on exchange kamailio -DD -f "$work/kamailio.cfg" -Y "$work" -w "$work" -m 32 -M 4
  until_listening exchange 5060
  sleep 0.5
}

# until_listening HOST PORT: waits until something listens there on UDP.
until_listening() {
  local host=$1 port=$2
  until at "$host" ss -Hlun "sport = :$port" | grep -q .; do sleep 0.05; done
}
