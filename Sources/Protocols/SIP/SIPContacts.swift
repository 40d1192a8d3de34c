public import Packets
public import Values

/// One Contact with the parameters that registrars read (RFC 3261 §20.10, RFC 5626 §4.1, §4.2).
public struct SIPContact: Sendable, Equatable {
  /// The address.
  public var address = SIPAddress()
  /// The expires parameter in seconds; nil when there is none or it is no number.
  public var expires: UInt32?
  /// The instance identifier of the device (`+sip.instance`), without quotes.
  public var instance = ByteRange()
  /// Which of the device's flows it is (`reg-id`).
  public var flow = ByteRange()
}

/// Walks through all Contact values of a message, over repeated and comma-joined lines alike.
///
/// `*` and empty elements are left out.
public struct SIPContacts: Sendable {
  private var line = 0
  private var elements: SIPElements?

  /// The contacts from the first one on.
  public init() {}

  /// The next contact; nil at the end.
  public mutating func next(of message: borrowing SIPMessage, in bytes: Bytes) -> SIPContact? {
    while true {
      while let element = elements?.next(in: bytes) {
        let isWildcard = element.count == 1 && bytes[element.start] == UInt8(ascii: "*")
        if !element.isEmpty, !isWildcard { return SIPContact(bytes, element, message) }
      }
      guard let header = nextLine(of: message) else { return nil }
      elements = SIPElements(header.value)
    }
  }

  private mutating func nextLine(of message: borrowing SIPMessage) -> SIPHeader? {
    guard message.presentHeaders.contains(.contact) else { return nil }
    while line < message.headers.count {
      line += 1
      if message.headers[line - 1].name == .contact { return message.headers[line - 1] }
    }
    return nil
  }
}

extension SIPContact {
  fileprivate init(_ bytes: Bytes, _ element: ByteRange, _ message: borrowing SIPMessage) {
    var ignored = SIPFaultSet()
    address.read(bytes, element, malformed: .badContact, &ignored)
    if !address.expires.isEmpty { expires = message.readSeconds(bytes, address.expires) }
    guard !address.parameters.isEmpty else { return }
    var list = SIPParameters(address.parameters)
    while let parameter = list.next(in: bytes) {
      if Self.isInstance(bytes, parameter.name) { instance = parameter.value }
      if parameter.name.count == 6, bytes.word(parameter.name) == SIPWord.regID.rawValue {
        flow = parameter.value
      }
    }
  }

  /// Whether a name is `+sip.instance`.
  private static func isInstance(_ bytes: Bytes, _ name: ByteRange) -> Bool {
    name.count == 13 && bytes.lowercaseWord(at: name.start, width: 8) == 0x736e_692e_7069_732b
      && bytes.lowercaseWord(at: name.start + 8, width: 5) == 0x65_636e_6174
  }
}
