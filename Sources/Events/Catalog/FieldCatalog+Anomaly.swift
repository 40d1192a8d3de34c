extension FieldCatalog {
  static let anomaly: [FieldDefinition] = [
    FieldDefinition(
      .anomalyType, "anomaly.type", .text, "decode, stream or applayer", source: "Suricata EVE",
      in: .anomalyKinds, always: true),
    FieldDefinition(
      .anomalyEvent, "anomaly.event", .text, "Name of the fault", source: "docs/anomalies.md",
      in: .anomalyKinds, always: true),
    FieldDefinition(
      .anomalyLayer, "anomaly.layer", .text, "Layer that found it: ethernet, ipv4, udp, tcp, sip, sdp …",
      source: "Suricata EVE", in: .anomalyKinds, always: true),
    FieldDefinition(
      .anomalyAppProto, "anomaly.app_proto", .text, "Application protocol of the fault",
      source: "Suricata EVE", in: .anomalyKinds),
    FieldDefinition(
      .anomalyDetail, "anomaly.detail", .text, "Which header or parameter, where one can be named",
      in: .anomalyKinds),
  ]
}

extension EventKindSet {
  static let anomalyKinds: EventKindSet = EventKindSet(.anomaly)
}
