extension FieldCatalog {
  static let registration: [FieldDefinition] = [
    FieldDefinition(
      .registrationEvent, "registration.event", .text,
      "registered, refreshed, removed, expired, challenged or failed", in: .registrationKinds, always: true),
    FieldDefinition(
      .registrationAOR, "registration.aor", .text, "Address of record: `user@host` of To",
      source: "RFC 3261 §10", in: .registrationKinds, senderChosen: true),
    FieldDefinition(
      .registrationContact, "registration.contact", .text, "Contact URI of the binding; `*` for all of them",
      source: "RFC 3261 §10", in: .registrationKinds, senderChosen: true),
    FieldDefinition(
      .registrationExpires, "registration.expires", .integer, "Lifetime granted, 0 when removed",
      source: "RFC 3261 §10.3", in: .bindingKinds, unit: "s"),
    FieldDefinition(
      .registrationUserAgent, "registration.user_agent", .text, "User-Agent that registers",
      source: "RFC 3261 §20.41", in: .registrationKinds, senderChosen: true),
    FieldDefinition(
      .registrationSourceChanged, "registration.source_changed", .bool,
      "From an address that the address of record was not registered from before; of a known device, from "
        + "another one than last time; of a removal of all, from another one than any of the contacts; not of what a "
        + "device takes out when it binds a new contact under the same Call-ID, with a password; absent of the "
        + "first that is seen of an address of record, and where it has so many devices that not all are known",
      in: .answeredBindingKinds),
    FieldDefinition(
      .registrationContactChanged, "registration.contact_changed", .bool,
      "With a contact that the address of record did not have before; of a known device, with another one "
        + "than last time",
      in: .answeredBindingKinds),
    FieldDefinition(
      .registrationPreviousSource, "registration.previous_source", .ip,
      "Address of the registration before, when the source changed", in: .answeredBindingKinds),
    FieldDefinition(
      .registrationAttempts, "registration.attempts", .integer,
      "REGISTER requests of this client for this address of record since its last success, up to this outcome",
      in: .answeredKinds),
    FieldDefinition(
      .registrationRefusals, "registration.refusals", .integer,
      "Credentials of this client for this address of record that were refused since its last success",
      in: .answeredKinds),
    FieldDefinition(
      .registrationReason, "registration.reason", .text,
      "bad-credentials, challenge-unanswered, forbidden, not-found, rejected, server-error or timeout",
      in: EventKind.registrationFailed.set, always: true),
    FieldDefinition(
      .registrationCode, "registration.code", .integer, "Status code that led to it", source: "RFC 3261 §21",
      in: .answeredKinds),
    FieldDefinition(
      .registrationCallID, "registration.call_id", .text, "Call-ID of the REGISTER",
      source: "RFC 3261 §20.8", in: .registrationKinds, senderChosen: true),
    FieldDefinition(
      .registrationAuthUser, "registration.auth_user", .text, "User name of the credentials",
      source: "RFC 7616 §3.4", in: .answeredKinds, senderChosen: true),
    FieldDefinition(
      .registrationThirdParty, "registration.third_party", .bool, "From is not the address of record",
      source: "RFC 3261 §10.2", in: .answeredKinds),
  ]
}

extension EventKindSet {
  static let registrationKinds: EventKindSet = EventKindSet(.registration)
  /// Outcomes of requests, whether answered or not.
  static let answeredKinds: EventKindSet = registrationKinds.subtracting(EventKind.registrationExpired.set)
  /// Outcomes that change a binding because a registrar said so.
  static let answeredBindingKinds: EventKindSet = [
    EventKind.registrationRegistered.set, EventKind.registrationRefreshed.set,
    EventKind.registrationRemoved.set,
  ]
  /// Outcomes that change a binding.
  static let bindingKinds: EventKindSet = answeredBindingKinds.union(EventKind.registrationExpired.set)
}
