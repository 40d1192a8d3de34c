import Packets
import Testing
import Values

@testable import Tracking

/// Hops, repeats, floods and messages that nobody should send.
@Suite struct RegistrationLimitTests {
  @Test func `repeats of requests and responses change nothing`() {
    var scene = SignallingScene()
    for second in 0..<4 { scene.ask(Registration(), ["Expires: 60"], at: Double(second)) }
    for second in 4..<7 { scene.answer(200, Registration(), ["Expires: 60"], at: Double(second)) }
    #expect(scene.story == ["registered"])
    #expect(scene.last["attempts"] == "1")
  }

  @Test func `of the hops of one registration only the client's counts`() {
    var scene = SignallingScene()
    let phone = Registration(registrar: 100)
    let proxyVia = "Via: SIP/2.0/UDP 10.0.0.100;branch=z9hG4bK-proxy\r\n"
    func forwarded(_ text: String) -> String {
      text.replacing("Via:", with: proxyVia + "Via:", maxReplacements: 1)
    }
    scene.send(phone.request(), from: 1, to: 100, at: 0)
    scene.send(forwarded(phone.request()), from: 100, to: 250, at: 0.1)
    scene.send(forwarded(phone.response(200)), from: 250, to: 100, at: 0.2)
    #expect(scene.story.isEmpty, "the answer has not reached the client")
    scene.send(phone.response(200), from: 100, to: 1, at: 0.3)
    #expect(scene.story == ["registered"])
    #expect(scene.last["client.ip"] == "10.0.0.1" && scene.last["server.ip"] == "10.0.0.100")
    scene.wait(until: 60)
    #expect(scene.story == ["registered"])
    #expect(scene.ends.count == 1, "a forwarded request is no transaction of its own")
  }

  @Test func `a 200 whose request was not captured registers its one contact`() {
    var scene = SignallingScene()
    scene.answer(200, Registration(), ["Contact: <sip:101@10.0.0.1:5060>;expires=60"], at: 0)
    #expect(scene.story == ["registered"])
    #expect(scene.last["client.ip"] == "10.0.0.1" && scene.last["attempts"] == nil)
    scene.wait(until: 100)
    #expect(scene.last["event"] == "expired" && scene.last["client.ip"] == "10.0.0.1")
    let other = Registration(user: "102", callID: "other")
    scene.answer(200, other, ["Contact: <sip:a@10.0.0.1>, <sip:b@10.0.0.1>"], at: 200)
    scene.answer(401, other, [Registration.challenge], at: 201)
    #expect(scene.story.count == 2, "whose contact it is would be a guess")
  }

  @Test func `a client does not answer itself`() {
    var scene = SignallingScene()
    let phone = Registration()
    let granted = phone.response(200, ["Contact: <sip:101@10.0.0.1:5060>;expires=60"])
    scene.ask(phone, at: 0)
    scene.send(granted, from: 1, to: 250, at: 0.1)
    #expect(scene.story.isEmpty)
    scene.answer(403, phone, at: 0.2)
    #expect(scene.story == ["failed"])
    let other = Registration(callID: "call-2")
    scene.send(
      other.response(200, ["Contact: <sip:101@10.0.0.1:5060>;expires=60"]), from: 1, to: 250, at: 0.3)
    #expect(scene.story == ["failed"], "who has asked is known to be a client")
    scene.answer(200, Registration(callID: "call-3"), ["Contact: <sip:101@10.0.0.9>;expires=60"], at: 0.4)
    #expect(scene.story == ["failed", "registered"], "this one is the registrar's")
  }

  @Test func `an answer to an older request is not the answer`() {
    var scene = SignallingScene()
    scene.ask(Registration(), at: 0)
    scene.ask(Registration(cseq: 2), [Registration.credentials], at: 1)
    scene.answer(401, Registration(), [Registration.challenge], at: 1.1)
    #expect(scene.story.isEmpty, "a 401 to the request without credentials refuses no password")
    scene.answer(200, Registration(cseq: 2), at: 1.2)
    #expect(scene.story == ["registered"])
  }

  @Test func `a flood of made-up accounts leaves registered phones registered`() {
    var scene = SignallingScene(capacity: 1000, memory: 1 << 10)
    for phone in 0..<500 {
      scene.register(
        Registration(user: "phone\(phone)", client: UInt32(1000 + phone), callID: "c\(phone)"),
        expires: 3600, at: Double(phone) / 1000)
    }
    for flood in 0..<20_000 {
      let attempt = Registration(
        user: "u\(flood &* 7919)", client: UInt32(100_000 + flood), callID: "f\(flood)")
      let time = 1 + Double(flood) / 1000
      scene.ask(attempt, at: time)
      if flood % 20 == 0 { scene.answer(401, attempt, [Registration.challenge], at: time) }
    }
    #expect(scene.registrations.bindingCount == 500)
    #expect(scene.registrations.exchangeCount == 1000)
    #expect(scene.registrations.evictions > 19_000)
    #expect(scene.registrations.byteCount < 4 << 20)
    scene.wait(until: 100)
    #expect(scene.registrations.exchangeCount == 0)
    var refreshed = 0
    for phone in 0..<500 {
      scene.register(
        Registration(user: "phone\(phone)", client: UInt32(1000 + phone), callID: "c\(phone)", cseq: 2),
        expires: 3600, at: 200 + Double(phone) / 1000)
      if scene.last["event"] == "refreshed" { refreshed += 1 }
    }
    #expect(refreshed == 500)
  }

  @Test func `a phone that is registered keeps its place in a flood of attempts`() {
    var scene = SignallingScene(capacity: 100)
    scene.register(Registration(), expires: 3600, at: 0)
    scene.ask(Registration(cseq: 2), ["Expires: 3600"], at: 1)
    for flood in 0..<5000 {
      scene.ask(Registration(user: "u\(flood)", client: UInt32(1000 + flood), callID: "f\(flood)"), at: 2)
    }
    scene.answer(200, Registration(cseq: 2), at: 3)
    #expect(scene.last["event"] == "refreshed" && scene.last["attempts"] == "1")
  }

  @Test func `a registrar that takes everything loses the newest phones last`() {
    var scene = SignallingScene(capacity: 100)
    for round in 1...2 {
      for phone in 0..<50 {
        scene.register(
          Registration(user: "p\(phone)", callID: "p\(phone)", cseq: round), expires: 3600,
          at: Double(round * 100 + phone))
      }
    }
    for flood in 0..<2000 {
      scene.register(
        Registration(user: "u\(flood)", client: UInt32(1000 + flood), callID: "f\(flood)"), at: 300)
    }
    let before = scene.outcomes.count
    for phone in 0..<50 {
      scene.register(Registration(user: "p\(phone)", callID: "p\(phone)", cseq: 3), at: 301)
    }
    #expect(scene.outcomes[before...].allSatisfy { $0["event"] == "refreshed" })
    #expect(scene.registrations.bindingCount <= 100)
  }

  @Test func `one account has 32 bindings at the most`() {
    var scene = SignallingScene()
    for device in 0..<40 {
      let contact = "<sip:101@10.0.1.\(device):5060>"
      scene.register(
        Registration(client: UInt32(300 + device), callID: "d\(device)", contact: contact),
        expires: 3600, at: Double(device))
    }
    #expect(scene.registrations.bindingCount == 32)
    #expect(scene.last["source_changed"] == nil, "the first eight are not known any more")
    #expect(scene.story.allSatisfy { $0 == "registered" })
    scene.ask(Registration(contact: "*"), ["Expires: 0"], at: 100)
    scene.answer(200, Registration(contact: nil), at: 100.1)
    #expect(scene.registrations.bindingCount == 0)
  }

  @Test(arguments: [32, 33])
  func `devices of an account are told from strangers as long as all of them are known`(devices: Int) {
    var scene = SignallingScene()
    func device(_ number: Int) -> Registration {
      Registration(
        client: UInt32(300 + number), callID: "d\(number)", contact: "<sip:101@10.0.1.\(number):5060>")
    }
    for round in 0..<2 {
      for number in 0..<devices {
        scene.register(device(number), expires: 3600, at: Double(round * 100 + number))
      }
    }
    let second = scene.outcomes.suffix(devices)
    if devices == 32 {
      #expect(second.allSatisfy { $0["event"] == "refreshed" && $0["source_changed"] == "false" })
    } else {
      #expect(second.allSatisfy { $0["source_changed"] == nil && $0["previous_source"] == nil })
    }
    // Once some of them have left, whoever is new is new.
    for number in 0..<devices { scene.register(device(number), expires: 0, at: 200) }
    scene.register(device(99), expires: 3600, at: 210)
    #expect(scene.last["source_changed"] == "true")
  }

  @Test func `strange messages are taken as they are`() {
    var scene = SignallingScene()
    let long = String(repeating: "x", count: 3000)
    let lines = [
      "REGISTER sip:r SIP/2.0\r\n\r\n",
      "REGISTER sip:r SIP/2.0\r\nTo: <sip:101@r>\r\n\r\n",
      "SIP/2.0 200 OK\r\nTo: <sip:101@r>\r\nCSeq: 1 REGISTER\r\n\r\n",
      "SIP/2.0 200 OK\r\nTo: <sip:101@r>\r\n\r\n",
      "REGISTER sip:r SIP/2.0\r\nTo: sip:\(long)@\(long)\r\nCall-ID: \(long)\r\nContact: <sip:\(long)@\(long)>"
        + "\r\nUser-Agent: \(long)\r\nCSeq: 1 REGISTER\r\n\r\n",
      "SIP/2.0 200 OK\r\nTo: sip:\(long)@\(long)\r\nCall-ID: \(long)\r\nCSeq: 1 REGISTER\r\n\r\n",
      "REGISTER sip:r SIP/2.0\r\nTo: <tel:+491234>\r\nCSeq: 99999999999 REGISTER\r\nContact: ,,<,\r\n\r\n",
      "SIP/2.0 99999 OK\r\nTo: <tel:+491234>\r\nCSeq: 99999999999 REGISTER\r\n\r\n",
    ]
    for (place, line) in lines.enumerated() {
      scene.send(line, from: 1, to: 250, at: Double(place))
      scene.send(line, from: 250, to: 1, at: Double(place) + 0.5)
    }
    scene.wait(until: 200)
    let aor = scene.outcomes.compactMap { $0["aor"] }.max { $0.count < $1.count } ?? ""
    #expect(aor.contains("…") && aor.count < 300, "\(aor.count)")
    #expect(scene.registrations.exchangeCount == 0)
  }

  @Test func `thousands of contacts in one 200 hide nothing`() {
    var scene = SignallingScene()
    scene.ask(Registration(), at: 0)
    let many = (0..<4000).map { "<sip:\($0)@10.9.9.9>;expires=1" }.joined(separator: ",")
    scene.answer(200, Registration(), ["Contact: \(many), <sip:101@10.0.0.1:5060>;expires=77"], at: 0.1)
    #expect(scene.last["expires"] == "77")
    #expect(scene.registrations.bindingCount == 1)
  }

  @Test func `the seed of the hashes changes nothing`() {
    func story(_ seed: UInt64) -> [[String: String]] {
      var scene = SignallingScene(seed: seed)
      for phone in 0..<50 {
        let registration = Registration(user: "p\(phone % 20)", client: UInt32(phone), callID: "c\(phone)")
        scene.ask(registration, at: Double(phone))
        scene.answer(phone % 3 == 0 ? 403 : 200, registration, at: Double(phone) + 0.1)
      }
      return scene.outcomes
    }
    let reference = story(1)
    #expect(reference.count == 50)
    for seed in [0, 2, UInt64.max] { #expect(story(seed) == reference) }
  }

  @Test func `the record of an exchange and of a binding are small`() {
    #expect(MemoryLayout<RegistrationExchange>.stride <= 448)
    #expect(MemoryLayout<RegistrationBinding>.stride <= 288)
    #expect(MemoryLayout<TransactionRecord>.stride <= 192)
  }
}
