internal import Events
internal import Values

/// One end of a message or a stream.
struct Endpoint: Hashable, Comparable, Sendable, CustomStringConvertible {
  let address: IPAddress
  let port: Int?

  /// `192.0.2.1:5060`, `[2001:db8::1]:5060`.
  var description: String {
    guard let port else { return address.description }
    return address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }

  static func < (left: Endpoint, right: Endpoint) -> Bool {
    (left.address, left.port ?? -1) < (right.address, right.port ?? -1)
  }
}

/// Fields as the report keeps them.
extension Event {
  /// A text as valid Unicode, cut to a number of bytes with the cut marked.
  func text(_ field: Field, limit: Int) -> String? {
    guard case .text(let range) = self[field], !range.isEmpty else { return nil }
    return Self.text(text[range.range], limit: limit)
  }

  private static func text(_ bytes: ArraySlice<UInt8>, limit: Int) -> String {
    guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
    var end = bytes.startIndex + limit
    while end > bytes.startIndex, bytes[end] & 0xc0 == 0x80 { end -= 1 }
    let more = bytes.endIndex - end
    return String(decoding: bytes[..<end], as: UTF8.self) + "…(+\(more) bytes)"
  }

  /// A number, whole or not.
  func number(_ field: Field) -> Double? {
    switch self[field] {
    case .integer(let value): Double(value)
    case .decimal(let value): value
    case .duration(let value): Double(value) / 1_000_000_000
    default: nil
    }
  }

  /// A whole number.
  func count(_ field: Field) -> Int? { integer(field).map { Int(clamping: $0) } }

  /// A truth value.
  func flag(_ field: Field) -> Bool? {
    guard case .bool(let value) = self[field] else { return nil }
    return value
  }

  /// An address.
  func address(_ field: Field) -> IPAddress? {
    guard case .ip(let value) = self[field] else { return nil }
    return value
  }

  /// An instant.
  func time(_ field: Field) -> Timestamp? {
    guard case .time(let value) = self[field] else { return nil }
    return value
  }

  /// An address with its port.
  func endpoint(_ address: Field, _ port: Field) -> Endpoint? {
    self.address(address).map { Endpoint(address: $0, port: count(port)) }
  }

  /// The texts of a list, each cut like a text.
  func texts(_ field: Field, limit: Int) -> [String] {
    list(field).compactMap { item in
      guard case .text(let range) = item else { return nil }
      return Self.text(text[range.range], limit: limit)
    }
  }

  /// The whole numbers of a list.
  func integers(_ field: Field) -> [Int] {
    list(field).compactMap { item in
      guard case .integer(let value) = item else { return nil }
      return Int(clamping: value)
    }
  }

  /// Names with numbers.
  func numbers(_ field: Field, limit: Int) -> [(name: String, value: Double)] {
    let items = list(field)
    return stride(from: 0, to: items.count - 1, by: 2).compactMap { index in
      guard case .text(let range) = items[index] else { return nil }
      let name = Self.text(text[range.range], limit: limit)
      return switch items[index + 1] {
      case .integer(let value): (name, Double(value))
      case .decimal(let value): (name, value)
      case .duration(let value): (name, Double(value) / 1_000_000_000)
      default: nil
      }
    }
  }

  /// The reasons of a score, one text each: members of a record stand in the order of the catalogue.
  func scoreReasons(limit: Int) -> [String] {
    let items = list(.scoreReasons)
    return stride(from: items.startIndex, to: items.endIndex - 5, by: 6).map { start in
      let words = [items[start], items[start + 1]].compactMap { item -> String? in
        guard case .text(let range) = item else { return nil }
        return Self.text(text[range.range], limit: limit)
      }
      let figures = (3..<6).map { place -> String in
        switch items[start + place] {
        case .decimal(let value): NumberText.decimal(value, digits: 2)
        case .integer(let value): "\(value)"
        default: "?"
        }
      }
      return
        "\(words.joined(separator: " beside ")): \(figures[0]), expected \(figures[1]), surprise \(figures[2])"
    }
  }

  private func list(_ field: Field) -> ArraySlice<FieldValue> {
    guard case .list(let range) = self[field] else { return [] }
    return ArraySlice(Array(items[range.range]))
  }

  /// The hash of a text, to recognise it; nil when it is absent.
  func hash(_ field: Field) -> UInt64? {
    guard case .text(let range) = self[field], !range.isEmpty else { return nil }
    var hash = SeededHash(seed: 0x7265_706f_7274)
    // Fields that name a call keep at most 256 bytes of its Call-ID.
    hash.combine(text.span.extracting(range.range.prefix(256)))
    return hash.value
  }
}
