import Foundation
import Pipeline
import TestCaptures
import Testing

/// The meaning of every check of Snort 3's SIP inspector is a named fault, or `docs/compared.md` says why not.
@Suite struct SnortCheckTests {
  /// The limits of Snort's own tables.
  private static let unnamed: Set<Int> = [1, 27]

  private func faults(_ messages: [[UInt8]]) throws -> Set<String> {
    let frames = messages.map {
      HostileFrames.udp($0, host: 1, isAnswer: $0.starts(with: "SIP/2.0 ".utf8))
    }
    let run = try SensorRun(CaptureBytes(frames: frames))
    return Set(try run.objects(of: "anomaly").compactMap { try $0.object("anomaly")["event"] as? String })
  }

  @Test(arguments: SnortCheck.all.map(\.id))
  func `what makes a check speak raises its faults`(id: Int) throws {
    let check = try #require(SnortCheck.all.first { $0.id == id })
    for (names, messages) in check.triggers {
      let raised = try faults(messages)
      #expect(names.isSubset(of: raised), "140:\(id) raises \(raised.sorted())")
    }
  }

  @Test func `messages without a defect raise nothing`() throws {
    let honest = [
      SnortCheck.invite(1), SnortCheck.challenge(1), SnortCheck.invite(2, nonce: "n1", version: 2),
      SnortCheck.invite(2, nonce: "n1", version: 2), SIPText.request("OPTIONS", branch: "z9hG4bKo").bytes,
      SIPText.response(200, "OK", to: "OPTIONS", branch: "z9hG4bKo").bytes,
    ]
    #expect(try faults(honest) == [])
  }

  @Test func `all checks have their messages`() {
    #expect(SnortCheck.all.map(\.id).sorted() == Set(1...27).subtracting(Self.unnamed).sorted())
  }

  @Test func `the document has a line for each check with the names that it raises`() throws {
    let path = TestFolders.package.appendingPathComponent("docs/compared.md")
    var documented: [Int: Set<String>] = [:]
    for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
      guard let match = line.wholeMatch(of: /\| 140:(\d+) \|[^|]*\|([^|]*)\|[^|]*\|/), let id = Int(match.1)
      else { continue }
      documented[id] = Set(match.2.matches(of: /`([a-z0-9_.]+)`/).map { String($0.1) })
    }
    #expect(documented.keys.sorted() == Array(1...27))
    for check in SnortCheck.all { #expect(documented[check.id] == check.names, "140:\(check.id)") }
    for id in Self.unnamed { #expect(documented[id] == []) }
  }

  @Test func `every name of a check is in the catalogue`() {
    let page = AnomalyReport.markdown()
    for check in SnortCheck.all {
      for name in check.names { #expect(page.contains("| `\(name)` |"), "140:\(check.id)") }
    }
  }
}
