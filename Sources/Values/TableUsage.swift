/// How full a table is, for `stats`.
public struct TableUsage: Hashable, Sendable {
  /// Entries in use; those that are over and wait to be overwritten count.
  public var entries: Int
  /// Entries at the most; 0 when only bytes are limited.
  public var limit: Int
  /// Bytes in use.
  public var bytes: Int
  /// Bytes at the most; 0 when the limit of entries bounds them.
  public var byteLimit: Int
  /// Entries given up because there was no room.
  public var evictions: UInt64

  /// The usage of a table.
  public init(entries: Int, limit: Int = 0, bytes: Int, byteLimit: Int = 0, evictions: UInt64 = 0) {
    (self.entries, self.limit, self.bytes) = (entries, limit, bytes)
    (self.byteLimit, self.evictions) = (byteLimit, evictions)
  }

  /// A table of nothing.
  public init() { self.init(entries: 0, bytes: 0) }

  /// Two tables taken together.
  public static func + (left: TableUsage, right: TableUsage) -> TableUsage {
    TableUsage(
      entries: left.entries + right.entries, limit: left.limit + right.limit, bytes: left.bytes + right.bytes,
      byteLimit: left.byteLimit + right.byteLimit, evictions: left.evictions &+ right.evictions)
  }

  /// The counters under a name, as `stats` has them, always the same ones in the same order.
  public func named(_ name: String) -> [(name: String, value: UInt64)] {
    [
      ("\(name).active", UInt64(entries)), ("\(name).limit", UInt64(limit)),
      ("\(name).memuse", UInt64(bytes)), ("\(name).memcap", UInt64(byteLimit)),
      ("\(name).evicted", evictions),
    ]
  }
}
