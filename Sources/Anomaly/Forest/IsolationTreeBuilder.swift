internal import Values

/// Makes the trees of a forest one after the other.
struct IsolationTreeBuilder {
  private let sample: Int
  private let dimension: Int
  private let heightLimit: Int
  private var random: RandomSource
  /// All rows, of which each tree takes some from the front.
  private var drawn: [Int] = []
  /// The sample, feature after feature, so that a node reads one feature in one place.
  private var columns: [Double]
  /// Places in the sample; each node owns a range.
  private var members: [Int]
  private var features: [Int]
  private var nodes: [IsolationTree.Node] = []
  /// The path of a leaf of a number of rows below the height limit.
  private let averagePaths: [Double]

  /// A node that is still to be made.
  private struct Task {
    var node: Int
    var range: Range<Int>
    var depth: Int
  }

  private struct Cut {
    var feature: Int
    var value: Double
  }

  /// - Parameter sample: at least 2.
  init(sample: Int, dimension: Int, seed: UInt64) {
    self.sample = sample
    self.dimension = dimension
    heightLimit = Int.bitWidth - (sample - 1).leadingZeroBitCount
    random = RandomSource(seed: seed, part: "isolation forest")
    columns = Array(repeating: 0, count: sample * dimension)
    members = Array(0..<sample)
    features = Array(0..<dimension)
    averagePaths = (0...sample).map(IsolationForest.averagePath)
  }

  /// The next tree.
  mutating func tree(of rows: [Double]) -> IsolationTree {
    draw(rows)
    nodes.removeAll(keepingCapacity: true)
    nodes.append(IsolationTree.Node(value: 0, feature: -1, child: 0))
    var tasks = [Task(node: 0, range: 0..<sample, depth: 0)]
    while let task = tasks.popLast() {
      guard task.depth < heightLimit, task.range.count > 1, let cut = cut(task.range) else {
        nodes[task.node].value = path(depth: task.depth, count: task.range.count)
        continue
      }
      let middle = part(task.range, by: cut)
      let child = nodes.count
      nodes[task.node] = IsolationTree.Node(
        value: cut.value, feature: Int32(cut.feature), child: Int32(child))
      for (offset, range) in [task.range.lowerBound..<middle, middle..<task.range.upperBound].enumerated() {
        nodes.append(IsolationTree.Node(value: 0, feature: -1, child: 0))
        tasks.append(Task(node: child + offset, range: range, depth: task.depth + 1))
      }
    }
    return IsolationTree(nodes: nodes)
  }

  /// As a share of the sample's mean path, so that a sample in which all rows are the same has exactly 1.
  private func path(depth: Int, count: Int) -> Double {
    (Double(depth) + averagePaths[count]) / averagePaths[sample]
  }

  /// Draws the sample without replacement: the first steps of a shuffle.
  private mutating func draw(_ rows: [Double]) {
    let count = rows.count / dimension
    if drawn.count != count { drawn = Array(0..<count) }
    for place in 0..<sample {
      drawn.swapAt(place, place + random.below(count - place))
      let first = drawn[place] * dimension
      for feature in 0..<dimension { columns[feature * sample + place] = rows[first + feature] }
      members[place] = place
    }
  }

  /// A random place in a random feature that is not constant among the members; nil when all are.
  private mutating func cut(_ range: Range<Int>) -> Cut? {
    for tried in 0..<dimension {
      features.swapAt(tried, tried + random.below(dimension - tried))
      let (low, high) = extremes(of: features[tried], range)
      guard low < high else { continue }
      return Cut(feature: features[tried], value: Self.between(low, high, random.unit()))
    }
    return nil
  }

  private func extremes(of feature: Int, _ range: Range<Int>) -> (low: Double, high: Double) {
    let column = feature * sample
    var low = columns[column + members[range.lowerBound]]
    var high = low
    for index in range {
      let value = columns[column + members[index]]
      low = min(low, value)
      high = max(high, value)
    }
    return (low, high)
  }

  /// A place from `low` up to `high`, which is never reached, so that rows lie on both sides.
  static func between(_ low: Double, _ high: Double, _ share: Double) -> Double {
    let width = high - low
    // The distance of very large numbers is no number.
    let place = width.isFinite ? low + share * width : low * (1 - share) + high * share
    return place < high ? max(place, low) : low
  }

  /// Brings the members up to the cut to the front and says where the others begin.
  private mutating func part(_ range: Range<Int>, by cut: Cut) -> Int {
    let column = cut.feature * sample
    var middle = range.lowerBound
    for index in range where columns[column + members[index]] <= cut.value {
      members.swapAt(index, middle)
      middle += 1
    }
    return middle
  }
}
