public import Events
internal import Values

/// The fields of an alert, for the log and for rules over alerts.
extension Event {
  /// Fills in all alert fields.
  ///
  /// - Parameters:
  ///   - group: the values of the keys that `RuleMetadata.keys(of:)` names; an empty one is absent.
  ///   - lineage: the ids of the rules whose alerts led to this one.
  public mutating func set(
    _ alert: borrowing Alert, of rule: RuleMetadata, group: [String], lineage: [String]
  ) {
    removeAlert()
    set(.alertAction, constant: "allowed")
    set(.alertGid, integer: Int64(rule.gid))
    set(.alertSignatureID, integer: Int64(rule.sid))
    set(.alertRev, integer: Int64(rule.revision))
    set(.alertSignature, copying: rule.title)
    set(.alertCategory, copying: rule.category ?? "Misc activity")
    set(.alertSeverity, integer: Int64(rule.severity.rawValue))
    set(.alertMetadataTechnique, copying: rule.attackTechniques)
    set(.alertMetadataReference, copying: rule.references)
    set(.alertMetadataTag, copying: rule.tags)
    set(.alertMetadataSpoofable, copying: rule.spoofability.map { [String($0)] } ?? [])
    set(.alertMetadataChainedFrom, copying: lineage)
    set(.alertContextRule, copying: rule.id)
    set(.alertContextRuleFile, copying: "\(rule.file):\(rule.line)")
    set(.alertContextClause, copying: rule.clause)
    setGroup(group, of: rule, keys: rule.keys(of: alert.reason))
    setFigures(alert, rule)
  }

  /// Takes all alert fields out.
  public mutating func removeAlert() {
    for field in Self.alertFields { set(field, .absent) }
  }

  private static let alertFields = FieldCatalog.fields(in: EventKindSet(.alert)).map(\.field).filter {
    FieldCatalog.definition(of: $0).name.hasPrefix("alert.")
  }

  private mutating func setGroup(_ group: [String], of rule: RuleMetadata, keys: [String]) {
    let pairs = zip(keys, group).filter { !$0.1.isEmpty }
    set(
      .alertContextGroup,
      copying: pairs.flatMap { [$0.0, rule.secretKeys.contains($0.0) ? "(not logged)" : $0.1] })
    set(.alertContextKey, copying: group.joined(separator: " "))
  }

  private mutating func setFigures(_ alert: borrowing Alert, _ rule: RuleMetadata) {
    if let count = alert.count { set(.alertContextCount, integer: Int64(count)) }
    if let distinct = alert.distinct { set(.alertContextDistinct, integer: Int64(distinct)) }
    if let start = alert.windowStart { set(.alertContextWindowStart, .time(start)) }
    if let end = alert.windowEnd { set(.alertContextWindowEnd, .time(end)) }
    if alert.suppressedCount > 0 {
      set(.alertContextSuppressed, integer: Int64(clamping: alert.suppressedCount))
    }
    setMeasured(alert.measured, names: rule.measuredNames)
    let start = items.count
    for index in 0..<alert.evidence.count { appendItem(.integer(Int64(clamping: alert.evidence[index]))) }
    set(.alertContextEvidence, itemsFrom: start)
  }

  private mutating func setMeasured(_ values: [FieldValue], names: [String]) {
    let present = zip(names, values).filter { $0.1 != .absent }
    let ranges = present.map { append($0.0) }
    let start = items.count
    for (name, pair) in zip(ranges, present) {
      appendItem(.text(name))
      appendItem(pair.1)
    }
    set(.alertContextMeasured, itemsFrom: start)
  }
}
