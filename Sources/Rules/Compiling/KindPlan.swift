internal import Values

/// Which rules an event of one kind can concern.
///
/// Every rule stands in exactly one place: under values of a field that its condition asks for, under
/// patterns of a text, under a literal that must hold, or among those that every event of the kind meets.
/// So an event costs what the rules that it can concern cost, not what all rules cost.
struct KindPlan: Sendable {
  /// Rules that every event meets.
  var always: [Int32] = []
  var equality = EqualityIndex()
  var patternAccesses: [PatternAccess] = []
  var literalAccesses: [LiteralAccess] = []

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

/// Finds rules by the value of a field.
///
/// Only the hash of the value is kept: a collision makes a rule a candidate whose condition then fails.
struct EqualityIndex: Sendable {
  /// The fields that are looked up.
  private(set) var sources: [ValueSource] = []
  private var keys: [UInt64] = []
  private var starts: [Int32] = []
  private var counts: [Int32] = []
  private var rules: [Int32] = []
  private var mask = 0

  init() {}

  /// An index of rules by source and hash.
  init(_ entries: [Entry: [Int32]]) {
    let ordered = entries.sorted { left, right in
      left.key.source != right.key.source
        ? left.key.source.sortKey < right.key.source.sortKey : left.key.hash < right.key.hash
    }
    for entry in ordered where sources.last != entry.key.source { sources.append(entry.key.source) }
    var capacity = 8
    while capacity < entries.count * 2 { capacity *= 2 }
    mask = capacity - 1
    keys = [UInt64](repeating: 0, count: capacity)
    starts = [Int32](repeating: 0, count: capacity)
    counts = [Int32](repeating: 0, count: capacity)
    for (entry, members) in ordered {
      var slot = Int(truncatingIfNeeded: entry.hash) & mask
      while counts[slot] != 0, keys[slot] != entry.hash { slot = (slot + 1) & mask }
      // Two sources may share a hash in principle; their rules then share the entry.
      let merged = counts[slot] == 0 ? members : Array(rules(at: slot)) + members
      keys[slot] = entry.hash
      starts[slot] = Int32(truncatingIfNeeded: rules.count)
      counts[slot] = Int32(truncatingIfNeeded: merged.count)
      rules += merged
    }
  }

  /// A value of a source, by its hash.
  struct Entry: Hashable {
    var source: ValueSource
    var hash: UInt64
  }

  private func rules(at slot: Int) -> ArraySlice<Int32> {
    rules[Int(starts[slot])..<Int(starts[slot] + counts[slot])]
  }

  /// Adds the rules under a hash to the candidates.
  func collect(_ hash: UInt64, into candidates: inout CandidateSet) {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while counts[slot] != 0 {
      if keys[slot] == hash {
        for index in Int(starts[slot])..<Int(starts[slot] + counts[slot]) { candidates.insert(rules[index]) }
        return
      }
      slot = (slot + 1) & mask
    }
  }

  /// The hash of a whole number of a source.
  static func hash(_ source: ValueSource, _ number: Int64) -> UInt64 {
    var hash = SeededHash(seed: source.sortKey)
    hash.combine(UInt64(bitPattern: number))
    return hash.value
  }

  /// The hash of an address of a source.
  static func hash(_ source: ValueSource, _ address: IPAddress) -> UInt64 {
    var hash = SeededHash(seed: source.sortKey)
    hash.combine(address.high)
    hash.combine(address.low ^ (address.isIPv6 ? 1 << 63 : 0))
    return hash.value
  }

  /// The hash of a text of a source.
  static func hash(_ source: ValueSource, _ text: Span<UInt8>) -> UInt64 {
    var hash = SeededHash(seed: source.sortKey)
    hash.combine(text)
    return hash.value
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
