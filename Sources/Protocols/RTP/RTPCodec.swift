public import Packets

/// What an RTP payload format means for time: its name, clock and channels.
public struct RTPCodec: Sendable {
  /// What is carried.
  public enum Medium: UInt8, Sendable {
    case audio, video, either
  }

  /// Encoding name as registered, for example `PCMU`.
  public let name: StaticString
  /// Ticks of the RTP timestamp a second, in hertz.
  public let clockRate: UInt32
  /// Channels; 0 for video.
  public let channels: UInt8
  /// What is carried.
  public let medium: Medium

  init(_ name: StaticString, _ clockRate: UInt32, _ channels: UInt8 = 1, _ medium: Medium = .audio) {
    self.name = name
    self.clockRate = clockRate
    self.channels = channels
    self.medium = medium
  }

  /// The static assignment of a payload type (RFC 3551 §6), or nil when SDP has to tell.
  ///
  /// G.722 samples at 16 kHz, but its clock is 8000 Hz for compatibility (RFC 3551 §4.5.2).
  public static func assigned(to payloadType: UInt8) -> RTPCodec? {
    switch payloadType {
    case 0: RTPCodec("PCMU", 8000)
    case 3: RTPCodec("GSM", 8000)
    case 4: RTPCodec("G723", 8000)
    case 5: RTPCodec("DVI4", 8000)
    case 6: RTPCodec("DVI4", 16_000)
    case 7: RTPCodec("LPC", 8000)
    case 8: RTPCodec("PCMA", 8000)
    case 9: RTPCodec("G722", 8000)
    case 10: RTPCodec("L16", 44_100, 2)
    case 11: RTPCodec("L16", 44_100)
    case 12: RTPCodec("QCELP", 8000)
    case 13: RTPCodec("CN", 8000)
    case 14: RTPCodec("MPA", 90_000)
    case 15: RTPCodec("G728", 8000)
    case 16: RTPCodec("DVI4", 11_025)
    case 17: RTPCodec("DVI4", 22_050)
    case 18: RTPCodec("G729", 8000)
    default: assignedVideo(to: payloadType)
    }
  }

  private static func assignedVideo(to payloadType: UInt8) -> RTPCodec? {
    switch payloadType {
    case 25: RTPCodec("CelB", 90_000, 0, .video)
    case 26: RTPCodec("JPEG", 90_000, 0, .video)
    case 28: RTPCodec("nv", 90_000, 0, .video)
    case 31: RTPCodec("H261", 90_000, 0, .video)
    case 32: RTPCodec("MPV", 90_000, 0, .video)
    case 33: RTPCodec("MP2T", 90_000, 0, .either)
    case 34: RTPCodec("H263", 90_000, 0, .video)
    default: nil
    }
  }

  /// Formats without a static payload type whose clock does not depend on SDP.
  private static let dynamic: [RTPCodec] = [
    RTPCodec("opus", 48_000, 2),
    RTPCodec("telephone-event", 8000),
    RTPCodec("iLBC", 8000),
    RTPCodec("AMR", 8000),
    RTPCodec("AMR-WB", 16_000),
    RTPCodec("EVS", 16_000),
    RTPCodec("BV16", 8000),
    RTPCodec("BV32", 16_000),
    RTPCodec("G7221", 16_000),
    RTPCodec("G7291", 16_000),
    RTPCodec("H264", 90_000, 0, .video),
    RTPCodec("H265", 90_000, 0, .video),
    RTPCodec("H263-1998", 90_000, 0, .video),
    RTPCodec("VP8", 90_000, 0, .video),
    RTPCodec("VP9", 90_000, 0, .video),
    RTPCodec("AV1", 90_000, 0, .video),
  ]

  /// The codec of an SDP encoding name, compared without case; nil when it is not known here.
  ///
  /// Opus runs at 48000 Hz whatever its sampling rate is (RFC 7587 §4.1).
  public static func named(_ name: Bytes) -> RTPCodec? {
    for codec in dynamic where matches(codec.name, name) { return codec }
    for payloadType: UInt8 in 0...34 {
      if let codec = assigned(to: payloadType), matches(codec.name, name) { return codec }
    }
    return nil
  }

  private static func matches(_ expected: StaticString, _ name: Bytes) -> Bool {
    guard expected.utf8CodeUnitCount == name.count else { return false }
    // At most 15 bytes: the text fits into the String itself and allocates nothing.
    for (index, byte) in expected.description.utf8.enumerated() {
      guard byte.lowercasedASCII == name[index].lowercasedASCII else { return false }
    }
    return true
  }
}
