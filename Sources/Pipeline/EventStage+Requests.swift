internal import Events
internal import Output
internal import Rules
internal import Synchronization
internal import Values

/// What happens at the end of the line beside events.
extension EventStage {
  /// Does what it is asked for.
  mutating func perform(_ request: EventRequest) {
    switch request {
    case .flush: flush()
    case .reopen(let onEnd): onEnd(reopenSinks().map { "the log goes on in its old file: \($0)" })
    case .stats(let counters, let time): writeStats(at: time, named(counters))
    case .watchEvictions(let time): noteEvictions(at: time)
    case .adopt(let exchange, let time): adopt(exchange, at: time)
    case .reject(let rejection, let time):
      raise(
        rejection.isOfLists ? .listRejected : .rulesRejected, rejection.cause, at: newestTime ?? time)
    case .tell(let answer, let counters):
      let tally = alertTally
      answer.give(
        SensorSnapshot(
          counters: named(counters), rules: tally.rules, alertsByRule: tally.alerts, rulesDid: ruleCounters))
    case .end(let end): finish(end)
    }
  }

  private mutating func adopt(_ exchange: RuleExchange, at time: Timestamp) {
    let changes = exchange.adoption.withLock { adoption in
      adopt(&adoption)
      return adoption.changes
    }
    if !exchange.isOfLists { raise(.rulesReloaded, changes.summary(), at: newestTime ?? time) }
    for list in changes.emptied { raise(.listEmptied, list, at: newestTime ?? time) }
    exchange.done.give(true)
  }

  private mutating func noteEvictions(at time: Timestamp) {
    _ = evictions.notices(engineEvictions)
    guard let evicted = evictions.takeReport(at: time) else { return }
    anomalies &+= 1
    raise(.keysEvicted, "\(evicted) keys", at: time)
  }

  private mutating func raise(_ fault: SensorFault, _ detail: String, at time: Timestamp) {
    var event = Event(headerSlots: rules.headerNames.names.count)
    event.reset(fault, detail, at: time, sequence: 0)
    process(&event)
  }

  /// Adds what is counted here.
  private func completed(_ counters: SensorCounters) -> SensorCounters {
    var counters = counters
    counters.messages.anomalies &+= anomalies
    counters.profiles = ProfileCounters(profiles)
    addScores(to: &counters)
    counters.engine = engineCounters
    return counters
  }

  private func named(_ counters: SensorCounters) -> [(name: String, value: UInt64)] {
    completed(counters).named + outputCounters
  }

  private mutating func finish(_ end: EndOfInput) {
    let counters = named(end.counters)
    writeStats(at: end.end ?? Timestamp(nanoseconds: 0), counters)
    finishOutputs()
    let tally = alertTally
    report = RunReport(
      counters: counters, rules: tally.rules, alertsByRule: tally.alerts, exceptions: exceptionUses,
      start: end.start, end: end.end, captureErrors: end.captureErrors, sinkError: failure,
      scoreModel: scoreModel)
  }
}

extension Event {
  /// Makes it the anomaly of something that happened to the sensor itself.
  mutating func reset(_ fault: SensorFault, _ detail: String, at time: Timestamp, sequence: UInt64) {
    reset(.anomaly, at: time, sequence: sequence)
    set(.anomalyType, constant: "applayer")
    set(.anomalyEvent, copying: fault.rawValue)
    set(.anomalyLayer, copying: fault.layer)
    set(.anomalyDetail, copying: detail)
  }
}
