public import Protocols
internal import Values

/// How far a handshake for the keys of media has come on their own flow.
struct MediaHandshake: OptionSet, Sendable {
  let rawValue: UInt8

  /// One side asks for SRTP.
  static let isOffered = MediaHandshake(rawValue: 1)
  /// Both sides want SRTP.
  static let isChosen = MediaHandshake(rawValue: 2)
  /// What goes to the flow's server is under the new keys.
  static let isSealedToServer = MediaHandshake(rawValue: 4)
  /// What goes to the flow's client is under the new keys.
  static let isSealedToClient = MediaHandshake(rawValue: 8)

  private static let whole: MediaHandshake = [.isChosen, .isSealedToServer, .isSealedToClient]

  /// Whether both sides have keys for SRTP.
  var isOver: Bool { isSuperset(of: Self.whole) }

  mutating func seal(toServer: Bool) { insert(toServer ? .isSealedToServer : .isSealedToClient) }
}

/// Keys that media agree on for themselves (RFC 5764, RFC 6189).
extension FlowTable {
  /// Notes the hellos of a DTLS datagram, and what it has under the new keys.
  ///
  /// - Returns: whether both sides have keys for SRTP since this datagram.
  public mutating func noteHandshake(_ datagram: borrowing DTLSHelloReader, _ match: Match) -> Bool {
    var handshake = flows[match.number].handshake
    for hello in datagram.hellos {
      let isMute = hello.kind == .server && hello.hidesSRTPProfile && handshake.contains(.isOffered)
      guard hello.srtpProfile != nil || isMute else { continue }
      handshake.insert(hello.kind == .server ? .isChosen : .isOffered)
    }
    if datagram.isSealed { handshake.seal(toServer: match.toServer) }
    return take(handshake, match)
  }

  /// Notes a message of ZRTP: each side confirms to have the keys (RFC 6189 §4.6).
  ///
  /// - Returns: whether both sides have keys for SRTP since this message.
  public mutating func noteHandshake(_ packet: ZRTPPacket, _ match: Match) -> Bool {
    var handshake = flows[match.number].handshake
    switch packet.message {
    case .confirm1, .conf2Ack: handshake.seal(toServer: match.toServer)
    case .confirm2:
      handshake.insert(.isChosen)
      handshake.seal(toServer: match.toServer)
    default: return false
    }
    guard take(handshake, match) else { return false }
    noteEncrypted(match)
    return true
  }

  private mutating func take(_ handshake: MediaHandshake, _ match: Match) -> Bool {
    let isOver = handshake.isOver && !flows[match.number].handshake.isOver
    flows[match.number].handshake = handshake
    return isOver
  }
}
