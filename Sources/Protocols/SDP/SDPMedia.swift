public import Values

/// In which direction media flows, seen from the sender of the description (RFC 8866 §6.7).
public enum SDPDirection: UInt8, Sendable {
  case sendrecv, sendonly, recvonly, inactive
}

/// The kinds of media that m= lines name.
public enum SDPMediaKind: UInt8, Sendable {
  case other, audio, video, text, application, message, image
}

/// The part that an endpoint takes in a DTLS handshake or TCP connection (RFC 4145 §4, RFC 5763 §5).
public enum SDPSetup: UInt8, Sendable {
  case none, other, active, passive, actpass, holdconn
}

/// A c= line (RFC 8866 §5.7).
public struct SDPConnection: Sendable, Equatable {
  /// The whole value of the line.
  public var line = ByteRange()
  /// The address as written, without TTL and count; empty when there is no line.
  public var range = ByteRange()
  /// The address, when it is a literal one.
  public var address: IPAddress?

  /// Whether the address is `0.0.0.0` or `::`, the old way to put a call on hold (RFC 3264 §8.4).
  public var isUnspecified: Bool { address.map { $0.high == 0 && $0.low == 0 } ?? false }
}

/// One format of an m= line with what its attributes say of it.
public struct SDPFormat: Sendable, Equatable {
  /// The format as written: a payload type number or a token.
  public var range = ByteRange()
  /// The RTP payload type.
  public var payloadType: UInt8?
  /// The encoding name of its rtpmap; empty for a static payload type without one.
  public var codec = ByteRange()
  /// The clock rate in Hz, from the rtpmap or from RFC 3551; 0 when unknown.
  public var clockRate: UInt32 = 0
  /// The number of audio channels, 1 unless the rtpmap says more.
  public var channels: UInt8 = 1
  /// Whether there is an fmtp attribute.
  public var hasParameters = false
  /// What its parameters say of silence.
  public var silence = Silence.unsaid

  /// What becomes of silence (RFC 4856 §2.1.9, RFC 7587 §6.1).
  public enum Silence: Sendable {
    case unsaid
    /// It may be left out: `annexb=yes`, `usedtx=1`.
    case suppressed
    /// It is sent like everything else: `annexb=no`, `usedtx=0`.
    case sent
  }
}

/// An ICE candidate (RFC 8839 §5.1); candidates hidden behind mDNS names have no address.
public struct SDPCandidate: Sendable, Equatable {
  /// 1 for RTP, 2 for RTCP.
  public var component: UInt8
  /// Whether the transport is UDP.
  public var isUDP: Bool
  /// The address as written.
  public var range: ByteRange
  /// The address, when it is a literal one.
  public var address: IPAddress?
  /// The port.
  public var port: UInt16
  /// The type: `host`, `srflx`, `prflx` or `relay`.
  public var type: ByteRange
}

/// One medium: its m= line and the lines behind it (RFC 8866 §5.14).
public struct SDPMedia: Sendable, Equatable {
  /// The whole value of the m= line.
  public var line = ByteRange()
  /// Which kind it is.
  public var kind = SDPMediaKind.other
  /// The kind as written.
  public var kindRange = ByteRange()
  /// The port; 0 rejects the medium (RFC 3264 §6).
  public var port: UInt16 = 0
  /// The transport as written, such as `RTP/SAVPF`.
  public var transport = ByteRange()
  /// Whether the transport is RTP with SRTP (`SAVP`, `SAVPF`).
  public var isSecure = false
  /// Whether the keys come from DTLS: a `TLS` transport or a fingerprint.
  public var isDTLS = false
  /// The formats, as indices into `SessionDescription.formats`.
  public var formats = 0..<0
  /// Its own c= line; `range` is empty when there is none.
  public var connection = SDPConnection()
  /// The direction, its own or that of the session.
  public var direction = SDPDirection.sendrecv
  /// Packet time in milliseconds.
  public var packetTime: UInt16?
  /// The port of an rtcp attribute (RFC 3605).
  public var rtcpPort: UInt16?
  /// The address of an rtcp attribute.
  public var rtcpAddress: IPAddress?
  /// Whether RTP and RTCP may share a port (RFC 5761); it takes both sides.
  public var hasRTCPMux = false
  /// The identification tag (RFC 5888).
  public var mid = ByteRange()
  /// Whether the medium exists inside its bundle only, in spite of port 0 (RFC 9143 §6).
  public var isBundleOnly = false
  /// Number of crypto attributes (RFC 4568); keys are never kept.
  public var cryptoCount = 0
  /// The suite of the first crypto attribute.
  public var cryptoSuite = ByteRange()
  /// The hash function of its first fingerprint (RFC 8122), its own or that of the session.
  public var fingerprintHash = ByteRange()
  /// The digest of its first fingerprint, as written.
  public var fingerprint = ByteRange()
  /// How many fingerprints it has, its own or, without any, those of the session.
  public var fingerprintCount = 0
  var hasOwnFingerprint = false
  /// The DTLS or TCP role.
  public var setup = SDPSetup.none
  /// Whether ICE is offered: a user name fragment, its own or that of the session.
  public var hasICE = false
  /// The candidates, as indices into `SessionDescription.candidates`.
  public var candidates = 0..<0

  /// Whether its packets are SRTP: by its profile, by keys beside it (RFC 8643) or by those of DTLS.
  public var isEncrypted: Bool { isSecure || isDTLS || cryptoCount > 0 }
  /// Whether the medium is rejected or removed.
  public var isRejected: Bool { port == 0 && !isBundleOnly }
}
