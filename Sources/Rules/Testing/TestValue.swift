internal import Events
internal import Values

/// A value of a field in a test, read by the type that the catalogue gives the field.
enum TestValue: Hashable, Sendable {
  case text([UInt8])
  case integer(Int64)
  case decimal(Double)
  case ip(IPAddress)
  case time(Timestamp)
  case duration(Int64)
  case bool(Bool)
  case list([TestValue])

  /// The value that a text spells, or nil.
  init?(_ text: String, _ type: FieldType) {
    switch type {
    case .text, .textList, .textMap, .numberMap, .recordList: self = .text(Array(text.utf8))
    case .integer, .integerList:
      guard let number = Int64(text), String(number) == text else { return nil }
      self = .integer(number)
    case .port:
      guard let number = UInt16(text), String(number) == text else { return nil }
      self = .integer(Int64(number))
    case .decimal:
      guard let number = Double(text), number.isFinite else { return nil }
      self = .decimal(number)
    case .ip:
      guard let address = IPAddress(text) else { return nil }
      self = .ip(address)
    case .time:
      guard let time = InstantText.parse(text) else { return nil }
      self = .time(time)
    case .duration:
      guard case .duration(let duration) = try? LiteralReader.literal(text, at: 0..<0) else { return nil }
      self = .duration(duration)
    case .bool:
      guard text == "true" || text == "false" else { return nil }
      self = .bool(text == "true")
    }
  }

  /// What a value of a type looks like, for messages.
  static func example(_ type: FieldType) -> String {
    switch type {
    case .text, .textList, .textMap, .numberMap, .recordList: "text"
    case .integer, .integerList: "a whole number, such as 401"
    case .port: "a port, 0 to 65535"
    case .decimal: "a number, such as 0.5"
    case .ip: "an IP address, such as 203.0.113.7"
    case .time: "an instant, such as 2026-03-01T22:14:07+01:00"
    case .duration: "a duration, such as 10s"
    case .bool: "true or false"
    }
  }
}
