import Packets
import Protocols
import Testing
import Values

@testable import Tracking

/// Registrations and transactions in captures that cut packets or have one direction only: nothing is said that is not
/// known.
@Suite struct CaptureLimitTests {
  /// Bytes of a message up to the end of its CSeq line and a bit of the next one.
  private static func upToCSeq(_ text: String) -> Int {
    let line = text.firstRange(of: " REGISTER\r\nContact")?.upperBound ?? text.endIndex
    return text[..<line].utf8.count
  }

  private static let padding = "X-Padding: " + String(repeating: "x", count: 200)

  @Test(arguments: [401, 403])
  func `what a refusal means is not known where the request may have credentials behind the cut`(code: Int) {
    var scene = SignallingScene()
    var phone = Registration()
    phone.headers = [Self.padding]
    let request = phone.request()
    scene.send(request, from: phone.client, to: phone.registrar, at: 0, snapLength: Self.upToCSeq(request))
    scene.answer(code, phone, [Registration.challenge], at: 0.1)
    scene.wait(until: 60)
    #expect(scene.story == (code == 401 ? [] : ["failed"]))
    #expect(scene.last["reason"] == nil)
  }

  @Test func `an old nonce may be told behind the cut`() {
    var scene = SignallingScene()
    let phone = Registration()
    scene.ask(phone, [Registration.credentials], at: 0)
    let answer = phone.response(401, [Self.padding, Registration.challenge])
    scene.send(answer, from: phone.registrar, to: phone.client, at: 0.1, snapLength: answer.utf8.count - 200)
    scene.wait(until: 60)
    #expect(scene.story.isEmpty)
  }

  @Test func `an answer that was cut before it says whose it is ends the waiting`() {
    for code in [100, 200] {
      var scene = SignallingScene()
      let phone = Registration()
      scene.ask(phone, at: 0)
      scene.send(phone.response(code), from: phone.registrar, to: phone.client, at: 0.1, snapLength: 100)
      scene.wait(until: 60)
      #expect(scene.story == (code == 100 ? ["failed"] : []))
      #expect(scene.ends.count == (code == 100 ? 1 : 0))
    }
  }

  @Test func `a request that was cut before it says whose it is may answer the challenge`() {
    var scene = SignallingScene()
    var phone = Registration()
    scene.ask(phone, at: 0)
    scene.answer(401, phone, [Registration.challenge], at: 0.1)
    phone.cseq = 2
    scene.send(phone.request(), from: phone.client, to: phone.registrar, at: 0.2, snapLength: 100)
    scene.wait(until: 60)
    #expect(scene.story == ["challenged"])
  }

  @Test func `silence is a timeout only where an answer would have been captured`() {
    for repeats in [false, true] {
      var scene = SignallingScene()
      scene.isOneSided = true
      let phone = Registration()
      scene.ask(phone, at: 0)
      if repeats { scene.ask(phone, at: 0.5) }
      scene.wait(until: 60)
      #expect(scene.story == (repeats ? ["failed"] : []))
      #expect(scene.ends.count == (repeats ? 1 : 0))
    }
  }

  @Test func `different requests that were cut alike are no repeats`() {
    var scene = SignallingScene()
    let phone = Registration()
    for number in 0..<3 {
      scene.send(phone.request(), from: 1, to: 250, at: Double(number), snapLength: 40)
    }
    #expect(scene.verdicts == [[], [], []])
  }

  // MARK: Responses before their requests

  @Test func `a response waits for its request, and no longer than 50 ms`() {
    let scene = EarlyScene()
    let phone = Registration()
    #expect(scene.take(phone.response(401), at: 0))
    #expect(!scene.isDue(at: 0.049))
    #expect(scene.popDue(at: 0.049) == nil)
    #expect(!scene.take(phone.request(), at: 0.03))
    #expect(scene.popAnswer(to: phone.request()) == phone.response(401))
    #expect(scene.popAnswer(to: phone.request()) == nil)
    // From now on the request is known.
    #expect(!scene.take(phone.response(200), at: 0.04))
    var other = phone
    other.callID = "call-2"
    #expect(scene.take(other.response(200), at: 1))
    #expect(scene.isDue(at: 1.05))
    #expect(scene.popDue(at: 1.05) == other.response(200))
    #expect(scene.popDue(at: 1.05) == nil)
    #expect(!scene.isDue(at: 1000))
  }

  @Test func `another request under the Call-ID lets a response go first`() {
    let scene = EarlyScene()
    var phone = Registration()
    #expect(scene.take(phone.response(200), at: 0))
    #expect(scene.popFirst(before: phone.request()) == nil)
    phone.cseq = 2
    phone.registrar = 250
    let first = scene.popFirst(before: phone.request())
    #expect(first?.contains("CSeq: 1 ") == true)
    #expect(scene.isEmpty)
  }

  @Test func `no more than 64 responses wait`() {
    let scene = EarlyScene()
    for number in 0..<100 {
      var phone = Registration()
      phone.callID = "call-\(number)"
      #expect(scene.take(phone.response(200), at: 0) == (number < 64))
    }
  }
}

/// Early responses, told as text.
private final class EarlyScene {
  private var early = EarlyResponses(capacity: 1024, seed: 3)
  private var message = SIPMessage()

  func take(_ text: String, at seconds: Double) -> Bool {
    let bytes = parse(text)
    var packet = Packet()
    packet.timestamp = SignallingScene.time(seconds)
    return early.hold(message, bytes.span, keys(bytes), [], isStream: false, packet)
  }

  func popAnswer(to text: String) -> String? {
    let bytes = parse(text)
    return early.popFirst(answering: message, bytes.span, keys(bytes)).map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
  }

  func popFirst(before text: String) -> String? {
    let bytes = parse(text)
    return early.popFirst(before: message, bytes.span, keys(bytes)).map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
  }

  var isEmpty: Bool { early.isEmpty }

  func isDue(at seconds: Double) -> Bool { early.isDue(at: SignallingScene.time(seconds)) }

  func popDue(at seconds: Double) -> String? {
    early.popDue(at: SignallingScene.time(seconds)).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private func keys(_ bytes: [UInt8]) -> MessageKeys { MessageKeys(message, bytes.span, seed: 3) }

  private func parse(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    message.parse(bytes.span, transport: .datagram)
    return bytes
  }
}
