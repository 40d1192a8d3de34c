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
  ]
}

extension EventKindSet {
  static let scoreKinds: EventKindSet = EventKindSet(.score)
}
