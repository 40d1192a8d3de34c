import Events
import Testing

@testable import Tracking

/// Somebody takes the place of alice (10.0.0.1) in her call with bob (10.0.0.2), or joins it.
struct CallTakeoverTests {
  private static let dialog = "call-1;to-tag=bob;from-tag=alice"

  private static func answered() -> CallScript {
    var script = CallScript()
    script.request("INVITE", at: 0, headers: ["Contact: <sip:alice@10.0.0.1>"], sdp: CallScript.sdp())
    script.response(200, at: 1, headers: ["Contact: <sip:bob@10.0.0.2>"], sdp: CallScript.sdp())
    return script
  }

  /// An INVITE of mallory (10.0.0.66) to bob, and its answer.
  private static func take(
    _ script: inout CallScript, _ headers: [String], code: Int = 200, from source: UInt32 = 66,
    to target: UInt32 = 2,
    cseq: Int = 1, at time: Double = 10
  ) {
    script.request(
      "INVITE", at: time, from: source, to: target, callID: "call-2", cseq: cseq, fromTag: "m",
      headers: headers,
      sdp: CallScript.sdp(), caller: "mallory")
    script.response(
      code, at: time + 0.5, from: target, destination: source, callID: "call-2", cseq: cseq, fromTag: "m",
      toTag: "b2", sdp: code == 200 ? CallScript.sdp() : nil)
  }

  @Test(arguments: ["Replaces", "Join"])
  func `a stranger who replaces or joins a call is told of when he is accepted`(header: String) {
    for dialog in [Self.dialog, "call-1;from-tag=bob;to-tag=alice;early-only"] {
      var script = Self.answered()
      Self.take(&script, ["\(header): \(dialog)"])
      #expect(script.faults == ["4 sip.strangers_\(header.lowercased())_accepted"])
      script.hangUp(at: 11, from: 2, to: 1, fromTag: "bob", toTag: "alice")
      #expect(script.event(.ended).string(.callReplacedBy) == (header == "Join" ? nil : "call-2"))
    }
  }

  @Test func `a refusal, another dialog, a call that rings and one that is over are nothing`() {
    var refused = Self.answered()
    Self.take(&refused, ["Replaces: \(Self.dialog)"], code: 403)
    #expect(refused.faults.isEmpty)
    #expect(refused.event(.answered).has(.callReplacedBy) == false)
    for other in [
      "call-9;to-tag=bob;from-tag=alice", "call-1;to-tag=x;from-tag=alice", "call-1;to-tag=bob", "call-1",
    ] {
      var script = Self.answered()
      Self.take(&script, ["Replaces: \(other)"])
      #expect(script.faults.isEmpty)
    }
    var ringing = CallScript()
    ringing.request("INVITE", at: 0, sdp: CallScript.sdp())
    ringing.response(180, at: 1)
    Self.take(&ringing, ["Replaces: \(Self.dialog)"], at: 2)
    #expect(ringing.faults.isEmpty)
    var over = Self.answered()
    over.hangUp(at: 5)
    Self.take(&over, ["Replaces: \(Self.dialog)"])
    #expect(over.faults.isEmpty)
  }

  @Test func `parties, acquaintances and who was asked to are no strangers`() {
    var party = Self.answered()
    Self.take(&party, ["Replaces: \(Self.dialog)"], from: 9)
    #expect(party.faults.isEmpty, "where the media of the call is")
    var known = Self.answered()
    known.acquaintance = .known
    Self.take(&known, ["Replaces: \(Self.dialog)"])
    #expect(known.faults.isEmpty)
    var elsewhere = Self.answered()
    Self.take(&elsewhere, ["Replaces: \(Self.dialog)"], to: 77)
    #expect(elsewhere.faults.isEmpty, "no party of the call is asked")
    for field in ["Replaces=call-1%3Bto-tag%3Dbob%3Bfrom-tag%3Dalice", "x=1&join=%63all%2D1%3bto-tag%3Dbob"] {
      for (host, count) in [(UInt32(2), 0), (66, 1)] {
        var asked = Self.answered()
        asked.request(
          "REFER", at: 5, from: host, to: 66, callID: "call-5", fromTag: "b", toTag: "m",
          headers: ["Refer-To: <sip:bob@10.0.0.2?\(field)>"])
        Self.take(&asked, ["Replaces: \(Self.dialog)"])
        #expect(asked.faults.count == count)
      }
    }
  }

  @Test func `credentials count when they were asked for`() {
    let proof = #"Authorization: Digest username="m", realm="r", nonce="n", uri="sip:r", response="0""#
    var script = Self.answered()
    Self.take(&script, ["Replaces: \(Self.dialog)", proof])
    #expect(script.faults.count == 1)
    var asked = Self.answered()
    Self.take(&asked, ["Replaces: \(Self.dialog)"], code: 401)
    Self.take(&asked, ["Replaces: \(Self.dialog)", proof], cseq: 2, at: 12)
    #expect(asked.faults.isEmpty)
    // What is asked for after another refusal counts as well.
    var later = Self.answered()
    Self.take(&later, [], code: 422)
    Self.take(&later, ["Replaces: \(Self.dialog)"], cseq: 2, at: 12)
    #expect(later.faults.count == 1)
  }

  @Test func `where anybody may call, who was referred may have been asked unseen`() {
    for (acquaintance, count) in [(Acquaintance.unknown, 0), (.stranger, 1)] {
      var script = Self.answered()
      script.acquaintance = acquaintance
      Self.take(&script, ["Replaces: \(Self.dialog)", "Referred-By: <sip:bob@example.com>"])
      #expect(script.faults.count == count)
    }
  }

  @Test func `hostile targets are harmless`() {
    let long = String(repeating: "a", count: 300)
    for field in [
      "Replaces=", "Replaces=%", "Replaces=%3", "Replaces=%zz", "Replaces=%3B", "Replaces=\(long)",
      "&&=&Replaces", "Join=%00%ff",
    ] {
      var script = Self.answered()
      script.request(
        "REFER", at: 5, cseq: 2, toTag: "bob", headers: ["Refer-To: <sip:bob@10.0.0.2?\(field)>"])
      Self.take(&script, ["Replaces: \(Self.dialog)"])
      #expect(script.faults.count == 1)
    }
  }
}
