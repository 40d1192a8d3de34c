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

  /// The same transaction, start line, credentials and body on the same 5-tuple.
  public static let retransmission = RepeatVerdict(rawValue: 1)
  /// The same message behind a proxy.
  public static let forwarded = RepeatVerdict(rawValue: 2)
  /// The same packet captured twice; it is a retransmission too.
  public static let duplicate = RepeatVerdict(rawValue: 4)
  /// Forwarded from an address that it went to before: who wants his own messages to look so must have one seen that goes
  /// to him, as in a tunnel, and not just forge one that comes from elsewhere.
  public static let relayed = RepeatVerdict(rawValue: 8)
}

/// Tells the first sight of a SIP message from its repeats.
///
/// Three repeats exist: a *retransmission* (same transaction, same start line and body, same 5-tuple), a
/// *forward* (same message with another top Via, from elsewhere: a proxy hop) and a *capture duplicate* (the same
/// packet seen twice within milliseconds, as on a span port that mirrors both directions).
///
/// A request is forwarded by who has received it: the address that a copy of it went to, or another one of the proxy there.
/// That it has another one is known from a response which came to the one and was passed on from the other. Who passes a
/// response on has sent its request on. So nobody's decoys make requests, and the answers to them, look like repeats.
///
/// A proxy may change the session description on its way, to have the media come to itself; such a copy must come from
/// the address that the message went to.
///
/// What a stranger makes look like a repeat must not be one: other credentials, or names of other users, make
/// another request under the same branch and CSeq, and the answers to it are other answers. Servers take them so.
struct SIPRepeats: Sendable, ~Copyable {
  /// Timer B and timer F: how long a transaction can repeat its messages (RFC 3261 §17.1).
  private static let lifetime: Int64 = 32_000_000_000
  /// T1 is 500 ms; whatever repeats this much sooner was captured twice.
  private static let duplicateWindow: Int64 = 20_000_000

  /// The first sight of a message.
  private struct Sighting: Sendable {
    var viaCount: Int32 = 0
    /// Where it came from, hashed.
    var source: UInt32 = 0
    /// The addresses that it came from and went to, hashed.
    var sender: UInt32 = 0
    var receiver: UInt32 = 0
    /// Its Authorization, hashed.
    var authorization: UInt32 = 0
    /// Its body, hashed.
    var body: UInt32 = 0
  }

  private var transactions: RecentSet<Int64>
  private var messages: RecentSet<Sighting>
  /// The credentials of requests by what their answers have in common with them.
  private var credentials: RecentSet<UInt64>
  private var ways: RequestWays
  private let seed: UInt64
  /// Of the message at hand: all that is the same from hop to hop, what may be, and what one hop adds.
  private var content: UInt64 = 0
  private var body: UInt64 = 0
  private var hop: UInt64 = 0
  /// What a request has in common with its copies and responses.
  private var transaction: UInt64 = 0
  private var sighting = Sighting()

  init(capacity: Int, seed: UInt64) {
    transactions = RecentSet(capacity: capacity, lifetime: Self.lifetime, empty: 0)
    messages = RecentSet(capacity: capacity, lifetime: Self.lifetime, empty: Sighting())
    credentials = RecentSet(capacity: capacity / 4, lifetime: Self.lifetime, empty: 0)
    ways = RequestWays(capacity: capacity)
    self.seed = seed
  }

  /// Entries displaced before their time.
  var evictions: UInt64 { usage.evictions }
  /// How full the tables are together.
  var usage: TableUsage { transactions.usage + messages.usage + credentials.usage }
  /// How full the memory of the ways of requests is.
  var wayUsage: TableUsage { ways.usage }
  /// Bytes that the tables take.
  var byteCount: Int { usage.bytes + ways.usage.bytes }

  /// Forgets all messages.
  mutating func removeAll() {
    transactions.removeAll()
    messages.removeAll()
    credentials.removeAll()
    ways.removeAll()
  }

  /// Takes a message that is to be judged soon, and asks for the memory that this needs.
  mutating func prepare(_ message: borrowing SIPMessage, _ bytes: Bytes, _ packet: borrowing Packet) {
    transaction = transactionHash(message, bytes)
    content = contentHash(message, bytes)
    body = bodyHash(message, bytes)
    let via = viaHash(message, bytes)
    let proof = proof(message, bytes, via, at: packet.timestamp.nanoseconds)
    hop = hopHash(message, bytes, packet, via, proof)
    sighting = Sighting(
      viaCount: Int32(truncatingIfNeeded: message.viaCount), source: sourceHash(packet),
      sender: addressHash(packet.source), receiver: addressHash(packet.destination),
      authorization: UInt32(truncatingIfNeeded: proof >> 32), body: UInt32(truncatingIfNeeded: body))
    transactions.prefetch(content ^ hop)
    messages.prefetch(content)
    ways.prefetch(transaction)
  }

  /// Judges the message that was prepared, and remembers it.
  mutating func judge(_ message: borrowing SIPMessage, at instant: Timestamp) -> RepeatVerdict {
    // Messages that the capture cut before they differ are not the same.
    guard !message.isHeaderCut || !message.via.branch.isEmpty else { return [] }
    let time = instant.nanoseconds
    let low = content &* 0x9e37_79b9_7f4a_7c15 ^ hop
    if let earlier = transactions.exchange(content ^ hop, low, time, at: time) {
      // The clock may have been set back meanwhile.
      let isAtOnce = (-Self.duplicateWindow...Self.duplicateWindow).contains(time &- earlier)
      return isAtOnce ? [.retransmission, .duplicate] : .retransmission
    }
    guard !message.callID.isEmpty else { return [] }
    let verdict = judgeHop(message, at: time)
    if message.kind == .request {
      ways.note(transaction, from: sighting.sender, to: sighting.receiver, at: time)
    }
    return verdict
  }

  /// Judges a message that is no retransmission.
  private mutating func judgeHop(_ message: borrowing SIPMessage, at time: Int64) -> RepeatVerdict {
    guard let earlier = add(content, at: time) else { return [] }
    let forward = forward(of: earlier, message, at: time)
    if earlier.body == sighting.body { return forward }
    if forward.contains(.relayed) {
      // The next proxy passes on what this one made of it.
      _ = add(content ^ body, at: time)
      return forward
    }
    guard let other = add(content ^ body, at: time) else { return [] }
    return self.forward(of: other, message, at: time)
  }

  /// What the message at hand is to an earlier one.
  private mutating func forward(
    of earlier: Sighting, _ message: borrowing SIPMessage, at time: Int64
  ) -> RepeatVerdict {
    guard isHop(message, behind: earlier) else { return [] }
    let (sender, isDirect) = (sighting.sender, sighting.sender == earlier.receiver)
    let hops = ways.hops(of: transaction, at: time)
    guard message.kind == .response else {
      if isDirect || hops?.isReceiver(sender) == true { return [.forwarded, .relayed] }
      return hops.map { ways.hasCome(toProxyOf: sender, $0, at: time) } == true ? .forwarded : []
    }
    // The requests of a direction that is not captured say nothing.
    guard let hops else { return isDirect ? [.forwarded, .relayed] : .forwarded }
    guard hops.isSender(earlier.receiver) else { return [] }
    if isDirect { return [.forwarded, .relayed] }
    guard hops.isReceiver(sender), sighting.receiver != earlier.receiver else { return [] }
    if earlier.body == sighting.body { ways.join(sender, earlier.receiver, at: time) }
    return .forwarded
  }

  /// Remembers the message at hand, unless one with the key is known: then that one.
  private mutating func add(_ key: UInt64, at time: Int64) -> Sighting? {
    messages.add(key, key &* 0xd6e8_feb8_6659_fd93, sighting, at: time)
  }

  /// Whether the message at hand is what a proxy made of an earlier one.
  ///
  /// It puts a Via on top of a request and takes its own off a response, and sends from elsewhere. A scanner that
  /// sends the same message to many targets does neither, and who only adds a Via sends from where he did, or from
  /// another port of it.
  private func isHop(_ message: borrowing SIPMessage, behind earlier: Sighting) -> Bool {
    guard sighting.source != earlier.source,
      sighting.sender != earlier.sender || sighting.sender == earlier.receiver
    else { return false }
    if message.kind == .response { return sighting.viaCount < earlier.viaCount }
    let isHidden = message.isHeaderCut && sighting.authorization == 0
    return sighting.viaCount > earlier.viaCount
      && (sighting.authorization == earlier.authorization || isHidden)
  }

  /// What a request and its responses have in common on all hops; the tag in To comes with the responses.
  private func transactionHash(_ message: borrowing SIPMessage, _ bytes: Bytes) -> UInt64 {
    var hash = SeededHash(seed: seed ^ 0x686f_7073)
    hash.combine(bytes.extracting(message.methodRange.range))
    hash.combine(bytes.extracting(message.callID.range))
    hash.combine(UInt64(message.cseq.number ?? 0))
    hash.combine(bytes.extracting(message.from.tag.range))
    return hash.value
  }

  /// What does not change from hop to hop: kind, code or method, Call-ID, CSeq and tags.
  private func contentHash(_ message: borrowing SIPMessage, _ bytes: Bytes) -> UInt64 {
    var hash = SeededHash(seed: seed)
    let isResponse = message.kind == .response
    hash.combine(UInt64(isResponse ? message.startLine.statusCode : 0))
    hash.combine(bytes.extracting(message.methodRange.range))
    hash.combine(bytes.extracting(message.callID.range))
    hash.combine(UInt64(message.cseq.number ?? 0))
    hash.combine(bytes.extracting(message.from.tag.range))
    hash.combine(bytes.extracting(message.to.tag.range))
    return hash.value
  }

  private func bodyHash(_ message: borrowing SIPMessage, _ bytes: Bytes) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(bytes.extracting(message.body.range))
    return hash.value
  }

  /// What one hop adds: top Via, start line, credentials and the 5-tuple of the packet; and whom the message
  /// names and what it carries, which some proxies change.
  private func hopHash(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ packet: borrowing Packet, _ via: UInt64,
    _ proof: UInt64
  ) -> UInt64 {
    var hash = SeededHash(seed: via)
    hash.combine(bytes.extracting(message.startLine.range.range))
    hash.combine(bytes.extracting(message.from.uri.user.range))
    hash.combine(bytes.extracting(message.to.uri.user.range))
    hash.combine(body)
    // With other faults it is another message.
    let faults = message.faults.bits
    if faults != 0 {
      hash.combine(UInt64(truncatingIfNeeded: faults))
      hash.combine(UInt64(truncatingIfNeeded: faults >> 64))
    }
    hash.combine(proof)
    hash.combine(packet.source.high ^ packet.source.low &* 31)
    hash.combine(packet.destination.high ^ packet.destination.low &* 31)
    let ports = UInt64(packet.sourcePort) << 16 | UInt64(packet.destinationPort)
    hash.combine(ports << 8 | UInt64(packet.transport.rawValue))
    return hash.value
  }

  private func addressHash(_ address: IPAddress) -> UInt32 {
    var hash = SeededHash(seed: seed)
    hash.combine(address.high ^ address.low &* 31)
    return UInt32(truncatingIfNeeded: hash.value) | 1
  }

  private func sourceHash(_ packet: borrowing Packet) -> UInt32 {
    var hash = SeededHash(seed: seed)
    hash.combine(packet.source.high ^ packet.source.low &* 31)
    hash.combine(UInt64(packet.sourcePort))
    return UInt32(truncatingIfNeeded: hash.value)
  }

  /// The credentials of a request, and of a response those of the request that it answers: Authorization in the
  /// upper half, Proxy-Authorization, which a proxy may take off, in the lower one; 0 for none.
  private mutating func proof(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ via: UInt64, at time: Int64
  ) -> UInt64 {
    var proof: UInt64 = 0
    if message.kind == .request {
      proof = hash(message, .authorization, bytes) << 32 | hash(message, .proxyAuthorization, bytes)
      if proof == 0 { return 0 }
    } else if credentials.isEmpty {
      return 0
    }
    var hash = SeededHash(seed: via)
    hash.combine(bytes.extracting(message.callID.range))
    hash.combine(UInt64(message.cseq.number ?? 0))
    hash.combine(bytes.extracting(message.from.tag.range))
    let (transaction, low) = (hash.value, hash.value &* 0x9e37_79b9_7f4a_7c15)
    guard message.kind == .request else { return credentials.value(transaction, low, at: time) ?? 0 }
    credentials.insert(transaction, low, proof, at: time)
    return proof
  }

  /// 32 bits of a hash of all values of a header; 0 when it is not there.
  private func hash(_ message: borrowing SIPMessage, _ name: SIPHeaderName, _ bytes: Bytes) -> UInt64 {
    guard message.presentHeaders.contains(name) else { return 0 }
    var hash = SeededHash(seed: seed)
    for header in message.headers where header.name == name {
      hash.combine(bytes.extracting(header.value.range))
    }
    return max(1, hash.value >> 32)
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
