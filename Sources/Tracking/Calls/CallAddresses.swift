internal import Values

/// The addresses that a call's descriptions name, and those that they came from and went to, as hashes.
struct CallAddresses: Sendable {
  private static let limit = 8

  private var hashes = InlineArray<8, UInt64>(repeating: 0)
  /// One more than there is room for when there were more.
  private var count: UInt8 = 0

  /// Adds an address.
  mutating func insert(_ hash: UInt64) {
    guard count <= Self.limit, contains(hash) == false else { return }
    if count < Self.limit { hashes[Int(count)] = hash }
    count += 1
  }

  /// Whether an address is one of them; nil when there were so many that this cannot be told.
  func contains(_ hash: UInt64) -> Bool? {
    for index in 0..<min(Int(count), Self.limit) where hashes[index] == hash {
      return true
    }
    return count <= Self.limit ? false : nil
  }
}
