public import Events
public import Packets
internal import Protocols
internal import Values

/// Fills an event with what a STUN or TURN message says; passwords and keys are not even parsed.
public enum STUNEventBuilder {
  /// Adds the `stun` fields of a datagram; false, with the event unchanged, when it is no STUN.
  public static func build(_ bytes: Bytes, into event: inout Event) -> Bool {
    guard let message = try? STUNMessage(parsing: bytes) else { return false }
    setType(message.type, into: &event)
    if let username = message.username { event.set(.stunUsername, copying: bytes.extracting(username.range)) }
    if let mapped = message.xorMappedAddress ?? message.mappedAddress {
      event.set(.stunMappedIP, ip: mapped.address)
      event.set(.stunMappedPort, integer: Int64(mapped.port))
    }
    if let code = message.errorCode { event.set(.stunErrorCode, integer: Int64(code)) }
    if let software = message.software { event.set(.stunSoftware, copying: bytes.extracting(software.range)) }
    return true
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
