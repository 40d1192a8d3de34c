/// Up to 32 decimal digits without a heap allocation; further ones are dropped, which no prefix notices.
public struct TelephoneNumber: Hashable, Sendable {
  /// Four bits a digit, left-aligned; a digit is stored plus 1, so that 0 is the end.
  private var bits: UInt128 = 0
  /// Number of digits.
  public private(set) var count = 0

  /// No digits.
  public init() {}

  /// Whether there is no digit.
  public var isEmpty: Bool { count == 0 }

  /// The first 16 digits as a key whose prefixes are the prefixes of the number.
  public var prefixKey: UInt64 { UInt64(truncatingIfNeeded: bits >> 64) }

  mutating func append(_ digit: UInt8) {
    guard count < 32 else { return }
    bits |= UInt128(digit &- 0x30 &+ 1) << UInt128(124 - 4 * count)
    count += 1
  }

  /// A digit as ASCII.
  subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: bits >> UInt128(124 - 4 * index) & 0xf) &- 1 &+ 0x30
  }

  /// A digit as its value, 0–9.
  func digit(at index: Int) -> Int { Int(self[index] &- 0x30) }

  func begins(with prefix: [UInt8]) -> Bool {
    guard prefix.count <= count else { return false }
    for index in prefix.indices where self[index] != prefix[index] { return false }
    return true
  }

  func dropping(_ digits: Int) -> TelephoneNumber {
    var result = self
    result.bits = digits >= 32 ? 0 : bits << UInt128(4 * digits)
    result.count = max(0, count - digits)
    return result
  }

  func prefixed(by prefix: [UInt8]) -> TelephoneNumber {
    var result = TelephoneNumber()
    for digit in prefix { result.append(digit) }
    for index in 0..<count { result.append(self[index]) }
    return result
  }
}

extension TelephoneNumber {
  /// Calls a closure with each digit as ASCII, first digit first.
  public func forEachDigit(_ body: (UInt8) -> Void) {
    for index in 0..<count { body(self[index]) }
  }

  /// Adds `+` and the digits to bytes, the form in which no dial plan can misread an E.164 number.
  public func appendE164(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "+"))
    for index in 0..<count { bytes.append(self[index]) }
  }
}

extension TelephoneNumber: CustomStringConvertible {
  /// The digits.
  public var description: String {
    String(decoding: (0..<count).map { self[$0] }, as: UTF8.self)
  }
}
