public import Packets
internal import Values

/// Decides from consecutive packets of one direction of a flow whether they are RTP, without any signalling.
///
/// The rule. A packet is a candidate when its header parses (version 2; CSRC list and extension inside the
/// datagram) and its second byte is no RTCP packet type. A candidate *fits* when its SSRC equals that of an
/// earlier candidate and
/// - its sequence number is 1–64 ahead (wrapping),
/// - its timestamp moved by -180,000 to 16,777,215 ticks (two seconds of video back, as B-frames go; three
///   minutes of video or half an hour of telephony ahead, as a pause may last),
/// - its payload type is the same, and there is at least one payload byte.
/// The flow is RTP after `requiredFits` packets that fit in a row, the first candidate included: 4 for a
/// payload type that is assigned or dynamic, 8 for an unassigned one. The timestamp must have moved at
/// least once among them, because many protocols have a constant where RTP has its timestamp.
///
/// A duplicate, a packet up to 64 behind, a change of payload type (DTMF, comfort noise) and an empty
/// payload neither count nor spoil. Any other step starts the count again. Two SSRCs are followed at a time,
/// so audio and video may share the ports. After 32 packets in a row that do not fit, the verdict is
/// `rejected`; RTP that comes later is still found.
///
/// Why it finds few false streams: DNS, STUN, QUIC and ESP have constants or identifiers where RTP counts;
/// random bytes agree in an SSRC with probability 2^-32 a packet; a little-endian counter steps by 256.
public struct RTPProbe: Sendable {
  /// What is known of the flow.
  public enum Verdict: UInt8, Sendable {
    /// Not enough packets.
    case undecided
    /// RTP; it stays so.
    case rtp
    /// No RTP so far; it may still become `rtp`.
    case rejected
  }

  /// What has been seen of one SSRC.
  public struct Candidate: Sendable {
    /// Synchronisation source, in a relay's channel under the mark of its peer.
    public fileprivate(set) var ssrc: UInt32 = 0
    fileprivate var timestamp: UInt32 = 0
    fileprivate var sequence: UInt16 = 0
    /// Packets of this SSRC since its count began, those that did not count included; stops at 65535.
    public fileprivate(set) var packets: UInt16 = 0
    /// Payload type of the last packet.
    public fileprivate(set) var payloadType: UInt8 = 0
    fileprivate var fits: UInt8 = 0
    fileprivate var hasTimestampMoved = false
  }

  private static let largestStep: Int16 = 64
  private static let timestampSteps = -180_000...0xff_ffff
  private static let rejectingMisfits: UInt8 = 32

  /// What is known of the flow.
  public private(set) var verdict = Verdict.undecided
  /// The SSRC of the last candidate; once the verdict is `rtp`, the one that decided it.
  public private(set) var recent = Candidate()
  private var older = Candidate()
  private var misfits: UInt8 = 0

  /// A probe that has seen nothing.
  public init() {}

  /// Takes the next datagram of the flow; after the verdict `rtp` it does nothing.
  public mutating func process(_ bytes: Bytes) -> Verdict {
    guard verdict != .rtp else { return verdict }
    guard DatagramClass(bytes) == .rtp, !DatagramClass.isBuildingControl(bytes),
      let header = try? RTPHeader(parsing: bytes)
    else { return misfit() }
    return process(header)
  }

  /// The same for a header that is already parsed.
  ///
  /// - Parameter mark: what tells the peers of a relay apart, who may have the same SSRC; 0 without a relay.
  public mutating func process(_ header: RTPHeader, of mark: UInt32 = 0) -> Verdict {
    guard verdict != .rtp else { return verdict }
    let ssrc = header.ssrc ^ mark
    if recent.fits == 0 || recent.ssrc != ssrc {
      swap(&recent, &older)
      guard recent.fits > 0, recent.ssrc == ssrc else {
        // The slot now in front was used least recently: it is replaced.
        recent.restart(header, ssrc)
        return misfit()
      }
    }
    guard recent.advance(header) else { return misfit() }
    misfits = 0
    if recent.fits >= Self.requiredFits(header.payloadType), recent.hasTimestampMoved { verdict = .rtp }
    return verdict
  }

  /// Packets in a row that must fit, the first one included.
  public static func requiredFits(_ payloadType: UInt8) -> UInt8 {
    switch payloadType {
    case 0, 3...18, 25, 26, 28, 31...34, 96...127: 4
    default: 8
    }
  }

  private mutating func misfit() -> Verdict {
    if misfits < Self.rejectingMisfits { misfits += 1 }
    if misfits == Self.rejectingMisfits { verdict = .rejected }
    return verdict
  }
}

extension RTPProbe.Candidate {
  fileprivate mutating func restart(_ header: RTPHeader, _ ssrc: UInt32) {
    self = RTPProbe.Candidate()
    self.ssrc = ssrc
    timestamp = header.timestamp
    sequence = header.sequence
    payloadType = header.payloadType
    packets = 1
    fits = 1
  }

  /// Takes a packet of the same SSRC; false when it does not fit.
  fileprivate mutating func advance(_ header: RTPHeader) -> Bool {
    let step = Int16(bitPattern: header.sequence &- sequence)
    let ticks = Int(Int32(bitPattern: header.timestamp &- timestamp))
    guard RTPProbe.isPlausible(step: step, ticks: ticks) else {
      restart(header, ssrc)
      return false
    }
    if packets < .max { packets += 1 }
    guard step > 0 else { return step < 0 }
    if ticks != 0 { hasTimestampMoved = true }
    if payloadType == header.payloadType, !header.payload.isEmpty, fits < .max { fits += 1 }
    sequence = header.sequence
    timestamp = header.timestamp
    payloadType = header.payloadType
    return true
  }
}

extension RTPProbe {
  fileprivate static func isPlausible(step: Int16, ticks: Int) -> Bool {
    -largestStep...largestStep ~= step && timestampSteps.contains(step < 0 ? -ticks : ticks)
  }
}
