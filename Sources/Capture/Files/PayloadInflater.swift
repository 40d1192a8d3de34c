internal import CZlib
public import Packets

/// Unpacks small payloads, each at once, that are compressed with zlib (RFC 1950) or gzip (RFC 1952).
///
/// It keeps its memory from payload to payload. A payload costs no more time than its own bytes and the
/// limit: what would become larger is refused when the limit is reached.
@safe public final class PayloadInflater {
  /// The payload that was unpacked last; behind its end are bytes of no meaning.
  public private(set) var bytes: [UInt8]
  private var stream = unsafe z_stream()
  private let isReady: Bool

  /// An inflater for payloads of up to a number of unpacked bytes.
  public init(maximumCount: Int) {
    bytes = [UInt8](repeating: 0, count: maximumCount)
    // Safety: 47 is the largest window with a zlib or gzip header; version and size are those compiled
    // against. The stream stays at its address, which zlib remembers, because this is a class.
    let status = unsafe inflateInit2_(&stream, 47, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    isReady = status == Z_OK
  }

  deinit {
    // Safety: initialised above, ended once; zlib refuses a stream that it could not initialise.
    _ = unsafe inflateEnd(&stream)
  }

  /// Unpacks a payload into `bytes`.
  ///
  /// - Returns: The number of unpacked bytes; nil when the data is damaged, cut or too large.
  public func inflate(_ packed: Bytes) -> Int? {
    guard isReady, unsafe inflateReset(&stream) == Z_OK else { return nil }
    let limit = bytes.count
    let status = unsafe packed.withUnsafeBufferPointer { input in
      unsafe bytes.withUnsafeMutableBufferPointer { output in
        // Safety: zlib reads `avail_in` bytes and never writes to them; it writes at most `avail_out`. Both
        // pointers are forgotten before their buffers go.
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.avail_in = UInt32(clamping: input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(clamping: limit)
        let status = unsafe zlibInflate(&stream)
        unsafe stream.next_in = nil
        unsafe stream.next_out = nil
        return status
      }
    }
    guard status == Z_STREAM_END else { return nil }
    return limit - Int(unsafe stream.avail_out)
  }
}

/// `inflate`, outside of the class whose method has the same name.
private func zlibInflate(_ stream: UnsafeMutablePointer<z_stream>) -> Int32 {
  // Safety: the caller's stream is initialised and exclusively held.
  unsafe inflate(stream, Z_FINISH)
}
