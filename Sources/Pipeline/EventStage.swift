internal import Events
internal import Output
internal import Rules
internal import Values

/// The end of the line: rules decide about each event, the log takes what it is told to.
struct EventStage: ~Copyable {
  private var engine: RuleEngine
  private var writer: EVEWriter
  private let sinks: [any EVESink]
  private let isLogged: [Bool]
  private var alerts: [Alert] = []
  private let onAlert: AlertListener?

  /// Lines written, by event type.
  private(set) var lines = [UInt64](repeating: 0, count: EventType.allCases.count)
  /// Alerts by rule, in the order of the rule set.
  private(set) var alertsByRule: [UInt64]
  /// The first failure of a sink; nothing is written any more after it.
  private(set) var failure: SinkError?

  /// Bytes of lines that are gathered before the sinks get them.
  private static let flushSize = 1 << 16

  init(
    rules: CompiledRuleSet, configuration: SensorConfiguration, sinks: [any EVESink],
    onAlert: AlertListener?
  ) {
    engine = RuleEngine(rules, seed: configuration.hashSeed)
    writer = EVEWriter(textLimit: configuration.textLimit)
    self.sinks = sinks
    self.onAlert = onAlert
    isLogged = EventType.allCases.map { configuration.loggedTypes.contains($0) }
    alertsByRule = Array(repeating: 0, count: rules.rules.count)
    alerts.reserveCapacity(64)
  }

  /// What the engine counted.
  var engineCounters: EngineCounters { engine.counters }

  /// Whether any rule wants events of a kind.
  func wants(_ kind: EventKind) -> Bool { engine.wants(kind) }

  /// Logs an event if its type is logged, asks the rules, logs their alerts; says whether one fired.
  @discardableResult
  mutating func process(_ event: borrowing Event) -> Bool {
    let type = event.kind.type
    if isLogged[Int(type.rawValue)], event.kind != .flowStarted, event.kind != .packet {
      writer.write(event)
      lines[Int(type.rawValue)] &+= 1
    }
    alerts.removeAll(keepingCapacity: true)
    engine.process(event, into: &alerts)
    if !alerts.isEmpty { log(event) }
    if writer.pendingCount >= Self.flushSize { flush() }
    return !alerts.isEmpty
  }

  /// Writes a `stats` line.
  mutating func writeStats(at time: Timestamp, _ counters: [(name: String, value: UInt64)]) {
    guard isLogged[Int(EventType.stats.rawValue)] else { return }
    writer.writeStats(at: time, counters)
    lines[Int(EventType.stats.rawValue)] &+= 1
  }

  /// Hands all finished lines to the sinks.
  mutating func flush() {
    let (sinks, failed) = (sinks, failure != nil)
    do throws(SinkError) {
      try writer.takePending { lines throws(SinkError) in
        guard !failed else { return }
        for sink in sinks { try sink.write(lines) }
      }
    } catch {
      failure = error
    }
  }

  private mutating func log(_ event: borrowing Event) {
    for alert in alerts {
      alertsByRule[alert.ruleIndex] &+= 1
      let rule = engine.rules.rules[alert.ruleIndex]
      if isLogged[Int(EventType.alert.rawValue)] {
        writer.write(alert, of: rule, event)
        lines[Int(EventType.alert.rawValue)] &+= 1
      }
      onAlert?(alert, rule, event)
    }
  }
}
