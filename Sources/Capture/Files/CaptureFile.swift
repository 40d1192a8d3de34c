internal import Packets
internal import Values

/// One open capture file, standing on its current frame.
///
/// A class because it owns a C handle or a buffer whose address must stay; one object a file, none a frame.
@safe class CaptureFile {
  let path: String
  let input: CompressedInput
  /// The current frame's header; its `number` is that among the frames of the file that the filter accepts.
  var header: FrameHeader
  /// The current frame's bytes; valid until the next one is read.
  var frame = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  /// Frames read so far, before the filter.
  var framesRead: UInt64 = 0
  var filter: FrameFilter?
  private var framesAccepted: UInt64 = 0
  /// Puts frames into the order of time, once one was found out of it.
  private var sorter: FrameSorter?
  /// Whether the last frame was read, and what the file ends with when those that wait were given.
  private var hasEnded = false
  private var failure: CaptureError?
  /// Whether there is a current frame.
  var isOpen = true

  init(path: String, input: CompressedInput, index: UInt16) {
    self.path = path
    self.input = input
    header = FrameHeader(
      timestamp: Timestamp(nanoseconds: 0), number: 0, originalLength: 0, linkType: .ethernet,
      interface: index)
  }

  /// Opens a file by its first bytes: pcapng and the common kinds of pcap by our own readers, everything
  /// else by libpcap.
  ///
  /// libpcap before 1.11 refuses a pcapng file whose interfaces differ in link type or snap length, and
  /// every `dumpcap -i a -i b` writes such files; so pcapng blocks are read here. Of classic pcap it takes
  /// two locked reads and a copy a frame, which are three times the instructions of our reader.
  static func open(
    _ path: String, index: UInt16, filter: String?, stop: StopFlag
  ) throws(CaptureError) -> CaptureFile {
    try open(CompressedInput(path, stop: stop), path, index: index, filter: filter)
  }

  /// Opens what was given under a name.
  static func open(
    _ input: CompressedInput, _ path: String, index: UInt16, filter: String?
  ) throws(CaptureError) -> CaptureFile {
    let magic: [UInt8] = [0x0a, 0x0d, 0x0d, 0x0a]
    if input.firstBytes.prefix(4).elementsEqual(magic) {
      return try PcapNGFile(path: path, input: input, index: index, filter: filter)
    }
    if ClassicPcapFormat.mayBe(input.firstBytes) {
      input.lookAhead(ClassicPcapFormat.headerLength)
      if let format = ClassicPcapFormat(input.firstBytes.span) {
        return try ClassicPcapFile(format, path: path, input: input, index: index, filter: filter)
      }
    }
    return try PcapFile(path: path, input: input, index: index, filter: filter)
  }

  /// Frames that the capture lost up to the current frame, as far as the file tells.
  var framesLost: UInt64 { 0 }

  /// Moves to the next frame of the file; false at the end.
  func readFrame() throws(CaptureError) -> Bool { false }

  /// Whether the next frame is in the buffer as a whole.
  var hasNextFrame: Bool { true }

  /// Whether the next frame of a pipe is not there yet.
  final var mustWait: Bool { input.size == nil && !hasNextFrame && input.mustWait }

  /// Whether frames may stand out of order from the first one on.
  var isOfSeveralInterfaces: Bool { false }

  /// Moves to the next frame that the filter accepts, in the order of time as far as that can be known; false at the
  /// end.
  ///
  /// Frames are lent where they lie until one is found behind a later one; from then on they are sorted. What comes
  /// through a pipe is given as it comes, for nobody knows when more does.
  func advance() throws(CaptureError) -> Bool {
    if let sorter { return try advance(sorter) }
    let earlier = framesAccepted > 0 ? header.timestamp : nil
    guard try nextFrame() else { return false }
    guard input.size != nil, isOutOfOrder(after: earlier) else { return true }
    let sorter = FrameSorter()
    self.sorter = sorter
    unsafe sorter.add(frame, header)
    return try advance(sorter)
  }

  private func isOutOfOrder(after earlier: Timestamp?) -> Bool {
    guard let earlier else { return isOfSeveralInterfaces }
    return header.timestamp < earlier && earlier.nanoseconds(since: header.timestamp) <= FrameSorter.window
  }

  private func advance(_ sorter: FrameSorter) throws(CaptureError) -> Bool {
    while !hasEnded, !sorter.isSettled {
      do throws(CaptureError) {
        hasEnded = try !nextFrame()
        if !hasEnded { unsafe sorter.add(frame, header) }
      } catch {
        hasEnded = true
        failure = error
      }
    }
    guard let first = unsafe sorter.popFirst() else {
      if let failure = failure.take() { throw failure }
      return false
    }
    header = unsafe first.header
    unsafe frame = first.bytes
    return true
  }

  /// Moves to the next frame that the filter accepts, in the order of the file; false at the end.
  private func nextFrame() throws(CaptureError) -> Bool {
    while try readFrame() {
      framesRead += 1
      if let filter {
        // Safety: the frame's memory stays in place until the next frame is read.
        let isAccepted = unsafe filter.accepts(
          frame, originalLength: header.originalLength, linkType: header.linkType.rawValue)
        guard isAccepted else { continue }
      }
      framesAccepted += 1
      header.number = framesAccepted
      return true
    }
    return false
  }

  /// The error that ends this file.
  func broken(_ cause: String) -> CaptureError {
    CaptureError(
      input: path, lastFrame: framesRead, cause: cause,
      remedy: framesRead == 0
        ? "capture or copy the file again"
        : "the frames before it were read; capture or copy the file again for the rest")
  }
}
