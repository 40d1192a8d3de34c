public import Values

/// What a telephone number is used for, as far as its digits tell.
public enum NumberKind: UInt8, CaseIterable, Sendable {
  case unknown, mobile, fixed, premium, satellite, tollFree, emergency

  /// The name in rules and in the log.
  public var name: StaticString {
    switch self {
    case .unknown: "unknown"
    case .mobile: "mobile"
    case .fixed: "fixed"
    case .premium: "premium"
    case .satellite: "satellite"
    case .tollFree: "toll-free"
    case .emergency: "emergency"
    }
  }
}

/// What is known of the number in the user part of an address; nothing of it is guessed.
public struct NumberFacts: Hashable, Sendable {
  /// The E.164 number: country code first, at most 15 digits; nil when the user part is no such number.
  public var number: TelephoneNumber?
  /// The country that the number belongs to; nil when it belongs to none or to one of several.
  public var country: CountryCode?
  /// What the number is used for.
  public var kind: NumberKind

  /// Facts; without arguments, that nothing is known.
  public init(number: TelephoneNumber? = nil, country: CountryCode? = nil, kind: NumberKind = .unknown) {
    self.number = number
    self.country = country
    self.kind = kind
  }

  /// Whether a call there leaves home; nil where either country is not known.
  public func isInternational(from home: CountryCode?) -> Bool? {
    guard let country else { return kind == .satellite ? true : nil }
    return home.map { $0 != country }
  }
}
