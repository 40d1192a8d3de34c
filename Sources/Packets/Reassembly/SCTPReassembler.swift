internal import Values

/// Puts fragmented SCTP user messages together (RFC 9260 §6.9).
///
/// Fragments of one message have consecutive numbers between a beginning and an end. At most
/// `runLimit` incomplete runs of consecutive fragments are kept, the one without news longest goes first;
/// so each fragment costs a bounded search.
struct SCTPReassembler: Sendable {
  private(set) var counters = SCTPCounters()
  private var runs: [Run] = []
  /// The last message that was put together.
  private(set) var message: [UInt8] = []
  /// Its payload protocol identifier.
  private(set) var payloadProtocol: UInt32 = 0

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
    let index = extend(chunk, data, key, now: packet.timestamp)
    guard let index else { return false }
    return assemble(around: index)
  }

  private func isKnown(_ sequence: UInt32, _ key: Key) -> Bool {
    runs.contains { run in
      !run.isFree && run.key == key && sequence &- run.first < run.end &- run.first
    }
  }

  /// Appends to the run that ends before the fragment, or begins a new one.
  private mutating func extend(
    _ chunk: SCTPDataChunk, _ data: Bytes, _ key: Key, now: Timestamp
  ) -> Int? {
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
    return oldest
  }

  /// Joins runs from the beginning of the message to its end, when all are there.
  private mutating func assemble(around index: Int) -> Bool {
    guard let first = beginning(of: index) else { return false }
    var count = 0
    var current = first
    while !runs[current].isEnd {
      guard let next = neighbour(of: current, after: true) else { return false }
      count += runs[current].bytes.count
      current = next
    }
    guard count + runs[current].bytes.count <= Self.messageLimit else { return false }
    payloadProtocol = runs[first].payloadProtocol
    message.removeAll(keepingCapacity: true)
    current = first
    while true {
      message.append(contentsOf: runs[current].bytes)
      let next = runs[current].isEnd ? nil : neighbour(of: current, after: true)
      free(current)
      guard let next else { break }
      current = next
    }
    counters.reassembled += 1
    return true
  }

  private func beginning(of index: Int) -> Int? {
    var current = index
    while !runs[current].isBeginning {
      guard let previous = neighbour(of: current, after: false) else { return nil }
      current = previous
    }
    return current
  }

  /// The run that goes on where another one ends, or ends where it begins.
  private func neighbour(of index: Int, after: Bool) -> Int? {
    let run = runs[index]
    return runs.firstIndex { other in
      guard !other.isFree, other.key == run.key else { return false }
      return after
        ? other.first == run.end && !other.isBeginning : other.end == run.first && !other.isEnd
    }
  }

  private mutating func expire(now: Timestamp) {
    for index in runs.indices where !runs[index].isFree {
      guard now.nanoseconds(since: runs[index].lastSeen) > Self.timeoutNanoseconds else { continue }
      counters.timedOut += 1
      free(index)
    }
  }

  private mutating func free(_ index: Int) {
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
  /// Fragments that were there already.
  public var duplicates: UInt64 = 0
  /// Runs of fragments given up because there were too many, or because they were too long.
  public var evicted: UInt64 = 0
  /// Runs of fragments given up because the rest did not come.
  public var timedOut: UInt64 = 0

  /// Counters at zero.
  public init() {}
}
