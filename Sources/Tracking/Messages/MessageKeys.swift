public import Packets
public import Protocols
public import Values

/// What identifies a SIP message, hashed once for all trackers; 0 stands for what is absent.
public struct MessageKeys: Sendable {
  /// Call-ID.
  public let callID: WideKey
  /// Tag of From.
  public let fromTag: UInt64
  /// Tag of To.
  public let toTag: UInt64
  /// Address of record in To: user and host without case.
  public let toAddress: UInt64
  /// Address of record in From: user and host without case.
  public let fromAddress: UInt64

  /// The keys of a message under a seed.
  public init(_ message: borrowing SIPMessage, _ bytes: Bytes, seed: UInt64) {
    callID = Self.wide(bytes, message.callID, seed: seed)
    fromTag = Self.key(bytes, message.from.tag, seed: seed)
    toTag = Self.key(bytes, message.to.tag, seed: seed)
    toAddress = Self.address(bytes, message.to.uri, seed: seed)
    fromAddress = Self.address(bytes, message.from.uri, seed: seed)
  }

  /// The key of any text; 0 for none.
  static func key(_ bytes: Bytes, _ range: ByteRange, seed: UInt64) -> UInt64 {
    guard !range.isEmpty else { return 0 }
    var hash = SeededHash(seed: seed)
    hash.combine(bytes.extracting(range.range))
    return max(1, hash.value)
  }

  /// The key of an address.
  static func key(_ address: IPAddress, seed: UInt64) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(address.high)
    hash.combine(address.low)
    return hash.value
  }

  /// The wide key of any text.
  static func wide(_ bytes: Bytes, _ range: ByteRange, seed: UInt64) -> WideKey {
    WideKey(high: key(bytes, range, seed: seed), low: key(bytes, range, seed: ~seed))
  }

  /// User and host of a URI; the host has no case, the user has, and none of the escapes that it can do without
  /// (RFC 3261 §19.1.4).
  static func address(_ bytes: Bytes, _ uri: SIPURI, seed: UInt64) -> UInt64 {
    guard !uri.user.isEmpty || !uri.host.isEmpty else { return 0 }
    var hash = SeededHash(seed: seed)
    hash.combine(user: uri.user, of: bytes)
    var index = uri.host.start
    while index < uri.host.end {
      hash.combine(bytes.lowercaseWord(at: index, width: min(8, uri.host.end - index)))
      index += 8
    }
    hash.combine(UInt64(truncatingIfNeeded: uri.host.count))
    return max(1, hash.value)
  }

  /// The branch of the top Via, an odd number; 0 without one.
  static func branch(of message: borrowing SIPMessage, _ bytes: Bytes, seed: UInt64) -> UInt32 {
    guard !message.via.branch.isEmpty else { return 0 }
    return UInt32(truncatingIfNeeded: key(bytes, message.via.branch, seed: seed) | 1)
  }

  /// The transaction: top Via and method with the magic cookie (RFC 3261 §17.2.3), else the tuple of RFC 2543.
  ///
  /// An ACK has the method of its INVITE. It is made only when somebody follows transactions.
  func transaction(of message: borrowing SIPMessage, _ bytes: Bytes, seed: UInt64) -> WideKey {
    let method = message.method == .ack ? SIPMethod.invite : message.method
    var high = SeededHash(seed: seed)
    high.combine(bytes.extracting(message.via.branch.range))
    high.combine(bytes.extracting(message.via.host.range))
    high.combine(UInt64(message.via.port ?? 0) << 8 | UInt64(method.rawValue))
    if method == .other { high.combine(bytes.extracting(message.methodRange.range)) }
    if !message.via.hasMagicCookie {
      high.combine(callID.high)
      high.combine(fromTag)
      high.combine(UInt64(message.cseq.number ?? 0))
    }
    var low = SeededHash(seed: ~seed)
    low.combine(high.value)
    low.combine(bytes.extracting(message.via.branch.range))
    if !message.via.hasMagicCookie { low.combine(callID.low) }
    return WideKey(high: high.value, low: low.value)
  }
}
