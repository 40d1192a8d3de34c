import Foundation
import TestCaptures
import Testing
import Values

@testable import Anomaly

/// DBSCAN against scikit-learn's labels and against the definition.
@Suite struct DBSCANTests {
  static let folder = TestFolders.package.appendingPathComponent("Fixtures/Anomaly/points")
  static let files: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter {
      $0.hasSuffix(".csv")
    }.sorted()

  @Test func `the point sets are there`() {
    #expect(Self.files.count >= 30)
  }

  @Test(arguments: files)
  func `labels are those of scikit-learn, numbers and all`(file: String) throws {
    // NAME_EPS_MINSAMPLES.csv
    let parts = file.dropLast(4).split(separator: "_")
    let radius = try #require(Double(parts[1]))
    let minimum = try #require(Int(parts[2]))
    let path = Self.folder.appendingPathComponent(file).path
    let points = try NumericTable(path: path)
    var choice = NumericTable.Choice()
    choice.only = ["label"]
    let expected = try NumericTable(path: path, choice: choice).values.map { Int($0) }
    let labels = DBSCAN.labels(
      of: points.values, dimension: points.dimension, radius: radius, minimumSamples: minimum)
    #expect(labels == expected)
    #expect(
      labels
        == Definition.labels(of: points.values, dimension: points.dimension, radius: radius, minimum: minimum)
    )
  }

  @Test func `labels are those of the definition on random grids, clouds and copies`() {
    let seed: UInt64 = 29_011
    var random = RandomSource(seed: seed)
    for round in 0..<1500 {
      let dimension = 1 + random.below(4)
      let side = 1 + random.below(round % 3 == 0 ? 4 : 12)
      let isGrid = random.below(3) > 0
      let rows = (0..<random.below(140) * dimension).map { _ in
        isGrid ? Double(random.below(side)) / 2 : random.unit() * Double(side)
      }
      let radius = Double(random.below(5)) / 2
      let minimum = 1 + random.below(7)
      #expect(
        DBSCAN.labels(of: rows, dimension: dimension, radius: radius, minimumSamples: minimum)
          == Definition.labels(of: rows, dimension: dimension, radius: radius, minimum: minimum),
        "seed \(seed), round \(round): radius \(radius), at least \(minimum), \(dimension) dimensions")
    }
  }

  @Test func `thirds and tenths at a distance that rounds are judged as pair by pair`() {
    let seed: UInt64 = 7
    var random = RandomSource(seed: seed)
    for radius in [0.1, 0.2, 0.3, 1.0 / 3, 0.7] {
      for round in 0..<60 {
        let rows = (0..<240).map { _ in Double(random.below(12)) * radius + (round % 2 == 0 ? 0.05 : 0) }
        #expect(
          DBSCAN.labels(of: rows, dimension: 2, radius: radius, minimumSamples: 4)
            == Definition.labels(of: rows, dimension: 2, radius: radius, minimum: 4),
          "seed \(seed), round \(round), radius \(radius)")
      }
    }
  }

  @Test func `a hundred thousand copies of a row take no more than they must`() {
    let rows = Array(repeating: 0.25, count: 200_000) + [9, 9, 0.5, 0.25]
    let labels = DBSCAN.labels(of: rows, dimension: 2, radius: 0.5, minimumSamples: 10)
    #expect(labels.dropLast(2).allSatisfy { $0 == 0 })
    #expect(labels.suffix(2) == [-1, 0])
  }

  @Test(arguments: [
    (0.0, 1, [0, 0, 1, 2, 3]), (0.0, 2, [0, 0, -1, -1, -1]), (1e300, 3, [0, 0, 0, -1, -1]),
    (1e308, 2, [0, 0, 0, 0, -1]), (Double.infinity, 5, [0, 0, 0, 0, 0]),
  ])
  func `distances from nothing to the largest numbers`(radius: Double, minimum: Int, expected: [Int]) {
    let rows = [1.0, 1.0, 1.0.nextUp, 0.9e308, -1.7e308]
    #expect(
      DBSCAN.labels(of: rows, dimension: 1, radius: radius, minimumSamples: minimum) == expected)
  }

  @Test func `no rows have no labels`() {
    #expect(DBSCAN.labels(of: [], dimension: 3, radius: 1, minimumSamples: 1) == [])
  }
}

/// DBSCAN as it is defined, pair by pair: cores, their connected components, and the borders.
private enum Definition {
  static func labels(of rows: [Double], dimension: Int, radius: Double, minimum: Int) -> [Int] {
    let count = rows.count / dimension
    func areNear(_ one: Int, _ other: Int) -> Bool {
      var sum = 0.0
      for column in 0..<dimension {
        let gap = rows[one * dimension + column] - rows[other * dimension + column]
        sum += gap * gap
      }
      return sum <= radius * radius
    }
    let neighbours = (0..<count).map { one in (0..<count).filter { areNear(one, $0) } }
    let isCore = neighbours.map { $0.count >= minimum }
    // Each core takes the smallest core that it is connected with, until nothing changes.
    var root = Array(0..<count)
    var changes = true
    while changes {
      changes = false
      for one in 0..<count where isCore[one] {
        for other in neighbours[one] where isCore[other] && root[other] < root[one] {
          root[one] = root[other]
          changes = true
        }
      }
    }
    let numbers = (0..<count).filter { isCore[$0] && root[$0] == $0 }
    let cluster = root.map { numbers.firstIndex(of: $0) ?? -1 }
    return (0..<count).map { row in
      isCore[row] ? cluster[row] : neighbours[row].filter { isCore[$0] }.map { cluster[$0] }.min() ?? -1
    }
  }
}
