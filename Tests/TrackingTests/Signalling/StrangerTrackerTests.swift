import Testing
import Values

@testable import Tracking

/// Requests outside of dialogs: 10.0.0.1 is a phone, 10.0.0.250 its registrar, 10.0.0.66 a stranger.
@Suite struct StrangerTrackerTests {
  /// A message of one transaction, and its answer a tenth of a second later.
  private static func exchange(
    _ scene: inout SignallingScene, _ method: String, from client: UInt32, to server: UInt32,
    at seconds: Double,
    code: Int? = 200, cseq: Int = 1, toTag: String? = nil, headers: [String] = [], hops: Int = 1,
    callID: String? = nil, fromTag: String = "f", answers: [String]? = nil
  ) {
    var vias = (1...hops).map {
      "Via: SIP/2.0/UDP 10.0.0.\($0):5060;branch=z9hG4bK\(method)\(cseq)\(Int(seconds * 10))-\($0)"
    }
    vias += [
      "From: <sip:x@example.com>;tag=\(fromTag)", "Call-ID: \(callID ?? "c\(Int(seconds))")",
      "CSeq: \(cseq) \(method)",
      "Content-Length: 0",
    ]
    let tag = toTag.map { ";tag=\($0)" } ?? ""
    let asked =
      ["\(method) sip:a@10.0.0.\(server) SIP/2.0", "To: <sip:a@example.com>\(tag)"] + vias + headers
    scene.send(asked.joined(separator: "\r\n") + "\r\n\r\n", from: client, to: server, at: seconds)
    guard let code else { return }
    let binding = method == "REGISTER" ? ["Contact: <sip:a@10.0.0.\(client)>;expires=3600"] : []
    let answer =
      ["SIP/2.0 \(code) Text", "To: <sip:a@example.com>;tag=\(toTag ?? "t")"] + vias + (answers ?? binding)
    scene.send(answer.joined(separator: "\r\n") + "\r\n\r\n", from: server, to: client, at: seconds + 0.1)
  }

  private static func registered() -> SignallingScene {
    var scene = SignallingScene()
    exchange(&scene, "REGISTER", from: 1, to: 250, at: 0)
    return scene
  }

  @Test(arguments: [("NOTIFY", 200, "notify"), ("REFER", 202, "refer")])
  func `what a stranger asks for is told of when the phone accepts it`(
    method: String, code: Int, name: String
  ) {
    var scene = Self.registered()
    Self.exchange(&scene, method, from: 66, to: 1, at: 10, code: code)
    #expect(scene.faults == ["4 sip.strangers_\(name)_accepted"])
  }

  @Test(arguments: [[180], [183, 180, 200], [200], [100, 180, 487]])
  func `a stranger's call is told of once, when the phone rings or answers`(codes: [Int]) {
    var scene = Self.registered()
    Self.exchange(&scene, "INVITE", from: 66, to: 1, at: 10, code: codes[0], answers: [])
    for (index, code) in codes.enumerated().dropFirst() {
      Self.answer(&scene, code, at: 10.1 + Double(index))
    }
    #expect(scene.faults.count == 1)
    #expect(scene.faults.allSatisfy { $0.hasSuffix(" sip.strangers_call_rings") })
  }

  @Test func `whose call was answered is no ghost afterwards, at that phone`() {
    var scene = Self.registered()
    Self.exchange(&scene, "REGISTER", from: 2, to: 250, at: 1)
    for (place, code) in [180, 200, 180, 200].enumerated() {
      Self.exchange(&scene, "INVITE", from: 66, to: 1, at: Double(10 + place), code: code, answers: [])
    }
    #expect(scene.faults.count == 2)
    Self.exchange(&scene, "INVITE", from: 66, to: 2, at: 20, code: 180, answers: [])
    #expect(scene.faults.count == 3)
    // To ring and be answered makes nobody a server.
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 30)
    #expect(scene.faults.last?.hasSuffix("sip.strangers_notify_accepted") == true)
  }

  @Test func `a subscription that is granted, and another method's challenge, make nobody's calls welcome`() {
    var scene = Self.registered()
    let proof = #"Authorization: Digest username="a", realm="r", nonce="n", uri="sip:r", response="0""#
    Self.exchange(&scene, "SUBSCRIBE", from: 66, to: 1, at: 10, code: 202)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 20, code: 401)
    Self.exchange(&scene, "INVITE", from: 66, to: 1, at: 30, code: 180, headers: [proof], answers: [])
    #expect(scene.faults == ["8 sip.strangers_call_rings"])
  }

  @Test func `calls of who is known, in dialogs, with credentials, to servers and refused ones are nothing`()
  {
    var scene = Self.registered()
    let proof = #"Authorization: Digest username="a", realm="r", nonce="n", uri="sip:r", response="0""#
    Self.exchange(&scene, "INVITE", from: 250, to: 1, at: 10, code: 180, answers: [])
    Self.exchange(&scene, "INVITE", from: 66, to: 1, at: 20, code: 486, answers: [])
    Self.exchange(&scene, "INVITE", from: 66, to: 1, at: 30, code: 100, answers: [])
    Self.exchange(&scene, "INVITE", from: 66, to: 1, at: 40, code: 180, toTag: "t", answers: [])
    Self.exchange(&scene, "INVITE", from: 66, to: 1, at: 50, code: 401, answers: [])
    Self.exchange(&scene, "INVITE", from: 66, to: 1, at: 51, code: 180, headers: [proof], answers: [])
    Self.exchange(&scene, "INVITE", from: 66, to: 250, at: 60, code: 180, answers: [])
    Self.exchange(&scene, "INVITE", from: 66, to: 9, at: 70, code: 180, answers: [])
    // Another phone may call, and so may whom the phone has called.
    Self.exchange(&scene, "REGISTER", from: 2, to: 250, at: 75)
    Self.exchange(&scene, "INVITE", from: 2, to: 1, at: 76, code: 180, answers: [])
    Self.exchange(&scene, "INVITE", from: 1, to: 67, at: 80, answers: [])
    Self.exchange(&scene, "INVITE", from: 67, to: 1, at: 90, code: 180, answers: [])
    #expect(scene.faults.isEmpty)
  }

  /// A further answer of the phone to the stranger's INVITE at 10 s.
  private static func answer(_ scene: inout SignallingScene, _ code: Int, at seconds: Double) {
    scene.send(
      "SIP/2.0 \(code) Text\r\nTo: <sip:a@example.com>;tag=t\r\n"
        + "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKINVITE1100-1\r\nFrom: <sip:x@example.com>;tag=f\r\n"
        + "Call-ID: c10\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
      from: 1, to: 66, at: seconds)
  }

  @Test func `other requests, refusals, dialogs, credentials and late answers are nothing`() {
    var scene = Self.registered()
    let proof = #"Authorization: Digest username="a", realm="r", nonce="n", uri="sip:r", response="0""#
    Self.exchange(&scene, "OPTIONS", from: 66, to: 1, at: 10)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 20, code: 489)
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 30, code: 302)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 40, toTag: "t")
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 49, code: 401)
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 50, code: 202, headers: [proof])
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 60, code: nil)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 60, cseq: 2, toTag: "t")
    #expect(scene.faults.isEmpty)
  }

  @Test func `credentials that nobody asked for, and another request under the same number, hide nothing`() {
    var scene = Self.registered()
    let proof = #"Authorization: Digest username="a", realm="r", nonce="n", uri="sip:r", response="0""#
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 10, code: 202, headers: [proof])
    #expect(scene.faults.count == 1)
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 20, code: nil)
    Self.exchange(&scene, "SUBSCRIBE", from: 66, to: 1, at: 20.01, code: nil)
    scene.send(
      "SIP/2.0 202 Accepted\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKREFER1200-1\r\nFrom: <sip:x@example.com>;tag=f\r\n"
        + "To: <sip:a@example.com>;tag=t\r\nCall-ID: c20\r\nCSeq: 1 REFER\r\nContent-Length: 0\r\n\r\n",
      from: 1, to: 66, at: 20.1)
    #expect(scene.faults.count == 2)
  }

  @Test func `what the capture cut is not held against anybody`() {
    var scene = Self.registered()
    let request = [
      "NOTIFY sip:a@10.0.0.1 SIP/2.0", "To: <sip:a@example.com>",
      "Via: SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bKn", "From: <sip:x@example.com>;tag=f", "Call-ID: cut",
      "CSeq: 1 NOTIFY",
    ].joined(separator: "\r\n")
    let rest =
      "\r\nAuthorization: Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:r\", response=\"0\"\r\n\r\n"
    scene.send(request + rest, from: 66, to: 1, at: 10, snapLength: request.utf8.count + 10)
    scene.send(
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.66:5060;branch=z9hG4bKn\r\nFrom: <sip:x@example.com>;tag=f\r\n"
        + "To: <sip:a@example.com>;tag=t\r\nCall-ID: cut\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n",
      from: 1, to: 66, at: 10.1)
    #expect(scene.faults.isEmpty)
  }

  @Test func `who granted the phone something is no stranger, within a day`() {
    var scene = Self.registered()
    Self.exchange(&scene, "REFER", from: 250, to: 1, at: 10, code: 202)
    Self.exchange(&scene, "SUBSCRIBE", from: 1, to: 66, at: 20, code: 404)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 30)
    #expect(scene.faults.count == 1)
    Self.exchange(&scene, "SUBSCRIBE", from: 1, to: 66, at: 40)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 50)
    #expect(scene.faults.count == 1)
    // Two phones do not share their servers.
    Self.exchange(&scene, "REGISTER", from: 2, to: 250, at: 60)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 2, at: 70)
    #expect(scene.faults.count == 2)
    Self.exchange(&scene, "REGISTER", from: 1, to: 250, at: 86_000)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 86_450)
    #expect(scene.faults.count == 3)
  }

  @Test func `an answer to nothing makes nobody known`() {
    var scene = Self.registered()
    scene.send(
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx\r\nFrom: <sip:a@example.com>;tag=f\r\n"
        + "To: <sip:a@example.com>;tag=t\r\nCall-ID: c1\r\nCSeq: 1 SUBSCRIBE\r\nContent-Length: 0\r\n\r\n",
      from: 66, to: 1, at: 5)
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 10, code: 202)
    #expect(scene.faults.count == 1)
  }

  @Test func `nothing is said of who is no phone`() {
    var scene = SignallingScene()
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 10)
    Self.exchange(&scene, "REGISTER", from: 1, to: 250, at: 20, code: 403)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 30)
    // A proxy hands on what others register.
    Self.exchange(&scene, "REGISTER", from: 3, to: 250, at: 40, hops: 2)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 3, at: 50)
    #expect(scene.faults.isEmpty)
  }

  @Test(arguments: [7, 8])
  func `a telephone system registers with its provider, and telephones with it, before or after`(
    second: UInt32
  ) {
    var scene = SignallingScene()
    // Behind a NAT the second telephone has the address of the first one.
    Self.exchange(&scene, "REGISTER", from: 7, to: 4, at: 60)
    Self.exchange(&scene, "REGISTER", from: 4, to: 250, at: 70)
    Self.exchange(&scene, "REGISTER", from: second, to: 4, at: 75)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 4, at: 80)
    Self.exchange(&scene, "REGISTER", from: 5, to: 250, at: 90)
    Self.exchange(&scene, "REGISTER", from: 7, to: 5, at: 100)
    Self.exchange(&scene, "REGISTER", from: second, to: 5, at: 105)
    Self.exchange(&scene, "REFER", from: 66, to: 5, at: 110)
    #expect(scene.faults.isEmpty)
  }

  @Test(arguments: [true, false])
  func `one registration makes no registrar of a phone, nor do many that say nothing or that it also refuses`(
    isFirst: Bool
  ) {
    var scene = SignallingScene()
    if !isFirst { Self.exchange(&scene, "REGISTER", from: 1, to: 250, at: 0) }
    Self.exchange(&scene, "REGISTER", from: 66, to: 1, at: 1, callID: "forged")
    Self.exchange(&scene, "REGISTER", from: 66, to: 1, at: 2, cseq: 2, callID: "forged")
    if isFirst { Self.exchange(&scene, "REGISTER", from: 1, to: 250, at: 3) }
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 10, code: 202)
    #expect(scene.faults.count == 1)
    Self.exchange(&scene, "REGISTER", from: 67, to: 1, at: 20, answers: [])
    Self.exchange(&scene, "REGISTER", from: 68, to: 1, at: 21, answers: [])
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 30, code: 202)
    #expect(scene.faults.count == 2)
    Self.exchange(&scene, "REGISTER", from: 67, to: 1, at: 40)
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 50, code: 202)
    #expect(scene.faults.count == 2)
    Self.exchange(&scene, "REGISTER", from: 69, to: 1, at: 60, code: 405)
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 70, code: 202)
    #expect(scene.faults.count == 3)
  }

  @Test func `a made-up tag hides nobody once dialogs from before the capture are over`() {
    var scene = Self.registered()
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 3599, code: 202, toTag: "made-up")
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 3602, toTag: "made-up")
    #expect(scene.faults.isEmpty)
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 3610, code: 202, toTag: "made-up")
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 3620, code: 481, toTag: "made-up")
    #expect(scene.faults == ["8 sip.strangers_refer_accepted"])
    Self.exchange(&scene, "REGISTER", from: 1, to: 250, at: 50_000)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 86_401, toTag: "made-up")
    #expect(scene.faults.count == 2)
  }

  @Test(arguments: ["Replaces", "Join"])
  func `who takes over calls is a stranger to phones, a client to its registrar`(header: String) {
    var scene = Self.registered()
    func sender(_ source: UInt32, to receiver: UInt32, at seconds: Double, _ name: String) -> Acquaintance {
      Self.exchange(
        &scene, "INVITE", from: source, to: receiver, at: seconds, code: nil,
        headers: ["\(name): x;to-tag=1;from-tag=2"])
      return scene.acquaintance
    }
    #expect(sender(66, to: 1, at: 10, header) == .stranger)
    #expect(sender(66, to: 1, at: 20, "X-\(header)") == .unknown)
    #expect(sender(250, to: 1, at: 30, header) == .known)
    #expect(sender(1, to: 250, at: 40, header) == .known)
    #expect(sender(66, to: 250, at: 50, header) == .unknown)
    Self.exchange(&scene, "REGISTER", from: 66, to: 1, at: 60)
    #expect(sender(66, to: 1, at: 70, header) == .stranger, "a phone is nobody's registrar")
    #expect(sender(66, to: 9, at: 80, header) == .unknown)
  }

  @Test func `dialogs that were seen to begin are no evasion`() {
    var scene = Self.registered()
    Self.exchange(&scene, "REGISTER", from: 1, to: 250, at: 50_000)
    // A call that the phone accepts, and one that another phone does.
    Self.exchange(&scene, "INVITE", from: 66, to: 1, at: 90_000, callID: "in", answers: [])
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 90_010, code: 202, toTag: "t", callID: "in")
    #expect(scene.faults == ["6 sip.strangers_call_rings"])
    Self.exchange(&scene, "INVITE", from: 66, to: 9, at: 90_020, callID: "other")
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 90_030, code: 202, toTag: "t", callID: "other")
    Self.exchange(&scene, "REFER", from: 66, to: 1, at: 90_040, code: 202, toTag: "f", callID: "in")
    #expect(scene.faults.count == 3)
    // What the phone subscribes to may be told before its request is answered.
    Self.exchange(&scene, "SUBSCRIBE", from: 1, to: 67, at: 90_050, code: nil, callID: "sub", fromTag: "own")
    Self.exchange(&scene, "NOTIFY", from: 67, to: 1, at: 90_051, toTag: "own", callID: "sub", fromTag: "its")
    #expect(scene.faults.count == 3)
  }

  @Test func `a request that comes again is told of once, and nothing is known behind a restart`() {
    var scene = Self.registered()
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 10)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 10.05)
    #expect(scene.faults.count == 1)
    #expect(scene.strangers.usage.entries > 0)
    scene.strangers.restart()
    #expect(scene.strangers.usage.entries == 0)
    Self.exchange(&scene, "NOTIFY", from: 66, to: 1, at: 20)
    #expect(scene.faults.count == 1)
  }
}
