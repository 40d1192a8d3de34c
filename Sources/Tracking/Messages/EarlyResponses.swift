public import Packets
public import Protocols
public import Values

/// Responses that were captured before their requests, which wait for these for a moment.
///
/// Two taps, or the receive queues of several processors, give the packets of both directions in another order than
/// they had on the wire, by a few milliseconds. A response to a request that was not seen waits for it that long; it
/// goes on behind it, before another request under its Call-ID, or when the time is over.
public struct EarlyResponses: Sendable, ~Copyable {
  /// A response that waits.
  public struct Waiting: Sendable {
    /// All of it.
    public fileprivate(set) var bytes: [UInt8]
    /// The packet that carried it.
    public private(set) var packet: Packet
    /// Whether it was seen before.
    public let verdict: RepeatVerdict
    /// Whether it came on a stream.
    public let isStream: Bool
    fileprivate let callID: WideKey
    fileprivate let transaction: WideKey

    /// Gives it a later time: nothing is answered before it is asked.
    public mutating func delay(to time: Timestamp) { packet.timestamp = max(packet.timestamp, time) }
  }

  /// How long a response waits: more than queues differ, and less than most answers take.
  private static let patience: Int64 = 50_000_000
  /// Timer C and more (RFC 3261 §16.6); each response renews it.
  private static let memory: Int64 = 240_000_000_000
  /// Responses that wait at the most, and bytes of one; the oldest makes room, and larger ones go on at once.
  private static let limit = 64
  private static let byteLimit = 8192

  private var asked: RecentSet<UInt8>
  private var waiting: [Waiting] = []
  private let seed: UInt64
  /// When the first one has waited long enough.
  private var nextDue = Int64.max

  /// No response waits.
  ///
  /// - Parameters:
  ///   - capacity: requests that are known at the most.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    asked = RecentSet(capacity: capacity, lifetime: Self.memory, empty: 0)
    self.seed = seed
  }

  /// Whether no response waits.
  public var isEmpty: Bool { waiting.isEmpty }
  /// Whether there is no room for another response.
  public var isFull: Bool { waiting.count >= Self.limit }
  /// How full the memory of requests is.
  public var usage: TableUsage { asked.usage }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    asked.removeAll()
    waiting.removeAll(keepingCapacity: true)
    nextDue = .max
  }

  /// Takes a message; says whether it is a response that waits for its request from now on.
  public mutating func hold(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    isStream: Bool, _ packet: borrowing Packet
  ) -> Bool {
    guard message.method != .none, message.method != .ack, !message.isHeaderCut else { return false }
    let isRequest = message.kind == .request
    let key = transaction(of: message, bytes, keys)
    let time = packet.timestamp.nanoseconds
    if isRequest || asked.value(key.high, key.low, at: time) != nil {
      asked.insert(key.high, key.low, 0, at: time)
      return false
    }
    guard !verdict.contains(.retransmission), waiting.count < Self.limit, bytes.count <= Self.byteLimit else {
      return false
    }
    var kept: [UInt8] = []
    kept.append(copying: bytes)
    waiting.append(
      Waiting(
        bytes: kept, packet: copy packet, verdict: verdict, isStream: isStream,
        callID: keys.callID, transaction: key))
    nextDue = min(nextDue, time &+ Self.patience)
    return true
  }

  /// The first response that waits.
  public mutating func popFirst() -> Waiting? { isEmpty ? nil : waiting.removeFirst() }

  /// The next response that must not wait any longer because another request comes under its Call-ID.
  public mutating func popFirst(
    before message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys
  ) -> Waiting? {
    guard !waiting.isEmpty, message.kind == .request else { return nil }
    // The ACK has the number of the INVITE, whose answer it follows.
    let key = message.method == .ack ? nil : transaction(of: message, bytes, keys)
    return pop { $0.callID == keys.callID && $0.transaction != key }
  }

  /// The next response to a request that has just gone on.
  public mutating func popFirst(
    answering message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys
  ) -> Waiting? {
    guard !waiting.isEmpty, message.kind == .request, message.method != .ack else { return nil }
    let key = transaction(of: message, bytes, keys)
    return pop { $0.transaction == key }
  }

  /// Whether a response has waited long enough at an instant.
  public func isDue(at time: Timestamp) -> Bool { time.nanoseconds >= nextDue }

  /// The next response that has waited long enough at an instant; all of them without one.
  public mutating func popDue(at time: Timestamp?) -> Waiting? {
    let latest = time.map { $0.nanoseconds &- Self.patience } ?? .max
    let found = pop { $0.packet.timestamp.nanoseconds <= latest }
    if found == nil {
      nextDue = waiting.map { $0.packet.timestamp.nanoseconds &+ Self.patience }.min() ?? .max
    }
    return found
  }

  private mutating func pop(where isWanted: (Waiting) -> Bool) -> Waiting? {
    waiting.firstIndex(where: isWanted).map { waiting.remove(at: $0) }
  }

  /// What a request and its responses have in common on all hops; answers may go elsewhere than requests come from.
  private func transaction(
    of message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys
  ) -> WideKey {
    var hash = SeededHash(seed: seed)
    hash.combine(keys.callID.high)
    hash.combine(UInt64(message.cseq.number ?? 0) << 8 | UInt64(message.method.rawValue))
    if message.method == .other { hash.combine(bytes.extracting(message.methodRange.range)) }
    return WideKey(high: hash.value, low: keys.callID.low)
  }
}
