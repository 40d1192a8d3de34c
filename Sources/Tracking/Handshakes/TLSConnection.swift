public import Events
public import Packets
internal import Protocols
internal import Values

/// What both ends of one TLS connection say before it becomes encrypted.
public struct TLSConnection: Sendable {
  /// How far it has come.
  public enum Progress: Sendable {
    /// More bytes are needed.
    case needsMore
    /// Both hellos were seen, and the server's certificate if it comes in the clear: time for the event.
    case complete
    /// There is nothing to be read any more.
    case over
  }

  private var forward = TLSHandshakeAssembler(maximumMessageCount: 16_384)
  private var backward = TLSHandshakeAssembler(maximumMessageCount: 16_384)
  private var fingerprints = HandshakeFingerprints()
  private var client: Client?
  private var server: Server?
  private var isServerDone = false
  /// Whether the end that the capture saw first as a sender is the client.
  public private(set) var isClientForward = true

  private struct Client {
    var serverName: [UInt8] = []
    var protocols: [[UInt8]] = []
    var ja3: [UInt8] = []
    var ja4: [UInt8] = []
    var sessionID: [UInt8] = []
  }

  private struct Server {
    var version: UInt16 = 0
    var cipherSuite: UInt16 = 0
    var ja3s: [UInt8] = []
    var certificate: HandshakeCertificate?
    /// Whether it takes up keys of an earlier session.
    var isResumed = false
  }

  /// Whether the client names SIP: by an application protocol (`sip/2`) or a server called `sip.…` or
  /// `sips.…`. It is the client's own word.
  public private(set) var isForSIP = false

  /// A connection of which nothing was read.
  public init() {}

  /// Takes the next bytes of one direction.
  public mutating func feed(_ bytes: Bytes, isForward: Bool) -> Progress {
    var offset = 0
    while true {
      let step =
        isForward ? forward.next(in: bytes, from: &offset) : backward.next(in: bytes, from: &offset)
      switch step {
      case .needsMore: return .needsMore
      case .ended: return end(isForward: isForward)
      case .message(let type, let body):
        let buffer = isForward ? forward.buffer : backward.buffer
        take(TLSHandshakeType(rawValue: type), buffer.span, body, isForward: isForward)
        if hasBothHellos, isServerDone { return .complete }
      }
    }
  }

  /// Bytes of handshake messages that are kept.
  public var byteCount: Int { forward.buffer.count + backward.buffer.count }

  private var hasBothHellos: Bool { client != nil && server != nil }

  /// Adds the `tls` fields to an event.
  public func set(into event: inout Event) {
    guard let client, let server else { return }
    event.set(.tlsSNI, copying: client.serverName.span)
    event.set(.tlsVersion, constant: TLSVersion.name(server.version))
    let start = event.items.count
    for name in client.protocols { event.appendItem(.text(event.append(name.span))) }
    event.set(.tlsALPN, itemsFrom: start)
    event.set(.tlsJA3Hash, copying: client.ja3.span)
    event.set(.tlsJA4, copying: client.ja4.span)
    event.set(.tlsJa3sHash, copying: server.ja3s.span)
    TLSCipherSuite.set(server.cipherSuite, .tlsCipher, into: &event)
    event.set(.tlsSessionResumed, bool: server.isResumed)
    server.certificate?.set(.tls, into: &event)
  }

  /// A client may send encrypted data before its server has answered; a server never does.
  private func end(isForward: Bool) -> Progress {
    if client != nil, isForward == isClientForward { return .needsMore }
    return hasBothHellos ? .complete : .over
  }

  private mutating func take(
    _ type: TLSHandshakeType?, _ bytes: Bytes, _ body: ByteRange, isForward: Bool
  ) {
    switch type {
    case .clientHello where client == nil:
      guard let hello = try? TLSClientHello(parsing: bytes, body: body) else { return }
      isClientForward = isForward
      takeClient(hello, bytes)
    case .serverHello where server == nil:
      guard let hello = try? TLSServerHello(parsing: bytes, body: body), !hello.isHelloRetryRequest else {
        return
      }
      takeServer(hello, bytes)
      // From TLS 1.3 on everything behind the hello is encrypted.
      isServerDone = TLSVersion.rank(hello.version) >= TLSVersion.rank(0x0304)
    case .certificate where server != nil:
      takeCertificate(bytes, body)
      server?.isResumed = false
      isServerDone = true
    // A ServerKeyExchange or ServerHelloDone without a certificate: an anonymous server.
    case nil where server != nil: isServerDone = true
    default: break
    }
  }

  private mutating func takeClient(_ hello: TLSClientHello, _ bytes: Bytes) {
    var client = Client()
    if let name = hello.extensions.serverName { client.serverName.append(copying: name, of: bytes) }
    var names = TLSApplicationProtocols(hello.extensions)
    while client.protocols.count < 16, let name = names.next(in: bytes) {
      var text: [UInt8] = []
      text.append(copying: name, of: bytes)
      client.protocols.append(text)
    }
    client.sessionID.append(copying: hello.sessionID, of: bytes)
    client.ja3 = fingerprints.ja3(hello, in: bytes)
    client.ja4 = fingerprints.ja4(hello, over: .tcp, in: bytes)
    isForSIP = Self.namesSIP(client)
    self.client = client
  }

  /// The application protocol is registered as `sip/2`.
  private static func namesSIP(_ client: Client) -> Bool {
    // Host names are ASCII; this lowers letters and leaves the dot.
    let name = client.serverName.prefix(5).map { $0 | 0x20 }
    return name.starts(with: "sip.".utf8) || name.starts(with: "sips.".utf8)
      || client.protocols.contains { $0.elementsEqual("sip/2".utf8) }
  }

  /// Up to TLS 1.2 a server resumes by the client's own session identifier, and then sends no certificate; from
  /// TLS 1.3 on by a key that it selects (RFC 5246 §7.3, RFC 8446 §2.2).
  private mutating func takeServer(_ hello: TLSServerHello, _ bytes: Bytes) {
    var server = Server(
      version: hello.version, cipherSuite: hello.cipherSuite, ja3s: fingerprints.ja3s(hello, in: bytes))
    var session: [UInt8] = []
    session.append(copying: hello.sessionID, of: bytes)
    server.isResumed =
      TLSVersion.rank(hello.version) >= TLSVersion.rank(0x0304)
      ? hello.extensions.hasPreSharedKey : !session.isEmpty && session == client?.sessionID
    self.server = server
  }

  private mutating func takeCertificate(_ bytes: Bytes, _ body: ByteRange) {
    guard var list = try? TLSCertificateList(parsing: bytes, body: body),
      let range = try? list.next(in: bytes)
    else { return }
    server?.certificate = HandshakeCertificate(parsing: bytes, range)
  }
}

extension TLSCipherSuite {
  /// Sets a field to a suite's name, or to its number in hexadecimal digits.
  static func set(_ code: UInt16, _ field: Field, into event: inout Event) {
    if let name = name(code) {
      event.set(field, constant: name)
    } else {
      event.set(field, copying: "0x" + String(code, radix: 16))
    }
  }
}

extension [UInt8] {
  /// Adds a part of borrowed bytes.
  mutating func append(copying range: ByteRange, of bytes: Bytes) {
    reserveCapacity(count + range.count)
    for index in range.range { append(bytes[index]) }
  }
}
