import Testing
import Values

@testable import Anomaly

/// Nearest neighbours against comparing all pairs, and the scale of their scores.
@Suite struct NearestNeighboursTests {
  /// The distance to the k-th nearest row, pair by pair.
  private static func distance(
    _ rows: [Double], _ row: Int, from reference: [Double], dimension: Int, k: Int, isOwn: Bool
  ) -> Double {
    let squares = (0..<reference.count / dimension).filter { !isOwn || $0 != row }.map { other in
      (0..<dimension).reduce(0.0) { sum, column in
        let gap = reference[other * dimension + column] - rows[row * dimension + column]
        return sum + gap * gap
      }
    }
    return squares.sorted()[k - 1].squareRoot()
  }

  @Test func `scores are those of distances taken pair by pair`() {
    let seed: UInt64 = 5_501
    var random = RandomSource(seed: seed)
    for round in 0..<120 {
      let dimension = 1 + random.below(12)
      let k = 1 + random.below(6)
      let isGrid = random.below(2) == 0
      func rows(_ count: Int) -> [Double] {
        (0..<count * dimension).map { _ in isGrid ? Double(random.below(3)) : random.unit() }
      }
      let reference = rows(k + 1 + random.below(150))
      let others = rows(random.below(40))
      let neighbours = NearestNeighbours(reference: reference, dimension: dimension, neighbours: k)
      let own = (0..<reference.count / dimension).map {
        Self.distance(reference, $0, from: reference, dimension: dimension, k: k, isOwn: true)
      }
      let tail = DistanceTail(own)
      #expect(neighbours.ownScores() == own.map(tail.score), "seed \(seed), round \(round)")
      let far = (0..<others.count / dimension).map {
        Self.distance(others, $0, from: reference, dimension: dimension, k: k, isOwn: false)
      }
      #expect(neighbours.scores(of: others) == far.map(tail.score), "seed \(seed), round \(round)")
    }
  }

  @Test func `rows like the reference reach a score as often as it says`() {
    var random = RandomSource(seed: 77)
    func cloud(_ count: Int) -> [Double] { (0..<count * 3).map { _ in random.unit() + random.unit() } }
    let neighbours = NearestNeighbours(reference: cloud(4000), dimension: 3, neighbours: 5)
    let scores = neighbours.scores(of: cloud(4000))
    for share in [0.5, 0.1, 0.01] {
      let reached = Double(scores.count { $0 > 1 - share }) / 4000
      #expect(abs(reached - share) < 4 * (share / 4000).squareRoot() + 0.002, "\(reached) for \(share)")
    }
  }

  @Test func `farther is stranger, far beyond the reference too`() {
    let neighbours = NearestNeighbours(
      reference: (0..<500).map { Double($0 * $0) / 500 }, dimension: 1, neighbours: 5)
    let scores = neighbours.scores(of: [0, 600, 1000, 2000, 5000, 20_000, .greatestFiniteMagnitude])
    for (one, next) in zip(scores, scores.dropFirst()) { #expect(one < next) }
    #expect(scores.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test func `copies score alike, and what differs from nothing but copies is strangest`() {
    let neighbours = NearestNeighbours(
      reference: Array(repeating: 1, count: 30_000), dimension: 1, neighbours: 5)
    #expect(neighbours.scores(of: [1, 1.5]) == [0.5, 1])
    #expect(neighbours.ownScores().allSatisfy { $0 == 0.5 })
  }

  @Test func `a distance's score grows with it from 0 to 1`() {
    let tail = DistanceTail((1...1000).map(Double.init))
    #expect(tail.score(0) == 0)
    #expect(tail.score(500) == 0.4995)
    var last = -1.0
    for step in 0...4000 {
      let score = tail.score(Double(step) / 3)
      #expect(score >= last && score <= 1)
      last = score
    }
    #expect(tail.score(.infinity) == 1)
  }
}

/// Columns made comparable.
@Suite struct ScalingTests {
  @Test func `each scaling does what it says`() {
    let rows = [1.0, 5, 2, 5, 3, 5, 4, 5, 5, 5]
    func scaled(_ scaling: Scaling) -> [Double] { scaling.fitted(to: rows, dimension: 2).applied(to: rows) }
    #expect(scaled(.none) == rows)
    #expect(scaled(.robust) == [-1, 0, -0.5, 0, 0, 0, 0.5, 0, 1, 0])
    let standard = scaled(.standard)
    #expect(abs(standard[0] + 2.0.squareRoot()) < 1e-12 && standard[4] == 0 && standard[1] == 0)
  }

  @Test(arguments: Scaling.allCases)
  func `what comes out is finite for the largest numbers too`(scaling: Scaling) {
    let rows = [-1.7e308, 0, 1.7e308, 1.7e308, .leastNonzeroMagnitude, 1]
    for dimension in [1, 2, 3] {
      let scaled = scaling.fitted(to: rows, dimension: dimension).applied(to: rows)
      #expect(scaled.allSatisfy { $0.isFinite })
      #expect(scaling.fitted(to: [5], dimension: 1).applied(to: [7, 1e308]).allSatisfy { $0.isFinite })
    }
  }

  @Test func `no rows scale nothing`() {
    #expect(Scaling.robust.fitted(to: [], dimension: 1).applied(to: [3]) == [3])
  }
}
