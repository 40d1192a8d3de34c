import Anomaly
import Events
import Foundation
import Pipeline
import TestCaptures
import Testing

/// What is in the log is what the catalogue says that fields can have, so that rules may trust it.
@Suite struct FieldDomainTests {
  /// The values at a dotted path.
  private func values(at path: String, in line: [String: Any]) -> [Any] {
    var value: Any? = line
    for part in path.split(separator: ".") { value = (value as? [String: Any])?[String(part)] }
    return (value as? [Any]) ?? value.map { [$0] } ?? []
  }

  private func canOccur(_ value: Any, _ row: FieldDefinition) -> Bool {
    switch (value, row.field) {
    case (let text as String, .anomalyEvent): AnomalyReport.names.contains(text)
    case (let text as String, .anomalyLayer): AnomalyReport.layers.contains(text)
    case (let text as String, _) where row.type == .integer: Int64(text).map(row.domain.contains) ?? false
    case (let text as String, _): row.domain.contains(text)
    case (let number as NSNumber, _): row.domain.contains(number.int64Value)
    default: true
    }
  }

  private func check(_ line: [String: Any]) {
    for row in FieldCatalog.all {
      for value in values(at: row.name, in: line) {
        #expect(canOccur(value, row), "\(row.name): \(value)")
      }
    }
  }

  @Test func `the expected logs of all cases have no other values`() throws {
    let folder = TestFolders.cases
    var count = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let path = folder.appendingPathComponent(name).appendingPathComponent("expected.jsonl")
      guard let text = try? String(contentsOf: path, encoding: .utf8) else { continue }
      for line in text.split(separator: "\n") {
        check(try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]))
        count += 1
      }
    }
    #expect(count > 100)
  }

  @Test func `the mixed run has no other values`() throws {
    for line in try EVEContractTests.mixedRun().objects() { check(line) }
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `real captures have no other values`() throws {
    for run in try EVEContractTests.realRuns() {
      for line in try run.objects() { check(line) }
    }
  }

  @Test func `scores say what the catalogue lists`() {
    #expect(Set(FieldCatalog.domain(of: .scoreEntityType).words) == Set(EntityType.allCases.map(\.name)))
    #expect(Set(FieldCatalog.domain(of: .scoreFamily).words) == Set(ScoreFamily.allCases.map(\.name)))
  }
}
