extension FieldCatalog {
  static let alert: [FieldDefinition] = [
    FieldDefinition(
      .alertAction, "alert.action", .text, "allowed: Ringwatch watches and never blocks",
      source: "Suricata EVE", in: .alertKinds, always: true),
    FieldDefinition(
      .alertGid, "alert.gid", .integer, "Generator, always 1", source: "Suricata EVE", in: .alertKinds,
      always: true),
    FieldDefinition(
      .alertSignatureID, "alert.signature_id", .integer, "The rule's sid", source: "Suricata EVE",
      in: .alertKinds, always: true),
    FieldDefinition(
      .alertRev, "alert.rev", .integer, "The rule's rev", source: "Suricata EVE", in: .alertKinds,
      always: true),
    FieldDefinition(
      .alertSignature, "alert.signature", .text, "The rule's title", source: "Suricata EVE", in: .alertKinds,
      always: true),
    FieldDefinition(
      .alertCategory, "alert.category", .text, "The rule's category", source: "Suricata EVE",
      in: .alertKinds, always: true),
    FieldDefinition(
      .alertSeverity, "alert.severity", .integer, "1 high, 2 medium, 3 low, 4 info", source: "Suricata EVE",
      in: .alertKinds, always: true),
    FieldDefinition(
      .alertMetadataTechnique, "alert.metadata.mitre_technique_id", .textList, "MITRE ATT&CK techniques",
      source: "Suricata EVE", in: .alertKinds),
    FieldDefinition(
      .alertMetadataReference, "alert.metadata.reference", .textList, "The rule's references",
      source: "Suricata EVE", in: .alertKinds),
    FieldDefinition(
      .alertMetadataSpoofable, "alert.metadata.spoofable", .textList,
      "0 (proof) to 3 (a UDP source address proves nothing)", in: .alertKinds),
    FieldDefinition(
      .alertMetadataTag, "alert.metadata.tag", .textList, "The rule's tags", source: "Suricata EVE",
      in: .alertKinds),
    FieldDefinition(
      .alertMetadataChainedFrom, "alert.metadata.chained_from", .textList,
      "Ids of the rules whose alerts led to this one, the first cause first", in: .alertKinds),
    FieldDefinition(
      .alertContextRule, "alert.context.rule", .text, "The rule's id", in: .alertKinds, always: true),
    FieldDefinition(
      .alertContextRuleFile, "alert.context.rule_file", .text, "File and line of the rule", in: .alertKinds,
      always: true),
    FieldDefinition(
      .alertContextClause, "alert.context.clause", .text, "The condition that held", in: .alertKinds),
    FieldDefinition(
      .alertContextGroup, "alert.context.group", .textMap, "The fields of `by` with their values",
      in: .alertKinds),
    FieldDefinition(
      .alertContextKey, "alert.context.key", .text, "The values of `by`, with a space between two",
      in: .alertKinds, format: .hidden),
    FieldDefinition(
      .alertContextCount, "alert.context.count", .integer,
      "Matches in the window; of a gauge how many are live", in: .alertKinds),
    FieldDefinition(
      .alertContextDistinct, "alert.context.distinct", .integer, "Distinct values in the window",
      in: .alertKinds),
    FieldDefinition(
      .alertContextMeasured, "alert.context.measured", .numberMap,
      "The values of `measure` by their names; durations in seconds", in: .alertKinds),
    FieldDefinition(
      .alertContextSuppressed, "alert.context.suppressed", .integer,
      "Matches that suppression swallowed since the alert before", in: .alertKinds),
    FieldDefinition(
      .alertContextWindowStart, "alert.context.window_start", .time, "First match in the window",
      in: .alertKinds),
    FieldDefinition(
      .alertContextWindowEnd, "alert.context.window_end", .time, "Match that fired", in: .alertKinds),
    FieldDefinition(
      .alertContextEvidence, "alert.context.evidence", .integerList,
      "Numbers of the packets behind the alert, the latest ones", in: .alertKinds),
  ]
}

extension EventKindSet {
  static let alertKinds: EventKindSet = EventKindSet(.alert)
}
