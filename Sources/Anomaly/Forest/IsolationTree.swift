/// One tree of a forest.
struct IsolationTree {
  /// A cut, or a leaf.
  struct Node {
    /// The cut: rows up to it go to `child`, the others to the node behind it. Of a leaf the length of its
    /// path, as a share of the mean path in the sample.
    var value: Double
    /// The feature that is cut; negative in a leaf.
    var feature: Int32
    var child: Int32
  }

  /// The root is the first.
  var nodes: [Node]

  /// Adds the path of each row to its sum.
  func addPaths(of rows: [Double], dimension: Int, to sums: inout [Double]) {
    var first = 0
    for row in sums.indices {
      var node = nodes[0]
      while node.feature >= 0 {
        let goesRight = rows[first + Int(node.feature)] > node.value
        node = nodes[Int(node.child) + (goesRight ? 1 : 0)]
      }
      sums[row] += node.value
      first += dimension
    }
  }
}
