/// Bounds of what an engine remembers.
public struct EngineLimits: Hashable, Sendable {
  /// Most bytes for the windows or the suppressions of one rule.
  public var bytesPerRule = 16 << 20
  /// Most bytes for all rules together.
  public var totalBytes = 256 << 20
  /// How much older than the newest event an event may be and still be counted, in nanoseconds.
  ///
  /// Captures are often a little out of order; what is older still meets rules without state.
  public var lateness: Int64 = 1_000_000_000

  /// The defaults.
  public init() {}

  /// A window never gets less, so that it can hold one key at least.
  static let minimumTableBytes = 64 << 10

  /// Bytes for the events that wait for their turn: an equal part of all.
  func heldBytes(tableCount: Int) -> Int {
    max(min(bytesPerRule, totalBytes / max(tableCount, 1)), Self.minimumTableBytes)
  }
}
