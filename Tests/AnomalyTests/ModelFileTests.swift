import Testing

@testable import Anomaly

@Suite struct ModelFileTests {
  private static let rows = SmallPopulation(sources: 40, days: 9, attackHour: 190, outageHour: 140).rows()

  private func trained(rows: Int) -> SurpriseDetector {
    var detector = SurpriseDetector()
    for (hour, row) in Self.rows[..<rows] { _ = detector.score(row, hour: hour) }
    return detector
  }

  @Test(arguments: [40 * 150 + 13, 40 * 168, 1, 0])
  func `scores after a restart are those of a run without one`(_ cut: Int) throws {
    var whole = trained(rows: cut)
    var resumed = try ModelFile.detector(from: ModelFile.bytes(of: whole), keepsFrozen: false)
    for (hour, row) in Self.rows[cut...] {
      let expected = whole.score(row, hour: hour)
      let found = resumed.score(row, hour: hour)
      guard found == expected else {
        Issue.record("hour \(hour): \(found) instead of \(expected)")
        return
      }
    }
    #expect(ModelFile.bytes(of: resumed) == ModelFile.bytes(of: whole))
  }

  @Test func `a frozen model survives a restart too`() throws {
    var whole = trained(rows: 40 * 120)
    whole.freezeCopy()
    for (hour, row) in Self.rows[(40 * 120)..<(40 * 170)] { _ = whole.score(row, hour: hour) }
    var resumed = try ModelFile.detector(from: ModelFile.bytes(of: whole))
    for (hour, row) in Self.rows[(40 * 170)...] {
      let (expected, found) = (whole.score(row, hour: hour), resumed.score(row, hour: hour))
      #expect(expected == found)
    }
    let drift = try #require(whole.drift())
    #expect(resumed.drift() == drift)
  }

  @Test func `frozen options learn nothing`() throws {
    var options = SurpriseOptions()
    options.isFrozen = true
    var detector = try ModelFile.detector(
      from: ModelFile.bytes(of: trained(rows: 40 * 168)), options: options)
    let groups = detector.baseline.groups.sums
    let calls = (0..<40).map { detector.baseline.entities.figures[$0 * EntityTable.Field.width] }
    for (hour, row) in Self.rows[(40 * 168)...] { _ = detector.score(row, hour: hour) }
    #expect(detector.baseline.groups.sums == groups)
    for (place, before) in calls.enumerated() {
      #expect(detector.baseline.entities.figures[place * EntityTable.Field.width] < before)
    }
  }

  @Test func `what is no model of this version is refused`() {
    let bytes = ModelFile.bytes(of: trained(rows: 200))
    #expect(throws: ModelError.notAModel) { try ModelFile.detector(from: []) }
    #expect(throws: ModelError.notAModel) {
      try ModelFile.detector(from: Array("PK\u{3}\u{4} and so on".utf8))
    }
    var newer = bytes
    newer[8] = 9
    #expect(throws: ModelError.unknownVersion(9)) { try ModelFile.detector(from: newer) }
    #expect(ModelError.unknownVersion(9).description.contains("version 9"))
  }

  @Test func `any changed or missing byte is noticed`() {
    let bytes = ModelFile.bytes(of: SurpriseDetector())
    for cut in stride(from: 12, to: bytes.count, by: 9973) {
      #expect(throws: ModelError.damaged) { try ModelFile.detector(from: Array(bytes[..<cut])) }
    }
    for place in stride(from: 12, to: bytes.count, by: 49_999) {
      var changed = bytes
      changed[place] ^= 0x10
      #expect(throws: ModelError.damaged) { try ModelFile.detector(from: changed) }
    }
  }

  @Test func `a forged checksum does not trap`() {
    let bytes = ModelFile.bytes(of: trained(rows: 40 * 30))
    var state: UInt64 = 11
    for _ in 0..<40 {
      var forged = Array(bytes.dropLast(8))
      let place = 12 + SmallPopulation.draw(forged.count / 2 - 8, &state) % (forged.count - 12)
      forged[place] = UInt8(truncatingIfNeeded: state >> 40)
      var writer = ModelWriter()
      writer.append(forged)
      writer.write(Checksum.of(forged[...]))
      guard var detector = try? ModelFile.detector(from: writer.bytes) else { continue }
      for (hour, row) in Self.rows[(40 * 30)..<(40 * 31)] { _ = detector.score(row, hour: hour) }
    }
  }

  @Test func `the checksum is CRC-64/XZ`() {
    #expect(Checksum.of(Array("123456789".utf8)[...]) == 0x995d_c9bb_df19_39fa)
  }

  @Test func `drift tells which feature changed`() throws {
    var detector = trained(rows: 40 * 168)
    #expect(detector.drift() == nil)
    detector.freezeCopy()
    let same = try #require(detector.drift())
    #expect(same.lines.allSatisfy { $0.distance == 0 } && same.stability == 0)
    for (hour, row) in Self.rows[(40 * 168)...] {
      var row = row
      row.row[.options] = 20
      _ = detector.score(row, hour: hour)
    }
    let drift = try #require(detector.drift())
    let most = try #require(drift.lines.max { $0.distance < $1.distance })
    #expect(most.feature == "options" && most.now > most.trained)
    #expect(drift.description.contains("options: 0"))
  }
}
