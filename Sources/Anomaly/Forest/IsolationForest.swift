#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
internal import Values

/// An Isolation Forest (Liu, Ting and Zhou 2008): how few random cuts part a row from the others.
///
/// Each tree is made of a sample of the rows without replacement; a node cuts one of the features that are not
/// constant in it at a uniform place, up to a height of ⌈log2 of the sample⌉. The score of a row is
/// 2^(−E[h]/c), with its mean path h and the mean path c of an unsuccessful search among as many rows as the
/// sample has. The same rows and options give the same scores.
public struct IsolationForest: Sendable {
  /// How a forest is made.
  public struct Options: Sendable {
    /// How many trees; more make the scores steadier.
    public var trees = 200
    /// How many rows each tree is made of; all of them when there are fewer.
    public var sample = 256
    /// Where chance begins.
    public var seed: UInt64 = 1

    /// 200 trees of 256 rows.
    public init() {}
  }

  private let rows: [Double]
  private let dimension: Int
  private let options: Options

  /// A forest of rows that lie one behind the other, each with `dimension` finite numbers.
  public init(rows: [Double], dimension: Int, options: Options = Options()) {
    precondition(dimension > 0 && rows.count.isMultiple(of: dimension), "the rows must be whole")
    precondition(options.trees > 0 && options.sample > 0, "a forest has trees, and a tree has rows")
    self.rows = rows
    self.dimension = dimension
    self.options = options
  }

  /// The scores of the rows that the forest is made of: from 0 to 1, higher is stranger.
  public func scores() -> [Double] { scores(of: rows) }

  /// The scores of other rows of the same dimension.
  ///
  /// Trees are made one by one and forgotten again: 200 of them would take more memory than the rows.
  public func scores(of others: [Double]) -> [Double] {
    precondition(others.count.isMultiple(of: dimension), "the rows must be whole")
    let sample = min(options.sample, rows.count / dimension)
    // With one row there is nothing to be parted from.
    guard sample > 1 else { return Array(repeating: 0.5, count: others.count / dimension) }
    var builder = IsolationTreeBuilder(sample: sample, dimension: dimension, seed: options.seed)
    var paths = Array(repeating: 0.0, count: others.count / dimension)
    for _ in 0..<options.trees {
      let tree = builder.tree(of: rows)
      tree.addPaths(of: others, dimension: dimension, to: &paths)
    }
    return paths.map { exp2(-$0 / Double(options.trees)) }
  }

  /// The mean path of an unsuccessful search in a binary search tree of `count` rows, the paper's equation 1:
  /// 2 H(n − 1) − 2 (n − 1)/n, with H(i) taken as ln i + Euler's constant; 1 for two rows, 0 for fewer.
  static func averagePath(_ count: Int) -> Double {
    guard count > 2 else { return count == 2 ? 1 : 0 }
    let others = Double(count - 1)
    return 2 * (Logarithm.natural(others) + 0.577_215_664_901_532_9) - 2 * others / Double(count)
  }
}
