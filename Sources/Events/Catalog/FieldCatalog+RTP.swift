extension FieldCatalog {
  static let rtp: [FieldDefinition] = [
    FieldDefinition(
      .rtpEvent, "rtp.event", .text, "started, report, changed or ended", in: .rtpKinds, always: true),
    FieldDefinition(
      .rtpSSRC, "rtp.ssrc", .integer, "Synchronisation source", source: "RFC 3550 §5.1", in: .rtpKinds,
      senderChosen: true),
    FieldDefinition(
      .rtpPayloadType, "rtp.payload_type", .integer, "Payload type", source: "RFC 3551 §6", in: .rtpKinds,
      senderChosen: true),
    FieldDefinition(
      .rtpCodec, "rtp.codec", .text, "Codec by SDP or static payload type", source: "RFC 3551 §6",
      in: .rtpKinds),
    FieldDefinition(
      .rtpClockRate, "rtp.clock_rate", .integer, "RTP clock", source: "RFC 3551 §6", in: .rtpKinds, unit: "Hz"
    ),
    FieldDefinition(
      .rtpPackets, "rtp.packets", .integer, "Packets received", source: "RFC 3550 §6.4", in: .rtpKinds),
    FieldDefinition(
      .rtpBytes, "rtp.bytes", .integer, "Payload bytes received", source: "RFC 3550 §6.4", in: .rtpKinds,
      unit: "bytes"),
    FieldDefinition(
      .rtpExpected, "rtp.expected", .integer, "Packets expected from sequence numbers",
      source: "RFC 3550 §A.3", in: .rtpKinds),
    FieldDefinition(
      .rtpLost, "rtp.lost", .integer, "Expected less received", source: "RFC 3550 §A.3", in: .rtpKinds),
    FieldDefinition(.rtpLoss, "rtp.loss", .decimal, "Share lost", source: "RFC 3550 §A.3", in: .rtpKinds),
    FieldDefinition(
      .rtpBurstRatio, "rtp.burst_ratio", .decimal, "Burst ratio of the losses", source: "ITU-T G.107 §3.5",
      in: .rtpKinds),
    FieldDefinition(
      .rtpDuplicates, "rtp.duplicates", .integer, "Packets seen twice", source: "RFC 3550", in: .rtpKinds),
    FieldDefinition(
      .rtpReordered, "rtp.reordered", .integer, "Packets out of order", source: "RFC 3550", in: .rtpKinds),
    FieldDefinition(
      .rtpJitter, "rtp.jitter", .duration, "Interarrival jitter", source: "RFC 3550 §A.8", in: .rtpKinds,
      unit: "s"),
    FieldDefinition(
      .rtpMaxJitter, "rtp.max_jitter", .duration, "Highest interarrival jitter", source: "RFC 3550 §A.8",
      in: .rtpKinds, unit: "s"),
    FieldDefinition(
      .rtpMaxDelta, "rtp.max_delta", .duration, "Longest gap between packets", in: .rtpKinds, unit: "s"),
    FieldDefinition(
      .rtpDuration, "rtp.duration", .duration, "First to last packet", in: .rtpKinds, unit: "s"),
    FieldDefinition(.rtpMOS, "rtp.mos", .decimal, "Mean opinion score", source: "ITU-T G.107", in: .rtpKinds),
    FieldDefinition(.rtpMOSSource, "rtp.mos_source", .text, "published, proxy or assumed", in: .rtpKinds),
    FieldDefinition(
      .rtpDelaySource, "rtp.delay_source", .text, "Where the delay figure comes from", in: .rtpKinds),
    FieldDefinition(
      .rtpCallID, "rtp.call_id", .text, "Call-ID of the call it belongs to", in: .rtpKinds, senderChosen: true
    ),
    FieldDefinition(.rtpCorrelatedBy, "rtp.correlated_by", .text, "sdp, ice, learned or none", in: .rtpKinds),
    FieldDefinition(
      .rtpSourceChanged, "rtp.source_changed", .bool, "The source address changed without renegotiation",
      in: .rtpKinds),
    FieldDefinition(
      .rtpSSRCChanged, "rtp.ssrc_changed", .bool, "The SSRC changed without renegotiation", in: .rtpKinds),
    FieldDefinition(.rtpSRTP, "rtp.srtp", .bool, "Payload is encrypted", source: "RFC 3711", in: .rtpKinds),
    FieldDefinition(
      .rtpDTMFEvents, "rtp.dtmf_events", .integer, "Telephone events; never which digit", source: "RFC 4733",
      in: .rtpKinds),
    FieldDefinition(
      .rtpSilence, "rtp.silence", .decimal, "Share of comfort noise or silence", source: "RFC 3389",
      in: .rtpKinds),
  ]
}

extension EventKindSet {
  static let rtpKinds: EventKindSet = EventKindSet(.rtp)
}
