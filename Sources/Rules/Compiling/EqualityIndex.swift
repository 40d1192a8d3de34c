internal import Values

/// Finds rules by the value of a field, or by the first bytes of it.
///
/// Only the hash of the value is kept: a collision makes a rule a candidate whose condition then fails.
struct EqualityIndex: Sendable {
  /// Longer prefixes are looked up by their first bytes, so that a text is hashed this often at most.
  static let maximumPrefix = 16

  /// What is looked up.
  struct Lookup: Hashable, Sendable {
    var source: ValueSource
    /// The first so many bytes of a text, or bits of an address; 0 for a whole value.
    var prefixLength = 0

    fileprivate var seed: UInt64 { source.sortKey ^ UInt64(prefixLength) << 48 }

    fileprivate var order: (UInt64, Int) { (source.sortKey, prefixLength) }
  }

  /// A value of what is looked up, by its hash.
  struct Entry: Hashable {
    var lookup: Lookup
    var hash: UInt64
  }

  /// What an event is looked up by.
  let lookups: [Lookup]
  private var keys: [UInt64]
  private var starts: [Int32]
  private var counts: [Int32]
  private var rules: [CandidateWord] = []
  private let mask: Int

  /// An index of rules by their values.
  init(_ entries: [Entry: [Int32]]) {
    let ordered = entries.sorted { left, right in
      left.key.lookup != right.key.lookup
        ? left.key.lookup.order < right.key.lookup.order : left.key.hash < right.key.hash
    }
    lookups = Set(entries.keys.map(\.lookup)).sorted { $0.order < $1.order }
    var capacity = 8
    while capacity < entries.count * 2 { capacity *= 2 }
    mask = capacity - 1
    keys = [UInt64](repeating: 0, count: capacity)
    starts = [Int32](repeating: 0, count: capacity)
    counts = [Int32](repeating: 0, count: capacity)
    for (entry, members) in ordered { insert(entry.hash, CandidateWord.words(members)) }
  }

  private mutating func insert(_ hash: UInt64, _ members: [CandidateWord]) {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while counts[slot] != 0, keys[slot] != hash { slot = (slot + 1) & mask }
    // Two values may share a hash in principle; their rules then share the entry.
    let earlier = rules[Int(starts[slot])..<Int(starts[slot] + counts[slot])]
    let merged = Array(earlier) + members
    keys[slot] = hash
    starts[slot] = Int32(truncatingIfNeeded: rules.count)
    counts[slot] = Int32(truncatingIfNeeded: merged.count)
    rules += merged
  }

  /// Adds the rules under a hash to the candidates.
  func collect(_ hash: UInt64, into candidates: inout CandidateSet) {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while counts[slot] != 0 {
      if keys[slot] == hash {
        let members = Int(starts[slot])..<Int(starts[slot] + counts[slot])
        return candidates.insert(rules, members)
      }
      slot = (slot + 1) & mask
    }
  }

  /// The hash of a whole number.
  static func hash(_ lookup: Lookup, _ number: Int64) -> UInt64 {
    var hash = SeededHash(seed: lookup.seed)
    hash.combine(UInt64(bitPattern: number))
    return hash.value
  }

  /// The hash of an address.
  static func hash(_ lookup: Lookup, _ address: IPAddress) -> UInt64 {
    var hash = SeededHash(seed: lookup.seed)
    hash.combine(address.high)
    hash.combine(address.low ^ (address.isIPv6 ? 1 << 63 : 0))
    return hash.value
  }

  /// The hash of a text.
  static func hash(_ lookup: Lookup, _ text: Span<UInt8>) -> UInt64 {
    var hash = SeededHash(seed: lookup.seed)
    hash.combine(text)
    return hash.value
  }
}
