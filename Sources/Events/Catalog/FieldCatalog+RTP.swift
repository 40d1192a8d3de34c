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
      .rtpPackets, "rtp.packets", .integer,
      "Packets received; in a report since the one before, as all counts and times", source: "RFC 3550 §6.4",
      in: .rtpKinds),
    FieldDefinition(
      .rtpBytes, "rtp.bytes", .integer, "Payload bytes received", source: "RFC 3550 §6.4", in: .rtpKinds,
      unit: "bytes"),
    FieldDefinition(
      .rtpExpected, "rtp.expected", .integer, "Packets expected from sequence numbers",
      source: "RFC 3550 §A.3", in: .rtpKinds),
    FieldDefinition(
      .rtpLost, "rtp.lost", .integer, "Expected less received", source: "RFC 3550 §A.3", in: .rtpKinds),
    FieldDefinition(
      .rtpLoss, "rtp.loss", .decimal, "Share lost, 0–1", source: "RFC 3550 §A.3", in: .rtpKinds),
    FieldDefinition(
      .rtpBurstRatio, "rtp.burst_ratio", .decimal,
      "Mean length of the runs of losses over that of random losses; absent without losses",
      source: "ITU-T G.107 §3.5", in: .rtpKinds),
    FieldDefinition(
      .rtpDuplicates, "rtp.duplicates", .integer, "Packets seen twice", source: "RFC 3550", in: .rtpKinds),
    FieldDefinition(
      .rtpReordered, "rtp.reordered", .integer, "Packets out of order", source: "RFC 3550", in: .rtpKinds),
    FieldDefinition(
      .rtpConflicting, "rtp.conflicting", .integer,
      "Packets as of a second sender of the SSRC: a number comes again with another content, or a run of numbers that was left goes on; absent without any",
      in: .rtpKinds),
    FieldDefinition(
      .rtpAfterGoodbye, "rtp.after_goodbye", .duration,
      "How long the stream has gone on, without a pause, since an RTCP BYE said that it ends; absent without one",
      source: "RFC 3550 §6.6", in: .rtpKinds, unit: "s"),
    FieldDefinition(
      .rtpJitter, "rtp.jitter", .duration, "Interarrival jitter", source: "RFC 3550 §A.8", in: .rtpKinds,
      unit: "s"),
    FieldDefinition(
      .rtpMaxJitter, "rtp.max_jitter", .duration, "Highest interarrival jitter", source: "RFC 3550 §A.8",
      in: .rtpKinds, unit: "s"),
    FieldDefinition(
      .rtpMaxDelta, "rtp.max_delta", .duration, "Longest gap between packets", in: .rtpKinds, unit: "s"),
    FieldDefinition(
      .rtpDuration, "rtp.duration", .duration, "First to last packet; in a report, the time it covers",
      in: .rtpKinds, unit: "s"),
    FieldDefinition(
      .rtpMOS, "rtp.mos", .decimal,
      "Mean opinion score on the scale of rtp.mos_scale; scores of two scales do not compare",
      source: "ITU-T G.107", in: .rtpKinds),
    FieldDefinition(
      .rtpMOSSource, "rtp.mos_source", .text,
      "How well the codec's figures are founded: published, proxy or assumed", source: "ITU-T G.113",
      in: .rtpKinds),
    FieldDefinition(
      .rtpMOSScale, "rtp.mos_scale", .text, "nb (G.107), wb (G.107.1) or fb (G.107.2)",
      source: "ITU-T G.107", in: .rtpKinds),
    FieldDefinition(
      .rtpDelaySource, "rtp.delay_source", .text,
      "Which delay is in the score: rtcp (half the round trip) or none", in: .rtpKinds),
    FieldDefinition(
      .rtpCallID, "rtp.call_id", .text, "Call-ID of the call it belongs to", in: .rtpKinds, senderChosen: true
    ),
    FieldDefinition(.rtpCorrelatedBy, "rtp.correlated_by", .text, "sdp, ice, learned or none", in: .rtpKinds),
    FieldDefinition(
      .rtpSenderKnown, "rtp.sender_known", .bool,
      "Of a stream of a call: from an address that the call's descriptions name, that one of them came from or went to, that a connectivity check came from, or that its party has registered from",
      in: .rtpKinds),
    FieldDefinition(
      .rtpSourceChanged, "rtp.source_changed", .bool,
      "Another address sends the same SSRC to the same receiver, without renegotiation", in: .rtpKinds),
    FieldDefinition(
      .rtpSSRCChanged, "rtp.ssrc_changed", .bool,
      "The same sender uses another SSRC, without renegotiation", in: .rtpKinds),
    FieldDefinition(
      .rtpPayloadTypeChanged, "rtp.payload_type_changed", .bool, "The payload type changed",
      in: .rtpKinds),
    FieldDefinition(
      .rtpPreviousSource, "rtp.previous_source", .ip, "Address that sent the SSRC before", in: .rtpKinds),
    FieldDefinition(
      .rtpPreviousSSRC, "rtp.previous_ssrc", .integer, "SSRC that the sender used before", in: .rtpKinds,
      senderChosen: true),
    FieldDefinition(
      .rtpPreviousPayloadType, "rtp.previous_payload_type", .integer, "Payload type before",
      in: .rtpKinds, senderChosen: true),
    FieldDefinition(
      .rtpSRTP, "rtp.srtp", .bool, "Payload is encrypted; absent where that cannot be told",
      source: "RFC 3711, RFC 4568, RFC 5764, RFC 6189", in: .rtpKinds),
    FieldDefinition(
      .rtpDTMFEvents, "rtp.dtmf_events", .integer, "Telephone events; never which digit", source: "RFC 4733",
      in: .rtpKinds),
    FieldDefinition(
      .rtpSilence, "rtp.silence", .decimal,
      "Share of the time in which the sender paused or sent comfort noise, 0–1", source: "RFC 3389",
      in: .rtpKinds),
    FieldDefinition(
      .rtpRoundTrip, "rtp.round_trip", .duration, "Round trip between sender and receiver, by RTCP",
      source: "RFC 3550 §6.4.1", in: .rtpKinds, unit: "s", senderChosen: true),
    FieldDefinition(
      .rtpRemoteLoss, "rtp.remote_loss", .decimal,
      "Share lost by the receiver's last report; in a report, since the report before",
      source: "RFC 3550 §6.4.1", in: .rtpKinds, senderChosen: true),
    FieldDefinition(
      .rtpRemoteJitter, "rtp.remote_jitter", .duration, "Interarrival jitter by the receiver's last report",
      source: "RFC 3550 §6.4.1", in: .rtpKinds, unit: "s", senderChosen: true),
    FieldDefinition(
      .rtpRemoteMOS, "rtp.remote_mos", .decimal, "Listening quality by the receiver's last extended report",
      source: "RFC 3611 §4.7", in: .rtpKinds, senderChosen: true),
  ]
}

extension EventKindSet {
  static let rtpKinds: EventKindSet = EventKindSet(.rtp)
}
