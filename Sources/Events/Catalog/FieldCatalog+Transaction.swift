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
      "Repeats of request and responses", source: "RFC 3261 §17", in: .transactionKinds),
  ]
}

extension EventKindSet {
  static let transactionKinds: EventKindSet = EventKindSet(.transaction)
}
