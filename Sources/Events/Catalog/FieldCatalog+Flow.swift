extension FieldCatalog {
  static let flow: [FieldDefinition] = [
    FieldDefinition(
      .flowPktsToserver, "flow.pkts_toserver", .integer,
      "Packets toward the server, each fragment of those that were put together counted",
      source: "Suricata EVE", in: .flowKinds, always: true),
    FieldDefinition(
      .flowPktsToclient, "flow.pkts_toclient", .integer,
      "Packets toward the client, each fragment of those that were put together counted",
      source: "Suricata EVE", in: .flowKinds, always: true),
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
      .flowReason, "flow.reason", .text, "Why it ended: timeout, shutdown or forced (table full)",
      source: "Suricata EVE", in: .flowKinds),
    FieldDefinition(
      .flowAlerted, "flow.alerted", .bool, "Whether an alert fired on it", source: "Suricata EVE",
      in: .flowKinds),
    FieldDefinition(
      .flowEncrypted, "flow.encrypted", .bool,
      "Whether its content is encrypted; absent where that cannot be told", in: .flowKinds),
    FieldDefinition(
      .flowTraffic, "flow.traffic", .text,
      "What its sizes and times look like where it cannot be read: voice, video, signalling or unknown",
      in: .flowKinds),
    FieldDefinition(
      .flowTrafficConfidence, "flow.traffic_confidence", .decimal,
      "How clearly flow.traffic stands out, 0–1; absent for unknown", in: .flowKinds),
    FieldDefinition(
      .flowMeanSizeToserver, "flow.mean_size_toserver", .integer,
      "Mean payload size toward the server where it cannot be read",
      in: .flowKinds, unit: "bytes", senderChosen: true),
    FieldDefinition(
      .flowMeanSizeToclient, "flow.mean_size_toclient", .integer,
      "Mean payload size toward the client where it cannot be read",
      in: .flowKinds, unit: "bytes", senderChosen: true),
    FieldDefinition(
      .flowSizeDeviationToserver, "flow.size_deviation_toserver", .integer,
      "Standard deviation of the payload sizes toward the server where it cannot be read",
      in: .flowKinds, unit: "bytes", senderChosen: true),
    FieldDefinition(
      .flowSizeDeviationToclient, "flow.size_deviation_toclient", .integer,
      "Standard deviation of the payload sizes toward the client where it cannot be read",
      in: .flowKinds, unit: "bytes", senderChosen: true),
    FieldDefinition(
      .flowMeanIntervalToserver, "flow.mean_interval_toserver", .duration,
      "Mean time between payloads toward the server where it cannot be read",
      in: .flowKinds, unit: "s", senderChosen: true),
    FieldDefinition(
      .flowMeanIntervalToclient, "flow.mean_interval_toclient", .duration,
      "Mean time between payloads toward the client where it cannot be read",
      in: .flowKinds, unit: "s", senderChosen: true),
    FieldDefinition(
      .flowIntervalDeviationToserver, "flow.interval_deviation_toserver", .duration,
      "Standard deviation of the times between payloads toward the server where it cannot be read",
      in: .flowKinds, unit: "s", senderChosen: true),
    FieldDefinition(
      .flowIntervalDeviationToclient, "flow.interval_deviation_toclient", .duration,
      "Standard deviation of the times between payloads toward the client where it cannot be read",
      in: .flowKinds, unit: "s", senderChosen: true),
    FieldDefinition(
      .flowPacedToserver, "flow.paced_toserver", .decimal,
      "Share of the times within 4–80 ms that are a usual packet time, 0–1, toward the server where it cannot be read",
      in: .flowKinds, senderChosen: true),
    FieldDefinition(
      .flowPacedToclient, "flow.paced_toclient", .decimal,
      "Share of the times within 4–80 ms that are a usual packet time, 0–1, toward the client where it cannot be read",
      in: .flowKinds, senderChosen: true),
  ]
}

extension EventKindSet {
  static let flowKinds: EventKindSet = [EventKind.flowEnded.set]
}
