/// Records with stable numbers in chunks, so that growing never moves what is there.
///
/// A free number is used again before a new one is taken. The memory is owned directly: an array of arrays retains
/// the chunk for each look at a record, and asks whether it is its only owner before each change.
@safe
public struct Arena<Record: Sendable>: ~Copyable, @unchecked Sendable {
  // Proof: the arena alone has the addresses of its chunks, and what lies there is Sendable.
  // Safety: a chunk has room for `1 << chunkBits` records and stays where it is as long as the arena lives; records
  // below `handedOut` are initialised, and others are never looked at.
  @usableFromInline var chunks: [UnsafeMutablePointer<Record>] = unsafe []
  @usableFromInline var free: [UInt32] = []
  @usableFromInline var used = 0
  @usableFromInline var handedOut = 0
  @usableFromInline let fixed = FixedPlace()

  /// Records in use.
  @inlinable public var count: Int { used }
  /// Numbers handed out so far, in use or free.
  @inlinable public var extent: Int { handedOut }

  @inlinable static var chunkBits: Int { 10 }
  @inlinable static var chunkMask: Int { 1 << chunkBits - 1 }

  /// An arena without records.
  @inlinable
  public init() {}

  deinit {
    var left = handedOut
    for index in unsafe chunks.indices {
      let count = min(left, 1 << Self.chunkBits)
      // Safety: the chunks before it are full, so that it has what is left.
      unsafe chunks[index].deinitialize(count: count)
      unsafe chunks[index].deallocate()
      left -= count
    }
  }

  /// Bytes that the records take, those of free numbers with them.
  @inlinable public var byteCount: Int { handedOut * MemoryLayout<Record>.stride }

  /// Stores a record and returns its number.
  @inlinable
  public mutating func insert(_ record: consuming Record) -> Int {
    used += 1
    if let number = free.popLast() {
      self[Int(number)] = record
      return Int(number)
    }
    let number = handedOut
    if unsafe number >> Self.chunkBits == chunks.count { addChunk() }
    // Safety: the place is the first of the last chunk that is not initialised.
    unsafe place(of: number).initialize(to: record)
    handedOut += 1
    return number
  }

  /// Where a record is: in a chunk that is there.
  @inlinable @inline(__always)
  func place(of number: Int) -> UnsafeMutablePointer<Record> {
    // Safety: the array checks that there is such a chunk, and a chunk has room for all numbers under the mask.
    unsafe chunks[number >> Self.chunkBits] + (number & Self.chunkMask)
  }

  /// Reserves a chunk: the system gives memory only for what is used of it.
  @usableFromInline
  mutating func addChunk() {
    // Safety: freed in `deinit`.
    unsafe chunks.append(.allocate(capacity: 1 << Self.chunkBits))
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
    precondition(number >= 0 && number < handedOut)
    // Safety: the record is handed out.
    unsafe UnsafeRawBufferPointer(start: place(of: number), count: MemoryLayout<Record>.size).prefetch()
  }

  /// The record with a number that was handed out, in place: records are large, and an array's own subscript
  /// copies what it lends.
  @inlinable
  public subscript(number: Int) -> Record {
    @inline(__always)
    unsafeAddress {
      precondition(number >= 0 && number < handedOut)
      // Safety: all records below `handedOut` are initialised and stay where they are.
      return unsafe UnsafePointer(place(of: number))
    }
    @inline(__always)
    unsafeMutableAddress {
      precondition(number >= 0 && number < handedOut)
      // Safety: as above; nobody else has the address.
      return unsafe place(of: number)
    }
  }
}
