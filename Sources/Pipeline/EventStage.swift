internal import Anomaly
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
  /// The way of lines to the sinks and to other outputs.
  private let router: LineRouter
  /// Which events are of use to anybody.
  private(set) var needs: EventNeeds
  private var alerts: [Alert] = []
  private let onAlert: AlertListener?
  private let onEvent: EventListener?
  private var countries: CountryCache?
  private(set) var profiles: Profiles
  /// Who is behind the event at hand.
  private var parties: EventParties
  private let logsProfiles: Bool
  /// What rules read of profiles.
  private var profilesRead: ProfileSelection
  /// What entities do by the hour. Not an optional: one would be copied out and back for each event.
  private var scores: ScoreStage
  /// Whether anybody asks for that.
  private let isScored: Bool

  /// Lines written, by event type.
  private(set) var lines = [UInt64](repeating: 0, count: EventType.allCases.count)
  /// Alerts by rule, in the order of the rule set.
  private(set) var alertsByRule: [UInt64]
  /// Rules that a reload removed, with their alerts.
  private var removedRules: [(rule: RuleMetadata, alerts: UInt64)] = []
  /// The first failure of a sink; nothing is written any more after it.
  private(set) var failure: SinkError?
  /// Live flows on which an alert fired, by their identity.
  private var alertedFlows: Set<Int64> = []
  var evictions = GrowthWatch()
  /// Anomalies that were raised here.
  var anomalies: UInt64 = 0
  /// What came of the run, once it has ended.
  var report: RunReport?

  /// Bytes of lines that are gathered before the sinks get them.
  private static let flushSize = 1 << 16

  init(
    rules: CompiledRuleSet, configuration: SensorConfiguration, sinks: [any EVESink],
    outputs: [EVEOutput], onAlert: AlertListener?, onEvent: EventListener? = nil, onHour: HourListener? = nil
  ) {
    engine = RuleEngine(rules, limits: configuration.engineLimits, seed: configuration.hashSeed)
    writer = EVEWriter(textLimit: configuration.textLimit)
    self.sinks = sinks
    router = LineRouter(outputs, configuration)
    self.onAlert = onAlert
    self.onEvent = onEvent
    isScored = configuration.scores.isEnabled || onHour != nil
    needs = EventNeeds(
      rules, configuration, listener: onEvent?.kinds ?? [],
      sent: outputs.reduce(into: []) { $0.formUnion($1.types) },
      isScored: isScored)
    alertsByRule = Array(repeating: 0, count: rules.ruleCount)
    alerts.reserveCapacity(64)
    profiles = Profiles(capacity: configuration.profileLimit, seed: configuration.hashSeed)
    parties = EventParties(seed: configuration.hashSeed)
    countries = configuration.countries.map { CountryCache($0) }
    logsProfiles = configuration.logsProfiles
    profilesRead = Self.profilesRead(by: rules)
    scores = ScoreStage(configuration, onHour: onHour)
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
    needs.adopt(rules)
    profilesRead = Self.profilesRead(by: rules)
  }

  private static func profilesRead(by rules: CompiledRuleSet) -> ProfileSelection {
    let fields = rules.fieldsRead
    return ProfileSelection { fields.contains($0) }
  }

  /// What exceptions did so far.
  var exceptionUses: [ExceptionUse] { engine.exceptionUses }

  /// What the rules did, by their indices.
  var ruleCounters: [RuleCounters] { engine.ruleCounters }

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
  func wants(_ kind: EventKind) -> Bool { needs.wants(kind) }

  /// Takes an event of packets, and tells of a flow that ends whether an alert fired on it.
  ///
  /// - Parameter flow: identity of the flow that an alert on this event marks; 0 for none.
  mutating func process(_ event: inout Event, ofFlow flow: Int64) {
    if event.kind == .flowEnded, let ended = event.integer(.flowID) {
      event.set(.flowAlerted, bool: alertedFlows.remove(ended) != nil)
    }
    if process(&event), flow != 0 { alertedFlows.insert(flow) }
  }

  /// Whether somebody listens to events of a kind.
  private func tells(_ kind: EventKind) -> Bool { needs.tells(kind) }

  /// Tells the listener of an alert that was logged earlier and that no rule here is asked about.
  ///
  /// It moves reputations as it did when it fired.
  mutating func tell(loggedAlert event: inout Event) {
    guard tells(.alert) else { return }
    Self.removeAddedAddresses(from: &event)
    setCountries(of: &event)
    // Who is behind it is read from the fields of what fired it.
    event.become(Self.kind(behind: event), at: event.timestamp, sequence: event.sequence)
    parties.find(in: event)
    if let severity = event.integer(.alertSeverity).flatMap({ Severity(rawValue: Int(clamping: $0)) }) {
      let sid = Int(clamping: event.integer(.alertSignatureID) ?? 0)
      profiles.observe(
        alertOf: severity, sid: sid, spoofability: Self.spoofability(of: event), by: event, parties)
    }
    fillProfileOfClient(&event)
    event.become(.alert, at: event.timestamp, sequence: event.sequence)
    onEvent?.receive(event)
  }

  /// Gives an event the profile of whoever asked in the place of its sender's.
  private mutating func fillProfileOfClient(_ event: inout Event) {
    // What the client's profile has not must not be left from the sender's.
    for field in Self.sourceFields { event.set(field, .absent) }
    let (sender, country) = (event[.srcIP], event[.srcCountry])
    if event.has(.clientIP) {
      event.set(.srcIP, event[.clientIP])
      event.set(.srcCountry, event[.clientCountry])
    }
    parties.find(in: event)
    profiles.fill(&event, parties, explains: true)
    event.set(.srcIP, sender)
    event.set(.srcCountry, country)
  }

  /// Logs an event if its type is logged, asks the rules, logs their alerts; says whether one fired.
  ///
  /// Profiles take note of the event first, so that rules see them with it, and of its alerts last.
  @discardableResult
  mutating func process(_ event: inout Event) -> Bool {
    let type = event.kind.type
    setCountries(of: &event)
    closeHour(before: event.timestamp)
    findParties(of: event)
    if needs.keepsProfiles { profiles.observe(event, parties) }
    if isScored { scores.observe(event, parties) }
    if logsProfiles { profiles.fill(&event, parties) }
    // Alerts come here from an earlier log only.
    if needs.logs(type), event.kind != .flowStarted, event.kind != .packet, event.kind != .alert {
      writer.write(event)
      router.note(type, end: writer.pendingCount)
      lines[Int(type.rawValue)] &+= 1
    }
    if !logsProfiles { fillProfiles(&event) }
    if tells(event.kind) { onEvent?.receive(event) }
    engine.process(event, into: &alerts)
    let fired = alerts.contains(where: \.hasEvent)
    if !alerts.isEmpty { logAlerts(of: &event) }
    if writer.pendingCount >= Self.flushSize { flush() }
    return fired
  }

  /// Finds who is behind an event, and asks for the memory of what is known of them.
  @inline(__always)
  private mutating func findParties(of event: borrowing Event) {
    parties.find(in: event)
    guard Profiles.observedKinds.contains(event.kind.set) else { return }
    if needs.keepsProfiles { profiles.prefetch(parties) }
    if isScored { scores.prefetch(parties) }
  }

  /// Gives an event what a listener or rules read of profiles.
  @inline(__always)
  private mutating func fillProfiles(_ event: inout Event) {
    if tells(event.kind) {
      profiles.fill(&event, parties)
    } else if wants(event.kind) {
      profiles.fill(&event, parties, with: profilesRead)
    }
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
    closeHour(before: time)
    engine.advance(to: time, into: &alerts)
    logAlertsWithoutEvent()
  }

  /// Packets were lost: whether events that absences wait for came is unknown.
  mutating func noteCaptureLoss() { engine.noteCaptureLoss() }

  /// Packet time begins anew: logs the summaries of silences that still go on and forgets what was counted.
  mutating func beginEpoch() {
    closeHour()
    engine.beginEpoch(into: &alerts)
    logAlertsWithoutEvent()
  }

  /// Ends the input: scores the running hour, and logs the summaries of silences that still go on.
  mutating func finish() {
    closeHour()
    engine.finish(into: &alerts)
    logAlertsWithoutEvent()
  }

  /// Writes a `stats` line.
  mutating func writeStats(at time: Timestamp, _ counters: [(name: String, value: UInt64)]) {
    guard needs.logs(.stats) else { return }
    writer.writeStats(at: time, counters)
    router.note(.stats, end: writer.pendingCount)
    lines[Int(EventType.stats.rawValue)] &+= 1
  }

  /// Hands all finished lines to the sinks and the outputs.
  mutating func flush() {
    let (sinks, router, failed) = (sinks, router, failure != nil)
    do throws(SinkError) {
      try writer.takePending { lines throws(SinkError) in
        guard !failed else { return }
        try router.deliver(lines, to: sinks)
      }
      if !failed { try router.flush() }
    } catch {
      failure = error
    }
  }

  /// Ends the outputs beside the log, behind their last lines.
  mutating func finishOutputs() {
    flush()
    let router = router
    do throws(SinkError) {
      // Also behind a failure: what the others took is to reach them.
      try router.finish()
    } catch {
      failure = failure ?? error
    }
  }

  /// What became of the lines of the outputs beside the log.
  var outputCounters: [(name: String, value: UInt64)] { router.counters }

  /// Writes what there is and opens the sinks again by their names; what cannot be opened goes on as it is.
  ///
  /// - Returns: what kept the first of them from it.
  mutating func reopenSinks() -> SinkError? {
    flush()
    return failure ?? router.reopen(beside: sinks)
  }

  private mutating func logAlerts(of event: inout Event) {
    var isFilled = false
    for alert in alerts {
      guard alert.hasEvent else {
        log(withoutEvent: alert)
        continue
      }
      parties.find(in: event)
      if !isFilled { profiles.fill(&event, parties, explains: true) }
      isFilled = true
      let rule = engine.ruleSet.metadata[alert.rule]
      let group = engine.group(of: alert, for: event)
      log(alert, rule, group: group, &event)
      profiles.observe(
        alertOf: rule.severity, sid: rule.sid, spoofability: rule.spoofability ?? 0, by: event, parties)
      tell(alert, rule, group, &event)
    }
    alerts.removeAll(keepingCapacity: true)
  }

  /// Scores the running hour when it is over.
  @inline(__always)
  private mutating func closeHour(before time: Timestamp) {
    if isScored, time >= scores.endOfHour { closeHour() }
  }

  /// Adds what scoring counted.
  func addScores(to counters: inout SensorCounters) {
    if isScored { counters.take(scores) }
  }

  /// What is known of source addresses; nil when nothing is scored.
  var scoreModel: SurpriseDetector? { scores.model }

  /// Ends the running hour, and hands on what is published of its scores.
  private mutating func closeHour() {
    guard isScored else { return }
    let now = engine.newestTime ?? Timestamp(nanoseconds: .min)
    var event = Event(headerSlots: rules.headerNames.names.count)
    for report in scores.closeHour(at: now, &profiles) {
      report.fill(&event, sequence: 0)
      process(&event)
    }
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
      log(alert, rule, group: alert.group, &event)
      return tell(alert, rule, alert.group, &event)
    }
    parties.find(in: event)
    profiles.fill(&event, parties, explains: true)
    log(alert, rule, group: alert.group, &event)
    profiles.observe(
      alertOf: rule.severity, sid: rule.sid, spoofability: rule.spoofability ?? 0, by: event, parties)
    tell(alert, rule, alert.group, &event)
  }

  private mutating func log(
    _ alert: Alert, _ rule: RuleMetadata, group: [String], _ event: inout Event
  ) {
    alertsByRule[alert.rule] &+= 1
    if needs.logs(.alert) {
      let lineage = lineage(of: alert)
      writer.write(alert, of: rule, group: group, lineage: lineage, &event)
      router.note(.alert, rule.severity, end: writer.pendingCount)
      lines[Int(EventType.alert.rawValue)] &+= 1
    }
    onAlert?(alert, rule, group, event)
  }

  private func lineage(of alert: Alert) -> [String] {
    alert.lineage.rules.map { engine.ruleSet.metadata[$0].id }
  }

  /// Tells the listener of an alert, with the reputation that it left behind.
  private mutating func tell(
    _ alert: Alert, _ rule: RuleMetadata, _ group: [String], _ event: inout Event
  ) {
    guard tells(.alert) else { return }
    fillProfileOfClient(&event)
    let kind = event.kind
    event.set(alert, of: rule, group: group, lineage: lineage(of: alert))
    event.become(.alert, at: event.timestamp, sequence: event.sequence)
    onEvent?.receive(event)
    event.become(kind, at: event.timestamp, sequence: event.sequence)
    event.removeAlert()
  }
}
