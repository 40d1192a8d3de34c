public import Packets
internal import Protocols
public import Values

/// What can be known of flows that cannot be read.
extension FlowTable {
  /// RTP in the clear is decided by its fourth packet at the latest, so none is measured in vain.
  private static let packetsUntilMeasured: UInt64 = 4

  /// How many flows are measured.
  public var trafficUsage: TableUsage { traffic.usage }

  /// Whether packets of a flow that are otherwise understood are measured too: those of encrypted media.
  @inline(__always)
  public func isMeasured(_ match: Match) -> Bool { flows[match.number].measure >= 0 }

  /// Measures a datagram that was understood, if its flow is measured.
  @inline(__always)
  public mutating func measureIfOpen(_ packet: borrowing Packet, byteCount: Int, _ match: Match) {
    if isMeasured(match) { measure(packet, byteCount: byteCount, match) }
  }

  /// Measures a datagram that could not be read.
  public mutating func measure(_ packet: borrowing Packet, byteCount: Int, _ match: Match) {
    let number = match.number
    if flows[number].measure < 0 {
      guard flows[number].measure != Flow.isNotMeasured, mayBeMeasured(flows[number]) else { return }
      openMeasure(number, .datagrams)
    }
    traffic.add(
      Int(flows[number].measure), byteCount: byteCount, toServer: match.toServer, at: packet.timestamp)
  }

  /// Measures a segment of a stream that is encrypted from now on.
  public mutating func measureStream(_ packet: borrowing Packet, byteCount: Int, _ match: Match) {
    let measure = Int(flows[match.number].measure)
    guard measure >= 0, byteCount > 0 else { return }
    traffic.add(measure, byteCount: byteCount, toServer: match.toServer, at: packet.timestamp)
  }

  /// Notes that a handshake on a flow is over, so that what follows is encrypted.
  ///
  /// - Parameter isForSIP: whether the handshake names SIP.
  public mutating func beginEncrypted(_ match: Match, isForSIP: Bool) {
    flows[match.number].isEncrypted = true
    if flows[match.number].measure < 0 { openMeasure(match.number, .stream) }
    if isForSIP { traffic.nameForSIP(Int(flows[match.number].measure)) }
  }

  /// Notes that keys are agreed on a flow of datagrams: its media are measured although they look like RTP.
  public mutating func noteEncrypted(_ match: Match) {
    let number = match.number
    flows[number].isEncrypted = true
    if flows[number].measure == Flow.isNotMeasured { flows[number].measure = -1 }
    if flows[number].appProtocol == .rtp, flows[number].measure < 0 { openMeasure(number, .datagrams) }
  }

  /// Notes that RTCP on a flow is encrypted; it is read as far as it can be, and not measured.
  public mutating func noteSealedControl(_ match: Match) { flows[match.number].isEncrypted = true }

  /// Notes that a flow carries RTP.
  ///
  /// RTP that was announced in the clear is not measured, nor is that of a static payload type, which says what
  /// it is. RTP of a dynamic type that nobody announced is mostly SRTP whose signalling is encrypted too.
  public mutating func noteMedia(_ match: Match, _ stream: borrowing RTPStream) {
    noteMedia(match, isSecure: stream.isSecure, payloadType: stream.payloadType)
  }

  /// - Parameter isSecure: whether it is SRTP; nil when nothing says so.
  mutating func noteMedia(_ match: Match, isSecure: Bool?, payloadType: UInt8) {
    let number = match.number
    if isSecure == true { flows[number].isEncrypted = true }
    if isSecure == false { flows[number].isAnnouncedInClear = true }
    let isHidden = isSecure == nil && payloadType >= 96
    if flows[number].isEncrypted || isHidden {
      if flows[number].measure < 0 { openMeasure(number, .datagrams) }
    } else {
      if flows[number].measure >= 0 { _ = traffic.close(Int(flows[number].measure)) }
      flows[number].measure = Flow.isNotMeasured
    }
  }

  /// What is known of a flow that ends, whose measure is closed.
  mutating func takeTraffic(of number: Int) -> TrafficSummary? {
    guard flows[number].measure >= 0 else { return nil }
    let measure = traffic.close(Int(flows[number].measure))
    flows[number].measure = -1
    return TrafficSummary(measure)
  }

  private func mayBeMeasured(_ flow: Flow) -> Bool {
    guard flow.packetsToServer &+ flow.packetsToClient > Self.packetsUntilMeasured else { return false }
    return flow.isEncrypted || flow.appProtocol.hidesContent
  }

  private mutating func openMeasure(_ number: Int, _ carrier: TrafficMeasure.Carrier) {
    let (measure, loser) = traffic.open(for: number, carrier)
    if let loser { flows[loser].measure = -1 }
    flows[number].measure = Int32(truncatingIfNeeded: measure)
  }
}

extension AppProtocol {
  /// Whether datagrams beside those that named the protocol may be anything. After STUN come media.
  fileprivate var hidesContent: Bool {
    switch self {
    case .unknown, .stun, .turn, .dtls, .zrtp, .quic, .tls: true
    default: false
    }
  }
}
