extension FieldCatalog {
  static let flow: [FieldDefinition] = [
    FieldDefinition(
      .flowPktsToserver, "flow.pkts_toserver", .integer, "Packets toward the server", source: "Suricata EVE",
      in: .flowKinds, always: true),
    FieldDefinition(
      .flowPktsToclient, "flow.pkts_toclient", .integer, "Packets toward the client", source: "Suricata EVE",
      in: .flowKinds, always: true),
    FieldDefinition(
      .flowBytesToserver, "flow.bytes_toserver", .integer, "Bytes of frames toward the server",
      source: "Suricata EVE", in: .flowKinds, unit: "bytes", always: true),
    FieldDefinition(
      .flowBytesToclient, "flow.bytes_toclient", .integer, "Bytes of frames toward the client",
      source: "Suricata EVE", in: .flowKinds, unit: "bytes", always: true),
    FieldDefinition(
      .flowStart, "flow.start", .time, "Time of the first packet", source: "Suricata EVE", in: .flowKinds,
      always: true),
    FieldDefinition(
      .flowEnd, "flow.end", .time, "Time of the last packet", source: "Suricata EVE", in: .flowKinds,
      always: true),
    FieldDefinition(
      .flowAge, "flow.age", .integer, "Whole seconds from first to last packet", source: "Suricata EVE",
      in: .flowKinds, unit: "s", always: true),
    FieldDefinition(
      .flowState, "flow.state", .text, "new, established or closed", source: "Suricata EVE", in: .flowKinds,
      always: true),
    FieldDefinition(
      .flowReason, "flow.reason", .text, "Why it ended: timeout, shutdown, forced (table full) or unknown",
      source: "Suricata EVE", in: .flowKinds),
    FieldDefinition(
      .flowAlerted, "flow.alerted", .bool, "Whether an alert fired on it", source: "Suricata EVE",
      in: .flowKinds),
  ]
}

extension EventKindSet {
  static let flowKinds: EventKindSet = [EventKind.flowEnded.set]
}
