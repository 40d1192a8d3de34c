extension FieldCatalog {
  static let anomaly: [FieldDefinition] = [
    FieldDefinition(
      .anomalyType, "anomaly.type", .text, "decode, stream or applayer", source: "Suricata EVE",
      in: .anomalyKinds, always: true),
    FieldDefinition(
      .anomalyEvent, "anomaly.event", .text, "Name of the fault, listed in docs/anomalies.md",
      source: "docs/anomalies.md",
      in: .anomalyKinds, always: true),
    FieldDefinition(
      .anomalyLayer, "anomaly.layer", .text, "Layer that found it: the part of anomaly.event before the dot",
      source: "Suricata EVE", in: .anomalyKinds, always: true),
    FieldDefinition(
      .anomalyAppProto, "anomaly.app_proto", .text, "Application protocol of the fault",
      source: "Suricata EVE", in: .anomalyKinds),
    FieldDefinition(
      .anomalyDetail, "anomaly.detail", .text,
      "Which header or parameter, where one can be named; of a forged answer its status code",
      in: .anomalyKinds),
  ]
}

extension EventKindSet {
  static let anomalyKinds: EventKindSet = EventKindSet(.anomaly)
}
