/// How numbers are dialled where the sensor stands; turns them into E.164 digits.
public struct DialPlan: Hashable, Sendable {
  /// The country code that national numbers get, such as `49`; nil leaves national numbers as they are.
  public var countryCode: [UInt8]?
  /// What is dialled before a national number, such as `0`; nil where nothing is.
  public var nationalPrefix: [UInt8]?
  /// What is dialled before a country code, such as `00` or `011`; a leading `+` always works.
  public var internationalPrefixes: [[UInt8]]

  /// A plan; every part is decimal digits.
  public init(
    countryCode: String? = nil, nationalPrefix: String? = nil, internationalPrefixes: [String] = ["00"]
  ) {
    self.countryCode = countryCode.map { Array($0.utf8) }
    self.nationalPrefix = nationalPrefix.map { Array($0.utf8) }
    self.internationalPrefixes = internationalPrefixes.map { Array($0.utf8) }
  }

  /// The E.164 number in a dialled text, or nil when the text is no telephone number.
  ///
  /// `+` and international prefixes are dropped, a national prefix becomes the country code, visual
  /// separators (RFC 3966 §5.1.1) and parameters from `;` on are ignored. Numbers with neither prefix are
  /// taken to begin with a country code. Allocates nothing.
  public func normalize(_ text: Span<UInt8>) -> TelephoneNumber? {
    var digits = TelephoneNumber()
    var hasPlus = false
    for index in text.indices {
      let byte = text[index]
      switch byte {
      case 0x30...0x39: digits.append(byte)
      case UInt8(ascii: "+") where digits.isEmpty && !hasPlus: hasPlus = true
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: " "):
        continue
      case UInt8(ascii: ";"):
        return digits.isEmpty ? nil : hasPlus ? digits : withoutDialledPrefix(digits)
      default: return nil
      }
    }
    guard !digits.isEmpty else { return nil }
    return hasPlus ? digits : withoutDialledPrefix(digits)
  }

  private func withoutDialledPrefix(_ dialled: TelephoneNumber) -> TelephoneNumber? {
    for prefix in internationalPrefixes where !prefix.isEmpty && dialled.begins(with: prefix) {
      let rest = dialled.dropping(prefix.count)
      return rest.isEmpty ? nil : rest
    }
    guard let countryCode, let nationalPrefix, !nationalPrefix.isEmpty,
      dialled.begins(with: nationalPrefix)
    else { return dialled }
    return dialled.dropping(nationalPrefix.count).prefixed(by: countryCode)
  }
}

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
  var prefixKey: UInt64 { UInt64(truncatingIfNeeded: bits >> 64) }

  mutating func append(_ digit: UInt8) {
    guard count < 32 else { return }
    bits |= UInt128(digit &- 0x30 &+ 1) << UInt128(124 - 4 * count)
    count += 1
  }

  /// A digit as ASCII.
  subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: bits >> UInt128(124 - 4 * index) & 0xf) &- 1 &+ 0x30
  }

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

extension TelephoneNumber: CustomStringConvertible {
  /// The digits.
  public var description: String {
    String(decoding: (0..<count).map { self[$0] }, as: UTF8.self)
  }
}
