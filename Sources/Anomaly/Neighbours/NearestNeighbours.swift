/// How far rows are from those of a reference, against how far those are from each other.
///
/// The distance of a row is that to its k-th nearest row of the reference. Its score is the share of the
/// reference whose own distance (to its k-th nearest other row) is smaller, so that a row like the reference's has any
/// score from 0 to 1 with like chance, and 0.99 is what one in a hundred of them reaches. Searching is exact.
public struct NearestNeighbours: Sendable {
  private let reference: [Double]
  private let dimension: Int
  private let count: Int
  private let tree: PointTree
  private let tail: DistanceTail
  private let ownDistances: [Double]

  /// Learns from rows that lie one behind the other, each with `dimension` finite numbers.
  ///
  /// - Parameter neighbours: the k; there must be more rows than that.
  public init(reference: [Double], dimension: Int, neighbours: Int) {
    precondition(dimension > 0 && reference.count.isMultiple(of: dimension), "the rows must be whole")
    precondition(neighbours > 0 && reference.count / dimension > neighbours, "each row needs its neighbours")
    self.reference = reference
    self.dimension = dimension
    count = neighbours
    tree = PointTree(points: reference, dimension: dimension)
    ownDistances = Self.distances(of: reference, in: tree, count: neighbours, areOwn: true)
    tail = DistanceTail(ownDistances)
  }

  /// The scores of other rows of the same dimension: from 0 to 1, higher is stranger.
  ///
  /// A row that is also in the reference finds itself there, at the distance 0.
  public func scores(of rows: [Double]) -> [Double] {
    precondition(rows.count.isMultiple(of: dimension), "the rows must be whole")
    return Self.distances(of: rows, in: tree, count: count, areOwn: false).map(tail.score)
  }

  /// The scores of the reference's own rows, each against all the others.
  public func ownScores() -> [Double] { ownDistances.map(tail.score) }

  private static func distances(of rows: [Double], in tree: PointTree, count: Int, areOwn: Bool) -> [Double] {
    var search = NeighbourSearch(tree: tree, count: count)
    return (0..<rows.count / tree.dimension).map { row in
      let point = rows.span.extracting(row * tree.dimension..<(row + 1) * tree.dimension)
      return search.distance(point, except: areOwn ? row : nil)
    }
  }
}

/// The search for the nearest points of one point.
private struct NeighbourSearch {
  private let tree: PointTree
  private let count: Int
  private var excluded: Int?
  /// The smallest squared distances so far, in order.
  private var best: [Double] = []

  init(tree: PointTree, count: Int) {
    self.tree = tree
    self.count = count
  }

  /// The distance of the last of the nearest.
  mutating func distance(_ point: Span<Double>, except excluded: Int?) -> Double {
    self.excluded = excluded
    best.removeAll(keepingCapacity: true)
    visit(0, tree.nearest(0, to: point, limit: .infinity), point)
    return (best.last ?? .infinity).squareRoot()
  }

  private var limit: Double { best.count < count ? .infinity : best[count - 1] }

  private mutating func visit(_ index: Int, _ nearest: Double, _ point: Span<Double>) {
    guard nearest < limit || best.count < count else { return }
    let node = tree.nodes[index]
    guard node.child == 0 else {
      let left = tree.nearest(node.child, to: point, limit: limit)
      let right = tree.nearest(node.child + 1, to: point, limit: limit)
      let isLeftFirst = left <= right
      visit(node.child + (isLeftFirst ? 0 : 1), min(left, right), point)
      visit(node.child + (isLeftFirst ? 1 : 0), max(left, right), point)
      return
    }
    for offset in 0..<(node.end - node.first + 3) / 4 {
      let limit = limit
      let distances = tree.distances(node.block + offset, to: point, limit: limit)
      for lane in 0..<min(4, node.end - node.first - offset * 4) where distances[lane] <= limit {
        if tree.order[node.first + offset * 4 + lane] != excluded { insert(distances[lane]) }
      }
      // Among many points at one place the first are as near as all of them.
      if best.count == count, best[count - 1] <= nearest { return }
    }
  }

  private mutating func insert(_ distance: Double) {
    if best.count == count {
      guard distance < best[count - 1] else { return }
      best.removeLast()
    }
    var place = best.count
    while place > 0, best[place - 1] > distance { place -= 1 }
    best.insert(distance, at: place)
  }
}
