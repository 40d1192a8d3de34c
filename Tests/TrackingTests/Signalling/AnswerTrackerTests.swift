import Testing
import Values

@testable import Tracking

/// Answers from where nobody was asked: 10.0.0.1 is a phone, 10.0.0.250 its server, 10.0.0.66 a stranger.
@Suite struct AnswerTrackerTests {
  /// One INVITE, or another method, and answers to it.
  private struct Question {
    var method = "INVITE"
    var client: UInt32 = 1
    var callID = "c"
    var branch = "z9hG4bK-1"

    func ask(
      _ scene: inout SignallingScene, _ server: UInt32 = 250, from source: UInt32? = nil, at seconds: Double
    ) {
      scene.send(
        text("\(method) sip:2@10.0.0.\(server) SIP/2.0", tag: ""), from: source ?? client, to: server,
        at: seconds)
    }

    func answer(
      _ scene: inout SignallingScene, _ code: Int, from server: UInt32, tag: String = "t",
      to target: UInt32? = nil,
      at seconds: Double
    ) {
      scene.send(
        text("SIP/2.0 \(code) Text", tag: code == 100 ? "" : ";tag=\(tag)"), from: server,
        to: target ?? client, at: seconds)
    }

    private func text(_ line: String, tag: String) -> String {
      [
        line, "Via: SIP/2.0/UDP 10.0.0.\(client):5060;branch=\(branch)", "From: <sip:1@example.com>;tag=f",
        "To: <sip:2@example.com>\(tag)", "Call-ID: \(callID)", "CSeq: 1 \(method)", "Content-Length: 0",
      ].joined(separator: "\r\n") + "\r\n\r\n"
    }
  }

  private let question = Question()

  @Test(arguments: [302, 603, 200, 401, 487])
  func `a forged answer is told of when the true one comes, once`(code: Int) {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.answer(&scene, code, from: 66, tag: "forged", at: 0.01)
    question.answer(&scene, code, from: 66, tag: "forged", at: 0.5)
    question.answer(&scene, code == 401 ? 401 : 486, from: 250, at: 20)
    question.answer(&scene, 603, from: 66, tag: "more", at: 21)
    #expect(scene.forgeries == ["4: 2 \(code)"])
    #expect(scene.standings == [.accepted, .doubtful, .accepted, .accepted, .forged])
  }

  @Test func `it is told of at once when it comes second`() {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.answer(&scene, 200, from: 250, at: 0.01)
    question.answer(&scene, 302, from: 66, tag: "forged", at: 0.02)
    #expect(scene.forgeries == ["3: 3 302"])
    #expect(scene.standings.last == .forged)
  }

  @Test(arguments: [[100], [180], [183, 180]])
  func `the true server need only show that it is at work`(codes: [Int]) {
    for isFirst in [true, false] {
      var scene = SignallingScene()
      question.ask(&scene, at: 0)
      if isFirst { question.answer(&scene, 302, from: 66, tag: "forged", at: 0.01) }
      for (step, code) in codes.enumerated() {
        question.answer(&scene, code, from: 250, at: 0.1 + Double(step))
      }
      if !isFirst { question.answer(&scene, 302, from: 66, tag: "forged", at: 5) }
      question.answer(&scene, 200, from: 250, at: 6)
      #expect(scene.forgeries.count == 1)
      #expect(scene.forgeries.first?.hasSuffix(isFirst ? " 2 302" : " 302") == true)
    }
  }

  @Test func `a server that answers from another address alone is none`() {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    for (step, code) in [100, 180, 200].enumerated() {
      question.answer(&scene, code, from: 251, at: 0.1 + Double(step))
    }
    #expect(scene.forgeries.isEmpty)
  }

  @Test(arguments: [[200, 200], [486, 486], [200, 200, 200]])
  func `the same answer on both sides of a translation is none`(codes: [Int]) {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.answer(&scene, 180, from: 251, at: 0.1)
    question.answer(&scene, 180, from: 250, at: 0.1001)
    for (step, code) in codes.enumerated() {
      question.answer(&scene, code, from: step % 2 == 0 ? 251 : 250, at: 1 + Double(step) / 1000)
    }
    #expect(scene.forgeries.isEmpty)
  }

  @Test func `early answers from two addresses of one server are none`() {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.answer(&scene, 100, from: 250, at: 0.1)
    question.answer(&scene, 180, from: 251, at: 0.2)
    question.answer(&scene, 200, from: 251, at: 0.3)
    #expect(scene.forgeries.isEmpty)
    // The dialog that the server has begun goes on.
    var other = question
    other.callID = "d"
    other.ask(&scene, at: 1)
    other.answer(&scene, 183, from: 250, at: 1.1)
    other.answer(&scene, 200, from: 251, at: 1.2)
    #expect(scene.forgeries.isEmpty)
  }

  @Test func `who is asked next, or gets the request as it is, may answer`() {
    for (sender, server) in [(1, 251), (250, 251)] as [(UInt32, UInt32)] {
      var scene = SignallingScene()
      question.ask(&scene, at: 0)
      question.ask(&scene, server, from: sender, at: 4)
      question.answer(&scene, 200, from: server, tag: "b", at: 5)
      question.answer(&scene, 503, from: 250, at: 6)
      #expect(scene.forgeries.isEmpty, "from \(sender)")
    }
  }

  @Test func `a request of his own that a stranger shows changes nothing`() {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.ask(&scene, 66, from: 67, at: 0.01)
    question.answer(&scene, 302, from: 66, tag: "forged", at: 0.02)
    question.answer(&scene, 200, from: 250, at: 1)
    #expect(scene.forgeries == ["4: 3 302"])
  }

  @Test func `five servers one after the other are too many to tell`() {
    var scene = SignallingScene()
    for server in 1...5 { question.ask(&scene, 250 + UInt32(server), at: Double(server)) }
    question.answer(&scene, 200, from: 251, at: 6)
    question.answer(&scene, 302, from: 66, tag: "other", at: 7)
    #expect(scene.forgeries.isEmpty)
  }

  @Test func `several telephones behind the server answer through it`() {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.answer(&scene, 200, from: 250, tag: "a", at: 1)
    question.answer(&scene, 200, from: 250, tag: "b", at: 1.1)
    #expect(scene.forgeries.isEmpty)
  }

  @Test func `other clients, branches, lost requests and what comes from the client itself are none`() {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.answer(&scene, 200, from: 250, at: 1)
    question.answer(&scene, 302, from: 66, tag: "x", to: 2, at: 2)
    var other = question
    other.branch = "z9hG4bK-2"
    other.answer(&scene, 302, from: 66, tag: "x", at: 3)
    question.answer(&scene, 302, from: 1, tag: "x", at: 4)
    #expect(scene.forgeries.isEmpty)
  }

  @Test func `a second registrar of the phone is known to it`() {
    var scene = SignallingScene()
    scene.register(Registration(registrar: 251), at: 0)
    question.ask(&scene, at: 1)
    question.answer(&scene, 503, from: 250, at: 2)
    question.answer(&scene, 200, from: 251, tag: "b", at: 3)
    #expect(scene.forgeries.isEmpty)
  }

  @Test func `whoever registers elsewhere is believed while the true server is only at work`() {
    var scene = SignallingScene()
    scene.register(Registration(client: 9, registrar: 251), at: 0)
    question.ask(&scene, at: 1)
    question.answer(&scene, 100, from: 250, at: 1.1)
    question.answer(&scene, 200, from: 251, tag: "b", at: 2)
    #expect(scene.forgeries.isEmpty)
    question.answer(&scene, 480, from: 250, at: 20)
    #expect(scene.forgeries == ["6: 5 200"])
  }

  @Test func `what is long ago is forgotten, and so is all when time begins anew`() {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.answer(&scene, 302, from: 66, tag: "x", at: 1)
    question.answer(&scene, 200, from: 250, at: 300)
    var other = question
    other.callID = "d"
    other.ask(&scene, at: 301)
    other.answer(&scene, 302, from: 66, tag: "x", at: 302)
    scene.answerers.restart()
    other.answer(&scene, 200, from: 250, at: 303)
    #expect(scene.forgeries.isEmpty)
  }

  @Test func `a flood of answers from elsewhere keeps to its room`() {
    var scene = SignallingScene(capacity: 64)
    for number in 0..<3000 {
      var one = question
      one.callID = "c\(number)"
      one.ask(&scene, at: Double(number) / 100)
      one.answer(&scene, 302, from: 66, tag: "x", at: Double(number) / 100 + 0.001)
    }
    #expect(scene.answerers.usage.entries <= 64 + 1024)
    #expect(scene.answerers.usage.evictions > 0)
  }

  @Test(arguments: [
    ("INVITE", 302, 407), ("INVITE", 603, 401), ("INVITE", 401, 302), ("REGISTER", 200, 401),
    ("BYE", 200, 403),
  ])
  func `a server that answers twice has answered once`(method: String, first: Int, second: Int) {
    var scene = SignallingScene()
    let question = Question(method: method)
    question.ask(&scene, at: 0)
    question.answer(&scene, first, from: 250, at: 0.01)
    question.answer(&scene, second, from: 250, tag: "other", at: 0.02)
    question.answer(&scene, 404, from: 250, tag: "third", at: 0.03)
    #expect(scene.contradictions == ["3: \(first) \(second)"])
    #expect(scene.forgeries.isEmpty)
  }

  @Test(arguments: [
    ("INVITE", 487, 200), ("INVITE", 200, 487), ("INVITE", 408, 200), ("INVITE", 480, 486),
    ("INVITE", 503, 200), ("INVITE", 486, 200), ("BYE", 200, 481), ("CANCEL", 481, 200),
    ("REGISTER", 408, 200), ("REGISTER", 200, 500), ("REGISTER", 401, 401), ("INVITE", 180, 486),
  ])
  func `who gives up may be wrong, and the same twice is no contradiction`(
    method: String, first: Int, second: Int
  ) {
    var scene = SignallingScene()
    let question = Question(method: method)
    question.ask(&scene, at: 0)
    question.answer(&scene, first, from: 250, at: 0.01)
    question.answer(&scene, second, from: 250, tag: "other", at: 0.02)
    #expect(scene.contradictions.isEmpty)
  }

  @Test(arguments: [0.3, 0.001])
  func `a request that is sent again may be judged anew, one that is captured twice not`(gap: Double) {
    var scene = SignallingScene()
    question.ask(&scene, at: 0)
    question.ask(&scene, at: gap)
    question.answer(&scene, 302, from: 250, at: 0.4)
    question.answer(&scene, 407, from: 250, tag: "other", at: 0.5)
    #expect(scene.contradictions == (gap > 0.02 ? [] : ["4: 302 407"]))
  }

  @Test func `the next server may answer otherwise`() {
    var scene = SignallingScene()
    question.ask(&scene, 250, at: 0)
    question.answer(&scene, 404, from: 250, at: 0.01)
    question.ask(&scene, 251, at: 0.02)
    question.answer(&scene, 486, from: 251, tag: "other", at: 0.03)
    #expect(scene.contradictions.isEmpty)
  }
}
