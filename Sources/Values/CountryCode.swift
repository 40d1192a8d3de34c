/// A country as ISO 3166-1 alpha-2 writes it: two capital letters, such as `DE`.
///
/// `XK`, from the range for users' own codes, stands for Kosovo, as in MaxMind's databases.
public struct CountryCode: Hashable, Sendable {
  /// First letter, ASCII.
  public let first: UInt8
  /// Second letter, ASCII.
  public let second: UInt8

  /// The code of two bytes, or nil when they are no capital letters.
  @inlinable
  public init?(_ first: UInt8, _ second: UInt8) {
    guard (0x41...0x5a).contains(first), (0x41...0x5a).contains(second) else { return nil }
    self.first = first
    self.second = second
  }

  /// The code that a text of two capital letters is, or nil.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 2 else { return nil }
    self.init(bytes[0], bytes[1])
  }

  /// Both letters in one number, unique to the country and never 0.
  @inlinable
  public var index: UInt16 { UInt16(first) << 8 | UInt16(second) }
}

extension CountryCode: CustomStringConvertible {
  /// The two letters.
  public var description: String { String(decoding: [first, second], as: UTF8.self) }
}
