internal import Packets
internal import Values

/// A pcapng file, read block by block through one buffer that grows to the largest block seen.
@safe final class PcapNGFile: CaptureFile {
  private var blocks = PcapNGBlocks()
  private var buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 128 * 1024, alignment: PcapNGFile.pageSize)
  /// Why the file ends before its first interface description.
  private var early: PcapNGBlocks.Failure?
  /// The part of the buffer that holds data not yet interpreted.
  private var lower = 0
  private var upper = 0

  init(path: String, input: CompressedInput, index: UInt16, filter: String?) throws(CaptureError) {
    super.init(path: path, input: input, index: index)
    guard let filter else { return }
    self.filter = try FrameFilter(filter, linkType: describedLinkType(), input: path)
  }

  /// Reads up to the first interface description: a filter is judged for the link type of the file.
  private func describedLinkType() -> LinkType {
    do throws(PcapNGBlocks.Failure) {
      while blocks.firstLinkType == nil, let length = try fillBlock() {
        let start = lower
        lower += length
        _ = try blocks.frame(in: unsafe bytes(start, length).span)
      }
    } catch {
      early = error
    }
    return blocks.firstLinkType ?? .ethernet
  }

  deinit {
    // Safety: allocated by this object, freed once; nobody keeps the current frame longer.
    unsafe buffer.deallocate()
  }

  override var framesLost: UInt64 { blocks.lost }

  override func readFrame() throws(CaptureError) -> Bool {
    do throws(PcapNGBlocks.Failure) {
      if let early { throw early }
      while let length = try fillBlock() {
        let start = lower
        lower += length
        if let found = try blocks.frame(in: unsafe bytes(start, length).span) {
          stand(on: found, blockAt: start)
          return true
        }
      }
    } catch {
      throw broken(input.failure ?? error.cause)
    }
    if let failure = input.failure { throw broken(failure) }
    return false
  }

  private func stand(on found: PcapNGBlocks.Frame, blockAt start: Int) {
    header.timestamp = found.timestamp
    header.originalLength = max(found.originalLength, found.range.count)
    header.linkType = found.linkType
    unsafe frame = bytes(start + found.range.start, found.range.count)
  }

  /// Brings a whole block into the buffer and gives its length; nil at the end of the file.
  private func fillBlock() throws(PcapNGBlocks.Failure) -> Int? {
    guard fill(12) else {
      guard upper == lower else { throw .init(cause: "the last block is cut after \(upper - lower) bytes") }
      return nil
    }
    let length = try blocks.length(of: unsafe bytes(lower, 12).span)
    guard fill(length) else {
      throw .init(cause: "the last block is cut: \(upper - lower) of \(length) bytes")
    }
    return length
  }

  /// Makes `count` bytes available from `lower` on; false when the file ends before.
  private func fill(_ count: Int) -> Bool {
    guard upper - lower < count else { return true }
    if unsafe buffer.count - lower < count { makeRoom(count) }
    while upper - lower < count {
      let read = unsafe input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[upper...]))
      guard read > 0 else { return false }
      upper += read
    }
    return true
  }

  /// Moves the rest to the front, into a larger buffer when the block needs one. The front is where file
  /// and buffer are on the same place of a page, which halves the time that the kernel takes to copy.
  private func makeRoom(_ count: Int) {
    let rest = upper - lower
    Work.count(rest)
    let front = (input.offset &- rest) & (Self.pageSize - 1)
    // Safety: both regions lie inside their buffers; `copyMemory` allows overlap.
    let source = unsafe UnsafeRawBufferPointer(rebasing: buffer[lower..<upper])
    if unsafe front + count > buffer.count {
      let size = unsafe max(count + Self.pageSize, 2 * buffer.count)
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: PcapNGFile.pageSize)
      unsafe UnsafeMutableRawBufferPointer(rebasing: larger[front...]).copyMemory(from: source)
      unsafe buffer.deallocate()
      unsafe buffer = larger
    } else {
      unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[front...]).copyMemory(from: source)
    }
    lower = front
    upper = front + rest
  }

  private static var pageSize: Int { 4096 }

  private func bytes(_ start: Int, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    // Safety: callers stay inside the filled part; the buffer lives as long as this object.
    unsafe UnsafeRawBufferPointer(rebasing: buffer[start..<start + count]).bindMemory(to: UInt8.self)
  }
}
