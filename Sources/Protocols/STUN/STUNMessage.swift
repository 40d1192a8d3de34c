public import Packets
public import Values

/// A STUN or TURN message, RFC 8489 §5, with the attributes that a monitor needs.
///
/// Keys and integrity values are not kept: of MESSAGE-INTEGRITY and NONCE only the presence is told.
/// A repeated attribute counts once, the first wins (RFC 8489 §14).
public struct STUNMessage: Sendable {
  /// A transport address out of an attribute.
  public struct Address: Sendable, Equatable {
    /// The address, already without the cookie where the attribute is XORed.
    public let address: IPAddress
    /// The port.
    public let port: UInt16
  }

  /// What the FINGERPRINT attribute says, RFC 8489 §14.7.
  public enum Fingerprint: UInt8, Sendable {
    case absent, valid, wrong
  }

  /// Which side controls ICE, RFC 8445 §7.1.3.
  public enum ICERole: UInt8, Sendable {
    case unknown, controlling, controlled
  }

  /// Bytes in the header.
  public static let headerCount = 20
  /// The constant that tells RFC 5389 and later from classic STUN.
  public static let magicCookie: UInt32 = 0x2112_a442

  /// Method and class.
  public let type: STUNType
  /// Whether the cookie is missing: RFC 3489.
  public let isClassic: Bool
  /// Upper four bytes of the transaction identifier: the cookie, or in classic STUN random.
  public let transactionHigh: UInt32
  /// Lower twelve bytes of the transaction identifier, in two parts.
  public let transactionMiddle: UInt32
  /// The last eight bytes of the transaction identifier.
  public let transactionLow: UInt64
  /// The whole message.
  public let range: ByteRange

  /// MAPPED-ADDRESS.
  public internal(set) var mappedAddress: Address?
  /// XOR-MAPPED-ADDRESS: how the server sees the client.
  public internal(set) var xorMappedAddress: Address?
  /// XOR-PEER-ADDRESS of TURN: whom the client talks to.
  public internal(set) var peerAddress: Address?
  /// XOR-RELAYED-ADDRESS of TURN: the client's address at the relay.
  public internal(set) var relayedAddress: Address?
  /// USERNAME; for ICE the two fragments joined by a colon.
  public internal(set) var username: ByteRange?
  /// REALM.
  public internal(set) var realm: ByteRange?
  /// SOFTWARE.
  public internal(set) var software: ByteRange?
  /// DATA of a Send or Data indication: the datagram that is relayed.
  public internal(set) var data: ByteRange?
  /// ERROR-CODE, 300–699.
  public internal(set) var errorCode: UInt16?
  /// The reason phrase of ERROR-CODE.
  public internal(set) var errorReason: ByteRange?
  /// CHANNEL-NUMBER of TURN.
  public internal(set) var channelNumber: UInt16?
  /// LIFETIME of TURN, in seconds.
  public internal(set) var lifetime: UInt32?
  /// PRIORITY of ICE.
  public internal(set) var priority: UInt32?
  /// Whether USE-CANDIDATE nominates this pair.
  public internal(set) var nominatesCandidate = false
  /// ICE-CONTROLLING or ICE-CONTROLLED.
  public internal(set) var iceRole = ICERole.unknown
  /// Whether MESSAGE-INTEGRITY or its SHA-256 form is there.
  public internal(set) var hasMessageIntegrity = false
  /// Whether NONCE is there.
  public internal(set) var hasNonce = false
  /// FINGERPRINT, checked over the message.
  public internal(set) var fingerprint = Fingerprint.absent
  /// Number of attributes, unknown ones included.
  public internal(set) var attributeCount = 0
  /// The first attribute that is cut off or badly formed, or nil; what comes before it is still read.
  public internal(set) var fault: WireError?

  /// Parses the message at the start of the bytes; over a stream other messages may follow it.
  ///
  /// - Throws: `WireError` when the two upper bits are set and when the message is cut off; without a cookie
  ///   also when it is not exactly as RFC 3489 has it. A length that is no multiple of four is only a fault:
  ///   large calling services send such messages.
  public init(parsing bytes: Bytes) throws(WireError) {
    guard bytes.count >= Self.headerCount else {
      throw WireError(
        .stun, .truncated, "header", offset: 0, needed: Self.headerCount, available: bytes.count)
    }
    type = STUNType(rawValue: bytes.uint16(at: 0))
    guard type.rawValue < 0x4000 else { throw Self.invalid("type", at: 0, Int(type.rawValue), bytes) }
    let length = Int(bytes.uint16(at: 2))
    guard length <= bytes.count - Self.headerCount else {
      throw WireError(
        .stun, .truncated, "attributes", offset: Self.headerCount, needed: length,
        available: bytes.count - Self.headerCount)
    }
    range = ByteRange(0, Self.headerCount + length)
    transactionHigh = bytes.uint32(at: 4)
    transactionMiddle = bytes.uint32(at: 8)
    transactionLow = bytes.uint64(at: 12)
    isClassic = transactionHigh != Self.magicCookie
    // Without a cookie any datagram of zeros would be a message: type and length must agree exactly.
    if isClassic {
      guard type.isOfClassicSTUN else { throw Self.invalid("type", at: 0, Int(type.rawValue), bytes) }
      guard range.end == bytes.count else { throw Self.invalid("length", at: 2, length, bytes) }
    }
    readAttributes(bytes)
    if length & 3 != 0 { fault = fault ?? Self.invalid("length", at: 2, length, bytes) }
    if isClassic, let fault { throw fault }
  }

  private static func invalid(
    _ field: StaticString, at offset: Int, _ value: Int, _ bytes: Bytes
  ) -> WireError {
    WireError(.stun, .invalid, field, offset: offset, needed: value, available: bytes.count - offset)
  }

  /// How many bytes the message at the start of a stream has; nil when its header is not there yet.
  public static func byteCount(atStartOf stream: Bytes) -> Int? {
    stream.count >= 4 ? headerCount + Int(stream.uint16(at: 2)) : nil
  }
}

extension STUNType {
  /// Binding and shared secret, each as request, response and error response (RFC 3489 §11.1).
  fileprivate var isOfClassicSTUN: Bool {
    switch rawValue {
    case 0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112: true
    default: false
    }
  }
}
