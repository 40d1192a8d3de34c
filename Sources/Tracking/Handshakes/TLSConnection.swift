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
  }

  private struct Server {
    var version: UInt16 = 0
    var ja3s: [UInt8] = []
    var subject: [UInt8] = []
    var issuer: [UInt8] = []
  }

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
    event.set(.tlsSubject, copying: server.subject.span)
    event.set(.tlsIssuerdn, copying: server.issuer.span)
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
      server = Server(version: hello.version, ja3s: fingerprints.ja3s(hello, in: bytes))
      // From TLS 1.3 on everything behind the hello is encrypted.
      isServerDone = TLSVersion.rank(hello.version) >= TLSVersion.rank(0x0304)
    case .certificate where server != nil:
      takeCertificate(bytes, body)
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
    client.ja3 = fingerprints.ja3(hello, in: bytes)
    client.ja4 = fingerprints.ja4(hello, over: .tcp, in: bytes)
    self.client = client
  }

  private mutating func takeCertificate(_ bytes: Bytes, _ body: ByteRange) {
    guard var list = try? TLSCertificateList(parsing: bytes, body: body),
      let range = try? list.next(in: bytes),
      let certificate = try? X509Certificate(parsing: bytes, range)
    else { return }
    server?.subject = DistinguishedName.text(of: certificate.subject, in: bytes)
    server?.issuer = DistinguishedName.text(of: certificate.issuer, in: bytes)
  }
}

extension [UInt8] {
  /// Adds a part of borrowed bytes.
  fileprivate mutating func append(copying range: ByteRange, of bytes: Bytes) {
    reserveCapacity(count + range.count)
    for index in range.range { append(bytes[index]) }
  }
}
