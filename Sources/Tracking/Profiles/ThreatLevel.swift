/// How dangerous an address or account is: its reputation in a word.
public enum ThreatLevel: Int, CaseIterable, Comparable, Sendable {
  case low, elevated, high, severe

  /// The level of a reputation, 0 (bad) to 100 (good).
  public init(reputation: Double) {
    self = reputation < 10 ? .severe : reputation < 25 ? .high : reputation < 40 ? .elevated : .low
  }

  /// The value of `source.threat_level`.
  public var name: StaticString {
    switch self {
    case .low: "low"
    case .elevated: "elevated"
    case .high: "high"
    case .severe: "severe"
    }
  }

  /// Less dangerous first.
  public static func < (left: ThreatLevel, right: ThreatLevel) -> Bool { left.rawValue < right.rawValue }
}
