public import Events
internal import Packets
public import Values

/// Fills events with what is known of an RTP stream.
extension PacketEventFields {
  /// An `rtp.ended` event: the whole stream, without a packet.
  ///
  /// - Parameter path: how a TURN relay and its client exchange it; nil when they do not.
  public func build(
    ended stream: borrowing RTPStream, over path: RelayPath?, _ quality: StreamQuality, sequence: UInt64,
    into event: inout Event
  ) {
    event.reset(.rtpEnded, at: stream.last, sequence: sequence)
    setEnds(of: stream, over: path, into: &event)
    event.set(.rtpEvent, constant: "ended")
    setIdentity(of: stream, into: &event)
    set(quality, into: &event)
    if let time = stream.afterGoodbye { event.set(.rtpAfterGoodbye, .duration(time)) }
  }

  /// An `rtp.report` event: what became of a stream since its last report, without a packet.
  ///
  /// - Parameter path: how a TURN relay and its client exchange it; nil when they do not.
  public func build(
    report stream: borrowing RTPStream, over path: RelayPath?, _ quality: StreamQuality, at time: Timestamp,
    sequence: UInt64, into event: inout Event
  ) {
    event.reset(.rtpReport, at: time, sequence: sequence)
    setEnds(of: stream, over: path, into: &event)
    event.set(.rtpEvent, constant: "report")
    setIdentity(of: stream, into: &event)
    set(quality, into: &event)
    if let time = stream.afterGoodbye { event.set(.rtpAfterGoodbye, .duration(time)) }
  }

  /// The stream's own fields of an `rtp.started` event, whose packet says the rest.
  public func set(started stream: borrowing RTPStream, into event: inout Event) {
    event.set(.rtpEvent, constant: "started")
    setIdentity(of: stream, into: &event)
  }

  /// The stream's own fields of an `rtp.changed` event, whose packet says the rest.
  public func set(changed stream: borrowing RTPStream, _ change: StreamChange, into event: inout Event) {
    event.set(.rtpEvent, constant: "changed")
    setIdentity(of: stream, into: &event)
    if let source = change.previousSource {
      event.set(.rtpSourceChanged, bool: true)
      event.set(.rtpPreviousSource, ip: source)
    }
    if let ssrc = change.previousSSRC {
      event.set(.rtpSSRCChanged, bool: true)
      event.set(.rtpPreviousSSRC, integer: Int64(ssrc))
    }
    if let payloadType = change.previousPayloadType {
      event.set(.rtpPayloadTypeChanged, bool: true)
      event.set(.rtpPreviousPayloadType, integer: Int64(payloadType))
    }
  }

  private func setEnds(of stream: borrowing RTPStream, over path: RelayPath?, into event: inout Event) {
    set(PacketOrigin(firstOf: stream, over: path), into: &event)
    if let path { set(path, into: &event) }
    event.set(.appProto, constant: "rtp")
  }

  private func setIdentity(of stream: borrowing RTPStream, into event: inout Event) {
    event.set(.rtpSSRC, integer: Int64(stream.ssrc))
    event.set(.rtpPayloadType, integer: Int64(stream.payloadType))
    let format = stream.format
    event.set(.rtpCodec, copying: format.nameBytes.span.extracting(..<Int(format.nameCount)))
    if format.clockRate > 0 { event.set(.rtpClockRate, integer: Int64(format.clockRate)) }
    if let isSecure = stream.isSecure { event.set(.rtpSRTP, bool: isSecure) }
  }

  private func set(_ quality: StreamQuality, into event: inout Event) {
    setCounts(of: quality, into: &event)
    setTimes(of: quality, into: &event)
    if let opinion = quality.opinion {
      event.set(.rtpMOS, .decimal(opinion.shownScore))
      event.set(.rtpMOSSource, constant: opinion.source.name)
      event.set(.rtpMOSScale, constant: opinion.scale.name)
      event.set(.rtpDelaySource, constant: opinion.hasDelay ? "rtcp" : "none")
    }
    setRemote(quality, into: &event)
  }

  private func setRemote(_ quality: StreamQuality, into event: inout Event) {
    if let trip = quality.roundTrip { event.set(.rtpRoundTrip, .duration(trip)) }
    if let loss = quality.remoteLoss { event.set(.rtpRemoteLoss, .decimal(loss)) }
    if let jitter = quality.remoteJitter { event.set(.rtpRemoteJitter, .duration(Self.nanoseconds(jitter))) }
    if let score = quality.remoteScore { event.set(.rtpRemoteMOS, .decimal(score)) }
  }

  private func setCounts(of quality: StreamQuality, into event: inout Event) {
    event.set(.rtpPackets, integer: Int64(clamping: quality.packets))
    event.set(.rtpBytes, integer: Int64(clamping: quality.bytes))
    event.set(.rtpExpected, integer: quality.expected)
    event.set(.rtpLost, integer: quality.lost)
    if let loss = quality.loss { event.set(.rtpLoss, .decimal(loss)) }
    if let ratio = quality.burstRatio { event.set(.rtpBurstRatio, .decimal(Self.thousandths(ratio))) }
    event.set(.rtpDuplicates, integer: Int64(clamping: quality.duplicates))
    event.set(.rtpReordered, integer: Int64(clamping: quality.reordered))
    if quality.conflicting > 0 {
      event.set(.rtpConflicting, integer: Int64(clamping: quality.conflicting))
    }
    event.set(.rtpDTMFEvents, integer: Int64(clamping: quality.keyEvents))
  }

  private func setTimes(of quality: StreamQuality, into event: inout Event) {
    if let jitter = quality.jitter, let maximum = quality.maximumJitter {
      event.set(.rtpJitter, .duration(Self.nanoseconds(jitter)))
      event.set(.rtpMaxJitter, .duration(Self.nanoseconds(maximum)))
    }
    event.set(.rtpMaxDelta, .duration(quality.maximumDelta))
    event.set(.rtpDuration, .duration(quality.duration))
    if let silence = quality.silence { event.set(.rtpSilence, .decimal(Self.thousandths(silence))) }
  }

  private static func thousandths(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  /// Packet times may lie centuries apart in a hostile capture.
  private static func nanoseconds(_ value: Double) -> Int64 {
    Int64(exactly: value.rounded()) ?? .max
  }
}
