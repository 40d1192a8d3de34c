internal import Values

/// Puts fragmented SCTP user messages together (RFC 9260 §6.9).
///
/// Fragments of one message have consecutive numbers between a beginning and an end. At most
/// `runLimit` incomplete runs of consecutive fragments are kept, the one without news longest goes first;
/// so each fragment costs a bounded search. Runs that meet are linked, so that none is searched for again.
struct SCTPReassembler: Sendable {
  private(set) var counters = SCTPCounters()
  private var runs: [Run] = []
  /// The last message that was put together.
  private(set) var message: [UInt8] = []
  /// Its payload protocol identifier.
  private(set) var payloadProtocol: UInt32 = 0

  /// Runs of fragments, with their bytes.
  var usage: TableUsage {
    let used = runs.filter { !$0.isFree }
    return TableUsage(
      entries: used.count, limit: Self.runLimit, bytes: runs.reduce(0) { $0 + $1.bytes.count },
      evictions: counters.evicted)
  }

  private struct Key: Hashable, Sendable {
    var flow: FlowKey
    var isForward: Bool
    var verificationTag: UInt32
    var message: UInt64
  }

  /// Consecutive fragments.
  private struct Run: Sendable {
    var key: Key
    var first: UInt32
    /// One past the last number.
    var end: UInt32
    var isBeginning: Bool
    var isEnd: Bool
    var payloadProtocol: UInt32
    var bytes: [UInt8] = []
    var lastSeen: Timestamp
    var isFree = false
    /// The run that ends where this one begins, and the one that begins where it ends; -1 without one.
    var before = -1
    var after = -1
  }

  /// Takes a fragment; true when `message` is now the message that it completes.
  mutating func add(
    _ chunk: SCTPDataChunk, _ data: Bytes, verificationTag: UInt32, packet: borrowing Packet
  ) -> Bool {
    expire(now: packet.timestamp)
    let key = Key(
      flow: FlowKey(packet), isForward: FlowKey.isForward(packet), verificationTag: verificationTag,
      message: chunk.message)
    guard !isKnown(chunk.sequence, key) else {
      counters.duplicates += 1
      return false
    }
    guard let index = extend(chunk, data, key, now: packet.timestamp) else { return false }
    linkAfter(index)
    return assemble(around: index)
  }

  /// Counts an unfragmented message that was given already.
  mutating func noteDuplicate() {
    counters.duplicates += 1
  }

  private func isKnown(_ sequence: UInt32, _ key: Key) -> Bool {
    Work.count(runs.count)
    return runs.contains { run in
      !run.isFree && run.key == key && sequence &- run.first < run.end &- run.first
    }
  }

  /// Appends to the run that ends before the fragment, or begins a new one.
  private mutating func extend(
    _ chunk: SCTPDataChunk, _ data: Bytes, _ key: Key, now: Timestamp
  ) -> Int? {
    Work.count(runs.count + data.count)
    let before = runs.firstIndex { run in
      !run.isFree && run.end == chunk.sequence && !run.isEnd && run.key == key
    }
    guard let index = chunk.isBeginning ? nil : before else { return begin(chunk, data, key, now: now) }
    guard runs[index].bytes.count + data.count <= Self.messageLimit else {
      counters.evicted += 1
      free(index)
      return nil
    }
    runs[index].bytes.append(copying: data)
    runs[index].end &+= 1
    runs[index].isEnd = chunk.isEnd
    runs[index].lastSeen = now
    return index
  }

  private mutating func begin(_ chunk: SCTPDataChunk, _ data: Bytes, _ key: Key, now: Timestamp) -> Int {
    let index = freeIndex()
    var bytes: [UInt8] = []
    swap(&bytes, &runs[index].bytes)
    bytes.replaceAll(with: data)
    runs[index] = Run(
      key: key, first: chunk.sequence, end: chunk.sequence &+ 1, isBeginning: chunk.isBeginning,
      isEnd: chunk.isEnd, payloadProtocol: chunk.payloadProtocol, bytes: bytes, lastSeen: now)
    return index
  }

  private mutating func freeIndex() -> Int {
    Work.count(runs.count)
    if let index = runs.firstIndex(where: \.isFree) { return index }
    if runs.count < Self.runLimit {
      let empty = Packet()
      let key = Key(flow: FlowKey(empty), isForward: true, verificationTag: 0, message: 0)
      runs.append(
        Run(
          key: key, first: 0, end: 0, isBeginning: false, isEnd: false, payloadProtocol: 0,
          lastSeen: Timestamp(nanoseconds: 0)))
      return runs.count - 1
    }
    var oldest = 0
    for index in runs.indices where runs[index].lastSeen < runs[oldest].lastSeen { oldest = index }
    counters.evicted += 1
    unlink(oldest)
    return oldest
  }

  /// Joins runs from the beginning of the message to its end, when all are there.
  private mutating func assemble(around index: Int) -> Bool {
    guard let first = beginning(of: index), isWhole(from: first) else { return false }
    payloadProtocol = runs[first].payloadProtocol
    message.removeAll(keepingCapacity: true)
    var current = first
    while current >= 0 {
      Work.count(runs[current].bytes.count)
      message.append(contentsOf: runs[current].bytes)
      let next = runs[current].isEnd ? -1 : runs[current].after
      free(current)
      current = next
    }
    counters.reassembled += 1
    return true
  }

  private func beginning(of index: Int) -> Int? {
    var current = index
    while !runs[current].isBeginning {
      Work.count(1)
      guard runs[current].before >= 0 else { return nil }
      current = runs[current].before
    }
    return current
  }

  /// Whether linked runs reach the end of the message, and it is not too long.
  private func isWhole(from first: Int) -> Bool {
    var current = first
    var count = runs[current].bytes.count
    while !runs[current].isEnd {
      Work.count(1)
      guard runs[current].after >= 0 else { return false }
      current = runs[current].after
      count += runs[current].bytes.count
    }
    return count <= Self.messageLimit
  }

  /// Finds the run that goes on where this one ends.
  private mutating func linkAfter(_ index: Int) {
    let run = runs[index]
    guard !run.isEnd else { return }
    Work.count(runs.count)
    let next = runs.firstIndex { other in
      !other.isFree && other.first == run.end && !other.isBeginning && other.key == run.key
    }
    guard let next, next != index else { return }
    runs[index].after = next
    runs[next].before = index
  }

  private mutating func unlink(_ index: Int) {
    let (before, after) = (runs[index].before, runs[index].after)
    if before >= 0 { runs[before].after = -1 }
    if after >= 0 { runs[after].before = -1 }
    (runs[index].before, runs[index].after) = (-1, -1)
  }

  private mutating func expire(now: Timestamp) {
    Work.count(runs.count)
    for index in runs.indices where !runs[index].isFree {
      guard now.nanoseconds(since: runs[index].lastSeen) > Self.timeoutNanoseconds else { continue }
      counters.timedOut += 1
      free(index)
    }
  }

  /// Gives up all runs of fragments.
  mutating func removeAll() {
    for index in runs.indices where !runs[index].isFree { free(index) }
  }

  private mutating func free(_ index: Int) {
    unlink(index)
    runs[index].isFree = true
    if runs[index].bytes.capacity > 16 * 1024 { runs[index].bytes = [] }
  }

  private static var runLimit: Int { 64 }
  private static var messageLimit: Int { 128 * 1024 }
  private static var timeoutNanoseconds: Int64 { 30_000_000_000 }
}

/// What became of fragmented SCTP user messages.
public struct SCTPCounters: Hashable, Sendable {
  /// Messages put together.
  public var reassembled: UInt64 = 0
  /// Fragments and whole messages that were there already.
  public var duplicates: UInt64 = 0
  /// Runs of fragments given up because there were too many, or because they were too long.
  public var evicted: UInt64 = 0
  /// Runs of fragments given up because the rest did not come.
  public var timedOut: UInt64 = 0

  /// Counters at zero.
  public init() {}
}
