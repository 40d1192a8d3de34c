internal import Values

/// What of a capture file was read and not yet interpreted, in one buffer that grows to the longest record.
///
/// Records are lent where they lie; only what is left of a piece when the next one is due moves. A class, since
/// a structure inside of the file object would be guarded against overlapping access, which costs more than
/// the reading.
@safe final class CaptureBuffer {
  private let input: CompressedInput
  private var memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: CaptureBuffer.pieceLength, alignment: CaptureBuffer.pageSize)
  /// The part of the memory that holds data not yet interpreted.
  private var lower = 0
  private var upper = 0

  init(_ input: CompressedInput) {
    self.input = input
  }

  deinit {
    // Safety: allocated by this object, freed once; nobody keeps what was lent longer.
    unsafe memory.deallocate()
  }

  /// Bytes that are there.
  var count: Int { upper - lower }

  /// Makes `count` bytes available; false when the file ends before.
  @inline(__always)
  func fill(_ count: Int) -> Bool {
    upper - lower >= count || refill(count)
  }

  /// The next bytes, of which so many must be there; valid until the next `fill`.
  @inline(__always)
  func next(_ count: Int) -> UnsafeBufferPointer<UInt8> {
    precondition(count >= 0 && count <= upper - lower)
    // Safety: the range was checked to lie in the filled part, and the memory is only ever taken as bytes.
    return unsafe UnsafeRawBufferPointer(rebasing: memory[lower..<lower + count]).bindMemory(to: UInt8.self)
  }

  /// Moves behind the next bytes and lends them; the same holds as for `next`.
  @inline(__always)
  func take(_ count: Int) -> UnsafeBufferPointer<UInt8> {
    let bytes = unsafe next(count)
    lower += count
    return unsafe bytes
  }

  @inline(never)
  private func refill(_ count: Int) -> Bool {
    if unsafe memory.count - lower < count { makeRoom(count) }
    while upper - lower < count {
      // Safety: the rest of the memory; it is not empty, since `count` bytes have room behind `lower`.
      let read = unsafe input.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[upper...]))
      guard read > 0 else { return false }
      upper += read
    }
    return true
  }

  /// Moves the rest to the front, into a larger buffer when the record needs one. The front is where file
  /// and buffer are on the same place of a page, which halves the time that the kernel takes to copy.
  private func makeRoom(_ count: Int) {
    let rest = upper - lower
    Work.count(rest)
    let front = (input.offset &- rest) & (Self.pageSize - 1)
    // Safety: both regions lie inside their buffers; `copyMemory` allows overlap.
    let source = unsafe UnsafeRawBufferPointer(rebasing: memory[lower..<upper])
    if unsafe front + count > memory.count {
      let size = unsafe max(count + Self.pageSize, 2 * memory.count)
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: Self.pageSize)
      unsafe UnsafeMutableRawBufferPointer(rebasing: larger[front...]).copyMemory(from: source)
      unsafe memory.deallocate()
      unsafe memory = larger
    } else {
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory[front...]).copyMemory(from: source)
    }
    lower = front
    upper = front + rest
  }

  private static var pieceLength: Int { 128 * 1024 }
  private static var pageSize: Int { 4096 }
}
