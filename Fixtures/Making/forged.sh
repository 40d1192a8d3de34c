#!/usr/bin/env bash
# forged-bye: two SIPp phones talk, and a third host of their network ends the call in the name of the caller.
. "$(dirname "$0")/network.sh"

switch_up
host caller 192.0.2.101
host callee 192.0.2.102
host attacker 192.0.2.166

record forged-bye.pcap -- 'udp port 5060'
on callee sipp -sn uas -i 192.0.2.102 -p 5060 -nostdin
on attacker sleep 60
# The forger reads the dialog from the switch, as a host does that has flooded its table of addresses.
at switch python3 "$here/forged_bye.py" br0 "$work/bye" &
reader=$!
sleep 1
at caller timeout 14 sipp -sn uac 192.0.2.102:5060 -i 192.0.2.101 -p 5060 -m 1 -d 8000 -nd -nostdin >"$work/caller.log" 2>&1 &
caller=$!
wait "$reader"
sleep 3
at attacker python3 "$here/forged_bye.py" "$work/bye" 192.0.2.101 192.0.2.102
wait "$caller" || true                                  # its own BYE finds no call any more
recorded
keep forged-bye.pcap 2026-03-09T10:00:00Z -F pcap
