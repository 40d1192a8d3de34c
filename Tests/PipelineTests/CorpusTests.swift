import Capture
import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// Every real capture goes through the whole line, and what comes out is what another program counted.
@Suite struct CorpusTests {
  /// Files are shared out over this many tests, which run side by side.
  static let shares = 8

  /// What the reference counted in a file.
  struct Truth: Decodable {
    struct SIP: Decodable {
      var requests: [String: Int]
      var responses: [String: Int]
      var distinctCallIDs: Int

      enum CodingKeys: String, CodingKey {
        case requests, responses
        case distinctCallIDs = "distinct_call_ids"
      }
    }

    var packets: Int
    var sip: SIP

    init(of name: String) throws {
      let file = "truth/" + name.replacingOccurrences(of: "/", with: "__") + ".json"
      self = try JSONDecoder().decode(
        Truth.self, from: Data(contentsOf: TestFolders.sharedCaptures.appendingPathComponent(file)))
    }
  }

  @Test(
    .enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"), arguments: 0..<shares)
  func `packets, messages and Call-IDs of real captures are as many as the reference counts`(share: Int)
    throws
  {
    let names = try TestFolders.sharedCaptureNames()
    #expect(names.count > 400)
    for (index, name) in names.enumerated() where index % Self.shares == share {
      let counted = try MessageCount(of: name)
      let truth = MessageCount(try Truth(of: name))
      let difference = CorpusDifference.explained[name]
      let expected = difference?.applied(to: truth) ?? truth
      #expect(counted == expected, "\(name): \(counted.text(against: truth))")
      if difference != nil {
        #expect(expected != truth, "\(name) does not differ any more: take its row out of the table")
      }
    }
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `every explained difference names a file that is there and says why`() throws {
    let names = Set(try TestFolders.sharedCaptureNames())
    for (name, difference) in CorpusDifference.explained {
      #expect(names.contains(name), "\(name)")
      #expect(difference.reason.count > 20, "\(name)")
    }
  }
}

/// What is compared: frames, requests by method, responses by status, and the number of Call-IDs.
struct MessageCount: Equatable {
  var packets: Int
  var requests: [String: Int]
  var responses: [String: Int]
  var callIDs: Int

  init(_ truth: CorpusTests.Truth) {
    packets = truth.packets
    requests = truth.sip.requests
    responses = truth.sip.responses
    callIDs = truth.sip.distinctCallIDs
  }

  /// Counts what the log of a run says; a file that cannot be opened has nothing in it.
  init(of name: String) throws {
    (packets, requests, responses) = (0, [:], [:])
    var seen: Set<String> = []
    if let run = try Self.run(name) {
      packets = Int(run.report["decoder.pkts"])
      for line in try run.objects() {
        let sip = try line.object("sip")
        if let callID = sip["call_id"] as? String { seen.insert(callID) }
        if sip["request_line"] != nil {
          requests[sip["method"] as? String ?? "none", default: 0] += 1
        } else {
          responses[sip["code"] as? String ?? "none", default: 0] += 1
        }
      }
    }
    callIDs = seen.count
  }

  private static func run(_ name: String) throws -> SensorRun? {
    var configuration = SensorConfiguration()
    configuration.loggedTypes = [.sip]
    configuration.flowLimit = 1 << 14
    configuration.messageMemory = 1 << 12
    let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
    do throws(CaptureError) {
      return try SensorRun([path], names: [name], rules: .none, configuration: configuration)
    } catch {
      #expect(!error.cause.isEmpty && !error.remedy.isEmpty)
      return nil
    }
  }

  /// The counts that differ, ours before the reference's.
  func text(against truth: MessageCount) -> String {
    var parts: [String] = []
    if packets != truth.packets { parts.append("packets \(packets)/\(truth.packets)") }
    if callIDs != truth.callIDs { parts.append("Call-IDs \(callIDs)/\(truth.callIDs)") }
    for (ours, theirs) in [(requests, truth.requests), (responses, truth.responses)] {
      for key in Set(ours.keys).union(theirs.keys).sorted() where ours[key] != theirs[key] {
        parts.append("\(key) \(ours[key] ?? 0)/\(theirs[key] ?? 0)")
      }
    }
    return parts.isEmpty ? "as the reference" : parts.joined(separator: ", ")
  }
}
