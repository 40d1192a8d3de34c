import Foundation
import TestCaptures
import Testing

@testable import Anomaly

/// How well the forest tells labelled rows apart, against scikit-learn's forest.
@Suite struct ForestAreaTests {
  static let labelled = TestFolders.package.appendingPathComponent("../shared/scores").standardizedFileURL
  static let areThere = FileManager.default.fileExists(atPath: labelled.path)
  static let figures = TestFolders.package.appendingPathComponent("Fixtures/Anomaly/forest-auc.csv").path

  @Test(
    .enabled(if: areThere, "needs the labelled tables beside the package"),
    arguments: ["38_thyroid", "40_vowels", "6_cardio"], [256, 4096])
  func `the area under the curve is scikit-learn's`(name: String, sample: Int) throws {
    let path = Self.labelled.appendingPathComponent("\(name).csv").path
    let table = try NumericTable(path: path)
    var choice = NumericTable.Choice()
    choice.only = ["label"]
    let isStrange = try NumericTable(path: path, choice: choice).values.map { $0 == 1 }
    let areas = (0..<8).map { index in
      var options = IsolationForest.Options()
      options.sample = sample
      options.seed = 1 + 1_000_003 * UInt64(index)
      let forest = IsolationForest(rows: table.values, dimension: table.dimension, options: options)
      return Area.underCurve(forest.scores(), isStrange)
    }
    let (mean, deviation) = Area.meanAndDeviation(areas)
    let theirs = try Self.figure(name, sample)
    let standardError = ((deviation * deviation + theirs.deviation * theirs.deviation) / 8).squareRoot()
    print("\(name) \(sample): \(mean) ± \(deviation), scikit-learn \(theirs.mean) ± \(theirs.deviation)")
    #expect(abs(mean - theirs.mean) <= max(0.01, 3 * standardError), "\(mean) against \(theirs.mean)")
  }

  private static func figure(_ name: String, _ sample: Int) throws -> (mean: Double, deviation: Double) {
    var reader = try CSVReader(path: figures)
    while try reader.next() {
      guard reader.text(0) == name, reader.text(1) == String(sample) else { continue }
      return (try reader.number(2), try reader.number(3))
    }
    throw CocoaError(.fileReadNoSuchFile)
  }

  @Test func `the area is that of counting pairs`() {
    let scores = [0.1, 0.4, 0.35, 0.8, 0.4]
    let isStrange = [false, false, true, true, true]
    // 0.35 > 0.1; 0.8 > both; 0.4 > 0.1 and ties with 0.4: 4.5 of 6.
    #expect(abs(Area.underCurve(scores, isStrange) - 4.5 / 6) < 1e-12)
  }
}

/// The area under the receiver operating characteristic.
enum Area {
  /// The chance that a strange row scores higher than another; a tie is half a chance.
  static func underCurve(_ scores: [Double], _ isStrange: [Bool]) -> Double {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var ranks = 0.0
    var first = 0
    while first < order.count {
      var end = first
      while end < order.count, scores[order[end]] == scores[order[first]] { end += 1 }
      let strange = order[first..<end].count { isStrange[$0] }
      ranks += Double(strange) * Double(first + end + 1) / 2
      first = end
    }
    let positives = Double(isStrange.count { $0 })
    return (ranks - positives * (positives + 1) / 2) / (positives * (Double(scores.count) - positives))
  }

  /// The mean and the standard deviation of a sample.
  static func meanAndDeviation(_ values: [Double]) -> (Double, Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
  }
}
