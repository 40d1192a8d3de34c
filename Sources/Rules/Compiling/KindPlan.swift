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
  let always: [CandidateWord]
  let equality: EqualityIndex
  let patternAccesses: [PatternAccess]
  let literalAccesses: [LiteralAccess]

  init(
    always: [CandidateWord], equality: EqualityIndex, patternAccesses: [PatternAccess],
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
    var offsets: [Int]
    var rules: [CandidateWord]
  }

  /// Rules that need one literal.
  struct LiteralAccess: Sendable {
    var literal: ConditionLiteral
    var rules: [CandidateWord]
  }
}

extension ValueSource {
  /// A number of its own for each source.
  var sortKey: UInt64 { UInt64(kind.rawValue) << 32 | UInt64(UInt32(bitPattern: index)) }
}

/// Some of 64 rules that follow each other: a bit each. It gives them back in their order.
struct CandidateWord: Sequence, IteratorProtocol, Sendable {
  /// Which 64 rules.
  let index: Int32
  private(set) var bits: UInt64

  init(_ index: Int, bits: UInt64) {
    self.index = Int32(truncatingIfNeeded: index)
    self.bits = bits
  }

  /// Rules in as few words as they need.
  static func words(_ rules: [Int32]) -> [CandidateWord] {
    let bits = rules.reduce(into: [Int: UInt64]()) { $0[Int($1 >> 6), default: 0] |= 1 << UInt64($1 & 63) }
    return bits.sorted { $0.key < $1.key }.map { CandidateWord($0.key, bits: $0.value) }
  }

  mutating func next() -> Int? {
    guard bits != 0 else { return nil }
    defer { bits &= bits &- 1 }
    return Int(index) << 6 + bits.trailingZeroBitCount
  }
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

  mutating func insert(_ rules: borrowing [CandidateWord]) { insert(rules, rules.indices) }

  /// Adds those in a range of some words.
  mutating func insert(_ rules: borrowing [CandidateWord], _ range: Range<Int>) {
    for index in range {
      let word = Int(rules[index].index)
      words[word] |= rules[index].bits
      summary[word >> 6] |= 1 << UInt64(word & 63)
    }
  }

  mutating func insert(_ rule: Int) {
    words[rule >> 6] |= 1 << UInt64(rule & 63)
    summary[rule >> 12] |= 1 << UInt64((rule >> 6) & 63)
  }

  /// Takes out the first word of rules; nil when there is none left.
  mutating func removeFirst() -> CandidateWord? {
    for top in summary.indices where summary[top] != 0 {
      let word = top << 6 + summary[top].trailingZeroBitCount
      summary[top] &= summary[top] &- 1
      defer { words[word] = 0 }
      return CandidateWord(word, bits: words[word])
    }
    return nil
  }
}
