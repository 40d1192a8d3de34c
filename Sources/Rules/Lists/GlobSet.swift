public import Values

/// Texts with wildcards: `*` stands for any bytes, `?` for exactly one, `\` takes the next as it is.
public struct GlobSet: Sendable {
  private var patterns: [GlobPattern] = []
  private var expiries: [Int64] = []
  private var entries: [UInt32] = []
  private let foldsCase: Bool

  init(_ items: [(pattern: GlobPattern, expiry: Int64, entry: UInt32)], foldsCase: Bool) {
    self.foldsCase = foldsCase
    for item in items {
      patterns.append(item.pattern)
      expiries.append(item.expiry)
      entries.append(item.entry)
    }
  }

  /// Number of patterns.
  public var count: Int { patterns.count }

  /// The first pattern that matches a whole text and has not expired; allocates nothing.
  public func match(_ text: Span<UInt8>, at time: Timestamp) -> ListEntryID? {
    for index in patterns.indices where expiries[index] > time.nanoseconds {
      if patterns[index].matches(text, foldsCase: foldsCase) { return ListEntryID(number: entries[index]) }
    }
    return nil
  }
}

/// One glob, matched in time linear in the text.
///
/// The pieces between stars are found from left to right, each at its first place behind the one before:
/// no place that is passed over can help later, so nothing is ever tried twice. A piece is found by
/// Shift-And (Baeza-Yates and Gonnet 1992), one machine word for up to 64 positions.
struct GlobPattern: Sendable {
  /// A stretch without stars.
  struct Piece: Sendable {
    /// Bytes to match.
    var bytes: [UInt8] = []
    /// Whether the byte at a position may be anything.
    var isAny: [Bool] = []
    /// For each class of bytes: the positions that accept it.
    var masks: [UInt64] = []

    var count: Int { bytes.count }
  }

  /// A piece between stars cannot be longer.
  static let maximumPiece = 64

  private var head = Piece()
  private var middle: [Piece] = []
  private var tail = Piece()
  private var hasStar = false
  /// Class of each byte: 0 for bytes that no piece names.
  private var classes: [UInt8] = []

  /// A pattern, or nil when a piece between two stars is longer than `maximumPiece` or a `\` ends it.
  init?(_ text: [UInt8], foldsCase: Bool) {
    guard let pieces = Self.pieces(text, foldsCase: foldsCase) else { return nil }
    head = pieces[0]
    hasStar = pieces.count > 1
    guard hasStar else { return }
    tail = pieces[pieces.count - 1]
    middle = pieces[1..<pieces.count - 1].filter { $0.count > 0 }
    guard middle.allSatisfy({ $0.count <= Self.maximumPiece }) else { return nil }
    classify()
  }

  /// Whether the pattern spells the whole text.
  func matches(_ text: Span<UInt8>, foldsCase: Bool) -> Bool {
    guard hasStar else { return text.count == head.count && matches(head, text, at: 0, foldsCase) }
    guard text.count >= head.count + tail.count, matches(head, text, at: 0, foldsCase),
      matches(tail, text, at: text.count - tail.count, foldsCase)
    else { return false }
    let end = text.count - tail.count
    var start = head.count
    for piece in middle {
      guard let next = find(piece, text, from: start, to: end, foldsCase) else { return false }
      start = next
    }
    return true
  }

  private func matches(_ piece: Piece, _ text: Span<UInt8>, at offset: Int, _ foldsCase: Bool) -> Bool {
    for index in 0..<piece.count where !piece.isAny[index] {
      let byte = foldsCase ? text[offset + index].asciiLowercased : text[offset + index]
      if byte != piece.bytes[index] { return false }
    }
    return true
  }

  /// One past the first place of a piece.
  private func find(
    _ piece: Piece, _ text: Span<UInt8>, from start: Int, to end: Int, _ foldsCase: Bool
  ) -> Int? {
    let accept: UInt64 = 1 << UInt64(piece.count - 1)
    var state: UInt64 = 0
    var index = start
    while index < end {
      let byte = foldsCase ? text[index].asciiLowercased : text[index]
      state = (state << 1 | 1) & piece.masks[Int(classes[Int(byte)])]
      index += 1
      if state & accept != 0 { return index }
    }
    return nil
  }

  private static func pieces(_ text: [UInt8], foldsCase: Bool) -> [Piece]? {
    var pieces = [Piece()]
    var index = 0
    while index < text.count {
      var byte = text[index]
      var isAny = false
      switch byte {
      case UInt8(ascii: "*"):
        pieces.append(Piece())
        index += 1
        continue
      case UInt8(ascii: "?"): isAny = true
      case UInt8(ascii: "\\"):
        index += 1
        guard index < text.count else { return nil }
        byte = text[index]
      default: break
      }
      pieces[pieces.count - 1].bytes.append(foldsCase ? byte.asciiLowercased : byte)
      pieces[pieces.count - 1].isAny.append(isAny)
      index += 1
    }
    return pieces
  }

  /// Gives each byte that a middle piece names a class of its own, and each piece its masks.
  private mutating func classify() {
    guard !middle.isEmpty else { return }
    classes = [UInt8](repeating: 0, count: 256)
    var classCount = 1
    for piece in middle {
      for (byte, isAny) in zip(piece.bytes, piece.isAny) where !isAny && classes[Int(byte)] == 0 {
        // 255 distinct bytes and the rest make 256 classes; the 256th distinct byte may not have its own.
        guard classCount < 256 else { break }
        classes[Int(byte)] = UInt8(truncatingIfNeeded: classCount)
        classCount += 1
      }
    }
    for index in middle.indices {
      var masks = [UInt64](repeating: 0, count: classCount)
      for (position, byte) in middle[index].bytes.enumerated() {
        let bit: UInt64 = 1 << UInt64(position)
        if middle[index].isAny[position] {
          for number in masks.indices { masks[number] |= bit }
        } else {
          masks[Int(classes[Int(byte)])] |= bit
        }
      }
      middle[index].masks = masks
    }
  }
}
