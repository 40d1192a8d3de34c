/// How columns of different units are made comparable before distances are measured.
public enum Scaling: String, CaseIterable, Sendable {
  /// As they are.
  case none
  /// Minus the mean, by the standard deviation.
  case standard
  /// Minus the median, by the distance of the quartiles; by the standard deviation where they are the same.
  case robust

  /// The scaling that fits rows of finite numbers; a constant column is only moved.
  public func fitted(to rows: [Double], dimension: Int) -> Fitted {
    let columns = (0..<dimension).map { column in
      measures(of: stride(from: column, to: rows.count, by: dimension).map { rows[$0] })
    }
    return Fitted(columns: columns)
  }

  /// Moves and scales that were learned.
  public struct Fitted: Sendable {
    fileprivate let columns: [(centre: Double, width: Double)]

    /// Rows of the same columns, scaled.
    public func applied(to rows: [Double]) -> [Double] {
      rows.indices.map { index in
        let (centre, width) = columns[index % columns.count]
        let moved = rows[index] - centre
        let scaled = moved.isFinite ? moved / width : rows[index] / width - centre / width
        // What lies beyond all numbers is as far as a number can say.
        return min(max(scaled, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
      }
    }
  }

  private func measures(of values: [Double]) -> (centre: Double, width: Double) {
    guard self != .none, !values.isEmpty else { return (0, 1) }
    let count = Double(values.count)
    // Divided before they are added up, because the sum of large numbers could be none.
    let mean = values.reduce(0) { $0 + $1 / count }
    let largest = values.reduce(0) { max($0, abs($1 / 2 - mean / 2)) * 2 }
    guard largest > 0 else { return (mean, 1) }
    var deviation = min(largest, .greatestFiniteMagnitude)
    if largest.isFinite {
      let squares = values.reduce(0) { sum, value in
        let share = (value - mean) / largest
        return sum + share * share
      }
      deviation = largest * (squares / count).squareRoot()
    }
    guard self == .robust else { return (mean, deviation) }
    let sorted = values.sorted()
    let quartiles = (sorted[(sorted.count - 1) / 4], sorted[(sorted.count - 1) * 3 / 4])
    let width = quartiles.1 - quartiles.0
    return (values.median() ?? 0, width > 0 && width.isFinite ? width : deviation)
  }
}
