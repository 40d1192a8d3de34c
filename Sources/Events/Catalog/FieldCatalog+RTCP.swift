extension FieldCatalog {
  static let rtcp: [FieldDefinition] = [
    FieldDefinition(
      .rtcpTypes, "rtcp.types", .textList, "Packet types in the compound", source: "RFC 3550 §6.1",
      in: .rtcpKinds),
    FieldDefinition(
      .rtcpSSRC, "rtcp.ssrc", .integer, "SSRC of the sender", source: "RFC 3550 §6.4", in: .rtcpKinds,
      senderChosen: true),
    FieldDefinition(
      .rtcpCname, "rtcp.cname", .text, "Canonical name", source: "RFC 3550 §6.5.1", in: .rtcpKinds,
      senderChosen: true),
    FieldDefinition(
      .rtcpFractionLost, "rtcp.fraction_lost", .decimal,
      "Share lost in the last interval, worst report block", source: "RFC 3550 §6.4.1", in: .rtcpKinds,
      senderChosen: true),
    FieldDefinition(
      .rtcpCumulativeLost, "rtcp.cumulative_lost", .integer, "Packets lost in all, worst report block",
      source: "RFC 3550 §6.4.1", in: .rtcpKinds, senderChosen: true),
    FieldDefinition(
      .rtcpJitter, "rtcp.jitter", .integer, "Interarrival jitter in clock units, worst report block",
      source: "RFC 3550 §6.4.1", in: .rtcpKinds, senderChosen: true),
    FieldDefinition(
      .rtcpRoundTrip, "rtcp.round_trip", .duration,
      "From the sensor to the reporter and back, by LSR and DLSR, worst report block",
      source: "RFC 3550 §6.4.1", in: .rtcpKinds, unit: "s"),
    FieldDefinition(
      .rtcpMOSLq, "rtcp.mos_lq", .decimal, "Listening quality of the XR VoIP metrics block",
      source: "RFC 3611 §4.7", in: .rtcpKinds, senderChosen: true),
    FieldDefinition(
      .rtcpMOSCq, "rtcp.mos_cq", .decimal, "Conversational quality of the XR VoIP metrics block",
      source: "RFC 3611 §4.7", in: .rtcpKinds, senderChosen: true),
    FieldDefinition(
      .rtcpRFactor, "rtcp.r_factor", .integer, "R factor of the XR VoIP metrics block",
      source: "RFC 3611 §4.7", in: .rtcpKinds, senderChosen: true),
  ]
}

extension EventKindSet {
  static let rtcpKinds: EventKindSet = EventKindSet(.rtcp)
}
