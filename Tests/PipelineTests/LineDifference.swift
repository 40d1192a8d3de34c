import Testing

/// What differs between two texts, line by line, with the lines around it.
struct LineDifference {
  /// Lines that begin with `-` were expected, lines with `+` came instead; long lines are cut around the
  /// place where they part.
  let text: String

  private static let limit = 20

  init(expected: String, actual: String) {
    let left = expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let right = actual.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var rows: [String] = []
    let changes = right.difference(from: left)
    let inserted = Set(changes.insertions.map(Self.offset))
    let removed = Set(changes.removals.map(Self.offset))
    var (old, new) = (0, 0)
    while old < left.count || new < right.count {
      if removed.contains(old), inserted.contains(new), old < left.count, new < right.count {
        rows += Self.pair(old + 1, left[old], right[new])
        (old, new) = (old + 1, new + 1)
      } else if removed.contains(old), old < left.count {
        rows.append("-\(old + 1): \(Self.cut(left[old], at: 0))")
        old += 1
      } else if inserted.contains(new), new < right.count {
        rows.append("+\(new + 1): \(Self.cut(right[new], at: 0))")
        new += 1
      } else {
        (old, new) = (old + 1, new + 1)
      }
    }
    let more = rows.count > Self.limit ? ["… and \(rows.count - Self.limit) more"] : []
    text = (rows.prefix(Self.limit) + more + ["UPDATE_GOLDEN=1 rewrites the file"]).joined(separator: "\n")
  }

  private static func offset(_ change: CollectionDifference<String>.Change) -> Int {
    switch change {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }

  /// Two versions of one line, cut to where they part.
  private static func pair(_ number: Int, _ old: String, _ new: String) -> [String] {
    let common = zip(old, new).prefix { $0 == $1 }.count
    return ["-\(number): \(cut(old, at: common))", "+\(number): \(cut(new, at: common))"]
  }

  private static func cut(_ line: String, at place: Int) -> String {
    let start = max(0, place - 60)
    let shown = line.dropFirst(start).prefix(200)
    return (start > 0 ? "…" : "") + shown + (line.count > start + 200 ? "…" : "")
  }
}

@Suite struct LineDifferenceTests {
  @Test func `a difference shows only the lines that differ and where they part`() {
    let long = String(repeating: "x", count: 100)
    let difference = LineDifference(
      expected: "same\n\(long)1\ngone\n", actual: "same\n\(long)2\nnew\nend\n")
    #expect(
      difference.text == """
        -2: …\(long.dropLast(40))1
        +2: …\(long.dropLast(40))2
        -3: gone
        +3: new
        +4: end
        UPDATE_GOLDEN=1 rewrites the file
        """)
  }
}
