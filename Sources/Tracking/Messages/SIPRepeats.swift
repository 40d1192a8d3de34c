internal import Packets
internal import Protocols
internal import Values

/// Whether a message was seen before, and how; empty at first sight.
public struct RepeatVerdict: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8

  /// A verdict from its bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The same transaction, start line and body on the same 5-tuple.
  public static let retransmission = RepeatVerdict(rawValue: 1)
  /// The same message behind a proxy.
  public static let forwarded = RepeatVerdict(rawValue: 2)
  /// The same packet captured twice; it is a retransmission too.
  public static let duplicate = RepeatVerdict(rawValue: 4)
}

/// Tells the first sight of a SIP message from its repeats.
///
/// Three repeats exist: a *retransmission* (same transaction, same start line and body, same 5-tuple), a
/// *forward* (same message with another top Via: a proxy hop) and a *capture duplicate* (the same packet
/// seen twice within milliseconds, as on a span port that mirrors both directions).
struct SIPRepeats: Sendable, ~Copyable {
  /// Timer B and timer F: how long a transaction can repeat its messages (RFC 3261 §17.1).
  private static let lifetime: Int64 = 32_000_000_000
  /// T1 is 500 ms; whatever repeats this much sooner was captured twice.
  private static let duplicateWindow: Int64 = 20_000_000

  private var transactions: RecentSet<Int64>
  private var messages: RecentSet<Int>
  private let seed: UInt64
  /// Of the message at hand: all that is the same from hop to hop, and what one hop adds.
  private var content: UInt64 = 0
  private var hop: UInt64 = 0

  init(capacity: Int, seed: UInt64) {
    transactions = RecentSet(capacity: capacity, lifetime: Self.lifetime, empty: 0)
    messages = RecentSet(capacity: capacity, lifetime: Self.lifetime, empty: 0)
    self.seed = seed
  }

  /// Entries displaced before their time.
  var evictions: UInt64 { transactions.evictions &+ messages.evictions }
  /// How full both tables are together.
  var usage: TableUsage {
    let (left, right) = (transactions.usage, messages.usage)
    return TableUsage(
      entries: left.entries + right.entries, limit: left.limit + right.limit, bytes: left.bytes + right.bytes,
      evictions: left.evictions &+ right.evictions)
  }
  /// Bytes that the tables take.
  var byteCount: Int { transactions.byteCount + messages.byteCount }

  /// Forgets all messages.
  mutating func removeAll() {
    transactions.removeAll()
    messages.removeAll()
  }

  /// Takes a message that is to be judged soon, and asks for the memory that this needs.
  mutating func prepare(_ message: borrowing SIPMessage, _ bytes: Bytes, _ packet: borrowing Packet) {
    content = contentHash(message, bytes)
    hop = hopHash(message, bytes, packet)
    transactions.prefetch(content ^ hop)
    messages.prefetch(content)
  }

  /// Judges the message that was prepared, and remembers it.
  mutating func judge(_ message: borrowing SIPMessage, at instant: Timestamp) -> RepeatVerdict {
    let time = instant.nanoseconds
    let low = content &* 0x9e37_79b9_7f4a_7c15 ^ hop
    if let earlier = transactions.exchange(content ^ hop, low, time, at: time) {
      return time &- earlier <= Self.duplicateWindow ? [.retransmission, .duplicate] : .retransmission
    }
    let identity = content &* 0xd6e8_feb8_6659_fd93
    guard let earlier = messages.add(content, identity, message.viaCount, at: time) else { return [] }
    // A proxy puts a Via on top of a request and takes its own off a response. A scanner that sends the
    // same message to many targets does neither.
    let isHop = message.kind == .response ? message.viaCount < earlier : message.viaCount > earlier
    return isHop ? .forwarded : []
  }

  /// What does not change from hop to hop: kind, code or method, Call-ID, CSeq, tags and body.
  private func contentHash(_ message: borrowing SIPMessage, _ bytes: Bytes) -> UInt64 {
    var hash = SeededHash(seed: seed)
    let isResponse = message.kind == .response
    hash.combine(UInt64(isResponse ? message.startLine.statusCode : 0))
    hash.combine(bytes.extracting(message.methodRange.range))
    hash.combine(bytes.extracting(message.callID.range))
    hash.combine(UInt64(message.cseq.number ?? 0))
    hash.combine(bytes.extracting(message.from.tag.range))
    hash.combine(bytes.extracting(message.to.tag.range))
    hash.combine(bytes.extracting(message.body.range))
    return hash.value
  }

  /// What one hop adds: top Via, start line and the 5-tuple of the packet.
  private func hopHash(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ packet: borrowing Packet
  ) -> UInt64 {
    var hash = SeededHash(seed: viaHash(message, bytes))
    hash.combine(bytes.extracting(message.startLine.range.range))
    hash.combine(packet.source.high ^ packet.source.low &* 31)
    hash.combine(packet.destination.high ^ packet.destination.low &* 31)
    let ports = UInt64(packet.sourcePort) << 16 | UInt64(packet.destinationPort)
    hash.combine(ports << 8 | UInt64(packet.transport.rawValue))
    return hash.value
  }

  /// The transaction by its top Via; without the cookie, host and port take part in the RFC 2543 tuple.
  private func viaHash(_ message: borrowing SIPMessage, _ bytes: Bytes) -> UInt64 {
    var hash = SeededHash(seed: seed ^ 0x5649_41)
    hash.combine(bytes.extracting(message.via.branch.range))
    hash.combine(bytes.extracting(message.via.host.range))
    hash.combine(UInt64(message.via.port ?? 0))
    return hash.value
  }
}
