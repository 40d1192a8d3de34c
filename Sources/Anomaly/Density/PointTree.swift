/// A k-d tree over points, for searches within a distance and for nearest neighbours.
///
/// Distances are squared, summed in the order of the dimensions, and so are the bounds of boxes. As rounding is
/// monotone, a box is never passed over or taken whole against what its points alone would say: the answers are those
/// of comparing all pairs, to the last bit.
struct PointTree {
  /// A box around points.
  struct Node {
    /// The points of the node in `order`.
    var first: Int
    var end: Int
    /// The first of its two children, which lie side by side; 0 in a leaf.
    var child = 0
    /// The first of a leaf's blocks.
    var block = 0
  }

  /// The most points in a leaf, unless all of them are the same.
  private static let leafSize = 32
  /// How many dimensions are summed before a look at whether the sums are too large already.
  private static let stride = 8

  let dimension: Int
  /// The points, by the places that they have in the tree.
  private(set) var order: [Int]
  private(set) var nodes: [Node] = []
  /// The lowest and then the highest coordinates of each node.
  private var boxes: [Double] = []
  /// The coordinates of leaves: four points side by side, dimension after dimension; NaN where there is no point.
  private var blocks: [SIMD4<Double>] = []

  /// A tree of finite points that lie one behind the other.
  init(points: [Double], dimension: Int) {
    self.dimension = dimension
    order = Array(0..<points.count / dimension)
    nodes.append(Node(first: 0, end: order.count))
    addBox(points, 0)
    var unsplit = [0]
    while let node = unsplit.popLast() {
      guard let widest = widestDimension(node), nodes[node].end - nodes[node].first > Self.leafSize else {
        addBlocks(points, node)
        continue
      }
      split(points, node, widest)
      unsplit += [nodes[node].child, nodes[node].child + 1]
    }
  }

  // MARK: - Building

  /// Halves a node at the median of a dimension; points that are equal there may come to both sides.
  private mutating func split(_ points: [Double], _ node: Int, _ widest: Int) {
    let (first, end) = (nodes[node].first, nodes[node].end)
    var keyed = order[first..<end].map { (key: points[$0 * dimension + widest], point: $0) }
    keyed.sort { $0.key < $1.key || $0.key == $1.key && $0.point < $1.point }
    for (offset, entry) in keyed.enumerated() { order[first + offset] = entry.point }
    let middle = first + (end - first) / 2
    nodes[node].child = nodes.count
    for (first, end) in [(first, middle), (middle, end)] {
      nodes.append(Node(first: first, end: end))
      addBox(points, nodes.count - 1)
    }
  }

  private mutating func addBox(_ points: [Double], _ node: Int) {
    let low = boxes.count
    boxes += Array(repeating: .infinity, count: dimension) + Array(repeating: -.infinity, count: dimension)
    for place in nodes[node].first..<nodes[node].end {
      for column in 0..<dimension {
        let value = points[order[place] * dimension + column]
        boxes[low + column] = min(boxes[low + column], value)
        boxes[low + dimension + column] = max(boxes[low + dimension + column], value)
      }
    }
  }

  /// The dimension in which the points of a node differ most; nil when all are the same.
  private func widestDimension(_ node: Int) -> Int? {
    let low = node * 2 * dimension
    var widest: Int?
    var width = 0.0
    for column in 0..<dimension {
      // Halves, because the distance of very large numbers is no number.
      let other = boxes[low + dimension + column] / 2 - boxes[low + column] / 2
      if other > width { (widest, width) = (column, other) }
    }
    return widest
  }

  private mutating func addBlocks(_ points: [Double], _ node: Int) {
    nodes[node].block = blocks.count / dimension
    for first in Swift.stride(from: nodes[node].first, to: nodes[node].end, by: 4) {
      for column in 0..<dimension {
        var lanes = SIMD4<Double>(repeating: .nan)
        for lane in 0..<min(4, nodes[node].end - first) {
          lanes[lane] = points[order[first + lane] * dimension + column]
        }
        blocks.append(lanes)
      }
    }
  }

  // MARK: - Distances

  /// The squared distance of a point from the nearest place of a node's box; something above `limit` when it is
  /// above.
  func nearest(_ node: Int, to point: Span<Double>, limit: Double) -> Double {
    let boxes = boxes.span
    let low = node * 2 * dimension
    var sum = 0.0
    for column in 0..<dimension {
      let gap = max(boxes[low + column] - point[column], point[column] - boxes[low + dimension + column], 0)
      sum += gap * gap
      if sum > limit { break }
    }
    return sum
  }

  /// Whether all places of a node's box are within a squared distance of a point.
  func isWithin(_ node: Int, of point: Span<Double>, limit: Double) -> Bool {
    let boxes = boxes.span
    let low = node * 2 * dimension
    var sum = 0.0
    for column in 0..<dimension {
      let gap = max(
        abs(boxes[low + column] - point[column]), abs(point[column] - boxes[low + dimension + column]))
      sum += gap * gap
      if sum > limit { return false }
    }
    return true
  }

  /// The squared distances of a point from the four points of a block; only those up to `limit` are complete.
  func distances(_ block: Int, to point: Span<Double>, limit: Double) -> SIMD4<Double> {
    let blocks = blocks.span
    let first = block * dimension
    var sum = SIMD4<Double>.zero
    var column = 0
    while column < dimension {
      let end = min(column + Self.stride, dimension)
      while column < end {
        let gap = blocks[first + column] - point[column]
        sum += gap * gap
        column += 1
      }
      if !any(sum .<= limit) { break }
    }
    return sum
  }
}
