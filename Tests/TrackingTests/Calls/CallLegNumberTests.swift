import Events
import Testing

@testable import Tracking

/// Legs of an exchange that shows its own number on its trunk: nothing but the number that is called ties them.
@Suite struct CallLegNumberTests {
  private static let number = "00441632960001"

  /// A phone calls a number through the exchange 10.0.0.2.
  private static func call(
    _ script: inout CallScript, _ callID: String, at time: Double, from host: UInt32 = 1,
    to exchange: UInt32 = 2,
    caller: String = "202", callee: String = number
  ) {
    script.request(
      "INVITE", at: time, from: host, to: exchange, callID: callID, fromTag: callID, caller: caller,
      callee: callee)
  }

  /// The exchange calls over its trunk, 10.0.0.9 or another one.
  private static func callOn(
    _ script: inout CallScript, _ callID: String, at time: Double, from exchange: UInt32 = 2,
    to trunk: UInt32 = 9, callee: String = "+441632960001"
  ) -> Leg {
    script.request(
      "INVITE", at: time, from: exchange, to: trunk, callID: callID, fromTag: callID, caller: "+4930555010",
      callee: callee)
    let event = script.event(.started, of: callID)
    return Leg(
      evidence: event.string(.callLegEvidence), isCarriedOn: event[.callCarriedOn] == .bool(true),
      legs: event.integer(.callLegs), id: event.string(.callID))
  }

  /// What the log says of a leg.
  private struct Leg {
    let evidence: String?
    let isCarriedOn: Bool
    let legs: Int64?
    let id: String?

    var isJoined: Bool { evidence == "callee" && isCarriedOn }
    var isAlone: Bool { evidence == nil && !isCarriedOn && legs == 1 }
  }

  @Test func `the number that is called ties the leg of an exchange that shows another caller`() {
    var script = CallScript()
    Self.call(&script, "one", at: 0)
    let second = Self.callOn(&script, "two", at: 0.1)
    #expect(second.isJoined)
    #expect(second.legs == 2)
    let id = script.event(.started, of: "one").string(.callID)
    #expect(second.id == id)
  }

  @Test func `it does so only from the exchange, soon, and of a number that is one`() {
    let attempts: [(exchange: UInt32, time: Double, callee: String)] = [
      (8, 0.1, Self.number), (1, 0.1, Self.number), (2, 3.1, Self.number), (2, 0.1, "00441632960002"),
      (2, 0.1, "441632"),
    ]
    for attempt in attempts {
      var script = CallScript()
      Self.call(&script, "one", at: 0)
      let second = Self.callOn(
        &script, "two", at: attempt.time, from: attempt.exchange, callee: attempt.callee)
      #expect(second.isAlone, "\(attempt)")
    }
    for callee in ["101", "bob", "110"] {
      var script = CallScript()
      Self.call(&script, "one", at: 0, callee: callee)
      let second = Self.callOn(&script, "two", at: 0.1, callee: callee)
      #expect(second.isAlone, "\(callee)")
    }
  }

  @Test(arguments: [200, 486, 401])
  func `a leg that has an outcome, or was not let through, is not carried on`(code: Int) {
    var script = CallScript()
    Self.call(&script, "one", at: 0)
    script.response(code, at: 0.05, callID: "one", fromTag: "one")
    let second = Self.callOn(&script, "two", at: 0.1)
    #expect(second.isAlone)
  }

  @Test func `one leg carries on one leg, until it has failed`() {
    var script = CallScript()
    Self.call(&script, "one", at: 0)
    let second = Self.callOn(&script, "two", at: 0.1)
    #expect(second.isJoined)
    let third = Self.callOn(&script, "three", at: 0.2)
    #expect(third.isAlone, "the exchange calls of its own accord")
    var failing = CallScript()
    Self.call(&failing, "one", at: 0)
    let refused = Self.callOn(&failing, "two", at: 0.1)
    #expect(refused.isJoined)
    failing.response(503, at: 0.2, from: 9, destination: 2, callID: "two", fromTag: "two")
    let next = Self.callOn(&failing, "three", at: 0.3, to: 10)
    #expect(next.isJoined, "the next trunk")
  }

  @Test func `where many call one number at once nobody knows which leg is carried on`() {
    var script = CallScript()
    for phone in 1...3 {
      Self.call(&script, "\(phone)", at: 0.1 * Double(phone), from: 10 + UInt32(phone), caller: "20\(phone)")
    }
    let any = Self.callOn(&script, "a", at: 0.5)
    #expect(any.isAlone)
    // One after the other they are known.
    var slow = CallScript()
    for phone in 1...3 {
      let time = Double(phone)
      Self.call(&slow, "\(phone)", at: time, from: 10 + UInt32(phone), caller: "20\(phone)")
      let leg = Self.callOn(&slow, "leg-\(phone)", at: time + 0.1)
      #expect(leg.isJoined)
      let id = slow.event(.started, of: "\(phone)").string(.callID)
      #expect(leg.id == id)
    }
    // And so they are that go to different exchanges.
    var two = CallScript()
    Self.call(&two, "1", at: 0)
    Self.call(&two, "2", at: 0.1, from: 11, to: 3)
    let other = Self.callOn(&two, "leg", at: 0.2, from: 3)
    #expect(other.isJoined)
  }

  @Test func `a chain of exchanges makes one call`() {
    var script = CallScript()
    Self.call(&script, "one", at: 0)
    let second = Self.callOn(&script, "two", at: 0.1, to: 3)
    #expect(second.isJoined)
    let third = Self.callOn(&script, "three", at: 0.2, from: 3)
    #expect(third.isJoined && third.legs == 3)
  }
}
