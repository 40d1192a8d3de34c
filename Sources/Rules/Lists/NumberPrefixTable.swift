public import Numbering
public import Values

/// Beginnings of E.164 numbers; the longest one wins.
public struct NumberPrefixTable: Sendable {
  private let prefixes: PrefixIntervals<UInt64>
  /// The plan that entries and numbers are normalised by.
  public let dialPlan: DialPlan

  /// Longer prefixes than this cannot be told apart; E.164 numbers have 15 digits.
  static let maximumDigits = 16

  init(_ items: [(number: TelephoneNumber, expiry: Int64, entry: UInt32)], dialPlan: DialPlan) {
    prefixes = PrefixIntervals(
      items.map { item in
        .init(
          key: item.number.prefixKey, length: 4 * item.number.count, expiry: item.expiry, entry: item.entry)
      })
    self.dialPlan = dialPlan
  }

  /// Number of distinct prefixes.
  public var count: Int { prefixes.count }

  /// The entry of the longest prefix of a dialled number that has not expired; allocates nothing.
  public func match(_ dialled: Span<UInt8>, at time: Timestamp) -> ListEntryID? {
    guard let number = dialPlan.normalize(dialled) else { return nil }
    return prefixes.longestPrefix(of: number.prefixKey, at: time.nanoseconds).map { ListEntryID(number: $0) }
  }
}
