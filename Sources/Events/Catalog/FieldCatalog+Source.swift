extension FieldCatalog {
  /// What is known of the sender of a packet up to and with the event at hand.
  static let source: [FieldDefinition] = [
    FieldDefinition(
      .sourceCountry, "source.country", .text,
      "Country of the address, ISO 3166-1 alpha-2; needs a country database", source: "MaxMind DB",
      in: .commonKinds),
    FieldDefinition(
      .sourceFirstSeen, "source.first_seen", .time, "First message", source: "docs/profiles.md",
      in: .commonKinds),
    FieldDefinition(
      .sourceLastSeen, "source.last_seen", .time, "Message before the last one", source: "docs/profiles.md",
      in: .commonKinds),
    FieldDefinition(
      .sourceMessages, "source.messages", .integer, "Messages sent, repeats not counted",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceRequests, "source.requests", .integer, "Requests sent", source: "docs/profiles.md",
      in: .commonKinds),
    FieldDefinition(
      .sourceInvites, "source.invites", .integer, "INVITE requests", source: "docs/profiles.md",
      in: .commonKinds),
    FieldDefinition(
      .sourceRegisters, "source.registers", .integer, "REGISTER requests", source: "docs/profiles.md",
      in: .commonKinds),
    FieldDefinition(
      .sourceOptions, "source.options", .integer, "OPTIONS requests", source: "docs/profiles.md",
      in: .commonKinds),
    FieldDefinition(
      .sourceFaults, "source.faults", .integer, "Messages with a fault", source: "docs/profiles.md",
      in: .commonKinds),
    FieldDefinition(
      .sourceFailures, "source.failures", .integer, "Requests that were refused; challenges are no refusal",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceCalls, "source.calls", .integer, "Calls attempted", source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceAnsweredCalls, "source.answered_calls", .integer, "Calls answered", source: "docs/profiles.md",
      in: .commonKinds),
    FieldDefinition(
      .sourceFailedCalls, "source.failed_calls", .integer,
      "Calls rejected, failed, timed out or left at a challenge", source: "docs/profiles.md", in: .commonKinds
    ),
    FieldDefinition(
      .sourceConcurrentCalls, "source.concurrent_calls", .integer, "Live calls at its last call event",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceCallees, "source.callees", .integer, "Different called parties; an estimate above 16",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceCountries, "source.countries", .integer, "Different countries called; an estimate above 16",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceRegistrations, "source.registrations", .integer, "Registrations accepted, refreshes included",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceFailedRegistrations, "source.failed_registrations", .integer, "Registrations that failed",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceAuthFailures, "source.auth_failures", .integer, "Bad credentials, of registrations and calls",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourcePeers, "source.peers", .integer, "Different addresses sent to; an estimate above 16",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceUserAgents, "source.user_agents", .integer, "Different user agents; an estimate above 16",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceUserAgent, "source.user_agent", .text, "Last user agent, up to 40 bytes",
      source: "docs/profiles.md", in: .commonKinds, senderChosen: true),
    FieldDefinition(
      .sourceReputation, "source.reputation", .decimal, "Reputation, 0 (bad) to 100 (good), 50 at first",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceReputationReasons, "source.reputation_reasons", .textList,
      "What moved the reputation lately: reason, times, points; on alerts only", source: "docs/profiles.md",
      in: .commonKinds, format: .logOnly),
    FieldDefinition(
      .sourceThreatLevel, "source.threat_level", .text,
      "The reputation in a word: elevated below 40, high below 25, severe below 10; absent while it is low",
      source: "docs/profiles.md", in: .commonKinds),
    FieldDefinition(
      .sourceScore, "source.score", .decimal,
      "Highest statistical score of its last 24 hours, 0-1; absent while warming up",
      source: "docs/scores.md",
      in: .commonKinds),
  ]
}
