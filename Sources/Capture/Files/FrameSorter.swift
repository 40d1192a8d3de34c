internal import Packets
internal import Values

/// Puts frames that stand behind later ones into the order of time.
///
/// A capture of several interfaces or receive queues is written in batches, each of them in order. A frame is given when
/// another one is known that is a window later, so that nothing more can belong before it. One that is further behind than
/// that was captured after the clock was set back, and comes behind all before it.
@safe final class FrameSorter {
  /// How far back a frame may belong.
  static let window: Int64 = 1_000_000_000
  private static let frameLimit = 8192
  private static let byteLimit = 8 << 20
  /// Memory comes in pieces of 256 bytes.
  private static let granule = 255
  /// That of a longer frame is given back.
  private static let keptLength = 2048

  /// A frame that waits.
  private struct Waiting: TimeOrdered, Sendable {
    let header: FrameHeader
    /// How often the clock was set back before it.
    let epoch: UInt32
    let slot: Int
    let length: Int

    func precedes(_ other: Waiting) -> Bool {
      if epoch != other.epoch { return epoch < other.epoch }
      let (time, otherTime) = (header.timestamp, other.header.timestamp)
      return time != otherTime ? time < otherTime : header.number < other.header.number
    }
  }

  private var queue = TimeQueue<Waiting>(capacity: frameLimit)
  private var slots: [UnsafeMutableRawBufferPointer] = unsafe []
  private var free: [Int] = []
  /// The slot of the frame that was given last.
  private var lent: Int?
  private var byteCount = 0
  private var newest = Timestamp(nanoseconds: .min)
  private var epoch: UInt32 = 0

  deinit {
    // Safety: allocated by this object, freed once; nobody keeps what was lent longer.
    while let slot = unsafe slots.popLast() { unsafe slot.deallocate() }
  }

  /// Whether nothing that is still to be read belongs before the first frame, or there is no room to wait for it.
  var isSettled: Bool {
    guard let first = queue.first else { return false }
    return first.epoch != epoch || newest.nanoseconds(since: first.header.timestamp) > Self.window
      || queue.isFull || byteCount >= Self.byteLimit
  }

  /// Takes the next frame of the file; its bytes are copied.
  func add(_ bytes: UnsafeBufferPointer<UInt8>, _ header: FrameHeader) {
    let length = bytes.count
    Work.count(length)
    if newest.nanoseconds != .min, newest.nanoseconds(since: header.timestamp) > Self.window {
      epoch &+= 1
      newest = header.timestamp
    }
    newest = max(newest, header.timestamp)
    let slot = free.popLast() ?? newSlot()
    if unsafe slots[slot].count < length {
      unsafe slots[slot].deallocate()
      unsafe slots[slot] = .allocate(byteCount: (length | Self.granule) + 1, alignment: 16)
    }
    // Safety: the slot has room for all bytes, and the two do not overlap.
    unsafe slots[slot].copyMemory(from: UnsafeRawBufferPointer(bytes))
    byteCount += length
    queue.push(Waiting(header: header, epoch: epoch, slot: slot, length: length))
  }

  /// Takes the first frame out; its bytes are valid until the next one is.
  func popFirst() -> (header: FrameHeader, bytes: UnsafeBufferPointer<UInt8>)? {
    if let lent { release(lent) }
    lent = nil
    guard let first = queue.popFirst() else { return nil }
    lent = first.slot
    byteCount -= first.length
    // Safety: so many bytes were copied there, and the slot is not used again before the next call.
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: slots[first.slot][..<first.length])
    return unsafe (first.header, bytes.bindMemory(to: UInt8.self))
  }

  private func newSlot() -> Int {
    unsafe slots.append(UnsafeMutableRawBufferPointer(start: nil, count: 0))
    return unsafe slots.count - 1
  }

  private func release(_ slot: Int) {
    if unsafe slots[slot].count > Self.keptLength {
      unsafe slots[slot].deallocate()
      unsafe slots[slot] = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }
    free.append(slot)
  }
}
