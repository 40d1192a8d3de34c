/// Finds the word that somebody probably meant.
public enum Suggestion {
  /// `; did you mean 'x'?` for the closest candidate, or nothing when none is close.
  public static func phrase(for word: String, among candidates: some Sequence<String>) -> String {
    guard let closest = closest(to: word, among: candidates) else { return "" }
    return "; did you mean \(closest.quoted)?"
  }

  /// The candidate with the fewest edits, if they are few for its length; the first one among equals.
  static func closest(to word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    var best: String?
    var bestDistance = Int.max
    for candidate in candidates {
      let other = Array(candidate.lowercased().unicodeScalars)
      let allowed = max(1, max(wanted.count, other.count) / 3)
      guard abs(other.count - wanted.count) <= allowed else { continue }
      let distance = distance(wanted, other)
      if distance <= allowed, distance < bestDistance {
        best = candidate
        bestDistance = distance
      }
    }
    return best
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  static func distance(_ left: [UnicodeScalar], _ right: [UnicodeScalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for (row, scalar) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(last[column] + (scalar == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}

extension String {
  /// The text in single quotes for a message, cut when it is long.
  public var quoted: String {
    guard unicodeScalars.count > 60 else { return "'\(self)'" }
    var short = String.UnicodeScalarView()
    short.append(contentsOf: unicodeScalars.prefix(57))
    return "'\(String(short))…'"
  }
}
