public import Events
public import Rules
internal import Values

extension EVEWriter {
  /// Writes an alert as a line: the event's common fields, `alert`, and the object of the event.
  ///
  /// - Parameters:
  ///   - group: the values of the rule's `by`, in its order; an empty one is absent.
  ///   - event: what fired it; its alert fields are filled in here. A summary has none of its own, so it is
  ///     given an empty event of its time.
  public mutating func write(
    _ alert: borrowing Alert, of rule: RuleMetadata, group: [String], _ event: inout Event
  ) {
    fill(alert, rule, into: &event)
    set(group, keys: rule.groupKeys, in: &event)
    completeAddresses(rule, group, in: &event)
    open(at: event, type: .alert)
    writeFields(of: event)
    close()
    for field in Self.alertFields { event.set(field, .absent) }
  }

  private static let alertFields = FieldCatalog.fields(in: EventKindSet(.alert)).map(\.field).filter {
    FieldCatalog.definition(of: $0).name.hasPrefix("alert.")
  }

  private func fill(_ alert: borrowing Alert, _ rule: RuleMetadata, into event: inout Event) {
    event.set(.alertAction, constant: "allowed")
    event.set(.alertGid, integer: Int64(rule.gid))
    event.set(.alertSignatureID, integer: Int64(rule.sid))
    event.set(.alertRev, integer: Int64(rule.revision))
    event.set(.alertSignature, copying: rule.title)
    event.set(.alertCategory, copying: rule.category ?? "Misc activity")
    event.set(.alertSeverity, integer: Int64(rule.severity.rawValue))
    set(.alertMetadataTechnique, rule.attackTechniques, in: &event)
    set(.alertMetadataReference, rule.references, in: &event)
    set(.alertMetadataTag, rule.tags, in: &event)
    set(.alertMetadataSpoofable, rule.spoofability.map { [String($0)] } ?? [], in: &event)
    event.set(.alertContextRule, copying: rule.id)
    event.set(.alertContextRuleFile, copying: "\(rule.file):\(rule.line)")
    event.set(.alertContextClause, copying: rule.clause)
    if let count = alert.count { event.set(.alertContextCount, integer: Int64(count)) }
    if let distinct = alert.distinct { event.set(.alertContextDistinct, integer: Int64(distinct)) }
    if let start = alert.windowStart { event.set(.alertContextWindowStart, .time(start)) }
    if let end = alert.windowEnd { event.set(.alertContextWindowEnd, .time(end)) }
    if alert.suppressedCount > 0 {
      event.set(.alertContextSuppressed, integer: Int64(clamping: alert.suppressedCount))
    }
    let start = event.items.count
    for index in 0..<alert.evidence.count {
      event.appendItem(.integer(Int64(clamping: alert.evidence[index])))
    }
    event.set(.alertContextEvidence, itemsFrom: start)
  }

  private func set(_ group: [String], keys: [String], in event: inout Event) {
    let pairs = zip(keys, group).filter { !$0.1.isEmpty }
    set(
      .alertContextGroup, pairs.flatMap { [$0.0, Self.isSecret($0.0) ? "(not logged)" : $0.1] }, in: &event)
  }

  /// Whether a group key holds credentials or a body: rules may count by them, the log never shows them.
  private static func isSecret(_ key: String) -> Bool {
    let folded = key.lowercased()
    return ["payload", "authoriz", "authenticat"].contains { folded.contains($0) }
  }

  private func set(_ field: Field, _ texts: [String], in event: inout Event) {
    let ranges = texts.map { event.append($0) }
    let start = event.items.count
    for range in ranges { event.appendItem(.text(range)) }
    event.set(field, itemsFrom: start)
  }

  /// EveBox takes an alert only with both addresses and an application protocol: an alert that has none of
  /// its own (a broken frame, a summary) gets them from its group, or 0.0.0.0 and `unknown`.
  private func completeAddresses(_ rule: RuleMetadata, _ group: [String], in event: inout Event) {
    if !event.has(.appProto) { event.set(.appProto, constant: "unknown") }
    for (field, keys) in [(Field.srcIP, ["client.ip", "src_ip"]), (Field.destIP, ["server.ip", "dest_ip"])]
    where !event.has(field) {
      let index = rule.groupKeys.firstIndex { keys.contains($0) }
      let address = index.flatMap { $0 < group.count ? IPAddress(group[$0]) : nil }
      event.set(field, ip: address ?? IPAddress(v4: 0))
    }
  }
}
