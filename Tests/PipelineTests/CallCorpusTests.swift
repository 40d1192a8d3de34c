import Capture
import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// The calls of real captures are those that another program lists, with the same final responses.
@Suite struct CallCorpusTests {
  /// One Call-ID with an INVITE, as the reference lists it.
  struct Listed: Decodable {
    var callID: String
    var requests: [String: Int]
    /// The final responses to INVITE in order, re-INVITEs included.
    var finals: [Int]

    enum CodingKeys: String, CodingKey {
      case requests
      case callID = "call_id"
      case finals = "invite_final"
    }

    /// What became of it: the first success, else the last final response, 0 for none.
    var final: Int { finals.first { 200..<300 ~= $0 } ?? finals.last ?? 0 }
  }

  private struct Truth: Decodable {
    struct SIP: Decodable {
      // swift-format-ignore: AlwaysUseLowerCamelCase
      var call_list: [Listed]
    }

    var sip: SIP
  }

  /// One Call-ID in our log.
  struct Call {
    var kinds: [String] = []
    var final = 0
    var duration: Double?
    /// From the first success to the first BYE, by the messages themselves.
    var talk: Double?
  }

  /// A Call-ID where we say something else than the reference, and why.
  private static let explained: [String: (final: Int, reason: String)] = [
    "c3eF6f58-363323Cd-8058EB88-10300252@fe80:0:0:0:21a:a0ff:fe07:32e0": (
      0, "Its packets are years apart: the INVITE timed out long before the answer came."
    ),
    "530393398394681570978072": (
      0, "The capture ends while the challenge may still be answered: a call that waits has no event."
    ),
    "24487391-449bf2a0@192.168.1.2 fuzzed": (0, "The CSeq of its responses was damaged."),
    "11894297-4432a9f8@192.168.1.2 fuzzed": (0, "The tag of its responses was damaged."),
  ]

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `calls, answers and final responses are those that the reference lists`() throws {
    var (calls, answered, files) = (0, 0, 0)
    for name in try TestFolders.sharedCaptureNames() {
      let listed = try Self.listed(name).filter { $0.requests["INVITE"] != nil }
      guard !listed.isEmpty else { continue }
      files += 1
      var ours = try Self.calls(of: name)
      for reference in listed {
        let call = ours.removeValue(forKey: reference.callID) ?? Call()
        let key = reference.callID + (name.contains("fuzz-") ? " fuzzed" : "")
        let difference = Self.explained[key]
        let expected = difference?.final ?? reference.final
        #expect(call.kinds.first == "started", "\(name): \(reference.callID)")
        #expect(call.final == expected, "\(name): \(reference.callID): \(reference.finals)")
        #expect(call.kinds.contains("answered") == (200..<300 ~= expected), "\(name): \(reference.callID)")
        if difference != nil { #expect(reference.final != expected, "\(key) does not differ any more") }
        check(call, "\(name): \(reference.callID)")
        calls += 1
        answered += call.kinds.contains("answered") ? 1 : 0
      }
      #expect(name.contains("fuzz-") || ours.isEmpty, "\(name): \(ours.keys)")
    }
    #expect((files, calls, answered) == (Self.files, Self.calls, Self.answered))
  }

  /// What docs/calls.md says.
  private static let (files, calls, answered) = (35, 62, 26)

  /// A call that was answered and ended lasts from its first success to its first BYE.
  private func check(_ call: Call, _ name: String) {
    guard let duration = call.duration else { return }
    #expect(call.talk.map { abs($0 - duration) < 0.000_002 } ?? false, "\(name): \(duration)")
  }

  private static func listed(_ name: String) throws -> [Listed] {
    let file = "truth/" + name.replacingOccurrences(of: "/", with: "__") + ".json"
    let data = try Data(contentsOf: TestFolders.sharedCaptures.appendingPathComponent(file))
    return try JSONDecoder().decode(Truth.self, from: data).sip.call_list
  }

  private static func calls(of name: String) throws -> [String: Call] {
    var configuration = SensorConfiguration()
    configuration.loggedTypes = [.call, .sip]
    let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
    var calls: [String: Call] = [:]
    var answers: [String: Double] = [:]
    for line in try SensorRun([path], names: [name], rules: .none, configuration: configuration).objects() {
      if line["event_type"] as? String == "call" {
        let object = try line.object("call")
        guard let callID = object["call_id"] as? String, let kind = object["event"] as? String else {
          continue
        }
        calls[callID, default: Call()].kinds.append(kind)
        if let code = object["code"] as? Int { calls[callID]?.final = code }
        if let duration = object["duration"] as? Double { calls[callID]?.duration = duration }
      } else {
        try note(line, &calls, &answers)
      }
    }
    return calls
  }

  private static func note(
    _ line: [String: Any], _ calls: inout [String: Call], _ answers: inout [String: Double]
  ) throws {
    let sip = try line.object("sip")
    guard let callID = sip["call_id"] as? String, let stamp = line["timestamp"] as? String else { return }
    let time = try seconds(stamp)
    if sip["method"] as? String == "INVITE", (sip["code"] as? String)?.first == "2" {
      answers[callID] = answers[callID] ?? time
    }
    if sip["method"] as? String == "BYE", sip["request_line"] != nil, let answer = answers[callID],
      calls[callID]?.talk == nil
    {
      calls[callID, default: Call()].talk = time - answer
    }
  }

  /// Seconds since midnight of the first day of the month; calls do not last longer.
  private static func seconds(_ stamp: String) throws -> Double {
    let parts = stamp.dropFirst(8).prefix(18).split { $0 == "T" || $0 == ":" }
    let numbers = parts.compactMap { Double($0) }
    try #require(numbers.count == 4)
    return ((numbers[0] * 24 + numbers[1]) * 60 + numbers[2]) * 60 + numbers[3]
  }
}
