internal import Values

/// Which patterns matched in the current event.
struct PatternMatches {
  /// What is known of a group.
  private struct GroupState {
    /// The event that it was scanned for.
    var scanned: UInt64 = 0
    /// Its words of the store: patterns that match some item (or the value).
    let words: Range<Int>
    /// Whether the event has the value.
    var isPresent = false
  }

  private let scratch: PatternScratch
  private var bits: [UInt64]
  private var groups: [GroupState]
  private var epoch: UInt64 = 0
  /// The bits of one item of a list.
  private var itemBits: [UInt64]

  init(_ groups: [PatternGroup]) {
    let words = groups.map { $0.firstWord + $0.wordCount * ($0.isList ? 2 : 1) }.max() ?? 0
    bits = [UInt64](repeating: 0, count: words)
    self.groups = groups.map { GroupState(words: $0.firstWord..<$0.firstWord + $0.wordCount) }
    itemBits = [UInt64](repeating: 0, count: groups.map(\.wordCount).max() ?? 0)
    // Without memory for the scratch the scans report nothing; the process is about to die anyway.
    scratch = PatternScratch(for: groups.map(\.database))
  }

  mutating func begin() { epoch += 1 }

  func isScanned(_ number: Int) -> Bool { groups[number].scanned == epoch }

  /// Whether a scanned group has a value.
  func isPresent(_ number: Int) -> Bool { groups[number].isPresent }

  mutating func markAbsent(_ number: Int) {
    groups[number].scanned = epoch
    groups[number].isPresent = false
  }

  /// Makes the bits ready: nothing matched by any item, everything by every one of no items.
  @inline(__always)
  mutating func start(_ number: Int, _ group: PatternGroup) {
    groups[number].scanned = epoch
    groups[number].isPresent = true
    for word in groups[number].words {
      bits[word] = 0
      if group.isList { bits[group.wordCount + word] = .max }
    }
  }

  mutating func scan(_ text: borrowing [UInt8], _ range: ByteRange, _ group: PatternGroup) {
    scratch.scan(
      text.span.extracting(range.range), with: group.database, into: &bits, at: group.firstWord)
  }

  mutating func scanItem(_ text: Span<UInt8>, _ group: PatternGroup) {
    for word in 0..<group.wordCount { itemBits[word] = 0 }
    scratch.scan(text, with: group.database, into: &itemBits, at: 0)
    for word in 0..<group.wordCount {
      bits[group.firstWord + word] |= itemBits[word]
      bits[group.firstWord + group.wordCount + word] &= itemBits[word]
    }
  }

  /// Whether any of some patterns of a scanned group matched and has not expired.
  func contains(_ patterns: Range<Int>, of group: PatternGroup, everyItem: Bool, at time: Int64) -> Bool {
    let base = group.firstWord + (everyItem ? group.wordCount : 0)
    var word = patterns.lowerBound >> 6
    while word << 6 < patterns.upperBound {
      var found = bits[base + word]
      if word == patterns.lowerBound >> 6 { found &= .max << UInt64(patterns.lowerBound & 63) }
      let left = patterns.upperBound - word << 6
      if left < 64 { found &= (1 << UInt64(left)) - 1 }
      while found != 0 {
        let pattern = word << 6 + found.trailingZeroBitCount
        if group.expiries.isEmpty || group.expiries[pattern] > time { return true }
        found &= found - 1
      }
      word += 1
    }
    return false
  }

  /// Calls back for each pattern of a scanned group that matched some item; for none without a value.
  @inline(__always)
  func forEachMatch(of number: Int, _ body: (Int) -> Void) {
    let group = groups[number]
    guard group.isPresent else { return }
    for word in group.words {
      var found = bits[word]
      while found != 0 {
        body((word - group.words.lowerBound) << 6 + found.trailingZeroBitCount)
        found &= found - 1
      }
    }
  }
}
