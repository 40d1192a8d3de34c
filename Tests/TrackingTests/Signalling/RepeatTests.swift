import Testing

@testable import Tracking

/// What is a repeat of an earlier message, and what only looks like one.
@Suite struct RepeatTests {
  private let phone = Registration()

  private func credentials(_ response: String, proxy: Bool = false) -> String {
    "\(proxy ? "Proxy-" : "")Authorization: Digest username=\"101\", realm=\"r\", nonce=\"n\", "
      + "uri=\"sip:example.com\", response=\"\(response)\""
  }

  /// The text behind a proxy: with another Via on top.
  private func behindProxy(_ text: String) -> String {
    text.replacing(
      "Via: SIP", with: "Via: SIP/2.0/UDP 10.0.0.100:5060;branch=z9hG4bK-proxy\r\nVia: SIP",
      maxReplacements: 1)
  }

  /// The text with a body, as a proxy that leads the media through itself changes it.
  private func carrying(_ body: String, _ text: String) -> String {
    text.replacing("\r\n\r\n", with: "\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  @Test func `a hop may change the body, if it is where the message went to`() {
    for (source, verdict) in [(250, [.forwarded, .relayed]), (100, [])] as [(UInt32, RepeatVerdict)] {
      var scene = SignallingScene()
      scene.send(carrying("v=0 phone", phone.request()), from: 1, to: 250, at: 0)
      scene.send(carrying("v=0 relay", behindProxy(phone.request())), from: source, to: 251, at: 0.1)
      // The next hop passes on what this one made of it, to several places.
      let next = behindProxy(behindProxy(phone.request())).replacing(
        "z9hG4bK-proxy", with: "z9hG4bK-next", maxReplacements: 1)
      scene.send(carrying("v=0 relay", next), from: 251, to: 252, at: 0.2)
      #expect(scene.verdicts == [[], verdict, [.forwarded, .relayed]], "from \(source)")
    }
  }

  @Test func `a copy without a body is no hop from where the message did not go`() {
    var scene = SignallingScene()
    scene.send(carrying("v=0 phone", phone.request()), from: 1, to: 250, at: 0)
    scene.send(carrying("", behindProxy(phone.request())), from: 100, to: 251, at: 0.1)
    #expect(scene.verdicts == [[], []])
  }

  @Test func `with other faults it is another message`() {
    var scene = SignallingScene()
    scene.ask(phone, at: 0)
    scene.ask(phone, ["Date: never"], at: 0.01)
    scene.ask(phone, ["Date: never"], at: 0.02)
    #expect(scene.verdicts == [[], [], [.retransmission, .duplicate]])
  }

  @Test func `another body from the same place is another message, and the same one a retransmission`() {
    var scene = SignallingScene()
    for (body, time) in [("a", 0), ("b", 1), ("a", 2)] as [(String, Double)] {
      scene.send(carrying(body, phone.request()), from: 1, to: 250, at: time)
    }
    #expect(scene.verdicts == [[], [], .retransmission])
  }

  @Test func `a response keeps being one behind a proxy that changes its body`() {
    var scene = SignallingScene()
    scene.send(behindProxy(phone.request()), from: 100, to: 250, at: 0)
    scene.send(carrying("v=0 phone", behindProxy(phone.response(200))), from: 250, to: 100, at: 0.1)
    scene.send(carrying("v=0 relay", phone.response(200)), from: 100, to: 1, at: 0.2)
    #expect(scene.verdicts == [[], [], [.forwarded, .relayed]])
  }

  @Test func `a clock that is set back makes no capture duplicate`() {
    var scene = SignallingScene()
    for time in [2, 1] as [Double] { scene.ask(phone, at: time) }
    #expect(scene.verdicts == [[], .retransmission])
  }

  @Test func `guesses under one branch and CSeq are requests of their own, and so are the answers`() {
    var scene = SignallingScene()
    for guess in 0..<5 {
      let time = Double(guess)
      scene.ask(phone, [credentials("\(guess)")], at: time)
      scene.answer(guess < 4 ? 401 : 200, phone, [Registration.challenge], at: time + 0.1)
    }
    #expect(scene.verdicts == Array(repeating: [], count: 10))
    #expect(scene.story == ["failed", "failed", "failed", "failed", "registered"])
  }

  @Test func `the same credentials once more are a retransmission, and so is the answer`() {
    var scene = SignallingScene()
    for time in [0, 1] as [Double] {
      scene.ask(phone, [credentials("a")], at: time)
      scene.answer(401, phone, [Registration.challenge], at: time + 0.1)
    }
    #expect(scene.verdicts == [[], [], .retransmission, .retransmission])
  }

  @Test func `a request without credentials and its answer repeat as they did before any were sent`() {
    var scene = SignallingScene()
    for time in [0, 1] as [Double] {
      scene.ask(phone, at: time)
      scene.answer(401, phone, [Registration.challenge], at: time + 0.1)
    }
    #expect(scene.verdicts == [[], [], .retransmission, .retransmission])
  }

  @Test func `other users under one branch are asked for one by one`() {
    var scene = SignallingScene()
    for user in 0..<3 {
      var other = phone
      other.user = "\(200 + user)"
      scene.ask(other, at: Double(user))
      scene.answer(404, other, at: Double(user) + 0.1)
    }
    #expect(scene.verdicts == Array(repeating: [], count: 6))
  }

  @Test func `a Via more is a hop from where the message went to, and from nowhere else`() {
    let sources: [(UInt32, RepeatVerdict)] = [(1, []), (100, []), (250, [.forwarded, .relayed])]
    for (source, verdict) in sources {
      var scene = SignallingScene()
      scene.ask(phone, at: 0)
      scene.send(behindProxy(phone.request()), from: source, to: 251, at: 0.1)
      #expect(scene.verdicts == [[], verdict], "from \(source)")
    }
  }

  @Test func `a hop changes no Authorization, and may take Proxy-Authorization off`() {
    let sent = [credentials("a"), credentials("p", proxy: true)]
    let passedOn: [(headers: [String], verdict: RepeatVerdict)] = [
      (sent, [.forwarded, .relayed]), ([credentials("a")], [.forwarded, .relayed]), ([credentials("b")], []),
      ([], []),
    ]
    for (headers, verdict) in passedOn {
      var scene = SignallingScene()
      scene.ask(phone, sent, at: 0)
      scene.send(behindProxy(phone.request(headers)), from: 250, to: 251, at: 0.1)
      #expect(scene.verdicts == [[], verdict], "\(headers)")
    }
  }

  @Test func `the answer on its way back through a proxy is forwarded`() {
    var scene = SignallingScene()
    scene.ask(phone, [credentials("a")], at: 0)
    scene.send(behindProxy(phone.request([credentials("a")])), from: 100, to: 250, at: 0.1)
    scene.send(behindProxy(phone.response(200)), from: 250, to: 100, at: 0.2)
    scene.send(phone.response(200), from: 100, to: 1, at: 0.3)
    #expect(scene.verdicts == [[], [], [], [.forwarded, .relayed]])
  }
}
