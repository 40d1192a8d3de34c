import Foundation
import Pipeline
import TestCaptures
import Testing

/// A party that registers from another network in the middle of a call, and who would like to be taken for it.
@Suite struct MovedPartyTests {
  static let before = CaptureBytes.Endpoint(192, 0, 2, 101, port: 4000)
  static let relay = CaptureBytes.Endpoint(192, 0, 2, 10, port: 20_000)
  static let mobile = CaptureBytes.Endpoint(198, 51, 100, 77)
  static let after = CaptureBytes.Endpoint(198, 51, 100, 77, port: 33_001)

  /// A call in which media come from another address after two seconds, with what a test does in between.
  private static func streams(_ move: (inout CallWire) -> Void) throws -> [[String: Any]] {
    var wire = CallWire()
    wire.register(from: CallWire.phone, at: 0)
    wire.answer(at: 1000)
    wire.talk(before, relay, ssrc: 1, back: 2, from: 1100, to: 3000)
    move(&wire)
    wire.talk(after, relay, ssrc: 1, back: 3, from: 3200, to: 5000)
    wire.hangUp(at: 5100)
    return try SensorRun(wire.capture).objects(of: "rtp").filter {
      ($0["src_ip"] as? String) == "198.51.100.77" || ($0["dest_ip"] as? String) == "198.51.100.77"
    }
  }

  private static func known(_ events: [[String: Any]]) -> Set<Bool> {
    Set(
      events.filter { $0["src_ip"] as? String == "198.51.100.77" }
        .compactMap { ($0["rtp"] as? [String: Any])?["sender_known"] as? Bool })
  }

  @Test func `who has registered from another address sends from there, and is sent to there`() throws {
    let events = try Self.streams { $0.register(from: Self.mobile, cseq: 3, at: 3100) }
    #expect(Self.known(events) == [true])
    let back = events.filter { $0["dest_ip"] as? String == "198.51.100.77" }
    #expect(!back.isEmpty && back.allSatisfy { $0["call"] != nil })
    let evidence = back.compactMap { ($0["rtp"] as? [String: Any])?["correlated_by"] as? String }
    #expect(Set(evidence) == ["learned"])
  }

  @Test func `what is not accepted, or not of the party, or of no server of the call, is no move`() throws {
    let strangers: [(inout CallWire) -> Void] = [
      { _ in },
      { $0.register(from: Self.mobile, callID: "mallory", 403, at: 3100) },
      { $0.register(from: Self.mobile, callID: "mallory", 401, at: 3100) },
      { $0.register(from: Self.mobile, callID: "mallory", account: "mallory", at: 3100) },
      { $0.register(from: Self.mobile, callID: "mallory", account: "bob", at: 3100) },
      {
        $0.register(
          from: Self.mobile, callID: "mallory", registrar: CaptureBytes.Endpoint(198, 51, 100, 78), at: 3100)
      },
    ]
    for (number, move) in strangers.enumerated() {
      let events = try Self.streams(move)
      #expect(Self.known(events) == [false], "\(number)")
      #expect(events.allSatisfy { $0["dest_ip"] as? String != "198.51.100.77" || $0["call"] == nil })
    }
  }

  @Test func `another SSRC at the same place does not hide that the other party is not heard any more`()
    throws
  {
    for (place, isHeard) in [(Self.relay, true), (CaptureBytes.Endpoint(192, 0, 2, 10, port: 20_002), false)]
    {
      var wire = CallWire()
      wire.answer(at: 1000)
      wire.talk(Self.before, Self.relay, ssrc: 1, back: 2, from: 1100, to: 4000)
      wire.talk(Self.before, place, ssrc: nil, back: 3, from: 4000, to: 14_000)
      wire.hangUp(at: 14_000)
      let ended = try SensorRun(wire.capture).objects(of: "call").last?["call"] as? [String: Any]
      #expect(ended?["event"] as? String == "ended")
      let silence = ended?["caller_silence_at_end"] as? Double
      #expect((silence.map { abs($0 - 10) < 0.1 } ?? false) == isHeard, "\(silence ?? -1)")
    }
  }
}
