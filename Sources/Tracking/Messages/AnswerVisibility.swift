public import Packets
public import Protocols
public import Values

/// What the capture shows of the answers that clients get, and what it hides: silence means something only where an
/// answer would have been seen.
///
/// It hides answers where it cuts packets before they say whose they are, and where it has the packets of one direction
/// only. A client that was seen to get any message, or to ask again, would have been seen to get its answer.
public struct AnswerVisibility: Sendable, ~Copyable {
  /// Timer C, and the time to wait for a final response after it (RFC 3261 §16.6).
  private static let unreadMemory: Int64 = 240_000_000_000
  /// How long it is known that a direction is captured.
  private static let reachedMemory: Int64 = 3_600_000_000_000

  /// The highest status code of the responses that were cut, by branch and client; and requests that were cut, by
  /// method and client, as 0.
  private var unread: RecentSet<UInt16>
  /// Clients that a message was seen to come to, as pairs with themselves, and clients with servers whom they asked again.
  private var reached: RecentSet<UInt8>
  private let seed: UInt64

  /// Nothing was seen yet.
  ///
  /// - Parameters:
  ///   - capacity: messages, and clients, at the most.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int = 1 << 16, seed: UInt64) {
    unread = RecentSet(capacity: capacity, lifetime: Self.unreadMemory, empty: 0)
    reached = RecentSet(capacity: capacity, lifetime: Self.reachedMemory, empty: 0)
    self.seed = seed
  }

  /// How full the tables are together.
  public var usage: TableUsage { unread.usage + reached.usage }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    unread.removeAll()
    reached.removeAll()
  }

  /// Takes a message.
  public mutating func note(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ verdict: RepeatVerdict, _ origin: PacketOrigin,
    at time: Timestamp
  ) {
    guard !verdict.contains(.duplicate) else { return }
    insert(origin.destination, origin.destination, at: time)
    if message.kind == .request, verdict.contains(.retransmission) {
      insert(origin.source, origin.destination, at: time)
    }
    guard message.isIdentityCut else { return }
    if message.kind == .request {
      let key = unreadKey(Self.word(for: message.method), origin.source)
      return unread.insert(key.high, key.low, 0, at: time.nanoseconds)
    }
    // Without a branch it may answer any request of the client.
    let branch = MessageKeys.branch(of: message, bytes, seed: seed)
    let key = unreadKey(branch == 0 ? Self.anyBranch : branch, origin.destination)
    let code = UInt16(clamping: message.startLine.statusCode)
    let known = unread.value(key.high, key.low, at: time.nanoseconds) ?? 0
    unread.insert(key.high, key.low, max(known, code), at: time.nanoseconds)
  }

  /// The highest status code of the responses that were cut and may be to a request; nil when none was.
  func unreadCode(_ branch: UInt32, to client: IPAddress, at time: Timestamp) -> UInt16? {
    guard !unread.isEmpty else { return nil }
    let (own, any) = (unreadKey(branch, client), unreadKey(Self.anyBranch, client))
    let code = branch == 0 ? nil : unread.value(own.high, own.low, at: time.nanoseconds)
    guard let other = unread.value(any.high, any.low, at: time.nanoseconds) else { return code }
    return max(code ?? 0, other)
  }

  /// Whether a final response to a request was cut.
  func hasUnreadEnd(_ branch: UInt32, to client: IPAddress, at time: Timestamp) -> Bool {
    (unreadCode(branch, to: client, at: time) ?? 0) >= 200
  }

  /// Whether requests of a client were cut that may be any of this method.
  func hasUnreadRequest(_ method: SIPMethod, of client: IPAddress, at time: Timestamp) -> Bool {
    guard !unread.isEmpty else { return false }
    let key = unreadKey(Self.word(for: method), client)
    return unread.value(key.high, key.low, at: time.nanoseconds) != nil
  }

  /// Whether an answer to a request would have been captured.
  func showsAnswers(to request: PacketOrigin, at time: Timestamp) -> Bool {
    isReached(request.source, request.source, at: time)
      || isReached(request.source, request.destination, at: time)
  }

  private mutating func insert(_ client: IPAddress, _ server: IPAddress, at time: Timestamp) {
    let key = WideKey(client, server, seed: seed)
    reached.insert(key.high, key.low, 0, at: time.nanoseconds)
  }

  private func isReached(_ client: IPAddress, _ server: IPAddress, at time: Timestamp) -> Bool {
    let key = WideKey(client, server, seed: seed)
    return reached.value(key.high, key.low, at: time.nanoseconds) != nil
  }

  private func unreadKey(_ word: UInt32, _ client: IPAddress) -> WideKey {
    var hash = SeededHash(seed: seed)
    hash.combine(UInt64(word))
    hash.combine(client.high)
    hash.combine(client.low)
    return WideKey(high: hash.value, low: client.low ^ UInt64(word) << 32)
  }

  /// The word of responses whose branch was cut.
  private static let anyBranch: UInt32 = 1

  /// Branches are odd numbers, methods even ones.
  private static func word(for method: SIPMethod) -> UInt32 { UInt32(method.rawValue) << 1 }
}
