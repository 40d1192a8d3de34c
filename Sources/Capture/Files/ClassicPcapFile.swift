internal import Packets
internal import Values

/// A classic pcap file of the common kinds, whose frames are lent where they lie in the buffer.
///
/// It reads as libpcap 1.10 does, but for two oddities. Seconds and fractions are unsigned, as the draft says
/// and libpcap has it since 1.10.5; before, those from 2^31 on were negative where the byte orders of file and
/// machine were the same, so that 2071 became 1935. And a frame is never shorter on the wire than what is
/// given of it, as in pcapng.
@safe final class ClassicPcapFile: CaptureFile {
  private let format: ClassicPcapFormat
  private let buffer: CaptureBuffer

  /// A file of which nothing was taken yet; its header is passed over.
  init(
    _ format: ClassicPcapFormat, path: String, input: CompressedInput, index: UInt16, filter: String?
  ) throws(CaptureError) {
    self.format = format
    buffer = CaptureBuffer(input)
    super.init(path: path, input: input, index: index)
    header.linkType = format.linkType
    if let filter { self.filter = try FrameFilter(filter, linkType: format.linkType, input: path) }
    if buffer.fill(ClassicPcapFormat.headerLength) { _ = unsafe buffer.take(ClassicPcapFormat.headerLength) }
  }

  override func readFrame() throws(CaptureError) -> Bool {
    Work.count(1)
    let headLength = ClassicPcapFormat.recordLength
    guard buffer.fill(headLength) else { return try end() }
    // Safety: the span is not used beyond this call.
    let record = format.record(unsafe buffer.next(headLength).span)
    guard record.capturedLength <= ClassicPcapFormat.largestFrame,
      buffer.fill(headLength + record.capturedLength)
    else { throw unreadable(record) }
    let kept = min(record.capturedLength, format.snapLength)
    header.timestamp = record.timestamp
    header.originalLength = max(record.originalLength, kept)
    // Safety: the bytes stay in place until the next frame is read.
    let bytes = unsafe buffer.take(headLength + record.capturedLength)
    unsafe frame = UnsafeBufferPointer(rebasing: bytes[headLength..<headLength + kept])
    return true
  }

  override var hasNextFrame: Bool {
    let headLength = ClassicPcapFormat.recordLength
    guard buffer.count >= headLength else { return false }
    // Safety: the span is not used beyond this call.
    return buffer.count - headLength >= format.record(unsafe buffer.next(headLength).span).capturedLength
  }

  /// The end of the file, or an error when it is not behind a whole frame.
  private func end() throws(CaptureError) -> Bool {
    if let failure = input.failure { throw broken(failure) }
    guard buffer.count > 0 else { return false }
    throw broken(
      "the last frame is cut in its header: \(buffer.count) of \(ClassicPcapFormat.recordLength) bytes")
  }

  private func unreadable(_ record: ClassicPcapFormat.Record) -> CaptureError {
    let (length, limit) = (record.capturedLength, ClassicPcapFormat.largestFrame)
    guard length <= limit else {
      return broken("a frame states \(length) captured bytes; the limit is \(limit)")
    }
    let cut = "the last frame is cut: \(buffer.count - ClassicPcapFormat.recordLength) of \(length) bytes"
    return broken(input.failure ?? cut)
  }
}
