internal import Events
internal import Protocols

/// What a flow's end says of traffic that cannot be read.
extension PacketEventFields {
  /// Whether it was encrypted, and what its sizes and times say.
  func setTraffic(of flow: borrowing Flow, _ traffic: TrafficSummary?, into event: inout Event) {
    let isEncrypted = flow.isKnownEncrypted
    if let isEncrypted { event.set(.flowEncrypted, bool: isEncrypted) }
    // A flow may have been measured before it was understood.
    guard let traffic, isEncrypted != false else { return }
    event.set(.flowTraffic, constant: traffic.verdict.label.name)
    if traffic.verdict.label != .unknown {
      event.set(.flowTrafficConfidence, .decimal(traffic.verdict.confidence))
    }
    if let toServer = traffic.toServer { set(toServer, Self.toServerFields, into: &event) }
    if let toClient = traffic.toClient { set(toClient, Self.toClientFields, into: &event) }
  }

  private struct DirectionFields {
    let meanSize, sizeDeviation, meanInterval, intervalDeviation, paced: Field
  }

  private static let toServerFields = DirectionFields(
    meanSize: .flowMeanSizeToserver, sizeDeviation: .flowSizeDeviationToserver,
    meanInterval: .flowMeanIntervalToserver, intervalDeviation: .flowIntervalDeviationToserver,
    paced: .flowPacedToserver)
  private static let toClientFields = DirectionFields(
    meanSize: .flowMeanSizeToclient, sizeDeviation: .flowSizeDeviationToclient,
    meanInterval: .flowMeanIntervalToclient, intervalDeviation: .flowIntervalDeviationToclient,
    paced: .flowPacedToclient)

  private func set(
    _ direction: TrafficSummary.Direction, _ fields: DirectionFields, into event: inout Event
  ) {
    event.set(fields.meanSize, integer: Int64(clamping: direction.meanSize))
    event.set(fields.sizeDeviation, integer: Int64(clamping: direction.sizeDeviation))
    if let interval = direction.meanInterval {
      event.set(fields.meanInterval, .duration(Int64(clamping: interval) &* 1_000))
      event.set(fields.intervalDeviation, .duration(Int64(clamping: direction.intervalDeviation) &* 1_000))
    }
    if let percent = direction.pacedPercent { event.set(fields.paced, .decimal(Double(percent) / 100)) }
  }
}

extension Flow {
  /// Whether its content is encrypted; nil where that cannot be told.
  fileprivate var isKnownEncrypted: Bool? {
    if isEncrypted { return true }
    switch appProtocol {
    case .dtls, .tls, .zrtp, .quic: return true
    // The headers of SRTP are those of RTP.
    case .rtp: return isAnnouncedInClear ? false : nil
    case .unknown, .turn, .stun: return nil
    default: return false
    }
  }
}
