internal import Values

/// Questions about the fields of events, answered without making text.
extension Event {
  /// Whether its SIP message was neither retransmitted nor forwarded: repeats count for nothing.
  public var isFirstSight: Bool {
    self[.sipRetransmission] != .bool(true) && self[.sipForwarded] != .bool(true)
  }

  /// Whether a text field says a word.
  public func says(_ field: Field, _ word: StaticString) -> Bool {
    guard case .text(let range) = self[field], range.count == word.utf8CodeUnitCount else { return false }
    let bytes = text.span
    // Safety: a static string's bytes live as long as the process, and the index stays below their number.
    return word.withUTF8Buffer { letters in
      for index in 0..<letters.count {
        if unsafe letters[index] != bytes[range.start + index] { return false }
      }
      return true
    }
  }

  /// The keyed hash of a field's text or address; nil when it has none.
  public func hash(of field: Field, seed: UInt64) -> UInt64? {
    var hash = SeededHash(seed: seed)
    switch self[field] {
    case .text(let range): hash.combine(text.span.extracting(range.range))
    case .ip(let address):
      hash.combine(address.high)
      hash.combine(address.low)
    default: return nil
    }
    return hash.value
  }
}
