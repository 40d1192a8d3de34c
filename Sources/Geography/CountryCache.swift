public import Values

/// Looks countries up with a bounded memory of recent addresses, so that a busy address costs one comparison.
public struct CountryCache: Sendable {
  private struct Entry: Sendable {
    var address = IPAddress(v4: 0)
    var isUsed = false
    var country: CountryCode?
  }

  private let database: CountryDatabase
  private var entries = [Entry](repeating: Entry(), count: 1 << Self.bits)
  /// Look-ups in the database so far.
  public private(set) var lookups: UInt64 = 0

  private static var bits: Int { 12 }

  /// A cache in front of a database.
  public init(_ database: CountryDatabase) {
    self.database = database
  }

  /// Bytes that the cache takes.
  public var byteCount: Int { entries.count * MemoryLayout<Entry>.stride }

  /// The country of an address, or nil; allocates nothing.
  public mutating func country(of address: IPAddress) -> CountryCode? {
    var mixed = (address.high ^ address.low) &* 0x9e37_79b9_7f4a_7c15
    mixed ^= address.high &* 0xd6e8_feb8_6659_fd93
    let place = Int(truncatingIfNeeded: mixed >> UInt64(64 - Self.bits))
    if entries[place].isUsed, entries[place].address == address { return entries[place].country }
    lookups &+= 1
    let country = database.country(of: address)
    entries[place] = Entry(address: address, isUsed: true, country: country)
    return country
  }
}
