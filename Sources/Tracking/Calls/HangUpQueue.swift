internal import Values

/// A BYE that would end its call, and whose response is awaited.
struct HangUp: Sendable {
  let call: CallReference
  /// Who sent it; nil for somebody who is at no address of the call.
  let side: CallSide?
  /// Whether it has the caller's tag in From.
  let isCallerTagged: Bool
  /// The callee's tag.
  let tag: UInt64
  let cseq: UInt32?
  let origin: PacketOrigin
  let time: Timestamp
}

/// Hang-ups in the order in which they came, numbered.
///
/// One that was settled stays until its time is up, which is soon: the queue is no longer than the BYEs of that time,
/// and no longer than its limit.
struct HangUpQueue: Sendable {
  /// Hang-ups at the most.
  static let limit = 1 << 14

  private var entries: [HangUp] = []
  /// Entries that were taken, at the front.
  private var taken = 0
  /// The number of the first entry.
  private var first: UInt32 = 0

  /// Bytes that the queue takes.
  var byteCount: Int { entries.capacity * MemoryLayout<HangUp>.stride }
  /// Whether one must be taken before another one is added.
  var isFull: Bool { entries.count - taken >= Self.limit }
  /// When the oldest one came; nil when there is none.
  var oldest: Timestamp? { taken < entries.count ? entries[taken].time : nil }

  /// The hang-up with a number; nil when it was taken.
  subscript(number: UInt32) -> HangUp? {
    let place = Int(number &- first)
    return taken..<entries.count ~= place ? entries[place] : nil
  }

  /// Adds one and says its number.
  mutating func append(_ hangUp: HangUp) -> UInt32 {
    if taken == entries.count { removeTaken() }
    entries.append(hangUp)
    return first &+ UInt32(entries.count - 1)
  }

  /// Takes the oldest one with its number.
  mutating func popFirst() -> (number: UInt32, hangUp: HangUp)? {
    guard taken < entries.count else { return nil }
    let result = (first &+ UInt32(taken), entries[taken])
    taken += 1
    // Half of the entries at a time: each one moves once on average.
    if taken >= 64, taken * 2 >= entries.count { removeTaken() }
    return result
  }

  /// Forgets all.
  mutating func removeAll() {
    taken = entries.count
    removeTaken()
  }

  private mutating func removeTaken() {
    first &+= UInt32(taken)
    entries.removeFirst(taken)
    taken = 0
  }
}
