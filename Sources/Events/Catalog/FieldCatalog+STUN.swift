extension FieldCatalog {
  static let stun: [FieldDefinition] = [
    FieldDefinition(
      .stunMethod, "stun.method", .text, "Method", source: "RFC 8489 §5", in: .stunKinds),
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
    FieldDefinition(
      .stunRealm, "stun.realm", .text, "REALM", source: "RFC 8489 §14.9", in: .stunKinds, senderChosen: true),
    FieldDefinition(
      .stunRelayedIP, "stun.relayed_ip", .ip, "XOR-RELAYED-ADDRESS: where the relay receives for the client",
      source: "RFC 8656 §18.5", in: .stunKinds, senderChosen: true),
    FieldDefinition(
      .stunRelayedPort, "stun.relayed_port", .port, "Port of the relayed address", source: "RFC 8656 §18.5",
      in: .stunKinds, senderChosen: true),
    FieldDefinition(
      .stunPeerIP, "stun.peer_ip", .ip, "XOR-PEER-ADDRESS: whom the relay is to talk to",
      source: "RFC 8656 §18.3", in: .stunKinds, senderChosen: true),
    FieldDefinition(
      .stunPeerPort, "stun.peer_port", .port, "Port of the peer", source: "RFC 8656 §18.3", in: .stunKinds,
      senderChosen: true),
    FieldDefinition(
      .stunLifetime, "stun.lifetime", .duration, "LIFETIME of an allocation", source: "RFC 8656 §18.2",
      in: .stunKinds, unit: "s", senderChosen: true),
    FieldDefinition(
      .stunICERole, "stun.ice_role", .text,
      "Role of who sends a connectivity check: controlling or controlled", source: "RFC 8445 §16.1",
      in: .stunKinds, senderChosen: true),
    FieldDefinition(
      .stunNominates, "stun.nominates", .bool,
      "Whether a connectivity check nominates its pair (USE-CANDIDATE)", source: "RFC 8445 §16.1",
      in: .stunKinds, senderChosen: true),
  ]
}

extension EventKindSet {
  static let stunKinds: EventKindSet = EventKindSet(.stun)
}
