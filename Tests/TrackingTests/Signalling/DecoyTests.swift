import Testing

@testable import Tracking

/// Copies of somebody's own messages that are to make them look like what a proxy has passed on: 10.0.0.66 and 10.0.0.67 are
/// one attacker's, 10.0.0.250 is the registrar.
@Suite struct DecoyTests {
  private let guess = Registration(client: 66)

  /// The text with another Via on top.
  private static func behind(_ host: UInt32, _ text: String) -> String {
    text.replacing(
      "Via: SIP", with: "Via: SIP/2.0/UDP 10.0.0.\(host):5060;branch=z9hG4bK-top\(host)\r\nVia: SIP",
      maxReplacements: 1)
  }

  @Test(arguments: [250, 99] as [UInt32])
  func `a copy from another of his addresses is a request of its own`(decoy: UInt32) {
    var scene = SignallingScene()
    scene.send(guess.request(), from: 66, to: decoy, at: 0)
    scene.send(Self.behind(67, guess.request()), from: 67, to: 250, at: 0.1)
    #expect(scene.verdicts == [[], []])
    scene.send(Self.behind(67, guess.response(401)), from: 250, to: 67, at: 0.2)
    scene.send(guess.response(401), from: 250, to: 66, at: 0.3)
    #expect(scene.verdicts.allSatisfy { $0.isEmpty }, "the registrar has answered both")
  }

  @Test(arguments: [250, 99] as [UInt32])
  func `an answer that nobody passes on is no repeat of one that was sent before it`(target: UInt32) {
    var scene = SignallingScene()
    scene.send(guess.request(), from: 66, to: 250, at: 0)
    scene.send(Self.behind(1, guess.response(401)), from: 67, to: target, at: 0.001)
    scene.send(guess.response(401), from: 250, to: 66, at: 0.1)
    #expect(scene.verdicts == [[], [], []])
  }

  @Test func `who was sent a decoy first hides no hop of others behind it`() {
    var scene = SignallingScene()
    let phone = Registration(registrar: 100)
    scene.send(phone.request(), from: 66, to: 250, at: 0)
    scene.send(phone.request(), from: 1, to: 100, at: 0.1)
    scene.send(Self.behind(100, phone.request()), from: 100, to: 250, at: 0.2)
    #expect(scene.verdicts == [[], [], [.forwarded, .relayed]])
  }

  @Test func `a proxy with two addresses is known by the first answer that it passes on`() {
    var scene = SignallingScene()
    for step in 1...2 {
      var phone = Registration(registrar: 100)
      (phone.callID, phone.cseq) = ("call-\(step)", step)
      let time = Double(step)
      scene.send(phone.request(), from: 1, to: 100, at: time)
      scene.send(Self.behind(101, phone.request()), from: 101, to: 250, at: time + 0.1)
      scene.send(Self.behind(101, phone.response(401)), from: 250, to: 101, at: time + 0.2)
      scene.send(phone.response(401), from: 100, to: 1, at: time + 0.3)
    }
    #expect(scene.verdicts == [[], [], [], .forwarded, [], .forwarded, [], .forwarded])
  }

  @Test func `answers are passed on where no request was captured`() {
    var scene = SignallingScene()
    scene.send(Self.behind(100, guess.response(401)), from: 250, to: 100, at: 0)
    scene.send(guess.response(401), from: 100, to: 66, at: 0.1)
    #expect(scene.verdicts == [[], [.forwarded, .relayed]])
  }
}
