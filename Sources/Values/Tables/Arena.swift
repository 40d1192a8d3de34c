/// Records with stable numbers in chunks, so that growing never moves what is there.
///
/// A free number is used again before a new one is taken.
public struct Arena<Record: Sendable>: Sendable {
  @usableFromInline var chunks: [[Record]] = []
  @usableFromInline var free: [UInt32] = []
  @usableFromInline var used = 0
  @usableFromInline var handedOut = 0

  /// Records in use.
  @inlinable public var count: Int { used }
  /// Numbers handed out so far, in use or free.
  @inlinable public var extent: Int { handedOut }

  @inlinable static var chunkBits: Int { 10 }
  @inlinable static var chunkMask: Int { 1 << chunkBits - 1 }

  /// An arena without records.
  @inlinable
  public init() {}

  /// Bytes that the records take, those of free numbers with them.
  @inlinable public var byteCount: Int { handedOut * MemoryLayout<Record>.stride }

  /// Stores a record and returns its number.
  @inlinable
  public mutating func insert(_ record: Record) -> Int {
    used += 1
    if let number = free.popLast() {
      self[Int(number)] = record
      return Int(number)
    }
    if extent >> Self.chunkBits == chunks.count { addChunk() }
    handedOut += 1
    chunks[chunks.count - 1].append(record)
    return extent - 1
  }

  /// Reserves a chunk: the system gives memory only for what is used of it.
  @usableFromInline
  mutating func addChunk() {
    var chunk: [Record] = []
    chunk.reserveCapacity(1 << Self.chunkBits)
    chunks.append(chunk)
  }

  /// Gives a number back.
  @inlinable
  public mutating func remove(_ number: Int) {
    used -= 1
    free.append(UInt32(truncatingIfNeeded: number))
  }

  /// Asks for the memory of a record that will be needed soon.
  @inlinable
  public func prefetch(_ number: Int) {
    let place = number & Self.chunkMask
    chunks[number >> Self.chunkBits].prefetch(place..<place + 1)
  }

  /// The record with a number that was handed out, in place: records are large, and an array's own subscript
  /// copies what it lends.
  @inlinable
  public subscript(number: Int) -> Record {
    @inline(__always)
    unsafeAddress {
      precondition(number >= 0 && number < handedOut)
      // Safety: all records below `handedOut` are initialised, and nothing moves a chunk while the arena is read.
      return unsafe chunks[number >> Self.chunkBits].withUnsafeBufferPointer { chunk in
        unsafe chunk.baseAddress.unsafelyUnwrapped + (number & Self.chunkMask)
      }
    }
    @inline(__always)
    unsafeMutableAddress {
      precondition(number >= 0 && number < handedOut)
      // Safety: as above; a chunk that is shared was copied before it is changed.
      return unsafe chunks[number >> Self.chunkBits].withUnsafeMutableBufferPointer { chunk in
        unsafe chunk.baseAddress.unsafelyUnwrapped + (number & Self.chunkMask)
      }
    }
  }
}
