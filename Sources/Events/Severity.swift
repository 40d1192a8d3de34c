/// How bad an alert is; the raw value is Suricata's `alert.severity`.
public enum Severity: Int, CaseIterable, Comparable, Sendable {
  case high = 1
  case medium, low, info

  /// The word used in rule files and on the command line.
  public var name: String { String(describing: self) }

  /// The severity that a word names.
  public init?(name: String) {
    guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  /// Worse is greater.
  public static func < (left: Severity, right: Severity) -> Bool { left.rawValue > right.rawValue }
}
