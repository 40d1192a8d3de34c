public import Values

/// One IP packet as the decoder understood it: plain values, no references, no bytes.
///
/// The innermost IP header of a tunnelled packet is described; the outermost one is kept in `tunnel`.
public struct Packet: Sendable {
  /// When the frame was captured; of a reassembled packet, when its last missing fragment was.
  public var timestamp = Timestamp(nanoseconds: 0)
  /// Number of the frame in the run, from 1; of a reassembled packet, its completing fragment.
  public var number: UInt64 = 0
  /// Bytes of the frame on the wire.
  public var originalLength = 0
  /// Bytes of the frame that were captured.
  public var capturedLength = 0
  /// Link type of the frame.
  public var linkType = LinkType.ethernet
  /// Index of the file or network interface among the run's inputs.
  public var interface: UInt16 = 0

  /// How many VLAN tags there were; only the first two identifiers are kept.
  public var vlanCount: UInt8 = 0
  /// 4 or 6; 0 when no IP header was reached.
  public var ipVersion: UInt8 = 0
  /// Hardware address of 48 bits in front of the packet, whose it is where no router was in between; 0 where there is none.
  public var linkSource: UInt64 = 0
  /// Outer VLAN identifier, 0–4095 (IEEE 802.1Q); 0 without a tag.
  public var outerVLAN: UInt16 = 0
  /// Second VLAN identifier; 0 without one.
  public var innerVLAN: UInt16 = 0

  /// Source address.
  public var source = IPAddress(v4: 0)
  /// Destination address.
  public var destination = IPAddress(v4: 0)
  /// Source port; of ICMP the type, 0 where the transport has neither.
  public var sourcePort: UInt16 = 0
  /// Destination port; of ICMP the type of the answer or the code, 0 where the transport has neither.
  public var destinationPort: UInt16 = 0
  /// Protocol above IP, after IPv6 extension headers.
  public var transport = TransportProtocol(rawValue: 0)
  /// IPv4 time to live or IPv6 hop limit.
  public var timeToLive: UInt8 = 0
  /// What is special about the packet.
  public var traits: Traits = []
  /// TCP control bits.
  public var tcpFlags: TCPFlags = []
  /// TCP window as it stands in the header, unscaled.
  public var tcpWindow: UInt16 = 0
  /// TCP sequence number.
  public var tcpSequence: UInt32 = 0
  /// TCP acknowledgement number.
  public var tcpAcknowledgement: UInt32 = 0
  /// Of a reassembled packet: the frames of its fragments before the completing one.
  public var earlierFrames: UInt32 = 0
  /// Bytes of the IP packet, header included, as its header states them.
  public var ipLength = 0
  /// Bytes at the end of the IP packet that a snap length cut off.
  public var uncapturedLength = 0
  /// Payload protocol identifier of an SCTP DATA chunk (RFC 9260 §3.3.1).
  public var sctpPayloadProtocol: UInt32 = 0
  /// Bytes on the wire of the earlier frames.
  public var earlierBytes: UInt32 = 0
  /// Whether another copy of the packet is the one that tells how it came.
  public var isWayUnknown = false
  /// How the packet was encapsulated.
  public var tunnel = Tunnel()

  /// An empty packet, for the decoder and for tests to fill.
  public init() {}

  /// What is special about a packet.
  public struct Traits: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8

    /// Traits from their bits.
    @inlinable
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// The end of the payload was not captured.
    public static var truncated: Traits { Traits(rawValue: 1) }
    /// This is one fragment, not the whole IP packet.
    public static var fragment: Traits { Traits(rawValue: 2) }
    /// The IP packet was put together from fragments.
    public static var reassembled: Traits { Traits(rawValue: 4) }
    /// This is a further payload of the packet that was visited before it (SCTP bundles messages).
    public static var continued: Traits { Traits(rawValue: 8) }
    /// The payload is a whole message whose transport header is not known, so that it is part of no stream.
    public static var whole: Traits { Traits(rawValue: 16) }
  }

  /// Whether the end of the payload was not captured.
  public var isTruncated: Bool { traits.contains(.truncated) }
  /// Whether this is one fragment, not the whole IP packet.
  public var isFragment: Bool { traits.contains(.fragment) }
  /// Whether the payload is a whole message, part of no stream.
  public var isWhole: Bool { traits.contains(.whole) }
}

/// TCP control bits (RFC 9293 §3.1).
public struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The eight bits as they stand in the header.
  public let rawValue: UInt8

  /// Flags from the header's byte.
  @inlinable
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// No more data from the sender.
  public static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
  /// Synchronise sequence numbers.
  public static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
  /// Reset the connection.
  public static var rst: TCPFlags { TCPFlags(rawValue: 0x04) }
  /// Push.
  public static var psh: TCPFlags { TCPFlags(rawValue: 0x08) }
  /// The acknowledgement number is valid.
  public static var ack: TCPFlags { TCPFlags(rawValue: 0x10) }
  /// The urgent pointer is valid.
  public static var urg: TCPFlags { TCPFlags(rawValue: 0x20) }
}
