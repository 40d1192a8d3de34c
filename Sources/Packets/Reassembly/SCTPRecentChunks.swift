internal import Values

/// Remembers the unfragmented user messages of SCTP for a while, so that a retransmission is not given again.
///
/// One slot for each hash: a newer message displaces an older one that falls on the same slot. The memory is
/// taken with the first message.
struct SCTPRecentChunks: Sendable {
  private var entries: [Entry] = []
  private let seed: UInt64
  /// Messages that were forgotten before their time.
  private(set) var evictions: UInt64 = 0
  private var used = 0

  private struct Entry: Sendable {
    var hash: UInt64 = 0
    var time = Timestamp(nanoseconds: 0)
  }

  init(seed: UInt64) {
    self.seed = seed
  }

  /// Messages that can be remembered.
  static var capacity: Int { 4096 }
  /// The messages that are remembered.
  var usage: TableUsage {
    TableUsage(
      entries: used, limit: Self.capacity, bytes: entries.count * MemoryLayout<Entry>.stride,
      evictions: evictions)
  }

  /// Whether a message was given lately; it is remembered in any case.
  ///
  /// Number and tag alone would do for honest senders; with the contents nobody hides a message by sending
  /// its number first.
  mutating func isRepeated(
    _ chunk: SCTPDataChunk, _ data: Bytes, verificationTag: UInt32, packet: borrowing Packet
  ) -> Bool {
    if entries.isEmpty { entries = Array(repeating: Entry(), count: Self.capacity) }
    var hash = SeededHash(seed: seed)
    hash.combine(UInt64(verificationTag) << 32 | UInt64(chunk.transmissionNumber))
    hash.combine(UInt64(packet.sourcePort) << 16 | UInt64(packet.destinationPort))
    hash.combine(data)
    let slot = Int(truncatingIfNeeded: hash.value & UInt64(Self.capacity - 1))
    let age = packet.timestamp.nanoseconds(since: entries[slot].time)
    let isRecent = entries[slot].hash != 0 && age <= Self.lifetimeNanoseconds
    if isRecent, entries[slot].hash == hash.value { return true }
    if isRecent { evictions += 1 }
    if entries[slot].hash == 0 { used += 1 }
    entries[slot] = Entry(hash: hash.value, time: packet.timestamp)
    return false
  }

  private static var lifetimeNanoseconds: Int64 { 60_000_000_000 }
}
