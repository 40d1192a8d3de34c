/// The message type of STUN and TURN, RFC 8489 §5: a method and a class interleaved in 14 bits.
public struct STUNType: Sendable, Equatable {
  /// What kind of message it is.
  public enum Class: UInt8, Sendable {
    case request = 0
    case indication = 1
    case success = 2
    case error = 3
  }

  /// The registered methods; TURN's are RFC 8656 §18.5 and RFC 6062 §6.1.
  public enum Method: UInt16, Sendable {
    case binding = 0x001
    /// Only classic STUN had it, RFC 3489 §11.1.
    case sharedSecret = 0x002
    case allocate = 0x003
    case refresh = 0x004
    case send = 0x006
    case data = 0x007
    case createPermission = 0x008
    case channelBind = 0x009
    case connect = 0x00a
    case connectionBind = 0x00b
    case connectionAttempt = 0x00c
  }

  /// The 16 bits as they stand on the wire; the upper two are zero.
  public let rawValue: UInt16

  /// The type of 16 bits from the wire.
  public init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// Bits 4 and 8.
  public var messageClass: Class {
    switch (rawValue & 0x100 != 0, rawValue & 0x010 != 0) {
    case (false, false): .request
    case (false, true): .indication
    case (true, false): .success
    case (true, true): .error
    }
  }

  /// The twelve method bits.
  public var methodCode: UInt16 {
    rawValue & 0xf | (rawValue & 0xe0) >> 1 | (rawValue & 0x3e00) >> 2
  }

  /// The registered method, or nil.
  public var method: Method? { Method(rawValue: methodCode) }
  /// Whether it is the success response to a connectivity check.
  public var isBindingSuccess: Bool { method == .binding && messageClass == .success }
}
