/// Borrowed bytes from the wire: bounds are checked at each access, nothing is copied.
public typealias Bytes = Span<UInt8>

/// Big-endian loads and searches. They are inlinable because every decoder in every module calls them
/// per field; a call across the module seam would cost more than the load.
extension Span where Element == UInt8 {
  /// The big-endian 16-bit number at an offset; both bytes must be there.
  @inlinable
  public func uint16(at offset: Int) -> UInt16 {
    precondition(offset >= 0 && offset <= count - 2)
    // Safety: the two bytes were checked to be inside the span; loading them unaligned is allowed.
    return unsafe UInt16(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self))
  }

  /// The big-endian 32-bit number at an offset; all four bytes must be there.
  @inlinable
  public func uint32(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset <= count - 4)
    // Safety: the four bytes were checked to be inside the span; loading them unaligned is allowed.
    return unsafe UInt32(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }

  /// The big-endian 64-bit number at an offset; all eight bytes must be there.
  @inlinable
  public func uint64(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count - 8)
    // Safety: the eight bytes were checked to be inside the span; loading them unaligned is allowed.
    return unsafe UInt64(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// The little-endian 16-bit number at an offset; both bytes must be there.
  @inlinable
  public func littleEndianUInt16(at offset: Int) -> UInt16 {
    uint16(at: offset).byteSwapped
  }

  /// The little-endian 32-bit number at an offset; all four bytes must be there.
  @inlinable
  public func littleEndianUInt32(at offset: Int) -> UInt32 {
    uint32(at: offset).byteSwapped
  }
}
