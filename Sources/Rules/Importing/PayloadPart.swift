/// One thing that a signature asks of a buffer, with its modifiers.
struct PayloadPart {
  enum Kind {
    case content([UInt8])
    /// A regular expression with the flags that hold inside it.
    case pattern(String, flags: String)
    /// `isdataat`: so many bytes and no fewer are there.
    case dataAt(Int)
    /// A comparison with the length of the buffer.
    case length(String)
    case absent
  }

  var kind: Kind
  var isNegated: Bool
  /// Where its option stands.
  var place: Int
  var isCaseFolded = false
  var offset: Int?
  var depth: Int?
  var distance: Int?
  var within: Int?
  var startsBuffer = false
  var endsBuffer = false
  /// `relative` of `isdataat` and `R` of `pcre`.
  var isRelative = false

  init(_ kind: Kind, isNegated: Bool, place: Int) {
    self.kind = kind
    self.isNegated = isNegated
    self.place = place
  }

  /// Whether it begins where the part before it ended.
  var followsOther: Bool { isRelative || distance != nil || within != nil }

  /// Whether it may be anywhere in the buffer.
  var isAnywhere: Bool {
    !followsOther && offset == nil && depth == nil && !startsBuffer && !endsBuffer
  }

  /// The bytes of a content.
  var bytes: [UInt8]? {
    if case .content(let bytes) = kind { return bytes }
    return nil
  }

  /// Whether a content must stand at the very start of the buffer.
  var isAtStart: Bool {
    guard let bytes else { return false }
    if startsBuffer { return true }
    return offset ?? 0 == 0 && depth == bytes.count && !followsOther
  }

  func fault(_ message: String) -> SignatureFault { SignatureFault(place: place, message: message) }
}

/// Parts of which each begins where the one before it ended, as one regular expression.
///
/// Suricata tries each place of a content until the parts behind it fit, which is what a regular expression
/// says with gaps between the contents; so the translation is exact where it can be written.
struct PartChain {
  /// Vectorscan's largest repetition, with room for two to be added.
  private static let maximumGap = 16_000

  /// What must follow the last content: bytes that are there, and a byte that is not among the next ones.
  private struct Tail {
    var present: Int?
    var missing: Int?
    var forbidden: (byte: UInt8, within: Int?)?

    var isEmpty: Bool { present == nil && missing == nil && forbidden == nil }
  }

  private var pattern = ""
  private var tail = Tail()

  /// The expression of a chain; `start` is the expression of all that precedes the buffer in the message.
  static func pattern(_ parts: [PayloadPart], start: String = "") throws(SignatureFault) -> String {
    var chain = PartChain()
    chain.pattern = start
    for (index, part) in parts.enumerated() {
      try chain.add(part, isFirst: index == 0, isAnchored: start.isEmpty)
    }
    try chain.close()
    return chain.pattern
  }

  private mutating func add(
    _ part: PayloadPart, isFirst: Bool, isAnchored: Bool
  ) throws(SignatureFault) {
    switch part.kind {
    case .dataAt(let count): try addData(part, count)
    case .content(let bytes) where part.isNegated: try addForbidden(part, bytes)
    case .content(let bytes):
      guard tail.isEmpty else { throw part.fault("a content after 'isdataat' or a negated one in one chain") }
      let gap = try Self.gap(part, bytes.count, isFirst: isFirst)
      if isFirst, isAnchored,
        part.offset != nil || part.depth != nil || part.followsOther || part.startsBuffer
      {
        pattern += "^"
      } else if isFirst, !isAnchored, part.isAnywhere, !pattern.hasSuffix("?") {
        pattern += ".*"
      }
      pattern += gap + PatternText.literal(bytes, isCaseFolded: part.isCaseFolded)
      if part.endsBuffer { pattern += "\\z" }
    case .pattern(let text, let flags):
      guard !part.isNegated else { throw part.fault("a negated expression relative to a content") }
      guard tail.isEmpty else {
        throw part.fault("an expression after 'isdataat' or a negated content in one chain")
      }
      try add(part, text, flags)
    case .length, .absent: throw part.fault("this stands for itself, not behind a content")
    }
  }

  private mutating func add(_ part: PayloadPart, _ text: String, _ flags: String) throws(SignatureFault) {
    guard text.hasPrefix("^"), !pattern.isEmpty else {
      pattern += (pattern.isEmpty ? "" : ".*") + "(?\(flags):\(text))"
      return
    }
    // The anchor of a relative expression is the end of the content before it.
    pattern += try PatternText.unanchored(text, flags, part)
  }

  /// The bytes between the part before and a content.
  private static func gap(
    _ part: PayloadPart, _ length: Int, isFirst: Bool
  ) throws(SignatureFault) -> String {
    if part.startsBuffer { return "" }
    var least = part.distance ?? 0
    var room = part.within
    if isFirst {
      // Nothing precedes it, so relative is from the start.
      least = part.offset ?? least
      room = part.depth ?? room
      if part.offset == nil, room == nil, !part.followsOther { return "" }
    }
    guard least >= 0 else { throw part.fault("a negative distance looks backwards") }
    guard least <= maximumGap, room ?? 0 <= maximumGap else {
      throw part.fault("a distance of more than \(maximumGap) bytes")
    }
    guard let room else { return PatternText.gap(least, nil) }
    guard room >= length else { throw part.fault("the content is longer than the place it may stand in") }
    return PatternText.gap(least, least + room - length)
  }

  private mutating func addData(_ part: PayloadPart, _ count: Int) throws(SignatureFault) {
    guard count <= Self.maximumGap else {
      throw part.fault("'isdataat' of more than \(Self.maximumGap) bytes")
    }
    if part.isNegated {
      guard count > 0, tail.missing == nil, tail.forbidden == nil else {
        throw part.fault("'isdataat' cannot be put into a pattern")
      }
      tail.missing = count - 1
    } else {
      tail.present = max(tail.present ?? 0, count)
    }
  }

  private mutating func addForbidden(_ part: PayloadPart, _ bytes: [UInt8]) throws(SignatureFault) {
    guard bytes.count == 1, part.distance ?? 0 == 0, !part.isCaseFolded || !bytes[0].isLetter else {
      throw part.fault(
        "a negated content relative to another one, unless it is a single byte right behind it")
    }
    guard tail.forbidden == nil, tail.missing == nil, part.within ?? 0 <= Self.maximumGap, !part.endsBuffer
    else {
      throw part.fault("a second negated content relative to another one")
    }
    tail.forbidden = (bytes[0], part.within)
  }

  /// Writes what must follow the last content.
  private mutating func close() throws(SignatureFault) {
    let present = tail.present ?? 0
    guard let forbidden = tail.forbidden else {
      if let missing = tail.missing {
        pattern += PatternText.gap(present, max(missing, present)) + "\\z"
      } else {
        pattern += PatternText.gap(present, present)
      }
      return
    }
    let set = PatternText.allBut(forbidden.byte)
    guard let within = forbidden.within else {
      pattern += PatternText.gap(present, nil, of: set) + "\\z"
      return
    }
    if within <= present {
      pattern +=
        PatternText.gap(within, within, of: set) + PatternText.gap(present - within, present - within)
    } else {
      let whole = PatternText.gap(within, within, of: set)
      let short = PatternText.gap(present, within - 1, of: set)
      pattern += "(?:\(whole)|\(short)\\z)"
    }
  }
}
