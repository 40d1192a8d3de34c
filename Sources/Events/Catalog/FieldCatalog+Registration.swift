extension FieldCatalog {
  static let registration: [FieldDefinition] = [
    FieldDefinition(
      .registrationEvent, "registration.event", .text,
      "registered, refreshed, removed, expired, challenged or failed", in: .registrationKinds, always: true),
    FieldDefinition(
      .registrationAOR, "registration.aor", .text, "Address of record", source: "RFC 3261 §10",
      in: .registrationKinds, senderChosen: true),
    FieldDefinition(
      .registrationContact, "registration.contact", .text, "Contact of the binding", source: "RFC 3261 §10",
      in: .registrationKinds, senderChosen: true),
    FieldDefinition(
      .registrationExpires, "registration.expires", .integer, "Lifetime granted", source: "RFC 3261 §10.3",
      in: .registrationKinds, unit: "s"),
    FieldDefinition(
      .registrationUserAgent, "registration.user_agent", .text, "User-Agent that registers",
      source: "RFC 3261 §20.41", in: .registrationKinds, senderChosen: true),
    FieldDefinition(
      .registrationSourceChanged, "registration.source_changed", .bool, "From another address than before",
      in: .registrationKinds),
    FieldDefinition(
      .registrationContactChanged, "registration.contact_changed", .bool, "With another contact than before",
      in: .registrationKinds),
    FieldDefinition(
      .registrationPreviousSource, "registration.previous_source", .ip, "Address of the registration before",
      in: .registrationKinds),
    FieldDefinition(
      .registrationAttempts, "registration.attempts", .integer, "Requests up to this outcome",
      in: .registrationKinds),
    FieldDefinition(
      .registrationReason, "registration.reason", .text,
      "bad-credentials, challenge-unanswered, forbidden, not-found …", in: .registrationKinds),
  ]
}

extension EventKindSet {
  static let registrationKinds: EventKindSet = EventKindSet(.registration)
}
