import Testing

@testable import Tracking

/// Bindings and attempts, message by message.
@Suite struct RegistrationTrackerTests {
  @Test func `a nonce that was accepted and is not any more is no wrong password, for its client`() {
    var scene = SignallingScene()
    let phone = Registration(headers: [Registration.credentials])
    scene.register(phone, at: 0)
    var again = phone
    again.cseq = 2
    scene.ask(again, at: 60)
    let newChallenge = Registration.challenge.replacing(#"nonce="n""#, with: #"nonce="m""#)
    scene.answer(401, again, [newChallenge], at: 60.1)
    #expect(scene.story == ["registered", "challenged"])
    let fresh = Registration.credentials.replacing(#"nonce="n""#, with: #"nonce="m""#)
    again = Registration(cseq: 3, headers: [fresh])
    scene.ask(again, at: 60.2)
    scene.answer(401, again, [newChallenge], at: 60.3)
    #expect(scene.last["reason"] == "bad-credentials", "the new nonce was never accepted")
    let stranger = Registration(client: 2, callID: "other", headers: [Registration.credentials])
    scene.ask(stranger, at: 61)
    scene.answer(401, stranger, [newChallenge], at: 61.1)
    #expect(scene.last["reason"] == "bad-credentials", "another client's nonce proves nothing")
  }

  @Test func `a nonce that is offered again is not old, and one that un-registered is as good as another`() {
    var scene = SignallingScene()
    let phone = Registration(headers: [Registration.credentials])
    scene.register(phone, at: 0)
    let guess = Registration(cseq: 2, headers: [Registration.credentials])
    scene.ask(guess, at: 1)
    scene.answer(401, guess, [Registration.challenge], at: 1.1)
    #expect(scene.last["reason"] == "bad-credentials", "a registrar whose nonce stays")

    let second = Registration.credentials.replacing(#"nonce="n""#, with: #"nonce="second""#)
    scene.register(Registration(callID: "call-2", cseq: 3, headers: [second]), expires: 0, at: 10)
    #expect(scene.last["event"] == "removed")
    let back = Registration(callID: "call-3", cseq: 4, headers: [second])
    scene.ask(back, at: 20)
    scene.answer(401, back, [Registration.challenge], at: 20.1)
    #expect(scene.last["event"] == "challenged")
  }

  @Test func `an account is the same however its user is escaped`() {
    var scene = SignallingScene()
    for (number, user) in ["101", "%3101", "1%301", "%31%30%31"].enumerated() {
      let guess = Registration(user: user, callID: "call-\(number)", headers: [Registration.credentials])
      scene.ask(guess, at: Double(number))
      scene.answer(401, guess, [Registration.challenge], at: Double(number) + 0.1)
      #expect(scene.last["aor"] == "101@Example.com")
      #expect(scene.last["attempts"] == "\(number + 1)")
    }
    let other = Registration(user: "1%400", callID: "other", headers: [Registration.credentials])
    scene.ask(other, at: 10)
    scene.answer(401, other, [Registration.challenge], at: 10.1)
    #expect(scene.last["aor"] == "1%400@Example.com" && scene.last["attempts"] == "1")
  }

  @Test func `a first registration, its refresh and its removal`() {
    var scene = SignallingScene()
    let phone = Registration()
    scene.ask(phone, at: 0)
    scene.answer(401, phone, [Registration.challenge], at: 0.1)
    var second = phone
    second.cseq = 2
    scene.ask(second, [Registration.credentials, "Expires: 600"], at: 0.2)
    scene.answer(200, second, ["Contact: <sip:101@10.0.0.1:5060>;expires=600"], at: 0.3)
    #expect(scene.story == ["challenged", "registered"])
    #expect(scene.outcomes[0]["attempts"] == "1")
    #expect(
      scene.last == [
        "kind": "registration.registered", "at": "0.3", "event": "registered", "aor": "101@Example.com",
        "contact": "sip:101@10.0.0.1:5060", "expires": "600", "user_agent": "Phone 1", "attempts": "2",
        "refusals": "0",
        "code": "200", "call_id": "call-1", "auth_user": "101", "third_party": "false", "app_proto": "sip",
        "client.ip": "10.0.0.1", "client.port": "5060", "server.ip": "10.0.0.250", "server.port": "5060",
      ])
    var third = phone
    third.cseq = 3
    scene.register(third, expires: 600, at: 300)
    #expect(scene.last["event"] == "refreshed")
    #expect(scene.last["attempts"] == "1", "a success ends the counting")
    #expect(scene.last["source_changed"] == "false" && scene.last["contact_changed"] == "false")
    var fourth = phone
    fourth.cseq = 4
    scene.ask(fourth, ["Expires: 0"], at: 400)
    scene.answer(200, fourth, at: 400.1)
    #expect(scene.last["event"] == "removed" && scene.last["expires"] == "0")
    #expect(scene.registrations.bindingCount == 0)
    #expect(scene.registrations.exchangeCount == 0)
    scene.wait(until: 5000)
    #expect(scene.story.count == 4, "what was removed does not expire")
  }

  @Test
  func
    `refused credentials are counted until a success, unanswered requests and failures of the server are not`()
  {
    var scene = SignallingScene()
    var phone = Registration()
    let codes: [Int?] = [401, 401, nil, 503, 403, 401, 483, 200]
    for (index, code) in codes.enumerated() {
      phone.cseq = index + 1
      let time = Double(index) * 60
      scene.ask(phone, index == 0 ? [] : [Registration.credentials], at: time)
      if let code { scene.answer(code, phone, code == 401 ? [Registration.challenge] : [], at: time + 0.1) }
    }
    // The second, the fifth and the sixth.
    #expect(scene.last["event"] == "registered")
    #expect(scene.last["refusals"] == "3" && scene.last["attempts"] == "8")
    phone.cseq = 9
    scene.register(phone, at: 1000)
    #expect(scene.last["refusals"] == "0" && scene.last["attempts"] == "1")
  }

  @Test
  func
    `refusals count though the client does not wait for them, and a question for the bindings forgets none`()
  {
    var scene = SignallingScene()
    var phone = Registration()
    for cseq in 1...10 {
      phone.cseq = cseq
      scene.ask(phone, [Registration.credentials], at: Double(cseq))
    }
    for cseq in 1...9 {
      phone.cseq = cseq
      scene.answer(401, phone, [Registration.challenge], at: 10 + Double(cseq) / 10)
    }
    phone.cseq = 10
    scene.answer(200, phone, ["Contact: <sip:101@10.0.0.1:5060>;expires=600"], at: 12)
    #expect(scene.last["event"] == "registered" && scene.last["refusals"] == "9")
    phone.cseq = 11
    scene.ask(phone, [Registration.credentials], at: 20)
    scene.answer(403, phone, at: 20.1)
    var question = phone
    question.cseq = 12
    question.contact = nil
    scene.ask(question, [Registration.credentials], at: 21)
    scene.answer(200, question, at: 21.1)
    phone.cseq = 13
    scene.register(phone, at: 22)
    #expect(scene.last["event"] == "refreshed" && scene.last["refusals"] == "1")
  }

  @Test func `a 200 after a challenge answers the request that was not captured`() {
    let granted = "Contact: <sip:101@10.0.0.1:5060>;expires=600"
    for (cseq, headers, verdict) in [
      (2, [granted], "registered"), (1, [granted], "failed"), (2, [], "failed"),
      (2, ["Contact: <sip:101@10.0.0.1>;expires=600, <sip:101@10.0.0.2>;expires=60"], "failed"),
    ] as [(Int, [String], String)] {
      var scene = SignallingScene()
      var phone = Registration()
      scene.ask(phone, at: 0)
      scene.answer(401, phone, [Registration.challenge], at: 0.1)
      phone.cseq = cseq
      scene.answer(200, phone, headers, at: 0.3)
      scene.wait(until: 60)
      #expect(scene.story == ["challenged", verdict], "\(cseq) \(headers)")
      #expect(scene.last["user_agent"] == "Phone 1")
    }
  }

  @Test func `of bindings with one URI the lifetime is that of the device`() {
    let list =
      #"Contact: <sip:101@10.0.0.1:5060>;+sip.instance="<urn:uuid:old>";expires=22, "#
      + #"<sip:101@10.0.0.1:5060>;+sip.instance="<urn:uuid:new>";expires=120"#
    for (instance, seconds) in [(";+sip.instance=\"<urn:uuid:new>\"", "120"), ("", "22")] {
      var scene = SignallingScene()
      var phone = Registration()
      phone.contact = "<sip:101@10.0.0.1:5060>\(instance)"
      scene.ask(phone, at: 0)
      scene.answer(200, phone, [list], at: 0.1)
      #expect(scene.last["expires"] == seconds)
    }
  }

  @Test func `a folded User-Agent is written on one line`() {
    var scene = SignallingScene()
    let phone = Registration()
    scene.send(
      phone.request().replacing("User-Agent: Phone 1", with: "User-Agent: Desk\r\n\t Phone \r\n 1"),
      from: 1, to: 250, at: 0)
    scene.answer(200, phone, ["Contact: <sip:101@10.0.0.1:5060>;expires=600"], at: 0.1)
    #expect(scene.last["user_agent"] == "Desk Phone  1")
  }

  @Test func `the lifetime is the contact's in the 200, then its Expires, then what was asked for`() {
    let cases: [(request: [String], response: [String], seconds: String)] = [
      (["Expires: 7200"], ["Contact: <sip:101@10.0.0.1:5060>;expires=120", "Expires: 300"], "120"),
      (["Expires: 7200"], ["Contact: <sip:101@10.0.0.1:5060>", "Expires: 300"], "300"),
      (["Expires: 7200"], ["Expires: 300"], "300"),
      (["Expires: 7200"], [], "7200"),
      ([], [], "3600"),
      // All bindings are listed; ours is the second one.
      (
        ["Expires: 7200"],
        [
          "Contact: <sip:101@10.9.9.9:5060>;expires=11, \"A, B\" <sip:101@10.0.0.1:5060>;q=0.5;expires=22",
          "Contact: <sip:101@10.9.9.8:5060>;expires=33",
        ], "22"
      ),
      // The registrar put the address that it saw into our contact.
      (["Expires: 7200"], ["Contact: <sip:101@203.0.113.9:1024>;expires=44"], "44"),
      // None of several is ours: no guess.
      (
        ["Expires: 7200"],
        [
          "Contact: <sip:101@203.0.113.9>;expires=1", "Contact: <sip:101@203.0.113.8>;expires=2",
          "Expires: 55",
        ],
        "55"
      ),
      (["Expires: 7200"], ["Contact: <sip:101@10.0.0.1:5060>;expires=abc", "Expires: 66"], "66"),
    ]
    for (place, row) in cases.enumerated() {
      var scene = SignallingScene()
      scene.ask(Registration(), row.request, at: 0)
      scene.answer(200, Registration(), row.response, at: 0.1)
      #expect(scene.story == ["registered"], "\(place)")
      #expect(scene.last["expires"] == row.seconds, "\(place)")
    }
  }

  @Test func `zero, asked for or granted, and the asterisk remove`() {
    for (request, response) in [
      ("Contact: <sip:101@10.0.0.1:5060>;expires=0", ""),
      ("Contact: <sip:101@10.0.0.1:5060>", "Contact: <sip:101@10.0.0.1:5060>;expires=0"),
      ("Contact: *", ""),
    ] {
      var scene = SignallingScene()
      scene.register(Registration(), expires: 600, at: 0)
      var end = Registration(contact: nil)
      end.cseq = 2
      scene.ask(end, [request, request.contains("*") ? "Expires: 0" : "Expires: 600"], at: 10)
      scene.answer(200, end, response.isEmpty ? [] : [response], at: 10.1)
      #expect(scene.story == ["registered", "removed"], "\(request)")
      #expect(scene.last["contact"] == (request.contains("*") ? "*" : "sip:101@10.0.0.1:5060"))
      #expect(scene.registrations.bindingCount == 0)
    }
  }

  @Test func `an asterisk takes out what others registered, also when the sender has a contact of his own`() {
    var scene = SignallingScene()
    scene.register(Registration(), expires: 600, at: 0)
    scene.register(
      Registration(client: 9, callID: "call-9", contact: "<sip:101@10.0.0.9>"), expires: 600, at: 10)
    var end = Registration(client: 9, callID: "call-9", contact: "*")
    end.cseq = 2
    scene.ask(end, ["Expires: 0"], at: 20)
    scene.answer(200, end, at: 20.1)
    #expect(scene.last["event"] == "removed" && scene.last["source_changed"] == "true")
    #expect(scene.last["previous_source"] == "10.0.0.1")
    // Nothing of anybody else is left to take out.
    scene.register(
      Registration(client: 9, callID: "call-10", contact: "<sip:101@10.0.0.9>"), expires: 600, at: 30)
    var again = Registration(client: 9, callID: "call-10", contact: "*")
    again.cseq = 2
    scene.ask(again, ["Expires: 0"], at: 40)
    scene.answer(200, again, at: 40.1)
    #expect(scene.last["event"] == "removed" && scene.last["source_changed"] == "false")
  }

  @Test func `a binding that nobody renews expires after a grace`() {
    var scene = SignallingScene()
    scene.register(Registration(), expires: 60, at: 0)
    scene.wait(until: 69)
    #expect(scene.story == ["registered"])
    scene.wait(until: 75)
    #expect(scene.story == ["registered", "expired"])
    #expect(scene.last["at"] == "60.01", "the grace only delays telling it")
    #expect(scene.last["expires"] == "60" && scene.last["aor"] == "101@Example.com")
    #expect(scene.last["client.ip"] == "10.0.0.1" && scene.last["server.ip"] == "10.0.0.250")
    var again = Registration()
    again.cseq = 2
    scene.register(again, at: 100)
    #expect(scene.last["event"] == "registered", "after its end it is a new one")
    #expect(scene.last["source_changed"] == "false", "of a device that is remembered")
  }

  @Test func `a long binding outlives the timer wheel`() {
    var scene = SignallingScene()
    scene.register(Registration(), expires: 86_400, at: 0)
    for hour in 1..<24 { scene.wait(until: Double(hour) * 3600) }
    #expect(scene.story == ["registered"])
    scene.wait(until: 86_412)
    #expect(scene.story == ["registered", "expired"])
  }

  @Test func `wrong passwords are counted until the right one`() {
    var scene = SignallingScene()
    for number in 1...5 {
      let guess = Registration(callID: "guess-\(number)", branch: "z9hG4bK-g\(number)")
      scene.ask(guess, at: Double(number))
      scene.answer(401, guess, [Registration.challenge], at: Double(number) + 0.1)
      var second = guess
      second.cseq = 2
      scene.ask(second, [Registration.credentials], at: Double(number) + 0.2)
      if number < 5 {
        scene.answer(401, second, [Registration.challenge], at: Double(number) + 0.3)
        #expect(scene.last["event"] == "failed" && scene.last["reason"] == "bad-credentials")
        #expect(scene.last["attempts"] == "\(number * 2)" && scene.last["code"] == "401")
      } else {
        scene.answer(200, second, at: Double(number) + 0.3)
        #expect(scene.last["event"] == "registered" && scene.last["attempts"] == "10")
      }
    }
    scene.wait(until: 100)
    #expect(scene.registrations.exchangeCount == 0)
    #expect(scene.story.filter { $0 == "failed" }.count == 4, "a refused guess is not also unanswered")
  }

  @Test func `an empty response, as IMS sends it first, is no password`() {
    var scene = SignallingScene()
    let empty = #"Authorization: Digest username="101", realm="r", nonce="", uri="sip:r", response="""#
    scene.ask(Registration(), [empty], at: 0)
    scene.answer(401, Registration(), [Registration.challenge], at: 0.1)
    #expect(scene.story == ["challenged"])
    #expect(scene.last["auth_user"] == "101")
  }

  @Test func `a challenge that nobody answers, and a request that nobody answers`() {
    var scene = SignallingScene()
    scene.ask(Registration(), at: 0)
    scene.answer(401, Registration(), [Registration.challenge], at: 1)
    scene.ask(Registration(user: "102", callID: "other"), at: 2)
    scene.wait(until: 31)
    #expect(scene.story == ["challenged"])
    scene.wait(until: 40)
    #expect(scene.story == ["challenged", "failed", "failed"])
    #expect(Set(scene.outcomes.compactMap { $0["reason"] }) == ["challenge-unanswered", "timeout"])
    #expect(Set(scene.outcomes.dropFirst().compactMap { $0["at"] }) == ["33.0", "34.0"])
    #expect(scene.outcomes.dropFirst().allSatisfy { $0["code"] == nil })
  }

  @Test func `an interval that is too brief is asked for again and is no failure`() {
    var scene = SignallingScene()
    scene.ask(Registration(), ["Expires: 5"], at: 0)
    scene.answer(423, Registration(), ["Min-Expires: 60"], at: 0.1)
    var second = Registration()
    second.cseq = 2
    scene.register(second, at: 0.2)
    scene.wait(until: 60)
    #expect(scene.story == ["registered"])
    #expect(scene.last["attempts"] == "2")
  }

  @Test func `another device, another address and another contact are told`() {
    var scene = SignallingScene()
    scene.register(Registration(), expires: 3600, at: 0)
    #expect(scene.last["source_changed"] == nil && scene.last["contact_changed"] == nil)
    // Somebody else registers the same account from elsewhere.
    let thief = Registration(client: 66, callID: "thief", contact: "<sip:101@10.0.0.66>")
    scene.register(thief, expires: 3600, at: 10)
    #expect(scene.last["event"] == "registered")
    #expect(scene.last["source_changed"] == "true" && scene.last["contact_changed"] == "true")
    #expect(scene.last["previous_source"] == "10.0.0.1")
    // Now both are known, and their refreshes are no change.
    for (place, device) in [Registration(), thief, Registration(), thief].enumerated() {
      var refresh = device
      refresh.cseq = place + 2
      scene.register(refresh, expires: 3600, at: Double(place) * 10 + 20)
      #expect(scene.last["event"] == "refreshed" && scene.last["source_changed"] == "false", "\(place)")
      #expect(scene.last["contact_changed"] == "false" && scene.last["previous_source"] == nil)
    }
    #expect(scene.registrations.bindingCount == 2)
  }

  @Test func `the same Call-ID with another contact is the same device at another place`() {
    var scene = SignallingScene()
    scene.register(Registration(), expires: 60, at: 0)
    let moved = Registration(client: 7, cseq: 2, contact: "<sip:101@10.0.0.7:5060>")
    scene.register(moved, expires: 60, at: 30)
    #expect(scene.last["event"] == "refreshed")
    #expect(scene.last["source_changed"] == "true" && scene.last["contact_changed"] == "true")
    #expect(scene.last["previous_source"] == "10.0.0.1")
    scene.wait(until: 200)
    #expect(scene.story == ["registered", "refreshed", "expired"], "the old place does not expire, too")
  }

  @Test func `an instance is the same device whatever else changes`() {
    let instance = #";+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";reg-id=1"#
    var scene = SignallingScene()
    scene.register(Registration(contact: "<sip:101@10.0.0.1:5060>" + instance), at: 0)
    let rebooted = Registration(
      client: 2, callID: "after", branch: "z9hG4bK-r", contact: "<sip:101@10.0.0.2:7000>" + instance)
    scene.register(rebooted, at: 10)
    #expect(scene.story == ["registered", "refreshed"])
    #expect(scene.last["contact_changed"] == "true")
    // The other flow of the same device is a binding of its own (RFC 5626).
    let other = Registration(
      client: 2, callID: "flow-2", branch: "z9hG4bK-f",
      contact: "<sip:101@10.0.0.2:7001>" + instance.replacing("reg-id=1", with: "reg-id=2"))
    scene.register(other, at: 20)
    #expect(scene.last["event"] == "registered")
    #expect(scene.registrations.bindingCount == 2)
  }

  @Test func `who guesses for an account leaves its binding alone`() {
    var scene = SignallingScene()
    scene.register(Registration(), expires: 60, at: 0)
    for number in 1...50 {
      let guess = Registration(client: 99, callID: "call-1", cseq: number, branch: "z9hG4bK-x")
      scene.ask(guess, [Registration.credentials], at: Double(number))
      scene.answer(403, guess, at: Double(number) + 0.1)
    }
    #expect(scene.registrations.bindingCount == 1)
    var refresh = Registration()
    refresh.cseq = 2
    scene.register(refresh, at: 55)
    #expect(scene.last["event"] == "refreshed" && scene.last["attempts"] == "1")
    #expect(scene.last["source_changed"] == "false")
    #expect(scene.story.filter { $0 == "failed" }.count == 50)
  }

  @Test func `To is the address of record when somebody else registers it`() {
    var scene = SignallingScene()
    scene.register(Registration(user: "500", from: "secretary"), at: 0)
    #expect(scene.last["aor"] == "500@Example.com" && scene.last["third_party"] == "true")
  }

  @Test func `several contacts of one request are bindings of their own`() {
    var scene = SignallingScene()
    let both = "<sip:101@10.0.0.1:5060>;expires=60, <sip:101@10.0.0.1:5062>;expires=0, <sip:101@10.0.0.9>"
    scene.ask(Registration(contact: both), ["Expires: 90"], at: 0)
    scene.answer(200, Registration(), ["Contact: \(both);expires=80"], at: 0.1)
    #expect(scene.story == ["removed", "registered", "registered"])
    #expect(scene.outcomes.compactMap { $0["expires"] } == ["0", "60", "80"])
  }

  /// A device that moves: its Call-ID, what its new contact asks for, whether it gave a password before and gives it now,
  /// and whether it is taken for a stranger.
  static let movers = [
    ("call-1", 60, true, true, "false"), ("other", 60, true, true, "true"), ("call-1", 0, true, true, "true"),
    ("call-1", 60, false, true, "true"), ("call-1", 60, true, false, "true"),
  ]

  @Test(arguments: movers)
  func `a device takes out its old contact when it has moved`(
    callID: String, lifetime: Int, hadPassword: Bool, hasPassword: Bool, changed: String
  ) {
    var scene = SignallingScene()
    scene.register(Registration(headers: hadPassword ? [Registration.credentials] : []), at: 0)
    let contacts = "<sip:101@10.0.0.7:5060>;expires=\(lifetime), <sip:101@10.0.0.1:5060>;expires=0"
    let moved = Registration(
      client: 7, callID: callID, cseq: 2, contact: contacts,
      headers: hasPassword ? [Registration.credentials] : [])
    scene.ask(moved, at: 30)
    scene.answer(
      200, moved, lifetime == 0 ? [] : ["Contact: <sip:101@10.0.0.7:5060>;expires=\(lifetime)"], at: 30.1)
    let old = scene.outcomes.first { $0["event"] == "removed" && $0["contact"] == "sip:101@10.0.0.1:5060" }
    #expect(scene.story.count == 3 && old?["source_changed"] == changed)
    #expect((old?["previous_source"] == nil) == (changed == "false"))
  }

  @Test func `what goes is compared with what was before its request`() {
    var scene = SignallingScene()
    scene.register(Registration(), at: 0)
    // Nobody takes over a contact in the moment in which he takes it out.
    let twice = "<sip:101@10.0.0.1:5060>;expires=60, <sip:101@10.0.0.1:5060>;expires=0"
    let stranger = Registration(client: 7, callID: "other", contact: twice)
    scene.ask(stranger, at: 30)
    scene.answer(200, stranger, at: 30.1)
    #expect(scene.outcomes.dropFirst().first?["source_changed"] == "true")
    // A device that has moved keeps its new contact.
    let instance = #";+sip.instance="<urn:uuid:1>""#
    let first = Registration(user: "102", contact: "<sip:102@10.0.0.1:5060>\(instance)")
    scene.register(first, at: 60)
    let new = "<sip:102@10.0.0.7:5060>\(instance);expires=60"
    let moved = Registration(
      user: "102", client: 7, cseq: 2, contact: "\(new), <sip:102@10.0.0.1:5060>\(instance);expires=0")
    scene.ask(moved, at: 90)
    scene.answer(200, moved, ["Contact: \(new)"], at: 90.1)
    #expect(scene.story.suffix(2) == ["removed", "registered"])
    let refresh = Registration(user: "102", client: 7, cseq: 3, contact: new)
    scene.register(refresh, at: 120)
    #expect(scene.story.last == "refreshed")
  }

  @Test func `the name of who registers is without the backslashes of its quotes`() {
    let long = String(repeating: #"\\"#, count: 200)
    for (written, shown) in [
      (#"CORP\\101"#, #"CORP\101"#), (#"\"x\""#, #""x""#), (long, String(repeating: #"\"#, count: 128) + "…"),
    ] {
      var scene = SignallingScene()
      let credentials =
        #"Authorization: Digest username="\#(written)", realm="r", nonce="n", uri="sip:r", response="0""#
      scene.ask(Registration(), [credentials], at: 0)
      scene.answer(200, Registration(), ["Contact: <sip:101@10.0.0.1:5060>;expires=60"], at: 0.1)
      #expect(scene.last["auth_user"] == shown)
    }
  }

  @Test func `a question for the bindings is no registration`() {
    var scene = SignallingScene()
    scene.ask(Registration(contact: nil), at: 0)
    scene.answer(200, Registration(), ["Contact: <sip:101@10.0.0.1:5060>;expires=60"], at: 0.1)
    scene.wait(until: 100)
    #expect(scene.story.isEmpty && scene.registrations.exchangeCount == 0)
  }

  @Test func `a password in a URI is not remembered`() {
    for (written, shown) in [
      ("sip:101:5ecr3t@10.0.0.1", "sip:101:***@10.0.0.1"),
      ("sip:101@10.0.0.1?Authorization=5ecr3t", "sip:101@10.0.0.1?***"),
    ] {
      var scene = SignallingScene()
      scene.register(Registration(user: "101:5ecr3t", contact: "<\(written)>"), at: 0)
      scene.wait(until: 100)
      #expect(scene.story == ["registered", "expired"])
      #expect(scene.outcomes.allSatisfy { $0["contact"] == shown && $0["aor"] == "101@Example.com" })
    }
  }
}
