internal import Packets
internal import Protocols
internal import Values

/// What a client has tried for an address of record since its last success.
struct RegistrationAttempts: Sendable {
  /// Requests.
  var requests: UInt32 = 0
  /// Credentials that were refused.
  var refusals: UInt32 = 0
}

/// A client that is registering: its REGISTER requests under one Call-ID, until something came of them.
struct RegistrationExchange: Sendable {
  /// Contacts of one request that are followed; further ones are not.
  static let contactLimit = 4

  /// Address of record.
  var aor: UInt64 = 0
  var callID = WideKey.none
  /// Who asks.
  var client: IPAddress
  /// CSeq of the last request.
  var cseq: UInt32?
  /// The hash of its branch; 0 without one.
  var branch: UInt32 = 0
  /// The hash of the nonce of its credentials; 0 without one.
  var nonce: UInt64 = 0
  /// Whether the capture cut its header section.
  var isCut = false
  var progress = RegistrationProgress()
  /// When waiting ends.
  var deadline = Timestamp(nanoseconds: 0)
  /// What this client has tried for this address of record, up to the last request.
  var attempts = RegistrationAttempts()
  /// The last request.
  var origin: PacketOrigin
  var isThirdParty = false
  /// Whether all bindings are to be removed.
  var isWildcard = false
  var contacts: InlineArray<4, RegisteredContact> = .init(repeating: RegisteredContact())
  /// Contacts of the request, at most `contactLimit`.
  var contactCount = 0

  /// Whether it binds a contact, whatever it removes.
  var bindsContact: Bool { (0..<contactCount).contains { contacts[$0].asked != 0 } }

  // The record's text.
  var aorText = ByteRange()
  var callIDText = ByteRange()
  var userAgent = ByteRange()
  var authUser = ByteRange()

  /// An exchange that nothing was read into.
  init(origin: PacketOrigin) {
    self.origin = origin
    client = origin.source
  }

  /// Reads what a request asks for, or what a response says of a request that was not seen.
  mutating func read(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, number: Int,
    _ texts: inout RecordTexts, seed: UInt64
  ) {
    texts.clear(number)
    cseq = message.cseq.number
    branch = message.kind == .request ? MessageKeys.branch(of: message, bytes, seed: seed) : 0
    isCut = message.isHeaderCut
    isThirdParty = keys.fromAddress != 0 && keys.fromAddress != keys.toAddress
    isWildcard = message.hasContactWildcard
    aorText = Self.copyAddress(message.to.uri, bytes, to: number, &texts)
    callIDText = texts.append(bytes, message.callID, to: number)
    let isRequest = message.kind == .request
    if !isRequest {
      userAgent = ByteRange()
    } else if message.hasFoldedHeader {
      userAgent = texts.append(bytes, unfolding: message.userAgent, to: number)
    } else {
      userAgent = texts.append(bytes, message.userAgent, to: number)
    }
    let credentials = message.serverCredentials ?? message.proxyCredentials
    nonce = credentials?.nonceHash ?? 0
    authUser = texts.append(bytes, value: credentials?.username ?? ByteRange(), to: number, upTo: 128)
    readContacts(message, bytes, number: number, &texts, seed: seed)
  }

  private mutating func readContacts(
    _ message: borrowing SIPMessage, _ bytes: Bytes, number: Int, _ texts: inout RecordTexts, seed: UInt64
  ) {
    contactCount = 0
    var list = SIPContacts()
    while contactCount < Self.contactLimit, let contact = list.next(of: message, in: bytes) {
      contacts[contactCount] = RegisteredContact(contact, bytes, expires: message.expires, seed: seed)
      contacts[contactCount].text = texts.append(bytes, uri: contact.address.uri, to: number)
      contactCount += 1
    }
  }

  /// The address of record as text: `user@host`, or what there is of it.
  private static func copyAddress(
    _ uri: SIPURI, _ bytes: Bytes, to number: Int, _ texts: inout RecordTexts
  ) -> ByteRange {
    let user = texts.append(bytes, user: uri.user, to: number, upTo: 128)
    let host = uri.host.isEmpty ? ByteRange() : uri.host
    if user.isEmpty { return texts.append(bytes, host, to: number, upTo: 128) }
    guard !host.isEmpty else { return user }
    texts.append(UInt8(ascii: "@"), to: number)
    return ByteRange(user.start, texts.append(bytes, host, to: number, upTo: 128).end)
  }

  /// What the request carried to prove who sends it.
  static func proof(of message: borrowing SIPMessage) -> RegistrationProgress.Proof {
    var proof: RegistrationProgress.Proof = []
    if let credentials = message.serverCredentials, credentials.isProof { proof.insert(.registrar) }
    if let credentials = message.proxyCredentials, credentials.isProof { proof.insert(.proxy) }
    if message.isHeaderCut { proof.insert(.hidden) }
    return proof
  }
}
