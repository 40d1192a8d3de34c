public import Values

/// Whole texts, found by an open-addressed hash table over one block of bytes.
public struct TextSet: Sendable {
  private static let vacant = UInt32.max

  private var slots = [UInt32](repeating: Self.vacant, count: 8)
  /// Of each text: where it starts; one more at the end.
  private var offsets: [UInt32] = [0]
  private var bytes: [UInt8] = []
  private var expiries: [Int64] = []
  private var entries: [UInt32] = []
  private let foldsCase: Bool
  private let seed: UInt64

  /// A set without texts; with `foldsCase` ASCII letters match in either case.
  init(foldsCase: Bool, seed: UInt64) {
    self.foldsCase = foldsCase
    self.seed = seed
  }

  /// Number of distinct texts.
  public var count: Int { entries.count }

  /// The texts, in lower case where case is folded.
  var strings: [String] {
    entries.indices.map { String(decoding: bytes[Int(offsets[$0])..<Int(offsets[$0 + 1])], as: UTF8.self) }
  }

  /// The entry of a text, if it is there and has not expired; allocates nothing.
  public func match(_ text: Span<UInt8>, at time: Timestamp) -> ListEntryID? {
    let slot = slot(of: text)
    guard slots[slot] != Self.vacant else { return nil }
    let number = Int(slots[slot])
    return expiries[number] > time.nanoseconds ? ListEntryID(number: entries[number]) : nil
  }

  /// Takes a text in; of equal texts the one that expires last stays.
  mutating func insert(_ text: Span<UInt8>, expiry: Int64, entry: UInt32) {
    let slot = slot(of: text)
    guard slots[slot] == Self.vacant else {
      let number = Int(slots[slot])
      guard expiry > expiries[number] else { return }
      expiries[number] = expiry
      entries[number] = entry
      return
    }
    slots[slot] = UInt32(truncatingIfNeeded: entries.count)
    for index in text.indices { bytes.append(foldsCase ? text[index].asciiLowercased : text[index]) }
    offsets.append(UInt32(truncatingIfNeeded: bytes.count))
    expiries.append(expiry)
    entries.append(entry)
    if entries.count * 2 > slots.count { grow() }
  }

  private mutating func grow() {
    slots = [UInt32](repeating: Self.vacant, count: slots.count * 4)
    let stored = bytes
    for number in entries.indices {
      let text = stored.span.extracting(Int(offsets[number])..<Int(offsets[number + 1]))
      let vacant = slot(of: text)
      slots[vacant] = UInt32(truncatingIfNeeded: number)
    }
  }

  /// The slot that holds a text, or the vacant one where it would go; at least half of them are vacant.
  private func slot(of text: Span<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash(text)) & mask
    while slots[slot] != Self.vacant, !isEqual(Int(slots[slot]), text) { slot = (slot + 1) & mask }
    return slot
  }

  private func isEqual(_ number: Int, _ text: Span<UInt8>) -> Bool {
    let start = Int(offsets[number])
    guard Int(offsets[number + 1]) - start == text.count else { return false }
    for index in text.indices {
      let byte = foldsCase ? text[index].asciiLowercased : text[index]
      if bytes[start + index] != byte { return false }
    }
    return true
  }

  private func hash(_ text: Span<UInt8>) -> UInt64 {
    var hash = SeededHash(seed: seed)
    guard foldsCase else {
      hash.combine(text)
      return hash.value
    }
    var word: UInt64 = 0
    for index in text.indices {
      word = word << 8 | UInt64(text[index].asciiLowercased)
      if index & 7 == 7 {
        hash.combine(word)
        word = 0
      }
    }
    hash.combine(word)
    hash.combine(UInt64(truncatingIfNeeded: text.count))
    return hash.value
  }
}

extension UInt8 {
  /// The lower-case letter of an ASCII letter, every other byte as it is.
  var asciiLowercased: UInt8 {
    (0x41...0x5a).contains(self) ? self | 0x20 : self
  }
}
