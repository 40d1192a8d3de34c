public import Packets
public import Values

/// A packet that a SIP server mirrors in the Homer Encapsulation Protocol, versions 1 to 3.
///
/// It yields what is needed to make the original packet again: addresses, ports, time and payload.
/// The authentication key of a capture agent is never kept, only whether there is one.
public struct HEPMessage: Sendable {
  /// What the payload is, chunk 0x000B of version 3; the earlier versions carry SIP only.
  public enum Content: UInt8, Sendable {
    case sip = 1
    case xmpp = 2
    case sdp = 3
    case rtp = 4
    /// RTCP as JSON text.
    case rtcpJSON = 5
    case mgcp = 6
    case megaco = 7
    case m2ua = 8
    case m3ua = 9
    case iax = 10
    case h322 = 11
    case h321 = 12
    case m2pa = 13
    /// Quality reports as text.
    case fullQualityReport = 34
    case shortQualityReport = 35
    case sipJSON = 50
    case dnsJSON = 53
    /// A log line.
    case log = 100
  }

  /// The longest message: its length has 16 bits.
  public static let maximumCount = 65_535
  /// How many bytes a compressed payload may grow to; a larger one is no packet.
  public static let maximumInflatedCount = 65_535

  /// Version 1, 2 or 3.
  public internal(set) var version: UInt8
  /// The whole message; over a stream others may follow it.
  public internal(set) var range: ByteRange
  /// Source address of the original packet.
  public internal(set) var source: IPAddress?
  /// Destination address of the original packet.
  public internal(set) var destination: IPAddress?
  /// Source port of the original packet.
  public internal(set) var sourcePort: UInt16?
  /// Destination port of the original packet.
  public internal(set) var destinationPort: UInt16?
  /// IP protocol number of the original packet: 17 UDP, 6 TCP, 132 SCTP.
  public internal(set) var ipProtocol: UInt8?
  /// When the agent saw the packet; nil in version 1.
  public internal(set) var time: Timestamp?
  /// What the payload is, as it stands on the wire.
  public internal(set) var contentCode: UInt8
  /// Which agent sent it.
  public internal(set) var captureID: UInt32?
  /// The payload: of the transport, without its header.
  public internal(set) var payload = ByteRange()
  /// Whether the payload is compressed: zlib (RFC 1950) or gzip (RFC 1952). It must be inflated to at most
  /// `maximumInflatedCount` bytes.
  public internal(set) var isCompressed = false
  /// A text that ties messages of one call together, often its Call-ID.
  public internal(set) var correlationID: ByteRange?
  /// The agent's group or node name.
  public internal(set) var group: ByteRange?
  /// VLAN identifier of the original packet, 0–4095.
  public internal(set) var vlan: UInt16?
  /// Type of service octet of the original packet.
  public internal(set) var typeOfService: UInt8?
  /// TCP flags of the original packet.
  public internal(set) var tcpFlags: UInt8?
  /// Mean opinion score in hundredths, as an agent reports it.
  public internal(set) var mosHundredths: UInt16?
  /// R factor, as an agent reports it.
  public internal(set) var rFactor: UInt16?
  /// Whether the agent sent an authentication key.
  public internal(set) var hasAuthenticationKey = false
  /// Number of chunks, unknown ones included.
  public internal(set) var chunkCount = 0
  /// The first chunk that is cut off or badly formed, or nil; what comes before it is still read.
  public internal(set) var fault: WireError?

  /// What the payload is; nil for a code that is in no list.
  public var content: Content? { Content(rawValue: contentCode) }

  /// Whether a packet can be made of it: both addresses and a payload are there.
  public var isPacket: Bool { source != nil && destination != nil && !payload.isEmpty }

  /// Parses the message at the start of the bytes.
  ///
  /// - Throws: `WireError` for another version and when a fixed header is cut off. A version 3 message that
  ///   is shorter than it says is read as far as it goes and has a `fault`.
  public init(parsing bytes: Bytes) throws(WireError) {
    if bytes.spells("HEP3") {
      self.init(version: 3, end: bytes.count, contentCode: 0)
      try readChunks(bytes)
      return
    }
    guard let version = bytes.count > 0 ? bytes[0] : nil else {
      throw WireError(.hep, .truncated, "version", offset: 0, needed: 1, available: 0)
    }
    guard version == 1 || version == 2 else {
      throw WireError(
        .hep, .invalid, "version", offset: 0, needed: Int(version), available: bytes.count)
    }
    self.init(version: version, end: bytes.count, contentCode: Content.sip.rawValue)
    try readFixedHeader(bytes)
  }

  private init(version: UInt8, end: Int, contentCode: UInt8) {
    self.version = version
    self.contentCode = contentCode
    range = ByteRange(0, end)
  }
}
