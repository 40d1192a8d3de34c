public import Packets
internal import Values

/// Names what a payload carries by its structure, never by its port.
///
/// SIP is decided by its own detector and RTP by its probe over several packets; their decisions come in as arguments,
/// because no single packet proves them. T.38 is told by session descriptions.
public enum PayloadClassifier {
  /// The protocol of one UDP payload, `unknown` when no structure fits.
  ///
  /// - Parameters:
  ///   - isSIP: What the SIP detector says of these bytes.
  ///   - rtp: What the probe of this flow says.
  public static func datagram(
    _ bytes: Bytes, isSIP: Bool, rtp: RTPProbe.Verdict = .undecided
  ) -> AppProtocol {
    if isSIP { return .sip }
    guard bytes.count >= 2 else { return .unknown }
    switch DatagramClass(bytes) {
    case .turnChannel: if isTURN(bytes) { return .turn }
    case .rtp: if rtp == .rtp, (try? RTPHeader(parsing: bytes)) != nil { return .rtp }
    case let kind: if let found = handshakeOrReport(kind, bytes) { return found }
    }
    return text(bytes) ?? other(bytes)
  }

  /// The protocol at the start of a TCP stream, `unknown` when no structure fits yet.
  public static func stream(_ bytes: Bytes, isSIP: Bool) -> AppProtocol {
    if isSIP { return .sip }
    if TLSHandshakeAssembler.isPlausibleStart(bytes) { return .tls }
    if bytes.spells("HEP3") { return .hep }
    if let message = try? STUNMessage(parsing: bytes), !message.isClassic { return .stun }
    return text(bytes) ?? .unknown
  }

  /// What stands beside RTP on a media port and can be told from one datagram.
  private static func handshakeOrReport(_ kind: DatagramClass, _ bytes: Bytes) -> AppProtocol? {
    switch kind {
    case .stun: (try? STUNMessage(parsing: bytes)) != nil ? .stun : nil
    case .zrtp: (try? ZRTPPacket(parsing: bytes)) != nil ? .zrtp : nil
    case .dtls: isDTLS(bytes) ? .dtls : nil
    case .rtcp: isRTCP(bytes) ? .rtcp : nil
    case .turnChannel, .rtp, .other: nil
    }
  }

  /// Only the long header, which has a version: the short one of DTLS 1.3 fits BER, GTP and much else, and
  /// never begins a flow.
  private static func isDTLS(_ bytes: Bytes) -> Bool {
    var records = DTLSRecords()
    guard let record = try? records.next(in: bytes) else { return false }
    return record.version != 0
  }

  /// A length that fits is not enough (GTPv2 has the same); what is relayed must be media or its set-up.
  private static func isTURN(_ bytes: Bytes) -> Bool {
    guard let channel = try? TURNChannelData(parsing: bytes) else { return false }
    let inner = bytes.extracting(channel.data.range)
    let kind = DatagramClass(inner)
    if kind == .rtp { return (try? RTPHeader(parsing: inner)) != nil }
    return handshakeOrReport(kind, inner) != nil
  }

  /// A chain of RTCP packets that ends with the datagram, or SRTCP. Some senders leave bytes behind it.
  private static func isRTCP(_ bytes: Bytes) -> Bool {
    guard bytes.count >= 8, let compound = try? RTCPCompound(parsing: bytes) else { return false }
    return 200...208 ~= compound.firstType && (compound.fault == nil || compound.packetCount > 1)
  }

  private static func text(_ bytes: Bytes) -> AppProtocol? {
    guard let line = StartLine(bytes) else { return nil }
    return line.application(in: bytes)
  }

  private static func other(_ bytes: Bytes) -> AppProtocol {
    if isHEP(bytes) { return .hep }
    if isQUIC(bytes) { return .quic }
    if DNSShape.matches(bytes) { return .dns }
    if IAX2Shape.matches(bytes) { return .iax2 }
    return .unknown
  }

  private static func isHEP(_ bytes: Bytes) -> Bool {
    bytes.spells("HEP3") && bytes.count >= 6 && Int(bytes.uint16(at: 4)) == bytes.count
  }

  /// A long header (RFC 9000 §17.2) of version 1 or 2 (RFC 9369) with its fixed bit.
  private static func isQUIC(_ bytes: Bytes) -> Bool {
    guard bytes.count >= 21, bytes[0] & 0xc0 == 0xc0 else { return false }
    let version = bytes.uint32(at: 1)
    return (version == 1 || version == 0x6b33_43cf) && bytes[5] <= 20
  }
}
