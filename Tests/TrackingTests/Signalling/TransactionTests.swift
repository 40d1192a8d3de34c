import Testing

@testable import Tracking

/// The state machine alone.
@Suite struct TransactionProgressTests {
  @Test func `every way through a transaction gives its actions`() {
    typealias Step = (TransactionProgress.Input, TransactionProgress.Action)
    let ringing = TransactionProgress.Action.waitAnew(TransactionProgress.ringing)
    let table: [(isInvite: Bool, steps: [Step])] = [
      (
        true,
        [(.response(code: 100), ringing), (.response(code: 180), ringing), (.response(code: 200), .finish)]
      ),
      (false, [(.response(code: 100), .wait), (.response(code: 404), .finish)]),
      (true, [(.repetition, .wait), (.silence, .timeOut)]),
      (true, [(.response(code: 183), ringing), (.silence, .timeOut)]),
      (false, [(.response(code: 699), .finish)]),
      (false, [(.response(code: 0), .wait), (.response(code: 65_535), .finish)]),
    ]
    for (place, row) in table.enumerated() {
      var progress = TransactionProgress(isInvite: row.isInvite)
      for (input, action) in row.steps { #expect(progress.take(input) == action, "\(place)") }
    }
  }
}

/// Transactions, message by message.
@Suite struct TransactionTrackerTests {
  /// A request and its responses, without the words of registrations.
  struct Exchange {
    var method = "INVITE"
    var callID = "call-1"
    var cseq = 1
    var via = "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK-1"
    var furtherVia: String?

    func request() -> String { text("\(method) sip:bob@example.com SIP/2.0", "", method) }
    func response(_ code: Int, tag: String = "b") -> String {
      text("SIP/2.0 \(code) Words", ";tag=\(tag)", method == "ACK" ? "INVITE" : method)
    }

    private func text(_ line: String, _ toTag: String, _ method: String) -> String {
      let vias = (furtherVia.map { ["Via: \($0)"] } ?? []) + ["Via: \(via)"]
      let rest = [
        "From: <sip:alice@example.com>;tag=a", "To: <sip:bob@example.com>\(toTag)", "Call-ID: \(callID)",
        "CSeq: \(cseq) \(method)", "Max-Forwards: 70",
      ]
      return ([line] + vias + rest).joined(separator: "\r\n") + "\r\n\r\n"
    }
  }

  @Test func `an INVITE ends with its final response, and ACK opens nothing`() {
    var scene = SignallingScene()
    let call = Exchange()
    scene.send(call.request(), from: 1, to: 2, at: 0)
    scene.send(call.request(), from: 1, to: 2, at: 0.5)
    scene.send(call.response(100), from: 2, to: 1, at: 0.6)
    scene.send(call.response(180), from: 2, to: 1, at: 1)
    scene.send(call.response(180), from: 2, to: 1, at: 2)
    scene.send(call.response(486), from: 2, to: 1, at: 60)
    scene.send(call.response(486), from: 2, to: 1, at: 60.5)
    var ack = call
    ack.method = "ACK"
    scene.send(ack.request(), from: 1, to: 2, at: 61)
    scene.wait(until: 500)
    #expect(
      scene.ends == [
        [
          "kind": "transaction", "at": "60.0", "method": "INVITE", "code": "486", "duration": "60.0",
          "retransmissions": "2", "timed_out": "false", "provisional": "180", "call_id": "call-1",
          "app_proto": "sip", "client.ip": "10.0.0.1", "client.port": "5060", "server.ip": "10.0.0.2",
          "server.port": "5060",
        ]
      ])
    #expect(scene.transactions.count == 0)
  }

  @Test func `time runs out by timers B, C and F`() {
    let cases: [(method: String, provisional: [Double], end: String)] = [
      ("INVITE", [], "32.0"), ("OPTIONS", [], "32.0"), ("OPTIONS", [20], "32.0"),
      ("INVITE", [1], "181.0"), ("INVITE", [1, 100], "280.0"),
    ]
    for (method, provisional, end) in cases {
      var scene = SignallingScene()
      let exchange = Exchange(method: method)
      scene.send(exchange.request(), from: 1, to: 2, at: 0)
      for (place, time) in provisional.enumerated() {
        scene.send(exchange.response(180 + place), from: 2, to: 1, at: time)
      }
      for second in 100..<400 { scene.wait(until: Double(second)) }
      #expect(scene.ends.count == 1)
      #expect(scene.ends[0]["at"] == end && scene.ends[0]["timed_out"] == "true", "\(method) \(provisional)")
      #expect(scene.ends[0]["code"] == nil && scene.ends[0]["duration"] == nil)
    }
  }

  @Test func `CANCEL is a transaction beside its INVITE`() {
    var scene = SignallingScene()
    let call = Exchange()
    let cancel = Exchange(method: "CANCEL")
    scene.send(call.request(), from: 1, to: 2, at: 0)
    scene.send(call.response(180), from: 2, to: 1, at: 1)
    scene.send(cancel.request(), from: 1, to: 2, at: 5)
    scene.send(cancel.response(200), from: 2, to: 1, at: 5.1)
    scene.send(call.response(487), from: 2, to: 1, at: 5.2)
    #expect(scene.ends.map { "\($0["method"] ?? "") \($0["code"] ?? "")" } == ["CANCEL 200", "INVITE 487"])
  }

  @Test func `the first of several final responses counts`() {
    var scene = SignallingScene()
    scene.send(Exchange().request(), from: 1, to: 2, at: 0)
    scene.send(Exchange().response(200, tag: "x"), from: 2, to: 1, at: 1)
    scene.send(Exchange().response(200, tag: "y"), from: 2, to: 1, at: 2)
    #expect(scene.ends.count == 1)
  }

  @Test func `the hops of a forward are one transaction`() {
    var scene = SignallingScene()
    let call = Exchange()
    var hop = call
    hop.furtherVia = "SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK-proxy"
    scene.send(call.request(), from: 1, to: 2, at: 0)
    scene.send(call.response(100), from: 2, to: 1, at: 0.1)
    scene.send(hop.request(), from: 2, to: 3, at: 0.2)
    scene.send(hop.response(200), from: 3, to: 2, at: 1)
    scene.send(call.response(200), from: 2, to: 1, at: 1.1)
    scene.wait(until: 400)
    #expect(scene.ends.count == 1)
    #expect(scene.ends[0]["server.ip"] == "10.0.0.2" && scene.ends[0]["duration"] == "1.1")
  }

  @Test func `without the cookie the tuple of RFC 2543 tells them apart`() {
    var scene = SignallingScene()
    let plain = "SIP/2.0/UDP 10.0.0.1:5060"
    for number in 1...3 {
      scene.send(Exchange(method: "OPTIONS", cseq: number, via: plain).request(), from: 1, to: 2, at: 0)
    }
    scene.send(Exchange(method: "OPTIONS", cseq: 2, via: plain).response(200), from: 2, to: 1, at: 1)
    #expect(scene.ends.count == 1)
    #expect(scene.transactions.count == 2)
  }

  @Test func `a client with one branch for all has as many transactions as requests`() {
    var scene = SignallingScene()
    for number in 0..<5 {
      scene.send(Exchange(method: "OPTIONS", callID: "c\(number)").request(), from: 1, to: 2, at: 0)
      scene.send(Exchange(method: "OPTIONS", callID: "c\(number)").response(404), from: 2, to: 1, at: 1)
    }
    #expect(scene.ends.count == 5)
  }

  @Test func `a response to somebody else ends nothing`() {
    var scene = SignallingScene()
    scene.send(Exchange().request(), from: 1, to: 2, at: 0)
    scene.send(Exchange().response(200), from: 2, to: 9, at: 1)
    #expect(scene.ends.isEmpty)
  }

  @Test func `a method without a name of its own is told as it was written`() {
    var scene = SignallingScene()
    let odd = Exchange(method: "FO-O")
    scene.send(odd.request(), from: 1, to: 2, at: 0)
    scene.send(odd.response(501), from: 2, to: 1, at: 1)
    #expect(scene.ends.first?["method"] == "FO-O")
  }

  @Test func `a flood of unanswered requests displaces itself`() {
    var scene = SignallingScene(capacity: 100)
    for number in 0..<50 {
      let call = Exchange(callID: "call\(number)", via: "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-c\(number)")
      scene.send(call.request(), from: 1, to: 2, at: 0)
      scene.send(call.response(180), from: 2, to: 1, at: 0.1)
    }
    for number in 0..<5000 {
      let flood = Exchange(callID: "f\(number)", via: "SIP/2.0/UDP 10.9.9.9;branch=z9hG4bK-f\(number)")
      scene.send(flood.request(), from: 9, to: 2, at: 1)
    }
    #expect(scene.transactions.count == 100 && scene.transactions.evictions == 4950)
    for number in 0..<50 {
      let call = Exchange(callID: "call\(number)", via: "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-c\(number)")
      scene.send(call.response(200), from: 2, to: 1, at: 2)
    }
    #expect(scene.ends.count == 50)
  }
}
