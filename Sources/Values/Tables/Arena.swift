/// Records with stable numbers in chunks, so that growing never moves what is there.
///
/// A free number is used again before a new one is taken.
public struct Arena<Record: Sendable>: Sendable {
  @usableFromInline var chunks: [[Record]] = []
  @usableFromInline var free: [UInt32] = []
  @usableFromInline let empty: Record

  @usableFromInline var used = 0
  @usableFromInline var handedOut = 0

  /// Records in use.
  @inlinable public var count: Int { used }
  /// Numbers handed out so far, in use or free.
  @inlinable public var extent: Int { handedOut }

  @inlinable static var chunkBits: Int { 10 }

  /// An arena without records; `empty` fills places that were never used.
  @inlinable
  public init(empty: Record) {
    self.empty = empty
  }

  /// Bytes that the records take.
  @inlinable public var byteCount: Int { chunks.count << Self.chunkBits * MemoryLayout<Record>.stride }

  /// Stores a record and returns its number.
  @inlinable
  public mutating func insert(_ record: Record) -> Int {
    used += 1
    if let number = free.popLast() {
      self[Int(number)] = record
      return Int(number)
    }
    if extent >> Self.chunkBits == chunks.count {
      chunks.append(Array(repeating: empty, count: 1 << Self.chunkBits))
    }
    handedOut += 1
    self[extent - 1] = record
    return extent - 1
  }

  /// Gives a number back.
  @inlinable
  public mutating func remove(_ number: Int) {
    used -= 1
    free.append(UInt32(truncatingIfNeeded: number))
  }

  /// The record with a number that was handed out.
  @inlinable
  public subscript(number: Int) -> Record {
    @inline(__always) _read { yield chunks[number >> Self.chunkBits][number & (1 << Self.chunkBits - 1)] }
    @inline(__always) _modify { yield &chunks[number >> Self.chunkBits][number & (1 << Self.chunkBits - 1)] }
  }
}
