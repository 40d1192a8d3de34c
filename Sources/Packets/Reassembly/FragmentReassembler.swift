internal import Values

/// Limits of the memory and time that IP fragments may take.
public struct FragmentLimits: Sendable {
  /// Packets in the making at a time.
  public var datagrams = 4096
  /// Bytes of buffers, used and kept for reuse.
  public var bytes = 16 * 1024 * 1024
  /// Nanoseconds of packet time from a packet's first fragment until it is given up.
  public var timeoutNanoseconds: Int64 = 30_000_000_000

  /// The defaults.
  public init() {}
}

/// What became of IP fragments.
public struct FragmentCounters: Hashable, Sendable {
  /// Packets put together.
  public var reassembled: UInt64 = 0
  /// Packets given up because a fragment did not come in time.
  public var timedOut: UInt64 = 0
  /// Packets given up because a limit was reached; the oldest goes first.
  public var evicted: UInt64 = 0
  /// Fragments that were there already, byte for byte.
  public var duplicates: UInt64 = 0
  /// IPv4 fragments.
  public var fragmentsIPv4: UInt64 = 0
  /// IPv6 fragments.
  public var fragmentsIPv6: UInt64 = 0
  /// IPv4 packets put together.
  public var reassembledIPv4: UInt64 = 0
  /// Fragments not used: cut by the snap length, of an impossible size, or beyond the packet's end.
  public var dropped: UInt64 = 0

  /// Counters at zero.
  public init() {}
}

/// One fragment's header.
struct FragmentHeader: Sendable {
  var identification: UInt32 = 0
  /// Where the data belongs in the packet.
  var offset = 0
  var hasMore = false
  /// Protocol of the data: valid in the first fragment (RFC 8200 §4.5).
  var next: UInt8 = 0
}

/// The frames that brought the fragments of one packet.
struct FragmentFrames: Sendable {
  private var count: UInt32 = 0
  private var byteCount: UInt32 = 0

  /// Counts the frame of a fragment, with those that it was put together from.
  mutating func add(_ packet: borrowing Packet) {
    count = Self.sum(count, 1, Int(packet.earlierFrames))
    byteCount = Self.sum(byteCount, packet.originalLength, Int(packet.earlierBytes))
  }

  /// Tells the packet, which is still the fragment that completed it, of the others.
  func tell(_ packet: inout Packet) {
    packet.earlierFrames = count - 1
    packet.earlierBytes = UInt32(clamping: Int(byteCount) - packet.originalLength)
  }

  private static func sum(_ sum: UInt32, _ frame: Int, _ earlier: Int) -> UInt32 {
    UInt32(clamping: Int(sum) + min(max(0, frame), Int(UInt32.max)) + earlier)
  }
}

/// Puts IP packets together from fragments (RFC 791 §3.2, RFC 8200 §4.5).
///
/// Where fragments overlap, the byte that came first wins, whatever it says; an overlap that is no exact
/// duplicate is a fault. Each fragment costs time in proportion to its length, in whatever order they come;
/// the first of a packet clears a bit for each unit of 8 bytes beside. Buffers are used again; when they are
/// at their limit the packet that waits longest gives its own away.
struct FragmentReassembler: Sendable {
  private(set) var counters = FragmentCounters()
  private let limits: FragmentLimits
  private let seed: UInt64
  private var datagrams: [Datagram] = []
  private var freeSlots: [Int32] = []
  private var pool: [FragmentBuffer] = []
  private var index = HashIndex()
  private var byAge = SlotLists(count: 1)
  private var bytesHeld = 0

  struct Key: Hashable, Sendable {
    var source: IPAddress
    var destination: IPAddress
    var identification: UInt32
    /// Part of the key in IPv4 only.
    var transport: UInt8
    var vlan: UInt16

    var isIPv4: Bool { !source.isIPv6 }
  }

  private struct Datagram: Sendable {
    var key: Key
    var hash: UInt64
    var firstSeen: Timestamp
    /// Bytes of the whole, once the last fragment came; -1 before.
    var total = -1
    /// End of the data that came so far.
    var reach = 0
    var next: UInt8 = 0
    var frames = FragmentFrames()
    var buffer: FragmentBuffer
  }

  /// A whole packet's payload, to be given back when it was read.
  struct Whole: Sendable {
    var buffer: FragmentBuffer
    var count: Int
    var next: UInt8
    var frames: FragmentFrames
  }

  init(limits: FragmentLimits, seed: UInt64) {
    self.limits = limits
    self.seed = seed
  }

  /// Packets in the making.
  var pending: Int { byAge.count(of: 0) }
  /// Packets in the making, with the bytes of their buffers.
  var usage: TableUsage {
    TableUsage(
      entries: pending, limit: limits.datagrams, bytes: bytesHeld, byteLimit: limits.bytes,
      evictions: counters.evicted)
  }

  /// Takes a fragment; returns the packet that it completes.
  mutating func add(
    _ header: FragmentHeader, of packet: borrowing Packet, data: Bytes, fault: inout DecodeFault.Kind?
  ) -> Whole? {
    expire(now: packet.timestamp)
    // Only the last fragment may end off an 8-byte boundary; as Linux does, the excess is cut off.
    let count = header.hasMore ? data.count & ~7 : data.count
    if count != data.count { fault = .fragmentBadLength }
    let end = header.offset + count
    guard end <= 65_535, count > 0 else {
      fault = .fragmentBadLength
      counters.dropped += 1
      return nil
    }
    let slot = slotOf(key(header, packet), now: packet.timestamp)
    guard acceptsEnd(slot, end, isLast: !header.hasMore) else {
      fault = .fragmentBadEnd
      counters.dropped += 1
      return nil
    }
    if header.offset == 0 { datagrams[slot].next = header.next }
    datagrams[slot].frames.add(packet)
    insert(data.extracting(0..<count), at: header.offset, slot, &fault)
    if let whole = whole(slot) { return whole }
    trim()
    return nil
  }

  /// Counts a fragment, whatever becomes of it.
  mutating func note(ipVersion: UInt8) {
    if ipVersion == 4 { counters.fragmentsIPv4 += 1 } else { counters.fragmentsIPv6 += 1 }
  }

  /// Counts a fragment that cannot be used because its end was not captured.
  mutating func drop() {
    counters.dropped += 1
  }

  /// Takes back the buffer of a packet that was read.
  mutating func recycle(_ whole: inout Whole) {
    var buffer = FragmentBuffer()
    swap(&buffer, &whole.buffer)
    buffer.reset()
    pool.append(buffer)
  }

  private func key(_ header: FragmentHeader, _ packet: borrowing Packet) -> Key {
    Key(
      source: packet.source, destination: packet.destination, identification: header.identification,
      transport: packet.ipVersion == 4 ? header.next : 0, vlan: packet.outerVLAN)
  }

  private mutating func slotOf(_ key: Key, now: Timestamp) -> Int {
    let hash = hash(key)
    if let slot = index.find(hash, where: { datagrams[$0].key == key }) { return slot }
    while pending >= max(1, limits.datagrams), evictOldest() {}
    // Near the limit a used buffer is taken over, for a new one would be given up at once.
    if pool.isEmpty, bytesHeld > limits.bytes - limits.bytes / 16 { _ = evictOldest() }
    let buffer = pool.popLast() ?? FragmentBuffer()
    let datagram = Datagram(key: key, hash: hash, firstSeen: now, buffer: buffer)
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = Int(free)
      datagrams[slot] = datagram
    } else {
      slot = datagrams.count
      datagrams.append(datagram)
    }
    index.insert(hash, record: slot)
    byAge.append(slot, to: 0)
    return slot
  }

  private func hash(_ key: Key) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(key.source.high)
    hash.combine(key.source.low)
    hash.combine(key.destination.high)
    hash.combine(key.destination.low)
    hash.combine(UInt64(key.identification) << 24 | UInt64(key.transport) << 16 | UInt64(key.vlan))
    return hash.value
  }

  /// Whether a fragment's end fits to what is known of the packet's.
  private mutating func acceptsEnd(_ slot: Int, _ end: Int, isLast: Bool) -> Bool {
    let total = datagrams[slot].total
    if isLast {
      guard total < 0 ? end >= datagrams[slot].reach : end == total else { return false }
      datagrams[slot].total = end
    } else if total >= 0 {
      guard end <= total else { return false }
    }
    datagrams[slot].reach = max(datagrams[slot].reach, end)
    return true
  }

  private mutating func insert(_ data: Bytes, at offset: Int, _ slot: Int, _ fault: inout DecodeFault.Kind?) {
    let before = datagrams[slot].buffer.size
    switch datagrams[slot].buffer.insert(data, at: offset) {
    case .new: break
    case .duplicate: counters.duplicates += 1
    case .overlap: fault = .fragmentOverlap
    }
    bytesHeld += datagrams[slot].buffer.size - before
  }

  private mutating func whole(_ slot: Int) -> Whole? {
    let total = datagrams[slot].total
    guard total >= 0, datagrams[slot].buffer.unitCount * 8 >= total else { return nil }
    let (next, frames) = (datagrams[slot].next, datagrams[slot].frames)
    counters.reassembled += 1
    if datagrams[slot].key.isIPv4 { counters.reassembledIPv4 += 1 }
    return Whole(buffer: release(slot), count: total, next: next, frames: frames)
  }

  private mutating func expire(now: Timestamp) {
    while let slot = byAge.oldest(in: 0) {
      guard now.nanoseconds(since: datagrams[slot].firstSeen) > limits.timeoutNanoseconds else { return }
      counters.timedOut += 1
      discard(slot)
    }
  }

  /// Gives up all packets in the making.
  mutating func removeAll() {
    while let slot = byAge.oldest(in: 0) { discard(slot) }
  }

  private mutating func evictOldest() -> Bool {
    guard let slot = byAge.oldest(in: 0) else { return false }
    counters.evicted += 1
    discard(slot)
    return true
  }

  /// Gives a packet up and keeps its buffer.
  private mutating func discard(_ slot: Int) {
    var buffer = release(slot)
    buffer.reset()
    pool.append(buffer)
  }

  /// Gives up packets until the buffers are within their limit; one packet may always be in the making.
  private mutating func trim() {
    while bytesHeld > limits.bytes {
      if pool.isEmpty, pending > 1 { _ = evictOldest() }
      guard let buffer = pool.popLast() else { return }
      bytesHeld -= buffer.size
    }
  }

  private mutating func release(_ slot: Int) -> FragmentBuffer {
    index.remove(datagrams[slot].hash, record: slot)
    byAge.remove(slot, from: 0)
    freeSlots.append(Int32(truncatingIfNeeded: slot))
    var buffer = FragmentBuffer()
    swap(&buffer, &datagrams[slot].buffer)
    return buffer
  }
}
