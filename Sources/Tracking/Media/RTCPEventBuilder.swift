public import Events
public import Packets
internal import Protocols
internal import Values

/// Fills an event with what an RTCP compound packet says; of several report blocks the worst counts.
public struct RTCPEventBuilder: Sendable {
  private var fractionLost: UInt8 = 0
  private var cumulativeLost: Int32 = 0
  private var jitter: UInt32 = 0
  private var hasBlock = false
  private var metrics: RTCPVoIPMetrics?
  private var cname: ByteRange?

  /// A builder.
  public init() {}

  /// Adds the `rtcp` fields of a datagram; false, with the event unchanged, when it is no RTCP.
  public mutating func build(_ bytes: Bytes, into event: inout Event) -> Bool {
    guard var compound = try? RTCPCompound(parsing: bytes) else { return false }
    self = RTCPEventBuilder()
    let start = event.items.count
    if compound.packetCount == 0 {
      // SRTCP: nothing behind the first header and the SSRC can be read.
      event.appendItem(.text(Self.appendName(of: compound.firstType, to: &event)))
    }
    while let packet = compound.next(in: bytes) {
      event.appendItem(.text(Self.appendName(of: packet.type, to: &event)))
      read(packet, bytes)
    }
    event.set(.rtcpTypes, itemsFrom: start)
    if let ssrc = compound.senderSSRC { event.set(.rtcpSSRC, integer: Int64(ssrc)) }
    setFields(bytes, into: &event)
    return true
  }

  private mutating func read(_ packet: RTCPPacket, _ bytes: Bytes) {
    switch packet.kind {
    case .senderReport, .receiverReport: readReport(packet, bytes)
    case .sourceDescription: readDescription(packet, bytes)
    case .extendedReport: readExtended(packet, bytes)
    default: break
    }
  }

  private mutating func readReport(_ packet: RTCPPacket, _ bytes: Bytes) {
    guard let report = try? RTCPReport(parsing: bytes, packet) else { return }
    for index in 0..<report.blockCount {
      guard let block = report.block(index, in: bytes) else { return }
      fractionLost = max(fractionLost, block.fractionLost)
      cumulativeLost = hasBlock ? max(cumulativeLost, block.cumulativeLost) : block.cumulativeLost
      jitter = max(jitter, block.jitter)
      hasBlock = true
    }
  }

  private mutating func readDescription(_ packet: RTCPPacket, _ bytes: Bytes) {
    guard var items = try? RTCPDescriptionItems(bytes, packet) else { return }
    while cname == nil, let item = try? items.next(in: bytes) {
      if item.kind == .cname { cname = item.value }
    }
  }

  private mutating func readExtended(_ packet: RTCPPacket, _ bytes: Bytes) {
    guard var blocks = try? RTCPExtendedReports(bytes, packet) else { return }
    while let block = try? blocks.next(in: bytes) {
      guard case .voipMetrics(let found) = block else { continue }
      let (old, new) = (metrics?.listeningMOSTenths ?? .max, found.listeningMOSTenths ?? .max)
      if metrics == nil || new < old { metrics = found }
    }
  }

  private func setFields(_ bytes: Bytes, into event: inout Event) {
    if let cname { event.set(.rtcpCname, copying: bytes.extracting(cname.range)) }
    if hasBlock {
      event.set(.rtcpFractionLost, .decimal(Double(fractionLost) / 256))
      event.set(.rtcpCumulativeLost, integer: Int64(cumulativeLost))
      event.set(.rtcpJitter, integer: Int64(jitter))
    }
    if let tenths = metrics?.listeningMOSTenths { event.set(.rtcpMOSLq, .decimal(Double(tenths) / 10)) }
    if let tenths = metrics?.conversationalMOSTenths { event.set(.rtcpMOSCq, .decimal(Double(tenths) / 10)) }
    if let factor = metrics?.rFactor { event.set(.rtcpRFactor, integer: Int64(factor)) }
  }

  private static func appendName(of type: UInt8, to event: inout Event) -> ByteRange {
    switch RTCPPacket.Kind(rawValue: type) {
    case .senderReport: event.append(constant: "SR")
    case .receiverReport: event.append(constant: "RR")
    case .sourceDescription: event.append(constant: "SDES")
    case .goodbye: event.append(constant: "BYE")
    case .application: event.append(constant: "APP")
    case .transportFeedback: event.append(constant: "RTPFB")
    case .payloadFeedback: event.append(constant: "PSFB")
    case .extendedReport: event.append(constant: "XR")
    // Three digits fit into the String itself and allocate nothing.
    case nil: event.append(String(type))
    }
  }
}
