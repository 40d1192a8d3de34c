/// DBSCAN (Ester, Kriegel, Sander and Xu 1996): rows that lie dense, and the noise between them.
public enum DBSCAN {
  /// The label of a row that belongs to no cluster.
  public static let noise = -1

  /// The cluster of each row, from 0; `noise` for rows of none.
  ///
  /// A core row has at least `minimumSamples` rows at a Euclidean distance up to `radius`, itself and those
  /// at exactly that distance included. Clusters are numbered by their first core row; a row at the border of
  /// several belongs to the one with the lowest number; rows that are no core lead no further. Memory is
  /// linear in the rows.
  ///
  /// - Parameters:
  ///   - rows: rows one behind the other, each with `dimension` finite numbers.
  ///   - radius: not negative; 0 joins rows that are the same.
  public static func labels(of rows: [Double], dimension: Int, radius: Double, minimumSamples: Int) -> [Int] {
    precondition(dimension > 0 && rows.count.isMultiple(of: dimension), "the rows must be whole")
    precondition(radius >= 0, "a distance is not negative")
    guard !rows.isEmpty else { return [] }
    // The square of a very large radius is no number; a power of two changes no digit of what then matters.
    guard radius < 0x1p500 else {
      let scaled = rows.map { $0 * 0x1p-600 }
      return labels(
        of: scaled, dimension: dimension, radius: min(radius, .greatestFiniteMagnitude) * 0x1p-600,
        minimumSamples: minimumSamples)
    }
    let tree = PointTree(points: rows, dimension: dimension)
    var counting = NeighbourCount(tree: tree, limit: radius * radius, enough: minimumSamples)
    let isCore = (0..<rows.count / dimension).map { row in
      counting.reachesEnough(rows.span.extracting(row * dimension..<(row + 1) * dimension))
    }
    var growth = ClusterGrowth(tree: tree, limit: radius * radius)
    for row in isCore.indices where isCore[row] && growth.labels[row] == noise {
      growth.grow(from: row, rows, isCore)
    }
    return growth.labels
  }
}

/// Counts points within a distance, up to as many as are enough.
private struct NeighbourCount {
  let tree: PointTree
  let limit: Double
  let enough: Int
  private var count = 0

  init(tree: PointTree, limit: Double, enough: Int) {
    self.tree = tree
    self.limit = limit
    self.enough = enough
  }

  mutating func reachesEnough(_ point: Span<Double>) -> Bool {
    count = 0
    visit(0, point)
    return count >= enough
  }

  private mutating func visit(_ index: Int, _ point: Span<Double>) {
    let nearest = tree.nearest(index, to: point, limit: limit)
    guard nearest <= limit else { return }
    let node = tree.nodes[index]
    if tree.isWithin(index, of: point, limit: limit) {
      count += node.end - node.first
    } else if node.child == 0 {
      for block in node.block..<node.block + (node.end - node.first + 3) / 4 {
        let isNear = tree.distances(block, to: point, limit: limit) .<= limit
        for lane in 0..<4 where isNear[lane] { count += 1 }
      }
    } else {
      visit(node.child, point)
      if count < enough { visit(node.child + 1, point) }
    }
  }
}

/// Lets clusters grow; what has a label is never looked at again, however many rows are near.
private struct ClusterGrowth {
  private(set) var labels: [Int]
  private let tree: PointTree
  private let limit: Double
  private var clusters = 0
  /// How many points of each node have no label.
  private var open: [Int]
  private var found: [Int] = []

  init(tree: PointTree, limit: Double) {
    self.tree = tree
    self.limit = limit
    labels = Array(repeating: DBSCAN.noise, count: tree.order.count)
    open = tree.nodes.map { $0.end - $0.first }
  }

  mutating func grow(from first: Int, _ rows: [Double], _ isCore: [Bool]) {
    var waiting = [first]
    while let row = waiting.popLast() {
      found.removeAll(keepingCapacity: true)
      label(0, rows.span.extracting(row * tree.dimension..<(row + 1) * tree.dimension), everything: false)
      for row in found where isCore[row] { waiting.append(row) }
    }
    clusters += 1
  }

  /// Labels what is near and open in a node.
  private mutating func label(_ index: Int, _ point: Span<Double>, everything: Bool) {
    guard open[index] > 0 else { return }
    var everything = everything
    if !everything {
      guard tree.nearest(index, to: point, limit: limit) <= limit else { return }
      everything = tree.isWithin(index, of: point, limit: limit)
    }
    let node = tree.nodes[index]
    let before = found.count
    if node.child > 0 {
      label(node.child, point, everything: everything)
      label(node.child + 1, point, everything: everything)
    } else if everything {
      for place in node.first..<node.end { take(tree.order[place]) }
    } else {
      for offset in 0..<(node.end - node.first + 3) / 4 {
        let isNear = tree.distances(node.block + offset, to: point, limit: limit) .<= limit
        for lane in 0..<4 where isNear[lane] { take(tree.order[node.first + offset * 4 + lane]) }
      }
    }
    open[index] -= found.count - before
  }

  private mutating func take(_ row: Int) {
    guard labels[row] == DBSCAN.noise else { return }
    labels[row] = clusters
    found.append(row)
  }
}
