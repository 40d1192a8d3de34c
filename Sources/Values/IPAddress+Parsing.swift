extension IPAddress {
  /// The address that a text spells, or nil when it spells none.
  ///
  /// IPv4 as four decimal octets without leading zeros; IPv6 as in RFC 4291 §2.2 (one `::`, optional
  /// dotted tail), without brackets and without a zone.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(bytes.span)
  }

  /// The same from bytes, without allocating.
  public init?(_ text: Span<UInt8>) {
    guard text.count >= 2, text.count <= 45 else { return nil }
    for index in text.indices where text[index] == UInt8(ascii: ":") {
      guard let halves = Self.parseV6(text) else { return nil }
      self.init(v6High: halves.high, low: halves.low)
      return
    }
    guard let bits = Self.parseV4(text, from: 0) else { return nil }
    self.init(v4: bits)
  }

  private static func parseV4(_ text: Span<UInt8>, from start: Int) -> UInt32? {
    var bits: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var octets = 0
    var index = start
    while index <= text.count {
      if index == text.count || text[index] == UInt8(ascii: ".") {
        guard digits > 0, octets < 4 else { return nil }
        bits = bits << 8 | octet
        octets += 1
        octet = 0
        digits = 0
      } else {
        let digit = text[index] &- 0x30
        guard digit <= 9, digits == 0 || octet > 0 else { return nil }
        octet = octet * 10 + UInt32(digit)
        digits += 1
        guard octet <= 255 else { return nil }
      }
      index += 1
    }
    return octets == 4 ? bits : nil
  }

  private static func parseV6(_ text: Span<UInt8>) -> (high: UInt64, low: UInt64)? {
    var head = GroupAccumulator()
    var tail = GroupAccumulator()
    var seenGap = false
    var index = 0
    if text[0] == UInt8(ascii: ":") {
      guard text[1] == UInt8(ascii: ":") else { return nil }
      seenGap = true
      index = 2
    }
    while index < text.count {
      let end = groupEnd(text, from: index)
      if end < text.count, text[end] == UInt8(ascii: ".") {
        guard let bits = parseV4(text, from: index) else { return nil }
        seenGap ? tail.append(dotted: bits) : head.append(dotted: bits)
        index = text.count
        break
      }
      guard end > index, let group = hexadecimal(text, index..<end) else { return nil }
      seenGap ? tail.append(group) : head.append(group)
      index = end
      guard index < text.count else { break }
      guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
      index += 1
      if text[index] == UInt8(ascii: ":") {
        guard !seenGap else { return nil }
        seenGap = true
        index += 1
      }
    }
    let count = head.count + tail.count
    guard seenGap ? count <= 7 : count == 8 else { return nil }
    return head.joined(with: tail)
  }

  private static func groupEnd(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count, text[end] != UInt8(ascii: ":"), text[end] != UInt8(ascii: ".") { end += 1 }
    return end
  }

  private static func hexadecimal(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt16? {
    guard range.count <= 4 else { return nil }
    var value: UInt16 = 0
    for index in range {
      let byte = text[index]
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt16(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt16(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt16(byte - 0x57)
      default: return nil
      }
    }
    return value
  }
}

/// Up to eight 16-bit groups, right-aligned in 128 bits.
private struct GroupAccumulator {
  var high: UInt64 = 0
  var low: UInt64 = 0
  var count = 0

  mutating func append(_ group: UInt16) {
    high = high << 16 | low >> 48
    low = low << 16 | UInt64(group)
    count += 1
  }

  mutating func append(dotted bits: UInt32) {
    append(UInt16(truncatingIfNeeded: bits >> 16))
    append(UInt16(truncatingIfNeeded: bits))
  }

  /// These groups at the front, the other ones at the end, zeros between.
  func joined(with tail: GroupAccumulator) -> (high: UInt64, low: UInt64) {
    var front = self
    while front.count < 8 { front.append(0) }
    return (front.high | tail.high, front.low | tail.low)
  }
}
