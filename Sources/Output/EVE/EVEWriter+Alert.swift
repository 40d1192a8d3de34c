public import Events
public import Rules
internal import Values

extension EVEWriter {
  /// Writes an alert as a line: the event's common fields, `alert`, and the object of the event.
  ///
  /// - Parameters:
  ///   - group: the values of the keys that `RuleMetadata.keys(of:)` names; an empty one is absent.
  ///   - lineage: the ids of the rules whose alerts led to this one.
  ///   - event: what fired it; its alert fields are filled in here. A summary has none of its own, so it is
  ///     given an empty event of its time.
  public mutating func write(
    _ alert: borrowing Alert, of rule: RuleMetadata, group: [String], lineage: [String] = [],
    _ event: inout Event
  ) {
    event.set(alert, of: rule, group: group, lineage: lineage)
    completeAddresses(rule.keys(of: alert.reason), group, in: &event)
    open(at: event, type: .alert)
    writeFields(of: event)
    close()
    event.removeAlert()
  }

  /// EveBox takes an alert only with both addresses and an application protocol: an alert that has none of
  /// its own (a broken frame, a summary) gets them from its group, or 0.0.0.0 and `unknown`.
  private func completeAddresses(_ names: [String], _ group: [String], in event: inout Event) {
    if !event.has(.appProto) { event.set(.appProto, constant: "unknown") }
    for (field, keys) in [(Field.srcIP, ["client.ip", "src_ip"]), (Field.destIP, ["server.ip", "dest_ip"])]
    where !event.has(field) {
      let index = names.firstIndex { keys.contains($0) }
      let address = index.flatMap { $0 < group.count ? IPAddress(group[$0]) : nil }
      event.set(field, ip: address ?? IPAddress(v4: 0))
    }
  }
}
