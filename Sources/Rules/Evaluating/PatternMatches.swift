internal import Values

/// Which patterns matched in the current event.
struct PatternMatches {
  private let scratch = PatternScratch()
  private var bits: [UInt64]
  /// The event that each group was scanned for.
  private var scanned: [UInt64]
  private var present: [Bool]
  private var epoch: UInt64 = 0
  /// The bits of one item of a list.
  private var itemBits: [UInt64]

  init(_ groups: [PatternGroup]) {
    let words = groups.map { $0.firstWord + $0.wordCount * ($0.isList ? 2 : 1) }.max() ?? 0
    bits = [UInt64](repeating: 0, count: words)
    scanned = [UInt64](repeating: 0, count: groups.count)
    present = [Bool](repeating: false, count: groups.count)
    itemBits = [UInt64](repeating: 0, count: groups.map(\.wordCount).max() ?? 0)
    for database in groups.flatMap(\.databases) {
      // Without memory for the scratch the scans report nothing; the process is about to die anyway.
      _ = scratch.reserve(for: database)
    }
  }

  mutating func begin() { epoch += 1 }

  func isScanned(_ number: Int) -> Bool { scanned[number] == epoch }

  func isPresent(_ number: Int) -> Bool { present[number] }

  mutating func markAbsent(_ number: Int) {
    scanned[number] = epoch
    present[number] = false
  }

  /// Makes the bits ready: nothing matched by any item, everything by every one of no items.
  mutating func start(_ number: Int, _ group: PatternGroup) {
    scanned[number] = epoch
    present[number] = true
    for word in 0..<group.wordCount {
      bits[group.firstWord + word] = 0
      if group.isList { bits[group.firstWord + group.wordCount + word] = .max }
    }
  }

  mutating func scan(_ text: borrowing [UInt8], _ range: ByteRange, _ group: PatternGroup) {
    let bytes = text.span.extracting(range.range)
    for database in group.databases { scratch.scan(bytes, with: database, into: &bits, at: group.firstWord) }
  }

  mutating func scanItem(_ text: Span<UInt8>, _ group: PatternGroup) {
    for word in 0..<group.wordCount { itemBits[word] = 0 }
    for database in group.databases { scratch.scan(text, with: database, into: &itemBits, at: 0) }
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

  /// Calls back for each pattern of a scanned group that matched some item.
  func forEachMatch(of group: PatternGroup, _ body: (Int) -> Void) {
    for word in 0..<group.wordCount {
      var found = bits[group.firstWord + word]
      while found != 0 {
        body(word << 6 + found.trailingZeroBitCount)
        found &= found - 1
      }
    }
  }
}
