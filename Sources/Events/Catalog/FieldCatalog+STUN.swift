extension FieldCatalog {
  static let stun: [FieldDefinition] = [
    FieldDefinition(
      .stunMethod, "stun.method", .text, "Method: binding, allocate …", source: "RFC 8489 §5", in: .stunKinds),
    FieldDefinition(
      .stunClass, "stun.class", .text, "request, indication, success or error", source: "RFC 8489 §5",
      in: .stunKinds),
    FieldDefinition(
      .stunUsername, "stun.username", .text, "USERNAME", source: "RFC 8489 §14.3", in: .stunKinds,
      senderChosen: true),
    FieldDefinition(
      .stunMappedIP, "stun.mapped_ip", .ip, "XOR-MAPPED-ADDRESS or MAPPED-ADDRESS", source: "RFC 8489 §14.2",
      in: .stunKinds, senderChosen: true),
    FieldDefinition(
      .stunMappedPort, "stun.mapped_port", .port, "Port of the mapped address", source: "RFC 8489 §14.2",
      in: .stunKinds, senderChosen: true),
    FieldDefinition(
      .stunErrorCode, "stun.error_code", .integer, "ERROR-CODE", source: "RFC 8489 §14.8", in: .stunKinds,
      senderChosen: true),
    FieldDefinition(
      .stunSoftware, "stun.software", .text, "SOFTWARE", source: "RFC 8489 §14.14", in: .stunKinds,
      senderChosen: true),
  ]
}

extension EventKindSet {
  static let stunKinds: EventKindSet = EventKindSet(.stun)
}
