public import Events
public import Packets
public import Protocols
internal import Values

/// Fills an event with what a STUN or TURN message says; passwords and keys are not even parsed.
public enum STUNEventBuilder {
  /// Adds the `stun` fields of a message that the bytes have.
  public static func build(_ message: STUNMessage, in bytes: Bytes, into event: inout Event) {
    setType(message.type, into: &event)
    if let username = message.username { event.set(.stunUsername, copying: bytes.extracting(username.range)) }
    if let mapped = message.xorMappedAddress ?? message.mappedAddress {
      event.set(.stunMappedIP, ip: mapped.address)
      event.set(.stunMappedPort, integer: Int64(mapped.port))
    }
    if let code = message.errorCode { event.set(.stunErrorCode, integer: Int64(code)) }
    if let software = message.software { event.set(.stunSoftware, copying: bytes.extracting(software.range)) }
    setRelay(message, bytes, into: &event)
    setCheck(message, into: &event)
  }

  /// What TURN adds, RFC 8656 §18.
  private static func setRelay(_ message: STUNMessage, _ bytes: Bytes, into event: inout Event) {
    if let realm = message.realm { event.set(.stunRealm, copying: bytes.extracting(realm.range)) }
    if let relayed = message.relayedAddress {
      event.set(.stunRelayedIP, ip: relayed.address)
      event.set(.stunRelayedPort, integer: Int64(relayed.port))
    }
    if let peer = message.peerAddress {
      event.set(.stunPeerIP, ip: peer.address)
      event.set(.stunPeerPort, integer: Int64(peer.port))
    }
    if let lifetime = message.lifetime {
      event.set(.stunLifetime, .duration(Int64(lifetime) * 1_000_000_000))
    }
  }

  /// What connectivity checks add, RFC 8445 §16.1.
  private static func setCheck(_ message: STUNMessage, into event: inout Event) {
    switch message.iceRole {
    case .controlling: event.set(.stunICERole, constant: "controlling")
    case .controlled: event.set(.stunICERole, constant: "controlled")
    case .unknown: return
    }
    event.set(.stunNominates, bool: message.nominatesCandidate)
  }

  private static func setType(_ type: STUNType, into event: inout Event) {
    if let method = type.method {
      event.set(.stunMethod, constant: name(of: method))
    } else {
      event.set(.stunMethod, copying: "0x" + String(type.methodCode, radix: 16))
    }
    switch type.messageClass {
    case .request: event.set(.stunClass, constant: "request")
    case .indication: event.set(.stunClass, constant: "indication")
    case .success: event.set(.stunClass, constant: "success")
    case .error: event.set(.stunClass, constant: "error")
    }
  }

  private static func name(of method: STUNType.Method) -> StaticString {
    switch method {
    case .binding: "binding"
    case .sharedSecret: "shared_secret"
    case .allocate: "allocate"
    case .refresh: "refresh"
    case .send: "send"
    case .data: "data"
    case .createPermission: "create_permission"
    case .channelBind: "channel_bind"
    case .connect: "connect"
    case .connectionBind: "connection_bind"
    case .connectionAttempt: "connection_attempt"
    }
  }
}
