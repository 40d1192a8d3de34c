# Sourced by run.sh: the network of the lab, and the phones in it (baresip and SIPp).

# network_up: the exchange, a trunk, three desks with baresip, an office of SIPp phones, a neighbourhood without SIP,
# and an attacker with many addresses.
network_up() {
  switch_up
  host exchange 192.0.2.10
  host trunk 192.0.2.20
  host others 192.0.2.33
  host alice 192.0.2.101
  host bob 192.0.2.102
  host carol 192.0.2.103
  host office 192.0.2.110 192.0.2.134 192.0.2.136 192.0.2.138
  host annex 192.0.2.111 192.0.2.135 192.0.2.137
  host attacker 198.51.100.23 198.51.100.24
  at others ip route add local 192.0.2.32/27 dev lo
  at office ip route add local 192.0.2.192/26 dev lo
  at attacker ip route add local 198.51.100.64/26 dev lo
  at attacker ip route add local 198.18.0.0/16 dev lo
  at exchange ip route add 198.18.0.0/16 via 198.51.100.23 dev eth0 onlink
  export HOME=$work PYTHONWARNINGS=ignore PYTHONDONTWRITEBYTECODE=1
  cp "$root"/Fixtures/Making/sipp/*.xml "$lab"/sipp/*.xml "$work"
  for code in 486 480 404; do sed "s/REFUSAL/$code/" "$work/call-rejected.xml" >"$work/call-rejected-$code.xml"; done
  head -c 400 /dev/urandom >"$work/voice.g729"
  python3 "$lab/tone.py" "$work/tone.wav"
  users='^(20[1-8]|3[0-9][0-9])$'
  exchange_up udp:192.0.2.10:5060
  desk alice 201
  desk bob 202
  desk carol 203
}

# desk NAME NUMBER: a baresip that registers every 20 s, answers by itself and speaks a tone.
desk() {
  local name=$1 number=$2 folder=$work/desk-$1
  mkdir -p "$folder"
  cat >"$folder/config" <<END
poll_method epoll
sip_listen 0.0.0.0:5060
audio_path /usr/share/baresip
audio_source aufile,$work/tone.wav
audio_player aufile,$folder/heard.wav
audio_alert none,none
rtp_ports 16000-16998
module_path $(dirname "$(dpkg -L baresip-core | grep '/menu\.so$')")
module cons.so
module g711.so
module aufile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
cons_listen 127.0.0.1:5555
END
  echo "<sip:$number@office.example>;auth_pass=pass-$number;outbound=\"sip:192.0.2.10;transport=udp\";regint=20;answermode=auto;audio_codecs=PCMA" >"$folder/accounts"
  : >"$folder/contacts"
  on "$name" baresip -f "$folder" -v
  until_listening "$name" 5060
  until_logged "$name" "200 OK"
}

# until_logged NAME TEXT: waits at most ten seconds for a text in the log of a desk.
until_logged() {
  local turn
  for turn in $(seq 100); do grep -qa -- "$2" "$work/$1.log" && return 0; sleep 0.1; done
  echo "lab: $1 never said '$2'" >&2
  return 1
}

# tell NAME COMMAND…: a command for a desk's baresip.
tell() { local name=$1; shift; at "$name" bash -c "echo '/$*' >/dev/udp/127.0.0.1/5555"; }

# party HOST ADDRESS PORT SCENARIO [sipp options]: SIPp plays a scenario on a host towards $target, the exchange.
# Its mistakes are shown, and the scenario of the lab counts as broken.
target=192.0.2.10
party() {
  local where=$1 address=$2 port=$3 scenario=$4 log=$work/$1-$2-$3.log; shift 4
  (cd "$work" && at "$where" timeout 60 sipp "$target:5060" -sf "$scenario.xml" -i "$address" -p "$port" -nostdin "$@" >"$log" 2>&1) \
    || { echo "lab: SIPp at $address failed in $scenario" >&2; tail -20 "$log" >&2; echo "$scenario" >>"$work/broken"; return 1; }
}

# desk_of N: the host of phone N; callers and callees are on both sides of the switch, which sees their voices then.
desk_of() { [ $(($1 % 2)) = 0 ] && echo office || echo annex; }

# phone N PORT SCENARIO SECONDS [sipp options]: phone 4 to 8 of the office (numbers 204 to 208) plays a scenario once.
phone() {
  local n=$1 port=$2 scenario=$3 seconds=$4; shift 4
  party "$(desk_of "$n")" "192.0.2.13$n" "$port" "$scenario" -m 1 -mi "192.0.2.13$n" -mp $((17000 + 100 * n)) -key user "20$n" -au "20$n" \
    -ap "pass-20$n" -key name "Phone 20$n" -key agent "Desk Phone 410/2.1.7" -d "$((seconds * 1000))" "$@"
}

# until_bound HOST ADDRESS PORT: waits until somebody listens there.
until_bound() { until at "$1" ss -Hlun "src $2 and sport = :$3" | grep -q .; do sleep 0.05; done; }

# calls FROM TO SCENARIO SECONDS ANSWER RINGING: one call between two phones of the office.
calls() {
  local from=$1 to=$2 scenario=$3 seconds=$4 answer=$5 ringing=$6 callee
  phone "$to" 5060 "$answer" "$ringing" & callee=$!
  until_bound "$(desk_of "$to")" "192.0.2.13$to" 5060
  phone "$from" 5062 "$scenario" "$seconds" -key called "20$to"
  wait "$callee"
}

# register N…: phones of the office register.
register() { local n; for n in "$@"; do phone "$n" 5060 register 1 -key life 600; done; }

# listed FIRST LAST [PASSWORD]: a list of numbers and their credentials, right ones unless a password is given, for SIPp.
listed() {
  local n
  echo SEQUENTIAL
  for n in $(seq "$1" "$2"); do echo "$n;[authentication username=$n password=${3:-pass-$n}]"; done
}
