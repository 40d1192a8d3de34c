public import Packets
internal import Protocols
public import Values

/// Finds the hellos and certificates in the DTLS datagrams of all flows.
///
/// A message in one piece needs no memory. For messages in fragments the directions that sent a fragment last
/// have one of a few assemblers each.
public struct DTLSHelloReader: Sendable {
  private static let assemblerCount = 16
  /// More messages than this are not in an honest datagram.
  private static let helloLimit = 4

  private struct Slot {
    var flowID: Int64 = 0
    var toServer = false
    var assembler = DTLSHandshakeAssembler()
  }

  /// The hellos and certificates of the last datagram.
  public private(set) var hellos: [DTLSHello] = []
  /// Whether the last datagram has part of a handshake that is already encrypted: a Finished up to DTLS 1.2.
  public private(set) var isSealed = false
  /// Whether the last datagram has more than what a client asks for: it may not be answered.
  public var isAnswered: Bool {
    hellos.isEmpty || hellos.contains { $0.kind == .server || $0.kind == .certificate }
  }
  private var slots: [Slot] = []
  private var nextSlot = 0
  private var fingerprints = HandshakeFingerprints()

  private var evictions: UInt64 = 0

  /// How many directions have an assembler, with the bytes of their messages.
  public var usage: TableUsage {
    TableUsage(
      entries: slots.count, limit: Self.assemblerCount,
      bytes: slots.reduce(0) { $0 + $1.assembler.byteCount }, evictions: evictions)
  }

  /// A reader without memory.
  public init() {}

  /// Reads one datagram into `hellos`; false when it has no DTLS record at its start.
  @discardableResult
  public mutating func read(_ bytes: Bytes, flowID: Int64, toServer: Bool) -> Bool {
    hellos.removeAll(keepingCapacity: true)
    isSealed = false
    var records = DTLSRecords()
    var isDTLS = false
    while let record = try? records.next(in: bytes) {
      if record.isEncrypted, record.content == .handshake || record.content == .ciphertext { isSealed = true }
      // The short header of DTLS 1.3 fits much else; nothing behind it is readable anyway.
      guard record.version != 0 else { break }
      isDTLS = true
      var fragments = DTLSHandshakeFragments(record)
      while hellos.count < Self.helloLimit, let fragment = try? fragments.next(in: bytes) {
        guard let type = TLSHandshakeType(rawValue: fragment.type) else { continue }
        let first = hellos.count
        take(fragment, type, bytes, flowID: flowID, toServer: toServer)
        if hellos.count > first, type == .certificate { hellos[first].version = record.version }
      }
    }
    return isDTLS
  }

  private mutating func take(
    _ fragment: DTLSHandshakeFragment, _ type: TLSHandshakeType, _ bytes: Bytes, flowID: Int64,
    toServer: Bool
  ) {
    if fragment.isWhole { return read(type, bytes, fragment.data) }
    let slot = slot(of: flowID, toServer: toServer)
    guard case .assembled(_, let body) = slots[slot].assembler.process(fragment, in: bytes) else {
      return
    }
    let buffer = slots[slot].assembler.buffer
    read(type, buffer.span, body)
  }

  private mutating func slot(of flowID: Int64, toServer: Bool) -> Int {
    if let known = slots.firstIndex(where: { $0.flowID == flowID && $0.toServer == toServer }) {
      return known
    }
    let slot = Slot(flowID: flowID, toServer: toServer)
    if slots.count < Self.assemblerCount {
      slots.append(slot)
      return slots.count - 1
    }
    nextSlot = (nextSlot + 1) % Self.assemblerCount
    slots[nextSlot] = slot
    evictions &+= 1
    return nextSlot
  }

  private mutating func read(_ type: TLSHandshakeType, _ bytes: Bytes, _ body: ByteRange) {
    switch type {
    case .clientHello:
      guard let hello = try? TLSClientHello(parsing: bytes, body: body, isDTLS: true) else { return }
      takeClient(hello, bytes)
    case .helloVerifyRequest:
      guard let request = try? DTLSHelloVerifyRequest(parsing: bytes, body: body) else { return }
      hellos.append(DTLSHello(kind: .verifyRequest, version: request.version))
    case .serverHello:
      guard let hello = try? TLSServerHello(parsing: bytes, body: body, isDTLS: true) else { return }
      hellos.append(
        DTLSHello(
          kind: .server, version: hello.version, srtpProfile: hello.srtpProfile(in: bytes),
          cipherSuite: hello.cipherSuite, ja3s: fingerprints.ja3s(hello, in: bytes)))
    case .certificate: takeCertificate(bytes, body)
    }
  }

  /// The sender's own certificate is the first one; an empty list has none.
  private mutating func takeCertificate(_ bytes: Bytes, _ body: ByteRange) {
    guard var list = try? TLSCertificateList(parsing: bytes, body: body, isDTLS: true),
      let range = try? list.next(in: bytes)
    else { return }
    var hello = DTLSHello(
      kind: .certificate, version: 0, certificate: HandshakeCertificate(parsing: bytes, range))
    hello.certificateBytes.append(copying: range, of: bytes)
    hellos.append(hello)
  }

  private mutating func takeClient(_ hello: TLSClientHello, _ bytes: Bytes) {
    var name: [UInt8] = []
    if let range = hello.extensions.serverName { name.append(copying: range, of: bytes) }
    hellos.append(
      DTLSHello(
        kind: .client, version: hello.newestVersion(in: bytes),
        srtpProfile: hello.extensions.srtpProfiles.code(0, in: bytes), serverName: name,
        hasCookie: !hello.cookie.isEmpty, ja3: fingerprints.ja3(hello, in: bytes),
        ja4: fingerprints.ja4(hello, over: .dtls, in: bytes)))
  }
}
