# Sourced by scripts that send over a wire of their own: a network namespace with the interfaces 'out' and 'in', and a
# folder, both of which go when the script ends. Needs root and ip(8).
space=ringwatch-wire-$$ folder=$(mktemp -d)
trap 'ip netns pids "$space" | xargs -r kill 2>/dev/null || true; sleep 1; ip netns delete "$space"; rm -rf "$folder"' EXIT
ip netns add "$space"
inside() { ip netns exec "$space" "$@"; }
inside ip link add out type veth peer name in
inside ip link set out up mtu 9000
inside ip link set in up mtu 9000
