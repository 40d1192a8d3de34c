internal import Packets
internal import Values

/// A pcapng file, read block by block.
@safe final class PcapNGFile: CaptureFile {
  private let blocks = PcapNGBlocks()
  private let buffer: CaptureBuffer
  /// Why the file ends before its first interface description.
  private var early: PcapNGBlocks.Failure?

  init(path: String, input: CompressedInput, index: UInt16, filter: String?) throws(CaptureError) {
    buffer = CaptureBuffer(input)
    super.init(path: path, input: input, index: index)
    guard let filter else { return }
    self.filter = try FrameFilter(filter, linkType: describedLinkType(), input: path)
  }

  /// Reads up to the first interface description: a filter is judged for the link type of the file.
  private func describedLinkType() -> LinkType {
    do throws(PcapNGBlocks.Failure) {
      while blocks.firstLinkType == nil, let length = try fillBlock() {
        _ = try blocks.frame(in: unsafe buffer.take(length).span)
      }
    } catch {
      early = error
    }
    return blocks.firstLinkType ?? .ethernet
  }

  override var framesLost: UInt64 { blocks.lost }

  override var isOfSeveralInterfaces: Bool { blocks.interfaceCount > 1 }

  override func readFrame() throws(CaptureError) -> Bool {
    do throws(PcapNGBlocks.Failure) {
      if let early { throw early }
      while let length = try fillBlock() {
        // Safety: the bytes stay in place until the next block is read.
        let block = unsafe buffer.take(length)
        if let found = try blocks.frame(in: unsafe block.span) {
          unsafe stand(on: found, in: block)
          return true
        }
      }
    } catch {
      throw broken(input.failure ?? error.cause)
    }
    if let failure = input.failure { throw broken(failure) }
    return false
  }

  /// Any block counts as one with a frame; others are rare in a pipe.
  override var hasNextFrame: Bool {
    guard buffer.count >= 12 else { return false }
    // Safety: the span is not used beyond this call. What cannot be read need not be waited for.
    guard let length = try? blocks.length(of: unsafe buffer.next(12).span) else { return true }
    return buffer.count >= length
  }

  private func stand(on found: PcapNGBlocks.Frame, in block: UnsafeBufferPointer<UInt8>) {
    header.timestamp = found.timestamp
    header.originalLength = max(found.originalLength, found.range.count)
    header.linkType = found.linkType
    unsafe frame = UnsafeBufferPointer(rebasing: block[found.range.start..<found.range.end])
  }

  /// Brings a whole block into the buffer and gives its length; nil at the end of the file.
  private func fillBlock() throws(PcapNGBlocks.Failure) -> Int? {
    guard buffer.fill(12) else {
      guard buffer.count == 0 else { throw .init(cause: "the last block is cut after \(buffer.count) bytes") }
      return nil
    }
    let length = try blocks.length(of: unsafe buffer.next(12).span)
    guard buffer.fill(length) else {
      throw .init(cause: "the last block is cut: \(buffer.count) of \(length) bytes")
    }
    return length
  }
}
