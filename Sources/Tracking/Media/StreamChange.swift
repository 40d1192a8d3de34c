internal import Packets
public import Values

/// What is new about a stream: its payload type, or that it took the place of another one.
///
/// Whether a session description had agreed to it is not known here; who knows it may keep the event back.
public struct StreamChange: Sendable {
  /// The stream that was there before, another address sending it.
  public internal(set) var previousSource: IPAddress?
  /// The SSRC that the same sender used before.
  public internal(set) var previousSSRC: UInt32?
  /// The payload type before.
  public internal(set) var previousPayloadType: UInt8?

  /// When the stream began whose place is taken, or that changed.
  public internal(set) var previousStart = Timestamp(nanoseconds: .min)

  var isEmpty: Bool { previousSource == nil && previousSSRC == nil && previousPayloadType == nil }
}

/// Notices changes. Only what had been there for a second can change: senders that alternate, as mixers and
/// streams of several payload types do, and floods of SSRCs make one event and not one for each packet.
extension StreamTable {
  private static let tenure: Int64 = 1_000_000_000
  /// Whoever takes a place that was empty for longer does not take it from anybody.
  private static let handover: Int64 = 5_000_000_000

  /// The stream that a new SSRC follows in its direction of a flow, or -1.
  func predecessor(_ packet: borrowing Packet, _ ssrc: UInt32, _ flow: FlowTable.MediaState) -> Int32 {
    let recent = Int(flow.recent)
    let key = FlowKey(packet)
    guard recent >= 0, streams[recent].flowID == flow.id, streams[recent].ssrc != ssrc,
      streams[recent].key == key
    else { return -1 }
    return streams[recent].isConfirmed ? flow.recent : streams[recent].predecessor
  }

  /// Notes another payload type of a stream.
  mutating func noteChange(of number: Int, to format: MediaFormat, at time: Timestamp) {
    let old = streams[number].format
    guard streams[number].isConfirmed, old.payloadType != format.payloadType, !old.isEvent, !old.isNoise,
      time.nanoseconds(since: streams[number].formatSince) >= Self.tenure
    else { return }
    change = StreamChange(previousPayloadType: old.payloadType, previousStart: streams[number].formatSince)
  }

  /// Notes whose place a stream takes that was just decided to be one.
  mutating func noteArrival(of number: Int) {
    var found = StreamChange()
    let before = Int(streams[number].predecessor)
    // Some senders have an SSRC of its own for telephone events.
    if before >= 0, !streams[number].format.isEvent, hadTenure(before, before: number),
      streams[before].flowID == streams[number].flowID, streams[before].key == streams[number].key,
      streams[before].isForward == streams[number].isForward, !isBundled(before, number)
    {
      found.previousSSRC = streams[before].ssrc
      found.previousStart = streams[before].start
    }
    let (high, low) = receiverKey(of: number)
    let time = streams[number].last.nanoseconds
    if let other = receivers.value(high, low, at: time).map({ Int($0) }), other != number,
      hadTenure(other, before: number), isSameReceiver(other, number), !isSameSender(other, number)
    {
      found.previousSource = streams[other].source
      found.previousStart = streams[other].start
    }
    receivers.insert(high, low, Int32(truncatingIfNeeded: number), at: time)
    if !found.isEmpty { change = found }
  }

  private func hadTenure(_ old: Int, before new: Int) -> Bool {
    old != new && streams[old].flowID != 0 && streams[old].isConfirmed
      && streams[old].last.nanoseconds(since: streams[old].start) >= Self.tenure
      && streams[new].start.nanoseconds(since: streams[old].last) <= Self.handover
  }

  /// Whether both may be there at once on the ports of one sender: audio beside video (RFC 8843), video beside its
  /// retransmissions (RFC 4588).
  private func isBundled(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (streams[left].format, streams[right].format)
    return one.payloadType != other.payloadType
      && max(one.clockRate, other.clockRate) >= MediaFormat.videoClock
  }

  private func isSameReceiver(_ left: Int, _ right: Int) -> Bool {
    streams[left].ssrc == streams[right].ssrc
      && streams[left].destination == streams[right].destination
      && streams[left].destinationPort == streams[right].destinationPort
  }

  /// Whether both come from one place, or from peers of a relay that are not known.
  private func isSameSender(_ left: Int, _ right: Int) -> Bool {
    if streams[left].hasUnknownSender || streams[right].hasUnknownSender { return true }
    return streams[left].source == streams[right].source
      && streams[left].sourcePort == streams[right].sourcePort
  }

  /// The stream of an SSRC that a place receives, whoever sends it.
  func stream(_ ssrc: UInt32, to end: MediaEnd, at time: Timestamp) -> Int? {
    let (high, low) = receiverKey(ssrc, end.address, end.port)
    guard let number = receivers.value(high, low, at: time.nanoseconds).map({ Int($0) }),
      streams[number].flowID != 0,
      streams[number].ssrc == ssrc, streams[number].destination == end.address,
      streams[number].destinationPort == end.port
    else { return nil }
    return number
  }

  private func receiverKey(of number: Int) -> (high: UInt64, low: UInt64) {
    receiverKey(streams[number].ssrc, streams[number].destination, streams[number].destinationPort)
  }

  private func receiverKey(
    _ ssrc: UInt32, _ address: IPAddress, _ port: UInt16
  ) -> (high: UInt64, low: UInt64) {
    let end = UInt64(ssrc) << 16 | UInt64(port)
    var hash = SeededHash(seed: seed)
    hash.combine(address.high)
    hash.combine(address.low)
    hash.combine(end)
    // The other half need not be secret: what it is compared with is checked against the record.
    return (hash.value, address.low ^ address.high ^ end)
  }
}
