/// A half-open range of byte offsets into a buffer that somebody else holds.
///
/// Parsers keep ranges instead of copies. Offsets are 32 bits wide: no message is larger than 4 GiB.
public struct ByteRange: Hashable, Sendable {
  /// First byte.
  public var lower: UInt32
  /// One past the last byte.
  public var upper: UInt32

  /// The range `lower ..< upper`; both must fit in 32 bits and be in order.
  @inlinable
  public init(_ lower: Int, _ upper: Int) {
    self.lower = UInt32(truncatingIfNeeded: lower)
    self.upper = UInt32(truncatingIfNeeded: upper)
  }

  /// The empty range at offset 0.
  @inlinable
  public init() {
    lower = 0
    upper = 0
  }

  /// First byte, as an index.
  @inlinable
  public var start: Int { Int(lower) }
  /// One past the last byte, as an index.
  @inlinable
  public var end: Int { Int(upper) }
  /// Number of bytes.
  @inlinable
  public var count: Int { Int(upper) - Int(lower) }
  /// Whether there is no byte in it.
  @inlinable
  public var isEmpty: Bool { upper <= lower }
  /// The same as a Swift range.
  @inlinable
  public var range: Range<Int> { Int(lower)..<Int(upper) }

  /// The range moved by a number of bytes.
  @inlinable
  public func shifted(by delta: Int) -> ByteRange {
    ByteRange(start + delta, end + delta)
  }
}
