import Values

@testable import Rules

extension Alert {
  /// An alert with nothing but a rule and a time.
  static func forTests(rule: Int, at time: Timestamp) -> Alert {
    Alert(rule: rule, timestamp: time, sequence: 0)
  }
}
