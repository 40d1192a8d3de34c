internal import Events
internal import Rules
internal import Synchronization
internal import Tracking
internal import Values

extension MessageStage {
  /// Goes on with other rules: events carry from now on what these ask for.
  mutating func adopt(_ exchange: RuleExchange, at time: Timestamp) {
    // The end of the line may run behind; it takes them where they stand among the events.
    let rules = exchange.adoption.withLock { $0.ruleSet }
    events.adopt(rules)
    let names = rules.headerNames
    builder.setHeaders(names)
    event = Event(headerSlots: names.names.count)
    signalling.event = Event(headerSlots: names.names.count)
    media.event = Event(headerSlots: names.names.count)
    media.setReports(isNeeded: events.needs(.rtpReport))
    if exchange.isOfLists {
      counts.listReloads &+= 1
    } else {
      counts.reloads &+= 1
      counts.anomalies &+= 1
    }
    events.perform(.adopt(exchange, at: time))
  }

  /// Says in the log why other rules, or lists, are not taken.
  mutating func reject(_ rejection: RuleRejection, at time: Timestamp) {
    if rejection.isOfLists { counts.listFailures &+= 1 } else { counts.reloadFailures &+= 1 }
    counts.anomalies &+= 1
    events.perform(.reject(rejection, at: time))
  }

  /// Raises an anomaly of the sensor itself.
  mutating func raise(_ fault: SensorFault, _ detail: String, at time: Timestamp, sequence: UInt64) {
    counts.anomalies &+= 1
    event.reset(fault, detail, at: time, sequence: sequence)
    events.process(&event)
  }
}
