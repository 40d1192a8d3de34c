internal import CZlib
internal import Values

/// Unpacks gzip data (RFC 1952), several members one after the other too.
@safe final class GzipInflater {
  /// What is wrong with the data; nil when nothing is.
  private(set) var failure: String?
  private var stream = unsafe z_stream()
  private let packed = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
  private var isInsideMember = true
  private var isAtEnd = false

  /// An inflater whose data begins with some bytes that were read already.
  init(beginning: [UInt8]) {
    unsafe packed.copyBytes(from: beginning)
    unsafe stream.next_in = packed.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.avail_in = UInt32(beginning.count)
    // Safety: 31 is the largest window with a gzip header; the version and size are those compiled against.
    let status = unsafe inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if status != Z_OK { failure = "out of memory" }
  }

  deinit {
    // Safety: initialised above, ended once.
    _ = unsafe inflateEnd(&stream)
    unsafe packed.deallocate()
  }

  /// Fills a buffer with some unpacked bytes; 0 at the end, -1 when the data is damaged.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, refill: (UnsafeMutableRawBufferPointer) -> Int
  ) -> Int {
    while failure == nil, !isAtEnd {
      Work.count(1)
      let input = unsafe stream.avail_in
      if input == 0, unsafe !fill(refill) { break }
      if !isInsideMember, !beginMember() { break }
      let produced = unsafe inflateSome(into: buffer)
      if produced > 0 { return produced }
    }
    return failure == nil ? 0 : -1
  }

  private func fill(_ refill: (UnsafeMutableRawBufferPointer) -> Int) -> Bool {
    let count = unsafe refill(packed)
    guard count > 0 else {
      isAtEnd = true
      if count < 0 || isInsideMember { failure = "the gzip data ends too early" }
      return false
    }
    unsafe stream.next_in = packed.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.avail_in = UInt32(count)
    return true
  }

  /// Another member follows, or padding, which gzip(1) ignores.
  private func beginMember() -> Bool {
    guard let next = unsafe stream.next_in, unsafe next.pointee == 0x1f else {
      isAtEnd = true
      return false
    }
    isInsideMember = true
    return unsafe inflateReset(&stream) == Z_OK
  }

  private func inflateSome(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let room = min(buffer.count, 1 << 30)
    unsafe stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.avail_out = UInt32(room)
    // Safety: zlib reads `avail_in` bytes of our buffer and writes at most `avail_out` of the caller's.
    let status = unsafe inflate(&stream, Z_NO_FLUSH)
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isInsideMember = false
    default: failure = "the gzip data is damaged"
    }
    return room - Int(unsafe stream.avail_out)
  }
}
