import Foundation
import Output
import Pipeline
import TestCaptures
import Testing

/// Whatever occurs in the log is described by the schema that is generated for it.
@Suite struct EVESchemaTests {
  private func walker() throws -> SchemaWalker {
    try SchemaWalker(EVESchema.json(counters: RunReport.counterNames))
  }

  @Test func `every path of the mixed run is in the schema, with its type`() throws {
    let walker = try walker()
    for line in try EVEContractTests.mixedRun().objects() {
      #expect(walker.faults(in: line) == [])
    }
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `every path of real captures is in the schema, with its type`() throws {
    let walker = try walker()
    var count = 0
    for run in try EVEContractTests.realRuns() {
      for line in try run.objects() {
        #expect(walker.faults(in: line) == [])
        count += 1
      }
    }
    #expect(count > 500)
  }

  @Test func `the schema refuses what the log must not have`() throws {
    let walker = try walker()
    let time = "2026-03-01T22:14:07.000123+0000"
    let refused: [([String: Any], String)] = [
      (["event_type": "sip"], ".timestamp: missing"),
      (["timestamp": "2026-03-01T22:14:07+00:00", "event_type": "sip"], "is not"),
      (["timestamp": time, "event_type": "sips"], ".event_type"),
      (["timestamp": time, "event_type": "sip", "sip": ["metod": "INVITE"]], ".sip.metod: unknown"),
      (["timestamp": time, "event_type": "sip", "sip": ["method": ""]], "too short"),
      (["timestamp": time, "event_type": "sip", "src_port": 65_536], "too large"),
      (["timestamp": time, "event_type": "sip", "src_port": "5060"], "no number"),
      (["timestamp": time, "event_type": "sip", "src_port": true], "no number"),
      (["timestamp": time, "event_type": "sip", "vlan": 5], "no list"),
      (["timestamp": time, "event_type": "stats", "stats": ["uptime": -1]], "too small"),
    ]
    for (line, words) in refused {
      let faults = walker.faults(in: line)
      #expect(faults.count == 1 && faults.first?.contains(words) == true, "\(line): \(faults)")
    }
  }
}
