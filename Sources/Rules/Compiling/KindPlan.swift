internal import Values

/// Which rules an event of one kind can concern.
///
/// Every rule stands where its condition asks for something particular: under values of a field, under patterns of a
/// text, under a literal that must hold; where it asks for one of several things, under each of them. Only rules that
/// ask for nothing of the kind are met by every event.
/// So an event costs what the rules that it can concern cost, not what all rules cost.
///
/// A class, so that handing it around copies no tables.
final class KindPlan: Sendable {
  /// Rules that every event meets.
  let always: [Int32]
  let equality: EqualityIndex
  let patternAccesses: [PatternAccess]
  let literalAccesses: [LiteralAccess]

  init(
    always: [Int32], equality: EqualityIndex, patternAccesses: [PatternAccess],
    literalAccesses: [LiteralAccess]
  ) {
    self.always = always
    self.equality = equality
    self.patternAccesses = patternAccesses
    self.literalAccesses = literalAccesses
  }

  /// Rules that need a match of one of a group's patterns.
  struct PatternAccess: Sendable {
    var group: Int
    /// For each pattern: where its rules start in `rules`; one more at the end.
    var offsets: [Int32]
    var rules: [Int32]
  }

  /// Rules that need one literal.
  struct LiteralAccess: Sendable {
    var literal: ConditionLiteral
    var rules: [Int32]
  }
}

extension ValueSource {
  /// A number of its own for each source.
  var sortKey: UInt64 { UInt64(kind.rawValue) << 32 | UInt64(UInt32(bitPattern: index)) }
}

/// Some of the rules, given back in their order: a bit each, and a bit for each word that has one.
struct CandidateSet: Sendable {
  private var words: [UInt64]
  private var summary: [UInt64]

  /// Room for a number of rules.
  init(ruleCount: Int) {
    words = [UInt64](repeating: 0, count: (ruleCount + 63) / 64)
    summary = [UInt64](repeating: 0, count: (words.count + 63) / 64)
  }

  mutating func insert(_ rule: Int32) {
    let word = Int(rule >> 6)
    words[word] |= 1 << UInt64(rule & 63)
    summary[word >> 6] |= 1 << UInt64(word & 63)
  }

  /// Takes out the first rule; nil when there is none left.
  mutating func removeFirst() -> Int? {
    var top = 0
    while top < summary.count {
      guard summary[top] != 0 else {
        top += 1
        continue
      }
      let word = top << 6 + summary[top].trailingZeroBitCount
      let bit = words[word].trailingZeroBitCount
      words[word] &= words[word] - 1
      if words[word] == 0 { summary[top] &= summary[top] - 1 }
      return word << 6 + bit
    }
    return nil
  }
}
