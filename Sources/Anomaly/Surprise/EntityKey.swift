public import Values

/// What a score is about: a source address, an account or a prefix of callees.
///
/// 128 bits, so that an address is its own key; texts are two hashes under fixed seeds, because a model
/// that is read again must know its entities.
public struct EntityKey: Hashable, Comparable, Sendable {
  /// The upper half; 0 for IPv4 addresses.
  public let high: UInt64
  /// The lower half.
  public let low: UInt64

  /// A key of its two halves.
  public init(high: UInt64, low: UInt64) {
    (self.high, self.low) = (high, low)
  }

  /// The key of an address.
  public init(_ address: IPAddress) {
    (high, low) = (address.high, address.low)
  }

  /// The key of a text such as an account or a prefix.
  public init(text: Span<UInt8>) {
    var (first, second) = (SeededHash(seed: 0x5e55_1011), SeededHash(seed: 0xca11_ab1e))
    first.combine(text)
    second.combine(text)
    (high, low) = (first.value, second.value)
  }

  /// The order of keys as 128-bit numbers.
  public static func < (left: EntityKey, right: EntityKey) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

/// The features of one entity in one hour.
public struct EntityRow: Sendable {
  /// Whose hour it was.
  public var entity: EntityKey
  /// What was measured in it.
  public var row: FeatureRow
  /// Requests other than REGISTER that no live registration stands behind; NaN where nobody counted them.
  public var unregistered: Double

  /// A row of an entity.
  public init(entity: EntityKey, row: FeatureRow, unregistered: Double = .nan) {
    (self.entity, self.row, self.unregistered) = (entity, row, unregistered)
  }

  /// The row of an hour of packet time.
  ///
  /// Addresses register; an account is often but the number of a caller from outside.
  public init(_ hour: EntityHour) {
    let unregistered = hour.type == .source ? hour.further.unregisteredActivity : 0
    self.init(entity: hour.key, row: hour.row, unregistered: unregistered)
  }
}
