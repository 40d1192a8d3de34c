# Sourced by run.sh: ordinary calls and registrations. None of them may raise an alert.

# Three phones call each other, talk, hold, and their registrations are refreshed meanwhile.
scenario_desk_calls() {
  talking
  sleep 3
  tell alice hold; sleep 2
  tell alice resume; sleep 3
  hang_up alice
  sleep 1
  tell bob dial sip:203@office.example
  until_talking 192.0.2.102 192.0.2.103
  sleep 10
  hang_up carol
}

# Alice calls bob, and bob sends her on to carol (REFER).
scenario_desk_transfer() {
  talking
  sleep 1
  tell bob transfer sip:203@office.example
  until_talking 192.0.2.101 192.0.2.103
  sleep 3
  hang_up bob alice
}

# Calls that come to nothing: busy, given up, not at home, a wrong number, and a gateway's fault.
scenario_office_failures() {
  register 4 5
  calls 4 5 call-rejected-486 1 answer-busy 0
  calls 4 5 call-cancelled 2 answer-cancelled 1
  calls 5 4 call-rejected-480 1 answer-nobody 3
  phone 4 5062 call-rejected-404 1 -key called 299
}

# Four phones talk at once; one call is held and taken back.
scenario_office_calls() {
  local first second
  register 4 5 6 7
  calls 4 5 call-hold 2 answer 1 & first=$!
  calls 6 7 call 5 answer 2 & second=$!
  wait "$first" || true
  wait "$second" || true
}

# Phones register, refresh, ask whether the exchange is there, and one leaves; one mistypes its password once.
scenario_registrations() {
  local turn n
  phone 4 5060 register-mistyped 1 -key life 600
  for turn in 1 2 3; do
    register 5 6
    for n in 5 6; do phone $n 5062 options 1; done
    sleep 0.5
  done
  phone 5 5060 register 1 -key life 0
}

# After a power cut 48 phones with an address each come back within five seconds …
scenario_power_cut() {
  listed 300 347 | awk -F';' -v OFS=';' 'NR > 1 {$3 = "192.0.2." 190 + NR} {print}' >"$work/phones.csv"
  sed 's/FINAL/200/; s/\[local_ip\]/[field2]/g; s/\[local_port\]/5060/g' "$work/register-listed.xml" >"$work/register-each.xml"
  party office 192.0.2.192 5060 register-each -t ui -max_socket 500 -inf phones.csv -ip_field 2 -m 48 -r 10
}

# … and thirty behind one address.
scenario_power_cut_nat() {
  listed 300 329 >"$work/phones.csv"
  sed 's/FINAL/200/' "$work/register-listed.xml" >"$work/register-nat.xml"
  party office 192.0.2.110 5060 register-nat -inf phones.csv -m 30 -r 6
}

# Twenty-four short calls of one phone through the trunk, several at once.
scenario_busy_hour() {
  local gateway
  { echo SEQUENTIAL; for n in $(seq 10 33); do echo "030555000$n"; done; } >"$work/rung.csv"
  sed '/rtp_stream/d; s/\[called\]/[field0]/g' "$work/call.xml" >"$work/call-out.xml"
  sed '/rtp_stream/d' "$work/answer.xml" >"$work/answer-out.xml"
  party trunk 192.0.2.20 5060 answer-out -m 24 -d 700 -key user gateway -key agent "Border Gateway 7" & gateway=$!
  until_listening trunk 5060
  party office 192.0.2.134 5062 call-out -inf rung.csv -m 24 -r 2 -d 3000 -au 204 -ap pass-204 -key user 204 -key name "Phone 204" \
    -key agent "Desk Phone 410/2.1.7"
  wait "$gateway" || true
}
