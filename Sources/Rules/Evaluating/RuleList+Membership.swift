internal import Values

extension RuleList {
  /// Whether an address is in the list.
  func contains(_ address: IPAddress, at time: Timestamp) -> Bool { match(address, at: time) != nil }

  /// Whether a text is in the list; patterns are not looked at here.
  func contains(_ text: Span<UInt8>, at time: Timestamp) -> Bool { match(text, at: time) != nil }

  /// Whether a number is in a list of numbers, or the UTC day of a time (nanoseconds) in a list of dates.
  func contains(number: Int64, at time: Timestamp) -> Bool {
    switch contents {
    case .numbers(let set): set.match(number, at: time) != nil
    case .dates(let set): set.match(number.floorDivided(by: 86_400_000_000_000), at: time) != nil
    default: false
    }
  }

  /// Whether a number with decimals is in a list of numbers.
  func contains(decimal: Double, at time: Timestamp) -> Bool {
    guard case .numbers(let set) = contents else { return false }
    return set.match(decimal, at: time) != nil
  }
}
