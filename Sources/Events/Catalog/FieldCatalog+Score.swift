extension FieldCatalog {
  static let score: [FieldDefinition] = [
    FieldDefinition(
      .scoreEntityType, "score.entity_type", .text, "source, account or prefix", in: .scoreKinds, always: true
    ),
    FieldDefinition(
      .scoreEntity, "score.entity", .text, "The address, account or prefix", in: .scoreKinds, always: true),
    FieldDefinition(
      .scoreWindow, "score.window", .duration, "Window that is scored", in: .scoreKinds, unit: "s",
      always: true),
    FieldDefinition(
      .scoreValue, "score.value", .decimal, "Calibrated score, 0–1", in: .scoreKinds, always: true),
    FieldDefinition(.scoreModel, "score.model", .text, "Model that gave it", in: .scoreKinds),
    FieldDefinition(.scoreSamples, "score.samples", .integer, "Samples behind the baseline", in: .scoreKinds),
    FieldDefinition(
      .scoreWarmingUp, "score.warming_up", .bool, "The baseline is still young", in: .scoreKinds),
    FieldDefinition(
      .scoreFamily, "score.family", .text,
      "Family of the first reason: volume, registration, scan, failure, destination, premium, outcome, duration, "
        + "media, timing or identity",
      source: "docs/scores.md", in: .scoreKinds),
    FieldDefinition(
      .scoreFalseAlarms, "score.expected_false_alarms_per_day", .decimal,
      "How many days of benign entities score as high on one day", source: "docs/scores.md", in: .scoreKinds),
    FieldDefinition(
      .scoreReasons, "score.reasons", .recordList,
      "What made the score, the worst first: feature, view (what it is compared with), hours that it was observed "
        + "over, what was observed and expected, and the surprise: -log10 of how often a feature is that far out",
      source: "docs/scores.md", in: .scoreKinds,
      format: .records(members: ["feature", "view", "hours", "observed", "expected", "surprise"])),
  ]
}

extension EventKindSet {
  static let scoreKinds: EventKindSet = EventKindSet(.score)
}
