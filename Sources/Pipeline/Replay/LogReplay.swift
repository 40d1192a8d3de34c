public import Capture
internal import Events
public import Output
public import Rules
internal import Values

/// Puts the events of logs through rules, as a sensor does with those of packets.
///
/// Profiles are made anew from the events. Nothing is logged again but what `loggedTypes` names; scores of the log
/// are left out when they are made anew; alerts of the log
/// are fed to rules over alerts only when their rule does not run here, since those that do fire again.
public struct LogReplay: ~Copyable {
  private var events: EventStage
  /// The rules that run, which make their alerts themselves.
  private let ownSIDs: Set<Int64>
  /// Whether scores are made anew, so that those of the log are left out.
  private let makesScores: Bool
  private var start: Timestamp?
  private var last: Timestamp?
  private var counts = LogReplayCounts()

  /// A replay that is ready for its first event.
  ///
  /// - Parameters:
  ///   - rules: the rules that decide.
  ///   - configuration: limits, and what is logged.
  ///   - sinks: where the log goes.
  ///   - outputs: what takes lines beside it.
  ///   - onAlert: is told of every alert.
  ///   - onEvent: is told of events, and of alerts of the log that do not fire again.
  ///   - onHour: is told at the end of each hour what each entity did in it.
  public init(
    rules: CompiledRuleSet, configuration: SensorConfiguration, sinks: [any EVESink],
    outputs: [EVEOutput] = [], onAlert: AlertListener? = nil, onEvent: EventListener? = nil,
    onHour: HourListener? = nil
  ) {
    var configuration = configuration
    // The log cut its texts, and says so behind them; what is left is bounded by the line.
    configuration.textLimit = LineFile.maximumLength
    events = EventStage(
      rules: rules, configuration: configuration, sinks: sinks, outputs: outputs, onAlert: onAlert,
      onEvent: onEvent,
      onHour: onHour)
    makesScores = configuration.scores.isEnabled
    ownSIDs = Set(rules.metadata.filter(\.isEnabled).map { Int64($0.sid) })
  }

  /// Events between two looks at the progress.
  private static let batch: UInt64 = 4096

  /// Reads the logs to their end, or until the flag is raised, and finishes the log.
  ///
  /// - Parameter onProgress: is told the part that was read, 0–1, nil when unknown, now and then.
  public mutating func run(
    _ source: inout LoggedEvents, stop: StopFlag, onProgress: (Double?) -> Void = { _ in }
  ) -> RunReport {
    reading: while !stop.isRaised, events.failure == nil {
      let step = source.next { process(&$0) }
      switch step {
      case .event: if counts.events % Self.batch == 0 { onProgress(source.fractionRead) }
      case .stats(let time): pass(to: time)
      case .end: break reading
      }
      // Who tails the log wants what there is.
      guard source.mustWait else { continue }
      events.flush()
      onProgress(source.fractionRead)
    }
    events.finish()
    return finish(source)
  }

  private mutating func process(_ event: inout Event) {
    // As a packet does: what waits goes on with what was known before.
    if last.map({ event.timestamp > $0 }) ?? false { events.advance(to: event.timestamp) }
    note(event.timestamp)
    if event.kind == .score, makesScores {
      counts.scores += 1
      return
    }
    if event.kind == .alert {
      let isOwn = event.integer(.alertSignatureID).map { ownSIDs.contains($0) } ?? true
      guard events.wants(.alert), !isOwn else {
        if !isOwn { events.tell(loggedAlert: &event) }
        counts.alerts += 1
        return
      }
    }
    counts.events += 1
    counts.kinds.insert(event.kind.set)
    events.process(&event)
  }

  /// Packets were seen up to here, though none of them made an event.
  private mutating func pass(to time: Timestamp) {
    counts.skipped += 1
    note(time)
    events.advance(to: time)
  }

  private mutating func note(_ time: Timestamp) {
    start = start ?? time
    last = max(last ?? time, time)
  }

  private mutating func finish(_ source: borrowing LoggedEvents) -> RunReport {
    var counters = SensorCounters()
    if let start, let last {
      counters.uptime = UInt64(max(0, last.nanoseconds(since: start)) / 1_000_000_000)
    }
    counters.profiles = ProfileCounters(events.profiles)
    events.addScores(to: &counters)
    counters.engine = events.engineCounters
    counts.add(source.counts)
    let named = counters.named + counts.named
    events.writeStats(at: last ?? Timestamp(nanoseconds: 0), named)
    events.finishOutputs()
    let tally = events.alertTally
    return RunReport(
      counters: named, rules: tally.rules, alertsByRule: tally.alerts, exceptions: events.exceptionUses,
      start: start, end: last,
      captureErrors: source.captureErrors, sinkError: events.failure, replay: counts,
      scoreModel: events.scoreModel)
  }
}
