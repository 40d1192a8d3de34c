import Testing

@testable import Anomaly

/// The Isolation Forest against values that follow from the paper.
@Suite struct IsolationForestTests {
  private static func scores(_ rows: [Double], dimension: Int = 1, trees: Int = 200, seed: UInt64 = 1)
    -> [Double]
  {
    var options = IsolationForest.Options()
    options.trees = trees
    options.seed = seed
    return IsolationForest(rows: rows, dimension: dimension, options: options).scores()
  }

  @Test func `the points 0, 1 and 10 have the scores that can be computed by hand`() {
    // 10 is alone after the first cut in nine of ten trees: E[h] = 1.1, of 0 1.9, and 1 takes two cuts always;
    // c(3) = 1.2074.
    let scores = Self.scores([0, 1, 10], trees: 20_000)
    #expect(abs(scores[0] - 0.3360) < 0.002)
    #expect(abs(scores[1] - 0.3172) < 0.000_1)
    #expect(abs(scores[2] - 0.5317) < 0.002)
  }

  @Test(arguments: [(1, 0.0), (2, 1.0), (3, 1.207_392_357_589_622_9), (256, 10.244_770_920_119_918)])
  func `the mean path is that of the paper`(count: Int, path: Double) {
    #expect(abs(IsolationForest.averagePath(count) - path) < 1e-12)
  }

  @Test func `a single row scores one half`() {
    #expect(Self.scores([42]) == [0.5])
  }

  @Test(arguments: [2, 3, 255, 256, 257, 1000])
  func `constant data scores exactly one half`(count: Int) {
    let rows: [Double] = Array(repeating: [0.1, -7, 1e300], count: count).flatMap { $0 }
    #expect(Self.scores(rows, dimension: 3, trees: 7) == Array(repeating: 0.5, count: count))
  }

  @Test func `a constant feature changes nothing in what the others say`() {
    let points = (0..<300).map { Double($0 * $0 % 97) } + [500]
    let rows: [Double] = points.flatMap { [3, $0, -1] }
    let scores = Self.scores(rows, dimension: 3)
    #expect(scores.indices.max { scores[$0] < scores[$1] } == 300)
    #expect(scores[300] > 0.7)
  }

  @Test func `the same seed gives the same scores and another seed others`() {
    let points = (0..<500).map { Double($0 * 7919 % 503) }
    #expect(Self.scores(points, seed: 5) == Self.scores(points, seed: 5))
    #expect(Self.scores(points, seed: 5) != Self.scores(points, seed: 6))
  }

  @Test func `rows can be scored that the forest was not made of`() {
    let forest = IsolationForest(rows: (0..<1000).map { Double($0 % 50) }, dimension: 1)
    let scores = forest.scores(of: [25, 1000, -1000])
    #expect(scores[0] < 0.5 && scores[1] > 0.6 && scores[2] > 0.6)
  }

  @Test func `the largest numbers are cut between`() {
    let huge = Double.greatestFiniteMagnitude
    let scores = Self.scores([-huge, huge, 0, .leastNormalMagnitude], trees: 50)
    #expect(scores.allSatisfy { $0 > 0 && $0 < 1 })
    for share in [0, 0.25, 0.5, 1 - 0x1p-53] {
      for (low, high) in [
        (-huge, huge), (0.0, .leastNonzeroMagnitude), (1.0, 1.0.nextUp), (-1.0, (-1.0).nextUp),
      ] {
        let place = IsolationTreeBuilder.between(low, high, share)
        #expect(place >= low && place < high)
      }
    }
  }

  @Test func `a tree parts each row of its sample and no deeper than its limit`() {
    var builder = IsolationTreeBuilder(sample: 16, dimension: 1, seed: 3)
    for _ in 0..<50 {
      let tree = builder.tree(of: (0..<16).map(Double.init))
      var depths = [0: 0]
      for (index, node) in tree.nodes.enumerated() where node.feature >= 0 {
        let below = (depths[index] ?? 0) + 1
        depths[Int(node.child)] = below
        depths[Int(node.child) + 1] = below
      }
      #expect((depths.values.max() ?? 0) <= 4)
    }
  }
}
