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
    raise(.rulesReloaded, adoption.changes.summary(), at: events.newestTime ?? time, sequence: 0)
  }

  /// Says in the log why other rules, or lists, are not taken.
  mutating func reject(_ rejection: RuleRejection, at time: Timestamp) {
    if rejection.isOfLists { counts.listFailures &+= 1 } else { counts.reloadFailures &+= 1 }
    raise(
      rejection.isOfLists ? .listRejected : .rulesRejected, rejection.cause, at: events.newestTime ?? time,
      sequence: 0)
  }

  /// Raises an anomaly of the sensor itself.
  mutating func raise(_ fault: SensorFault, _ detail: String, at time: Timestamp, sequence: UInt64) {
    counts.anomalies &+= 1
    event.reset(.anomaly, at: time, sequence: sequence)
    event.set(.anomalyType, constant: "applayer")
    event.set(.anomalyEvent, copying: fault.rawValue)
    event.set(.anomalyLayer, copying: fault.layer)
    event.set(.anomalyDetail, copying: detail)
    events.process(&event)
  }
}
