public import Events
internal import Packets
internal import Values

/// Fills events with what is known of an RTP stream.
extension PacketEventFields {
  /// An `rtp.ended` event: the whole stream, without a packet.
  public func build(ended stream: borrowing RTPStream, sequence: UInt64, into event: inout Event) {
    event.reset(.rtpEnded, at: stream.last, sequence: sequence)
    setEnds(of: stream, into: &event)
    event.set(.rtpEvent, constant: "ended")
    setIdentity(of: stream, into: &event)
    setCounts(of: stream, into: &event)
    setTimes(of: stream, into: &event)
  }

  /// The stream's own fields of an `rtp.started` event, whose packet says the rest.
  public func set(started stream: borrowing RTPStream, into event: inout Event) {
    event.set(.rtpEvent, constant: "started")
    setIdentity(of: stream, into: &event)
  }

  private func setEnds(of stream: borrowing RTPStream, into event: inout Event) {
    event.set(.srcIP, ip: stream.source)
    event.set(.destIP, ip: stream.destination)
    event.set(.srcPort, integer: Int64(stream.sourcePort))
    event.set(.destPort, integer: Int64(stream.destinationPort))
    event.set(.ipV, integer: Int64(stream.ipVersion))
    setTransport(stream.key.transport, into: &event)
    setInput(stream.interface, into: &event)
    setVLANs(outer: stream.key.outerVLAN, inner: stream.key.innerVLAN, into: &event)
    event.set(.flowID, integer: stream.flowID)
    // Only of ICMP does it matter who began.
    event.set(
      .communityID, copying: CommunityID(stream.key, clientIsLower: true, seed: communitySeed).text.span)
    event.set(.direction, constant: stream.isToServer ? "to_server" : "to_client")
    event.set(.appProto, constant: "rtp")
  }

  private func setIdentity(of stream: borrowing RTPStream, into event: inout Event) {
    event.set(.rtpSSRC, integer: Int64(stream.ssrc))
    event.set(.rtpPayloadType, integer: Int64(stream.payloadType))
    let format = stream.format
    event.set(.rtpCodec, copying: format.nameBytes.span.extracting(..<Int(format.nameCount)))
    if format.clockRate > 0 { event.set(.rtpClockRate, integer: Int64(format.clockRate)) }
    if stream.isAnnounced { event.set(.rtpSRTP, bool: stream.isSecure) }
  }

  private func setCounts(of stream: borrowing RTPStream, into event: inout Event) {
    event.set(.rtpPackets, integer: Int64(clamping: stream.packets))
    event.set(.rtpBytes, integer: Int64(clamping: stream.bytes))
    event.set(.rtpExpected, integer: stream.expected)
    event.set(.rtpLost, integer: stream.lost)
    event.set(.rtpLoss, .decimal(Double(stream.lost) / Double(max(1, stream.expected))))
    event.set(.rtpDuplicates, integer: Int64(clamping: stream.duplicates))
    event.set(.rtpReordered, integer: Int64(clamping: stream.reordered))
    event.set(.rtpDTMFEvents, integer: Int64(clamping: stream.keyEvents))
  }

  private func setTimes(of stream: borrowing RTPStream, into event: inout Event) {
    if let jitter = stream.jitterNanoseconds, let maximum = stream.maximumJitterNanoseconds {
      event.set(.rtpJitter, .duration(Self.nanoseconds(jitter)))
      event.set(.rtpMaxJitter, .duration(Self.nanoseconds(maximum)))
    }
    event.set(.rtpMaxDelta, .duration(stream.maximumDelta))
    event.set(.rtpDuration, .duration(stream.last.nanoseconds(since: stream.start)))
  }

  /// Packet times may lie centuries apart in a hostile capture.
  private static func nanoseconds(_ value: Double) -> Int64 {
    Int64(exactly: value.rounded()) ?? .max
  }
}
