extension FieldCatalog {
  static let transaction: [FieldDefinition] = [
    FieldDefinition(
      .transactionMethod, "transaction.method", .text, "Method of the request", source: "RFC 3261 §17",
      in: .transactionKinds, senderChosen: true),
    FieldDefinition(
      .transactionCode, "transaction.code", .integer, "Status code of the final response",
      source: "RFC 3261 §17", in: .transactionKinds),
    FieldDefinition(
      .transactionTimedOut, "transaction.timed_out", .bool, "No final response came in time",
      source: "RFC 3261 §17", in: .transactionKinds),
    FieldDefinition(
      .transactionDuration, "transaction.duration", .duration, "Request to final response",
      source: "RFC 3261 §17", in: .transactionKinds, unit: "s"),
    FieldDefinition(
      .transactionRetransmissions, "transaction.retransmissions", .integer,
      "Repeats of request and provisional responses", source: "RFC 3261 §17", in: .transactionKinds),
    FieldDefinition(
      .transactionProvisional, "transaction.provisional", .integer, "Status code of the last 1xx",
      source: "RFC 3261 §17", in: .transactionKinds),
    FieldDefinition(
      .transactionCallID, "transaction.call_id", .text, "Call-ID of the request",
      source: "RFC 3261 §20.8", in: .transactionKinds, senderChosen: true),
  ]
}

extension EventKindSet {
  static let transactionKinds: EventKindSet = EventKindSet(.transaction)
}
