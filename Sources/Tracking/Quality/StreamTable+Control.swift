public import Packets
internal import Protocols
internal import Values

/// RTCP finds the streams that it is about: they run against the direction of a report, on the same ports
/// (RFC 5761), the ones below (RFC 3550 §11) or others that the descriptions name (RFC 3605).
extension StreamTable {
  /// Round trips beyond this are wrong clocks or lies.
  private static let longestTrip: Int64 = 10_000_000_000
  /// How much sooner than a report could be answered an answer may come, by the steps of both clocks.
  private static let clockError: Int64 = -1_000_000

  /// Takes the reports of an RTCP datagram.
  ///
  /// - Parameter path: how a TURN relay and its client exchange it; nil when they do not.
  /// - Returns: nanoseconds from the sensor to the reporter and back (RFC 3550 §6.4.1), the longest of
  ///   several; nil when no block answers a sender report that was seen.
  public mutating func addReports(
    _ bytes: Bytes, _ packet: borrowing Packet, over path: RelayPath? = nil
  ) -> Int64? {
    guard var compound = try? RTCPCompound(parsing: bytes) else { return nil }
    var longest: Int64?
    while let part = compound.next(in: bytes) {
      switch part.kind {
      case .senderReport, .receiverReport:
        guard let report = try? RTCPReport(parsing: bytes, part) else { continue }
        remember(report, packet)
        for index in 0..<report.blockCount {
          guard let block = report.block(index, in: bytes) else { break }
          if let way = take(block, of: report, packet, path) { longest = max(longest ?? 0, way) }
        }
      case .extendedReport: takeMetrics(bytes, part, packet, path)
      case .goodbye: takeGoodbye(bytes, part, packet)
      default: break
      }
    }
    return longest
  }

  /// Whether an RTCP datagram is encrypted: its bytes tell, and where they do not, what its media agreed on.
  public func isSealed(_ bytes: Bytes, _ packet: borrowing Packet) -> Bool {
    guard let compound = try? RTCPCompound(parsing: bytes),
      compound.protection == .encrypted || compound.fault != nil
    else { return false }
    if let isSecure = addresses.isSecure(controlledBy: packet) { return isSecure }
    let isWhole = !packet.isTruncated
    return isWhole && compound.protection == .encrypted
  }

  private mutating func remember(_ report: RTCPReport, _ packet: borrowing Packet) {
    guard let sender = report.sender, sender.ntpTimestamp != 0 else { return }
    let middle = UInt32(truncatingIfNeeded: sender.ntpTimestamp >> 16)
    let (high, low) = reportKey(report.ssrc, middle, from: packet.source, packet.sourcePort)
    let time = packet.timestamp.nanoseconds
    // Of a report that was captured twice the first counts.
    if senderReports.value(high, low, at: time) == nil { senderReports.insert(high, low, time, at: time) }
  }

  private mutating func take(
    _ block: RTCPReportBlock, of report: RTCPReport, _ packet: borrowing Packet, _ path: RelayPath?
  ) -> Int64? {
    let way = wayToReporter(block, packet)
    if let number = stream(block.ssrc, packet, path, isAgainst: true) {
      streams[number].remote.take(block, expected: streams[number].expected)
      if let way { streams[number].remote.receiverWay = way }
    }
    if let way, let number = stream(report.ssrc, packet, path, isAgainst: false) {
      streams[number].remote.senderWay = way
    }
    return way
  }

  /// From when the sender report passed until its answer did, less the time that the reporter kept it.
  private func wayToReporter(_ block: RTCPReportBlock, _ packet: borrowing Packet) -> Int64? {
    guard block.lastSenderReport != 0 else { return nil }
    let time = packet.timestamp.nanoseconds
    let (high, low) = reportKey(
      block.ssrc, block.lastSenderReport, from: packet.destination, packet.destinationPort)
    guard let seen = senderReports.value(high, low, at: time) else { return nil }
    let kept = Int64(block.delaySinceLastSenderReport) * 1_000_000_000 >> 16
    let way = time &- seen &- kept
    return Self.clockError...Self.longestTrip ~= way ? max(0, way) : nil
  }

  private mutating func takeMetrics(
    _ bytes: Bytes, _ part: RTCPPacket, _ packet: borrowing Packet, _ path: RelayPath?
  ) {
    guard var blocks = try? RTCPExtendedReports(bytes, part) else { return }
    while let block = try? blocks.next(in: bytes) {
      guard case .voipMetrics(let metrics) = block else { continue }
      if let number = stream(metrics.ssrc, packet, path, isAgainst: true) {
        streams[number].remote.take(metrics)
      }
    }
  }

  /// The stream of an SSRC between the ends of an RTCP packet.
  private func stream(
    _ ssrc: UInt32, _ packet: borrowing Packet, _ path: RelayPath?, isAgainst: Bool
  ) -> Int? {
    var media = copy packet
    if isAgainst {
      (media.source, media.destination) = (packet.destination, packet.source)
      (media.sourcePort, media.destinationPort) = (packet.destinationPort, packet.sourcePort)
    }
    for attempt in 0..<2 {
      let key = FlowKey(media)
      let isForward = FlowKey.isForward(media)
      let found = index.find(hash(key, isForward: isForward, ssrc: ssrc)) {
        streams[$0].ssrc == ssrc && streams[$0].isForward == isForward && streams[$0].key == key
          && isRelayed($0, between: path)
      }
      if let found { return streams[found].isConfirmed ? found : nil }
      guard attempt == 0 else { break }
      let time = packet.timestamp
      let source = addresses.media(
        ofControl: MediaEnd(address: media.source, port: media.sourcePort), at: time)
      let destination = addresses.media(
        ofControl: MediaEnd(address: media.destination, port: media.destinationPort), at: time)
      (media.source, media.sourcePort) = (source.address, source.port)
      (media.destination, media.destinationPort) = (destination.address, destination.port)
    }
    return nil
  }

  /// Whether a stream is relayed by the same relay for the same client, or for nil not relayed at all: RTCP may have an
  /// allocation of its own.
  private func isRelayed(_ number: Int, between path: RelayPath?) -> Bool {
    guard let path else { return !streams[number].isRelayed }
    guard streams[number].isRelayed else { return false }
    let flow = paths[Int(streams[number].path)].flow
    return flow.lowerAddress == path.flow.lowerAddress && flow.upperAddress == path.flow.upperAddress
  }

  /// Notes that streams end, as their sender says or somebody in his name (RFC 3550 §6.6).
  private mutating func takeGoodbye(_ bytes: Bytes, _ part: RTCPPacket, _ packet: borrowing Packet) {
    guard let goodbye = try? RTCPGoodbye(parsing: bytes, part) else { return }
    let time = packet.timestamp
    let end = MediaEnd(address: packet.destination, port: packet.destinationPort)
    let other = addresses.media(ofControl: end, at: time)
    for index in 0..<goodbye.sourceCount {
      guard let ssrc = goodbye.source(index, in: bytes) else { return }
      let found = stream(ssrc, to: end, at: time) ?? stream(ssrc, to: other, at: time)
      if let found { streams[found].noteGoodbye(at: time) }
    }
  }

  private func reportKey(
    _ ssrc: UInt32, _ middle: UInt32, from address: IPAddress, _ port: UInt16
  ) -> (high: UInt64, low: UInt64) {
    let report = UInt64(ssrc) << 32 | UInt64(middle)
    var hash = SeededHash(seed: seed)
    hash.combine(address.high)
    hash.combine(address.low ^ UInt64(port))
    hash.combine(report)
    return (hash.value, report)
  }
}
