extension FieldCatalog {
  /// What is known of the account in From up to and with the event at hand.
  static let account: [FieldDefinition] = [
    FieldDefinition(
      .accountName, "account.name", .text, "Account in From: `user@host`, the host in lower case",
      source: "RFC 3261 §20.20", in: .accountKinds, senderChosen: true),
    FieldDefinition(
      .accountFirstSeen, "account.first_seen", .time, "First message in its name", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountLastSeen, "account.last_seen", .time, "Message before the last one", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountMessages, "account.messages", .integer, "Requests in its name, repeats not counted",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountRequests, "account.requests", .integer, "Requests in its name", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountInvites, "account.invites", .integer, "INVITE requests", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountRegisters, "account.registers", .integer, "REGISTER requests", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountOptions, "account.options", .integer, "OPTIONS requests", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountFailures, "account.failures", .integer, "Requests that were refused; challenges are no refusal",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountCalls, "account.calls", .integer, "Calls attempted", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountAnsweredCalls, "account.answered_calls", .integer, "Calls answered", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountFailedCalls, "account.failed_calls", .integer,
      "Calls rejected, failed, timed out or left at a challenge", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountConcurrentCalls, "account.concurrent_calls", .integer, "Live calls at its last call event",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountCallees, "account.callees", .integer, "Different called parties; an estimate above 16",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountCountries, "account.countries", .integer, "Different countries called; an estimate above 16",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountRegistrations, "account.registrations", .integer, "Registrations accepted, refreshes included",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountFailedRegistrations, "account.failed_registrations", .integer, "Registrations that failed",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountAuthFailures, "account.auth_failures", .integer, "Bad credentials, of registrations and calls",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountSources, "account.sources", .integer,
      "Different addresses that it was used from; an estimate above 16", source: "docs/profiles.md",
      in: .accountKinds),
    FieldDefinition(
      .accountUserAgents, "account.user_agents", .integer, "Different user agents; an estimate above 16",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountUserAgent, "account.user_agent", .text, "Last user agent, up to 40 bytes",
      source: "docs/profiles.md", in: .accountKinds, senderChosen: true),
    FieldDefinition(
      .accountReputation, "account.reputation", .decimal, "Reputation, 0 (bad) to 100 (good), 50 at first",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountReputationReasons, "account.reputation_reasons", .textList,
      "What moved the reputation lately: reason, times, points; on alerts only", source: "docs/profiles.md",
      in: .accountKinds, format: .logOnly),
    FieldDefinition(
      .accountThreatLevel, "account.threat_level", .text,
      "The reputation in a word: elevated below 40, high below 25, severe below 10; absent while it is low",
      source: "docs/profiles.md", in: .accountKinds),
    FieldDefinition(
      .accountScore, "account.score", .decimal,
      "Highest statistical score of its last 24 hours, 0-1; absent while warming up",
      source: "docs/scores.md",
      in: .accountKinds),
  ]
}

extension EventKindSet {
  /// Kinds of event that name an account, and what they fire.
  static let accountKinds: EventKindSet = [
    EventKindSet(.sip), EventKindSet(.call), EventKindSet(.registration), EventKindSet(.alert),
  ]
}
