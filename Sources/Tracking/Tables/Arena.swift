/// Records with stable numbers in chunks, so that growing never moves what is there.
///
/// A free number is used again before a new one is taken.
struct Arena<Record: Sendable>: Sendable {
  private var chunks: [[Record]] = []
  private var free: [UInt32] = []
  private let empty: Record

  /// Records in use.
  private(set) var count = 0
  /// Numbers handed out so far, in use or free.
  private(set) var extent = 0

  private static var chunkBits: Int { 10 }

  /// An arena without records; `empty` fills places that were never used.
  init(empty: Record) {
    self.empty = empty
  }

  /// Bytes that the records take.
  var byteCount: Int { chunks.count << Self.chunkBits * MemoryLayout<Record>.stride }

  /// Stores a record and returns its number.
  mutating func insert(_ record: Record) -> Int {
    count += 1
    if let number = free.popLast() {
      self[Int(number)] = record
      return Int(number)
    }
    if extent >> Self.chunkBits == chunks.count {
      chunks.append(Array(repeating: empty, count: 1 << Self.chunkBits))
    }
    extent += 1
    self[extent - 1] = record
    return extent - 1
  }

  /// Gives a number back.
  mutating func remove(_ number: Int) {
    count -= 1
    free.append(UInt32(truncatingIfNeeded: number))
  }

  subscript(number: Int) -> Record {
    @inline(__always) _read { yield chunks[number >> Self.chunkBits][number & (1 << Self.chunkBits - 1)] }
    @inline(__always) _modify { yield &chunks[number >> Self.chunkBits][number & (1 << Self.chunkBits - 1)] }
  }
}
