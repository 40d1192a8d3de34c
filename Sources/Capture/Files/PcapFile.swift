internal import CPcap
internal import Packets
internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A file that libpcap reads: all variants of classic pcap, of which the rare ones come here.
@safe final class PcapFile: CaptureFile {
  private let handle: OpaquePointer
  private let streamBuffer: UnsafeMutableRawPointer

  init(path: String, input: CompressedInput, index: UInt16, filter: String?) throws(CaptureError) {
    let beginning = input.firstBytes
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    unsafe streamBuffer = .allocate(byteCount: Self.streamBufferSize, alignment: 4096)
    let stream: UnsafeMutablePointer<FILE>
    do throws(CaptureError) {
      unsafe stream = try Self.stream(over: input, path: path)
    } catch {
      unsafe streamBuffer.deallocate()
      throw error
    }
    // Safety: the buffer is freed after the stream is closed.
    _ = unsafe setvbuf(
      stream, streamBuffer.assumingMemoryBound(to: CChar.self), Int32(_IOFBF), Self.streamBufferSize)
    // Safety: libpcap takes the stream over and closes it with the handle; on failure it stays ours.
    guard
      let opened = unsafe pcap_fopen_offline_with_tstamp_precision(
        stream, UInt32(PCAP_TSTAMP_PRECISION_NANO), &text)
    else {
      unsafe fclose(stream)
      unsafe streamBuffer.deallocate()
      throw Self.notOpened(path, input, beginning, cause: text)
    }
    unsafe handle = opened
    super.init(path: path, input: input, index: index)
    header.linkType = LinkType(rawValue: unsafe pcap_datalink(opened))
    if let filter { self.filter = try FrameFilter(filter, linkType: header.linkType, input: path) }
  }

  deinit {
    // Safety: opened in the initialiser, closed once; closes the stream as well.
    unsafe pcap_close(handle)
    unsafe streamBuffer.deallocate()
  }

  override func readFrame() throws(CaptureError) -> Bool {
    Work.count(1)
    var found: UnsafeMutablePointer<pcap_pkthdr>?
    var bytes: UnsafePointer<UInt8>?
    // Safety: both pointers are valid until the next call on this handle.
    let status = unsafe pcap_next_ex(handle, &found, &bytes)
    guard status == 1, let found = unsafe found, let bytes = unsafe bytes else {
      guard status != PCAP_ERROR_BREAK else {
        if let failure = input.failure { throw broken(failure) }
        return false
      }
      let cause = unsafe String(cString: pcap_geterr(handle))
      throw broken(input.failure ?? cause)
    }
    let time = unsafe found.pointee.ts
    // With nanosecond precision the field named after microseconds holds nanoseconds.
    header.timestamp = Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_usec))
    header.originalLength = Int(unsafe found.pointee.len)
    unsafe frame = UnsafeBufferPointer(start: bytes, count: Int(found.pointee.caplen))
    return true
  }

  /// A C stream over our input, so that libpcap reads gzip and standard input as it reads files.
  private static func stream(
    over input: CompressedInput, path: String
  ) throws(CaptureError) -> UnsafeMutablePointer<FILE> {
    var functions = capture_stream_functions()
    unsafe functions.read = { cookie, buffer, count in
      guard let cookie = unsafe cookie, let buffer = unsafe buffer else { return -1 }
      // Safety: the input outlives the stream; both are owned by the same file object.
      let input = unsafe Unmanaged<CompressedInput>.fromOpaque(cookie).takeUnretainedValue()
      return unsafe input.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
    }
    let cookie = unsafe Unmanaged.passUnretained(input).toOpaque()
    guard let stream = unsafe capture_stream(cookie, "r", functions) else {
      throw CaptureError(input: path, cause: "out of memory", remedy: "free some memory")
    }
    return unsafe stream
  }

  /// With the default of 4 KiB, reading costs twice as much.
  private static var streamBufferSize: Int { 32 * 1024 }

  /// What else captures are compressed with, and what unpacks it.
  private static let packings: [(magic: [UInt8], name: String, command: String)] = [
    ([0xfd, 0x37, 0x7a, 0x58], "xz", "xzcat"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd", "zstdcat"),
    ([0x42, 0x5a, 0x68], "bzip2", "bzcat"), ([0x04, 0x22, 0x4d, 0x18], "lz4", "lz4cat"),
  ]

  private static func notOpened(
    _ path: String, _ input: CompressedInput, _ beginning: [UInt8], cause: [CChar]
  ) -> CaptureError {
    if let failure = input.failure {
      return CaptureError(input: path, lastFrame: 0, cause: failure, remedy: "check the file")
    }
    if beginning.isEmpty {
      return CaptureError(
        input: path, lastFrame: 0, cause: "the file is empty", remedy: "capture or copy it again")
    }
    if let packing = packings.first(where: { beginning.starts(with: $0.magic) }) {
      return CaptureError(
        input: path, lastFrame: 0, cause: "it is compressed with \(packing.name)",
        remedy: "unpack it on the way: \(packing.command) \(path) | ringwatch run -r -")
    }
    let text = String(decoding: cause.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if ClassicPcapFormat.mayBe(beginning), text.hasPrefix("truncated") {
      return CaptureError(
        input: path, lastFrame: 0, cause: "the file breaks off within its header",
        remedy: "capture or copy it again")
    }
    return CaptureError(
      input: path, lastFrame: 0, cause: text,
      remedy: "pcap and pcapng are read, gzip-compressed too; editcap converts other formats")
  }
}
