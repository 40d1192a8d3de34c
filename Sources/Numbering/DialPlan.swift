/// How numbers are dialled where the sensor stands; turns them into E.164 digits.
public struct DialPlan: Hashable, Sendable {
  /// The country code that national numbers get, such as `49`; nil leaves national numbers as they are.
  public var countryCode: [UInt8]?
  /// What is dialled before a national number, such as `0`; nil where nothing is.
  public var nationalPrefix: [UInt8]?
  /// What is dialled before a country code, such as `00` or `011`; a leading `+` always works.
  public var internationalPrefixes: [[UInt8]]
  /// Emergency numbers as dialled; nil means those of the country with the country code.
  public var emergencyNumbers: [[UInt8]]?

  /// A plan; every part is decimal digits.
  public init(
    countryCode: String? = nil, nationalPrefix: String? = nil, internationalPrefixes: [String] = ["00"],
    emergencyNumbers: [String]? = nil
  ) {
    self.countryCode = countryCode.map { Array($0.utf8) }
    self.nationalPrefix = nationalPrefix.map { Array($0.utf8) }
    self.internationalPrefixes = internationalPrefixes.map { Array($0.utf8) }
    self.emergencyNumbers = emergencyNumbers?.map { Array($0.utf8) }
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
