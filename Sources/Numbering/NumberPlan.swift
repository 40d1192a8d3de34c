public import Values

/// Tells of a dialled number what it is: its E.164 digits, country and kind, by a dial plan and the ITU's codes.
public struct NumberPlan: Sendable {
  /// How numbers are dialled where the sensor stands.
  public let dialPlan: DialPlan
  private let table = NumberTable.shared
  private let emergencyNumbers: [[UInt8]]
  /// The country of the dial plan's country code; nil without one, or when several share it.
  public let country: CountryCode?

  /// A plan for a place.
  public init(_ dialPlan: DialPlan = DialPlan()) {
    self.dialPlan = dialPlan
    let code = dialPlan.countryCode ?? []
    emergencyNumbers = dialPlan.emergencyNumbers ?? table.emergencyNumbers(ofCode: code)
    country = table.country(ofCode: code)
  }

  /// Whether digits are a country code that the ITU has given out (ITU-T E.164, list of assigned codes).
  public static func isCountryCode(_ digits: String) -> Bool { NumberTable.shared.isCode(Array(digits.utf8)) }

  /// Fewest digits of an international number that are taken for one.
  private static let fewestDigits = 7
  /// Most digits of an international number (ITU-T E.164 §6.2.1).
  private static let mostDigits = 15
  /// Fewest digits that are taken for an international number when nothing in front marks it as one.
  private static let fewestUnmarkedDigits = 11

  /// What is known of the number in the user part of an address; allocates nothing.
  ///
  /// A country is told when `+`, an international prefix, a national prefix or a `phone-context` marks the
  /// number as one of that country; the number itself only when it has a length that numbers there can have.
  /// Without such a mark, numbers of the own country are recognised by their length, and numbers of others
  /// only when the plan has no country code, so that whoever dials must give one. A code that shows or hides the
  /// caller's number is passed over; behind one that could be part of another code only a marked number counts.
  public func facts(of userPart: Span<UInt8>) -> NumberFacts {
    guard let dialled = DialledText(userPart) else { return NumberFacts() }
    if dialled.isGlobal { return global(dialled.digits) }
    if dialled.service != .open, isEmergency(dialled.digits) {
      return NumberFacts(country: country, kind: .emergency)
    }
    let digits = withoutCarrier(dialled.digits)
    if let prefix = internationalPrefix(of: digits) { return global(digits.dropping(prefix.count)) }
    if !dialled.context.isEmpty { return local(dialled.digits, in: dialled.context) }
    if let facts = national(digits) { return facts }
    return dialled.service == .none ? unmarked(dialled.digits) : NumberFacts()
  }

  private func internationalPrefix(of digits: TelephoneNumber) -> [UInt8]? {
    for prefix in dialPlan.internationalPrefixes where !prefix.isEmpty && digits.begins(with: prefix) {
      return prefix
    }
    return nil
  }

  /// The digits behind a code that chooses another carrier for one call, when a marked number follows it: in Germany
  /// 010xy and 0100xy, in North America 101xxxx. No number there begins like that.
  private func withoutCarrier(_ digits: TelephoneNumber) -> TelephoneNumber {
    let length: Int
    if dialPlan.countryCode == Self.germany, digits.begins(with: Self.germanCarriers) {
      length = digits.digit(at: 3) == 0 ? 6 : 5
    } else if dialPlan.countryCode == Self.northAmerica, digits.begins(with: Self.northAmericanCarriers) {
      length = 7
    } else {
      return digits
    }
    guard digits.count > length else { return digits }
    let rest = digits.dropping(length)
    let isNational = dialPlan.nationalPrefix.map { !$0.isEmpty && rest.begins(with: $0) } ?? false
    return isNational || internationalPrefix(of: rest) != nil ? rest : digits
  }

  private static let germany = Array("49".utf8)
  private static let germanCarriers = Array("010".utf8)
  private static let northAmerica = Array("1".utf8)
  private static let northAmericanCarriers = Array("101".utf8)

  private func isEmergency(_ digits: TelephoneNumber) -> Bool {
    for number in emergencyNumbers where number.count == digits.count && digits.begins(with: number) {
      return true
    }
    return false
  }

  /// A number that says that it begins with a country code.
  private func global(_ digits: TelephoneNumber) -> NumberFacts {
    guard (Self.fewestDigits...Self.mostDigits).contains(digits.count) else { return NumberFacts() }
    let match = table.match(digits)
    guard match.codeLength > 0 else { return NumberFacts() }
    return NumberFacts(
      number: isPossible(digits, match) ? digits : nil, country: match.country, kind: match.kind)
  }

  /// A number in its national form: with the national prefix, or without where there is none.
  private func national(_ digits: TelephoneNumber) -> NumberFacts? {
    guard let code = dialPlan.countryCode, !code.isEmpty else { return nil }
    if let prefix = dialPlan.nationalPrefix, !prefix.isEmpty, digits.begins(with: prefix) {
      let number = digits.dropping(prefix.count).prefixed(by: code)
      if let facts = certain(number) { return facts }
    } else if !hasNationalPrefix(code) {
      if let facts = certain(digits.prefixed(by: code)) { return facts }
    }
    return digits.begins(with: code) ? certain(digits) : nil
  }

  /// In North America ten digits are a whole national number, with or without the 1 in front.
  private func hasNationalPrefix(_ code: [UInt8]) -> Bool {
    code != [UInt8(ascii: "1")] && dialPlan.nationalPrefix?.isEmpty == false
  }

  /// A long number without any mark, where the plan gives no country that it could be of.
  private func unmarked(_ digits: TelephoneNumber) -> NumberFacts {
    guard dialPlan.countryCode == nil, digits.count >= Self.fewestUnmarkedDigits else { return NumberFacts() }
    return certain(digits) ?? NumberFacts()
  }

  /// A local number with the global number that it is local to (RFC 3966 §5.1.5).
  private func local(_ digits: TelephoneNumber, in context: TelephoneNumber) -> NumberFacts {
    let match = table.match(context)
    guard match.codeLength > 0, context.count <= Self.mostDigits else { return NumberFacts() }
    var number = digits
    if context.count == match.codeLength, !match.hasLeadingZero, number.digit(at: 0) == 0 {
      number = number.dropping(1)
    }
    guard context.count + number.count <= Self.mostDigits else { return NumberFacts(country: match.country) }
    return certain(number.prefixed(by: context)) ?? NumberFacts(country: match.country)
  }

  /// The facts of an international number whose length is known to be right, else nil.
  private func certain(_ digits: TelephoneNumber) -> NumberFacts? {
    let match = table.match(digits)
    guard match.codeLength > 0, !match.lengths.isEmpty, isPossible(digits, match) else { return nil }
    return NumberFacts(number: digits, country: match.country, kind: match.kind)
  }

  private func isPossible(_ digits: TelephoneNumber, _ match: NumberTable.Match) -> Bool {
    guard digits.count > match.codeLength, digits.count <= Self.mostDigits else { return false }
    guard match.hasLeadingZero || digits.digit(at: match.codeLength) != 0 else { return false }
    return match.lengths.isEmpty ? digits.count >= Self.fewestDigits : match.lengths.contains(digits.count)
  }
}

extension TelephoneNumber {
  /// The digits behind those of another number.
  fileprivate func prefixed(by front: TelephoneNumber) -> TelephoneNumber {
    var result = front
    forEachDigit { result.append($0) }
    return result
  }
}
