internal import Events
internal import Geography
internal import Output
internal import Rules
internal import Tracking
internal import Values

/// The end of the line: rules decide about each event, the log takes what it is told to.
struct EventStage: ~Copyable {
  private var engine: RuleEngine
  private var writer: EVEWriter
  private let sinks: [any EVESink]
  private let isLogged: [Bool]
  private var wantedKinds: EventKindSet
  private var alerts: [Alert] = []
  private let onAlert: AlertListener?
  private var countries: CountryCache?
  private(set) var profiles: Profiles
  /// Whether anybody can ever see a profile.
  private var keepsProfiles: Bool
  private let logsProfiles: Bool
  private var rulesReadProfiles: Bool

  /// Lines written, by event type.
  private(set) var lines = [UInt64](repeating: 0, count: EventType.allCases.count)
  /// Alerts by rule, in the order of the rule set.
  private(set) var alertsByRule: [UInt64]
  /// Rules that a reload removed, with their alerts.
  private var removedRules: [(rule: RuleMetadata, alerts: UInt64)] = []
  /// The first failure of a sink; nothing is written any more after it.
  private(set) var failure: SinkError?

  /// Bytes of lines that are gathered before the sinks get them.
  private static let flushSize = 1 << 16

  init(
    rules: CompiledRuleSet, configuration: SensorConfiguration, sinks: [any EVESink],
    onAlert: AlertListener?
  ) {
    engine = RuleEngine(rules, limits: configuration.engineLimits, seed: configuration.hashSeed)
    writer = EVEWriter(textLimit: configuration.textLimit)
    self.sinks = sinks
    self.onAlert = onAlert
    wantedKinds = rules.kinds
    isLogged = EventType.allCases.map { configuration.loggedTypes.contains($0) }
    alertsByRule = Array(repeating: 0, count: rules.ruleCount)
    alerts.reserveCapacity(64)
    profiles = Profiles(capacity: configuration.profileLimit, seed: configuration.hashSeed)
    countries = configuration.countries.map { CountryCache($0) }
    logsProfiles = configuration.logsProfiles
    rulesReadProfiles = Self.readProfiles(rules)
    keepsProfiles = rules.ruleCount > 0 || configuration.logsProfiles
  }

  /// What the engine counted.
  var engineCounters: EngineCounters { engine.counters }

  /// Goes on with other rules, after what waits and the summaries of silences that thereby end.
  mutating func adopt(_ adoption: inout RuleAdoption) {
    engine.settle(before: adoption, into: &alerts)
    logAlertsWithoutEvent()
    let old = engine.ruleSet.metadata
    let (carried, gone) = adoption.carry(alertsByRule, initial: 0)
    engine.adopt(&adoption)
    alertsByRule = carried
    removedRules += gone.filter { $0.value > 0 }.map { (old[$0.rule], $0.value) }
    let rules = engine.ruleSet
    wantedKinds = rules.kinds
    rulesReadProfiles = Self.readProfiles(rules)
    keepsProfiles = rules.ruleCount > 0 || logsProfiles
  }

  private static func readProfiles(_ rules: CompiledRuleSet) -> Bool {
    rules.readsFields(beginning: "source.") || rules.readsFields(beginning: "account.")
  }

  /// What exceptions did so far.
  var exceptionUses: [ExceptionUse] { engine.exceptionUses }

  /// Keys that rules gave up because there was no room.
  var engineEvictions: UInt64 { engine.evictions }

  /// The time of the newest event.
  var newestTime: Timestamp? { engine.newestTime }

  /// The rules.
  var rules: CompiledRuleSet { engine.ruleSet }

  /// Alerts by rule: the rules that there are, then those that a reload removed.
  var alertTally: (rules: [RuleMetadata], alerts: [UInt64]) {
    (rules.metadata + removedRules.map(\.rule), alertsByRule + removedRules.map(\.alerts))
  }

  /// Whether any rule wants events of a kind.
  func wants(_ kind: EventKind) -> Bool { wantedKinds.contains(kind.set) }

  /// Whether events of a kind are of use to anybody: to a rule or to the log.
  func needs(_ kind: EventKind) -> Bool {
    wants(kind) || isLogged[Int(kind.type.rawValue)]
      || keepsProfiles && Profiles.observedKinds.contains(kind.set)
  }

  /// Logs an event if its type is logged, asks the rules, logs their alerts; says whether one fired.
  ///
  /// Profiles take note of the event first, so that rules see them with it, and of its alerts last.
  @discardableResult
  mutating func process(_ event: inout Event) -> Bool {
    let type = event.kind.type
    setCountries(of: &event)
    if keepsProfiles { profiles.observe(event) }
    if logsProfiles { profiles.fill(&event) }
    if isLogged[Int(type.rawValue)], event.kind != .flowStarted, event.kind != .packet {
      writer.write(event)
      lines[Int(type.rawValue)] &+= 1
    }
    if rulesReadProfiles, !logsProfiles, wants(event.kind) { profiles.fill(&event) }
    engine.process(event, into: &alerts)
    let fired = alerts.contains(where: \.hasEvent)
    if !alerts.isEmpty { logAlerts(of: &event) }
    if writer.pendingCount >= Self.flushSize { flush() }
    return fired
  }

  private mutating func setCountries(of event: inout Event) {
    guard countries != nil else { return }
    setCountry(.srcCountry, of: .srcIP, in: &event)
    setCountry(.destCountry, of: .destIP, in: &event)
    setCountry(.clientCountry, of: .clientIP, in: &event)
    setCountry(.serverCountry, of: .serverIP, in: &event)
  }

  private mutating func setCountry(_ field: Field, of address: Field, in event: inout Event) {
    guard case .ip(let address) = event[address], let country = countries?.country(of: address) else {
      return
    }
    let letters: InlineArray<2, UInt8> = [country.first, country.second]
    event.set(field, copying: letters.span)
  }

  /// Lets packet time pass without an event, and logs the summaries that come due.
  mutating func advance(to time: Timestamp) {
    engine.advance(to: time, into: &alerts)
    logAlertsWithoutEvent()
  }

  /// Packets were lost: whether events that absences wait for came is unknown.
  mutating func noteCaptureLoss() { engine.noteCaptureLoss() }

  /// Packet time begins anew: logs the summaries of silences that still go on and forgets what was counted.
  mutating func beginEpoch() {
    engine.beginEpoch(into: &alerts)
    logAlertsWithoutEvent()
  }

  /// Ends the input: logs the summaries of silences that still go on.
  mutating func finish() {
    engine.finish(into: &alerts)
    logAlertsWithoutEvent()
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

  /// Writes what there is and opens the sinks again by their names.
  mutating func reopenSinks() {
    flush()
    guard failure == nil else { return }
    do throws(SinkError) {
      for sink in sinks { try sink.reopen() }
    } catch {
      failure = error
    }
  }

  private mutating func logAlerts(of event: inout Event) {
    var isFilled = false
    for alert in alerts {
      guard alert.hasEvent else {
        log(withoutEvent: alert)
        continue
      }
      if !isFilled { profiles.fill(&event, explains: true) }
      isFilled = true
      let rule = engine.ruleSet.metadata[alert.rule]
      log(alert, rule, group: engine.group(of: alert, for: event), &event)
      profiles.observe(alertOf: rule.severity, sid: rule.sid, by: event)
    }
    alerts.removeAll(keepingCapacity: true)
  }

  private mutating func logAlertsWithoutEvent() {
    guard !alerts.isEmpty else { return }
    for alert in alerts { log(withoutEvent: alert) }
    alerts.removeAll(keepingCapacity: true)
  }

  /// Logs an alert of an event before, or of none, such as a summary; it is rare enough to make an event.
  private mutating func log(withoutEvent alert: Alert) {
    let rule = engine.ruleSet.metadata[alert.rule]
    var event = Event(headerSlots: engine.ruleSet.headerNames.names.count)
    guard engine.restoreEvent(of: alert, into: &event) else {
      event.reset(.alert, at: alert.timestamp, sequence: alert.sequence)
      return log(alert, rule, group: alert.group, &event)
    }
    profiles.fill(&event, explains: true)
    log(alert, rule, group: alert.group, &event)
    profiles.observe(alertOf: rule.severity, sid: rule.sid, by: event)
  }

  private mutating func log(
    _ alert: Alert, _ rule: RuleMetadata, group: [String], _ event: inout Event
  ) {
    alertsByRule[alert.rule] &+= 1
    if isLogged[Int(EventType.alert.rawValue)] {
      let lineage = alert.lineage.rules.map { engine.ruleSet.metadata[$0].id }
      writer.write(alert, of: rule, group: group, lineage: lineage, &event)
      lines[Int(EventType.alert.rawValue)] &+= 1
    }
    onAlert?(alert, rule, group, event)
  }
}
