#!/usr/bin/env bash
# Makes the captures of Fixtures/Cases: phones (SIPp) alone and with an exchange (Kamailio) between them, each case
# a capture; then those that no phone plays, byte by byte. With names, only those: cases.sh call-busy …
# Their story stays the same; nonces, branches and the gaps between packets do not, so expected.jsonl changes too.
. "$(dirname "$0")/network.sh"
cases=$here/../Cases
wanted=" $* "
minute=0

switch_up
host exchange 10.20.0.10
host alice 10.20.0.101
host bob 10.20.0.102
host carol 10.20.0.103
declare -A address=([alice]=10.20.0.101 [bob]=10.20.0.102 [carol]=10.20.0.103)
declare -A media=([alice]=16100 [bob]=16200 [carol]=16300)

mkdir -p "$work/sipp"
python3 "$here/scenarios.py" "$work/sipp"
cp "$here"/sipp/*.xml "$work/sipp"
head -c 400 /dev/urandom >"$work/sipp/voice.g729"      # sound that nobody will hear: 20 frames of 20 bytes

# is_wanted CASE: whether a case is to be made; each one begins at a minute of its own.
is_wanted() {
  minute=$((minute + 10))
  [ "$wanted" = "  " ] || [[ $wanted == *" $1 "* ]]
}

# play NAME PORT TARGET SCENARIO [sipp options]: lets a phone play a scenario once.
play() {
  local name=$1 port=$2 target=$3 scenario=$4; shift 4
  (cd "$work/sipp" && at "$name" timeout 20 sipp "$target:5060" -sf "$scenario.xml" -m 1 -i "${address[$name]}" -p "$port" \
    -mi "${address[$name]}" -mp "${media[$name]}" -nostdin "$@" >"$name-$port.log" 2>&1) \
    || { echo "$name failed in $scenario" >&2; tail -50 "$work/sipp/$name-$port.log" >&2; exit 1; }
}

# phones CASE [ID]: alice calls bob, each with a scenario of their own.
phones() {
  play bob 5060 10.20.0.101 "$1-bob" & local callee=$!
  until_listening bob 5060
  play alice 5060 10.20.0.102 "$1-alice" -cid_str "${2:-$1}-%u@%s"
  wait "$callee"
}

# finish CASE [SECONDS FILE]…: puts the recorded capture into the folder of the case, with others behind it.
finish() {
  local name=$1; shift
  mkdir -p "$cases/$name"
  python3 "$here/join.py" "$cases/$name/input.pcap" \
    "$(date -u -d "2026-03-10T06:00:00Z +$minute minutes" +%FT%T+00:00)" "$work/$name" "$@"
}

# pair CASE [SECONDS FILE]…: a case of two phones.
pair() {
  local name=$1; shift
  is_wanted "$name" || return 0
  echo "$name"
  record "$name" -- udp
  phones "$name"
  recorded
  finish "$name" "$@"
}

# user HOST PORT SCENARIO NUMBER [options]: a user of the exchange plays a scenario.
user() {
  local name=$1 port=$2 scenario=$3 number=$4; shift 4
  play "$name" "$port" 10.20.0.10 "$scenario" -key user "$number" -au "$number" -ap "pass-$number" -key name "Phone $number" \
    -key agent "Desk Phone 410/2.1.7" "$@"
}

exchange_up udp:10.20.0.10:5060
record later -- udp
user carol 5062 options 203 -cid_str "keepalive-%u@%s"
recorded
later=$work/later        # two packets that only say how late it is

for name in call-answered call-ended-by-callee call-forked call-busy call-no-answer-480 call-no-answer-408 call-declined \
  call-not-found call-unavailable call-forbidden call-authenticated call-forbidden-after-credentials \
  call-stale-nonce call-redirected call-session-interval call-cancelled call-early-media \
  call-held-sendonly call-held-inactive call-held-zero-address call-held-by-update call-held-twice \
  call-reinvite-488 call-reinvite-491 call-reinvite-481 call-reinvite-408 \
  registration-forbidden-after-credentials registration-interval-too-brief registration-stale-nonce
do
  pair "$name"
done
pair call-challenge-unanswered 40 "$later"
pair call-bad-credentials 40 "$later"
pair call-lost-bye 90000 "$later"
pair call-session-timer-expired 200 "$later"
pair registration-contact-expires 300 "$later"
pair registration-challenge-unanswered 40 "$later"

if is_wanted call-id-reused; then
  record call-id-reused -- udp; phones call-id-reused; recorded
  record again -- udp; phones call-id-reused-2 call-id-reused; recorded
  finish call-id-reused 120 "$work/again"
fi
if is_wanted transaction-ack; then
  record transaction-ack -- udp; phones transaction-ack; phones transaction-ack-2; recorded
  finish transaction-ack
fi

# hops CASE HOST INTERFACE [tcpdump options]: 201 calls 207 through the exchange, which stays in the way.
hops() {
  local name=$1; shift
  user bob 5060 register 207 -key life 600
  record_at "$@" -- udp
  user bob 5060 answer 207 -d 700 & local callee=$!
  until_listening bob 5060
  user alice 5062 call 201 -key called 207 -d 1200 -cid_str "$name-%u@%s"
  wait "$callee"
  recorded
  finish "$name"
}
if is_wanted kamailio-two-hops; then hops kamailio-two-hops switch br0 kamailio-two-hops; fi
if is_wanted kamailio-mirrored; then hops kamailio-mirrored switch any kamailio-mirrored -y LINUX_SLL2; fi

if is_wanted kamailio-forked; then
  user bob 5060 register 208 -key life 600
  user carol 5060 register 208 -key life 600
  record kamailio-forked -- udp
  user bob 5060 answer-cancelled 208 -d 500 & first=$!
  user carol 5060 answer 208 -d 900 & second=$!
  until_listening bob 5060
  until_listening carol 5060
  user alice 5062 call 201 -key called 208 -d 1000 -cid_str "kamailio-forked-%u@%s"
  wait "$first" "$second"
  recorded
  finish kamailio-forked
fi

if is_wanted registration-lifecycle; then
  record registration-lifecycle -- udp
  # One Call-ID and growing CSeq, as RFC 3261 §10.2 wants it: the registrar ignores a request that is not newer.
  turn=0
  for life in 600 600 0; do
    sed "s/CSeq: 1 /CSeq: $((turn + 1)) /; s/CSeq: 2 /CSeq: $((turn + 2)) /" "$here/sipp/register.xml" >"$work/sipp/register-$turn.xml"
    user alice 5060 "register-$turn" 201 -key life "$life" -cid_str "registration-lifecycle-%u@%s"
    turn=$((turn + 2))
    sleep 0.5
  done
  recorded
  finish registration-lifecycle
fi
if is_wanted registration-removed-all; then
  sed 's/Contact: <.*/Contact: */' "$here/sipp/register.xml" >"$work/sipp/register-all.xml"
  record registration-removed-all -- udp
  user alice 5060 register 202 -key life 600
  user carol 5060 register 202 -key life 600
  user alice 5060 register-all 202 -key life 0
  recorded
  finish registration-removed-all
fi
if is_wanted registration-expired; then
  record registration-expired -- udp
  user alice 5060 register 203 -key life 60
  recorded
  finish registration-expired 100 "$later"
fi
if is_wanted registration-bad-credentials; then
  record registration-bad-credentials -- udp
  user alice 5060 register-mistyped 205 -key life 600
  recorded
  finish registration-bad-credentials
fi
if is_wanted registration-forbidden; then
  record registration-forbidden -- udp
  user alice 5060 register-refused 209
  recorded
  finish registration-forbidden
fi
if is_wanted registration-not-found; then
  sed 's/403/404/' "$here/sipp/register-refused.xml" >"$work/sipp/register-unknown.xml"
  record registration-not-found -- udp
  user alice 5060 register-unknown 301
  recorded
  finish registration-not-found
fi
if is_wanted registration-source-changed; then
  sed 's/Contact: <.*/Contact: <sip:204@10.20.0.101:5060>/' "$here/sipp/register.xml" >"$work/sipp/register-other.xml"
  record registration-source-changed -- udp
  user alice 5060 register-other 204 -key life 600
  sleep 1
  user carol 5060 register-other 204 -key life 600
  recorded
  finish registration-source-changed
fi
if is_wanted registration-contact-changed; then
  sed 's/Contact: <.*/Contact: <sip:[user]@[local_ip]:5070>/' "$here/sipp/register.xml" >"$work/sipp/register-moved.xml"
  record registration-contact-changed -- udp
  user alice 5060 register 206 -key life 600
  sleep 1
  user alice 5060 register-moved 206 -key life 600
  recorded
  finish registration-contact-changed
fi

for maker in cases.py call_cases.py forged_cases.py media_cases.py relay_cases.py fax_cases.py capture_cases.py; do [ -f "$here/$maker" ] && python3 "$here/$maker"; done

# Captures that are there already, with rules over several events.
cp "$here/../register-bruteforce.pcap" "$here/../Cases/sequence-password-guessed/input.pcap"
cp "$here/../Cases/b2bua-constant-origin/input.pcap" "$here/../Cases/gauge-concurrent-calls/input.pcap"
