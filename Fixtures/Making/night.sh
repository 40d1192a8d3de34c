#!/usr/bin/env bash
# night-calls.pcap: a phone of the office calls dear numbers at half past two on a Monday morning (Berlin).
. "$(dirname "$0")/network.sh"

switch_up
host exchange 192.0.2.10
host trunk 192.0.2.20
host phone4 192.0.2.104
cp "$here"/sipp/*.xml "$work"
head -c 400 /dev/urandom >"$work/voice.g729"
exchange_up udp:192.0.2.10:5060

record night-calls.pcap -- udp
for number in 00882990000011 00882990000012 0025290000021 0025290000022 0900500000031 03000000041; do
  (cd "$work" && at trunk timeout 30 sipp -sf answer.xml -i 192.0.2.20 -mi 192.0.2.20 -mp 18000 -p 5060 -m 1 -d 300 \
    -key user "$number" -key agent "Border Gateway 7" -nostdin >trunk.log 2>&1) &
  answering=$!
  until_listening trunk 5060
  (cd "$work" && at phone4 timeout 30 sipp 192.0.2.10:5060 -sf call.xml -m 1 -i 192.0.2.104 -p 5062 -mi 192.0.2.104 \
    -mp 16400 -au 204 -ap pass-204 -key user 204 -key name "Dirk Ebert" -key agent "Softline 9.4 (Linux)" -d 400 \
    -key called "$number" -nostdin >phone4.log 2>&1)
  wait "$answering"
  sleep 0.5
done
recorded
keep night-calls.pcap 2026-03-02T01:30:00Z -F pcap
