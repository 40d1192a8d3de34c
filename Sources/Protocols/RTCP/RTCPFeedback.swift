public import Packets
public import Values

/// A feedback packet, RFC 4585 §6.1: what is asked for, by whom, about which source.
public struct RTCPFeedback: Sendable {
  /// The messages that are told apart.
  public enum Message: UInt8, Sendable {
    /// Lost packets are named, RFC 4585 §6.2.1.
    case negativeAcknowledgement
    /// Temporary maximum bit rate request and its notification, RFC 5104 §4.2.
    case bitRateRequest, bitRateNotification
    /// Arrival times for congestion control (transport-wide feedback, FMT 15).
    case transportWideFeedback
    /// A whole picture is asked for, RFC 4585 §6.3.1 and RFC 5104 §4.3.1.
    case pictureLoss, fullIntraRequest
    /// Slice loss and reference picture selection, RFC 4585 §6.3.2 and §6.3.3.
    case sliceLoss, referencePicture
    /// Receiver's bandwidth estimate (application layer feedback that begins with REMB).
    case bandwidthEstimate
    /// Another message type.
    case other
  }

  /// What is asked for.
  public let message: Message
  /// Feedback message type as it stands on the wire, 0–31.
  public let messageType: UInt8
  /// Who asks.
  public let senderSSRC: UInt32
  /// The source that it is about; 0 where the message has no single one.
  public let mediaSSRC: UInt32
  /// Where the feedback control information is.
  public let information: ByteRange

  /// Parses a packet of type 205 or 206.
  ///
  /// - Throws: `WireError` for another type and when the two sources are cut off.
  public init(parsing bytes: Bytes, _ packet: RTCPPacket) throws(WireError) {
    var reader = try packet.reader(bytes, for: .transportFeedback, .payloadFeedback)
    senderSSRC = try reader.uint32(bytes, "ssrc")
    mediaSSRC = try reader.uint32(bytes, "media_ssrc")
    messageType = packet.count
    information = reader.rest
    if packet.kind == .transportFeedback {
      message = Self.transportMessage(packet.count)
    } else {
      let isEstimate = reader.remaining >= 4 && bytes.spells("REMB", at: reader.offset)
      message = Self.payloadMessage(packet.count, isEstimate: isEstimate)
    }
  }

  private static func transportMessage(_ type: UInt8) -> Message {
    switch type {
    case 1: .negativeAcknowledgement
    case 3: .bitRateRequest
    case 4: .bitRateNotification
    case 15: .transportWideFeedback
    default: .other
    }
  }

  private static func payloadMessage(_ type: UInt8, isEstimate: Bool) -> Message {
    switch type {
    case 1: .pictureLoss
    case 2: .sliceLoss
    case 3: .referencePicture
    case 4: .fullIntraRequest
    case 15 where isEstimate: .bandwidthEstimate
    default: .other
    }
  }
}
