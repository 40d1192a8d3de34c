internal import Events
internal import Rules
internal import Tracking
internal import Values

extension MessageStage {
  /// Goes on with other rules: events carry from now on what these ask for.
  mutating func adopt(_ adoption: inout RuleAdoption, isOfLists: Bool, at time: Timestamp) {
    events.adopt(&adoption)
    let names = events.rules.headerNames
    builder.setHeaders(names)
    event = Event(headerSlots: names.names.count)
    signalling.event = Event(headerSlots: names.names.count)
    media.setReports(isNeeded: events.needs(.rtpReport))
    guard !isOfLists else {
      counts.listReloads &+= 1
      return
    }
    counts.reloads &+= 1
    raise("rules.reloaded", detail: adoption.changes.summary(), at: time)
  }

  /// Says in the log why other rules, or lists, are not taken.
  mutating func reject(_ rejection: RuleRejection, at time: Timestamp) {
    if rejection.isOfLists { counts.listFailures &+= 1 } else { counts.reloadFailures &+= 1 }
    raise(
      rejection.isOfLists ? "rules.list_rejected" : "rules.rejected", detail: rejection.cause, at: time)
  }

  /// Raises an anomaly of the sensor itself; it has the time of the newest event, so that no other comes too
  /// late because of it.
  private mutating func raise(_ name: StaticString, detail: String, at time: Timestamp) {
    counts.anomalies &+= 1
    event.reset(.anomaly, at: events.newestTime ?? time, sequence: 0)
    event.set(.anomalyType, constant: "applayer")
    event.set(.anomalyEvent, constant: name)
    event.set(.anomalyLayer, constant: "rules")
    event.set(.anomalyDetail, copying: detail)
    events.process(&event)
  }
}
