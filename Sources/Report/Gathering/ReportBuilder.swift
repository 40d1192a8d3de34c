public import Events
package import Values

/// Makes a report of events, one by one, in bounded memory.
///
/// What it keeps is limited by `ReportLimits`; what is left out is counted. The same events give the same report.
public struct ReportBuilder: Sendable {
  /// The kinds of event that it is made of.
  public static let kinds: EventKindSet = [
    EventKindSet(.sip), EventKindSet(.call), EventKindSet(.registration), EventKindSet(.rtp),
    EventKind.flowEnded.set, EventKind.anomaly.set, EventKind.score.set, EventKind.alert.set,
  ]

  /// By which calls have their hour of the week.
  package var clock = LocalClock()
  private let limits: ReportLimits
  private var calls: CallGathering
  private var streams: StreamGathering
  private var alerts: AlertGathering
  private var anomalies: AnomalyGathering
  private var registrations: RankedList<RegistrationEntry>
  private var statistics = StatisticsGathering()
  private var sources: RankedTable<IPAddress, Party>
  private var accounts: RankedTable<String, Party>
  /// Rows of the feature table.
  var hours: RankedList<HourRow>
  private var kindCounts = [Int](repeating: 0, count: EventKind.allCases.count)

  /// A report without events.
  public init(limits: ReportLimits = ReportLimits()) {
    self.limits = limits
    calls = CallGathering(limits)
    streams = StreamGathering(limits)
    alerts = AlertGathering(limits)
    anomalies = AnomalyGathering(limits)
    registrations = RankedList(limit: limits.registrations)
    hours = RankedList(limit: limits.hours)
    sources = RankedTable(limit: limits.sources)
    accounts = RankedTable(limit: limits.sources)
  }

  /// Takes note of an event; those of other kinds change nothing.
  public mutating func note(_ event: borrowing Event) {
    guard Self.kinds.contains(event.kind.set) else { return }
    kindCounts[Int(event.kind.rawValue)] += 1
    switch event.kind.type {
    case .sip: note(message: event)
    case .call: note(call: event)
    case .registration:
      statistics.note(registration: event)
      registrations.append(RegistrationEntry(event, limit: limits.textLength))
      noteProfiles(event)
    case .rtp:
      streams.note(event)
      statistics.note(stream: event)
    case .flow: note(flow: event)
    case .anomaly:
      statistics.count(.anomalies, at: event.timestamp)
      anomalies.note(anomaly: event)
    case .score: anomalies.note(score: event)
    case .alert: note(alert: event)
    default: break
    }
  }

  private mutating func note(message event: borrowing Event) {
    statistics.note(message: event, limit: limits.textLength)
    calls.note(message: event)
    noteProfiles(event)
  }

  private mutating func note(call event: borrowing Event) {
    statistics.note(call: event, clock, limit: limits.textLength)
    calls.note(call: event)
    noteProfiles(event)
    let (limit, clock) = (limits.textLength, clock)
    if let address = event.offender {
      source(address, at: event.timestamp) { Self.note(event, in: &$0.calls, clock, limit: limit) }
    }
    if let account = event.text(.callAccount, limit: limit) {
      self.account(account, at: event.timestamp) { Self.note(event, in: &$0.calls, clock, limit: limit) }
    }
  }

  private static func note(
    _ event: borrowing Event, in pattern: inout CallPattern, _ clock: LocalClock, limit: Int
  ) {
    switch event.kind {
    case .callStarted: pattern.note(start: event, clock, limit: limit)
    case .callAnswered: pattern.noteAnswer()
    case .callEnded: pattern.note(end: event)
    default: break
    }
  }

  private mutating func note(flow event: borrowing Event) {
    statistics.note(flow: event)
    let bytes = (event.count(.flowBytesToserver) ?? 0) &+ (event.count(.flowBytesToclient) ?? 0)
    guard let address = event.address(.srcIP) else { return }
    source(address, at: event.timestamp) { $0.bytes = $0.bytes &+ bytes }
  }

  private mutating func note(alert event: borrowing Event) {
    statistics.count(.alerts, at: event.timestamp)
    let entry = alerts.note(event)
    calls.note(alert: event, rule: entry.rule)
    noteProfiles(event)
    if let address = entry.offender {
      source(address, at: event.timestamp) { $0.note(alert: entry) }
    }
    if let account = event.text(.accountName, limit: limits.textLength) {
      self.account(account, at: event.timestamp) { $0.note(alert: entry) }
    }
  }

  /// Takes the profiles that the event shows: of its sender, and of the account in From.
  private mutating func noteProfiles(_ event: borrowing Event) {
    let limit = limits.textLength
    let isAlert = event.kind == .alert
    if event.has(.sourceMessages), let address = isAlert ? event.offender : event.address(.srcIP) {
      source(address, at: event.timestamp) { $0.note(profile: event, isSource: true, limit: limit) }
    }
    if event.has(.accountMessages), let account = event.text(.accountName, limit: limit) {
      self.account(account, at: event.timestamp) { $0.note(profile: event, isSource: false, limit: limit) }
    }
  }

  private mutating func source(_ address: IPAddress, at time: Timestamp, _ change: (inout Party) -> Void) {
    sources.update(address, default: Party(name: address.description, at: time), change)
  }

  private mutating func account(_ name: String, at time: Timestamp, _ change: (inout Party) -> Void) {
    accounts.update(name, default: Party(name: name, at: time), change)
  }
}

// MARK: - The end

extension ReportBuilder {
  /// The report of all that was noted.
  public func finish(_ run: ReportedRun) -> CaptureReport {
    let counters = Counters(run.counters)
    let sources = self.sources.ranked.map(\.entry)
    let kept = calls.calls
    let sessions = Sessions(
      calls: Listed(total: calls.total, rows: kept),
      registrations: Listed(total: registrations.total, rows: registrations.kept),
      outcomes: statistics.registrations.top(16))
    let section = streams.section
    let activity = alerts.section
    let threats = Threats(sources, rows: limits.rows)
    return CaptureReport(
      metadata: Metadata(
        run: run, counters: counters, limits: limits, events: kindCounts.reduce(0, +), kinds: kinds),
      sessions: sessions, streams: section, suspiciousActivity: activity,
      statistics: statistics.section(sources, counters: counters, rows: limits.rows),
      anomalies: anomalies.section(Ranking(hours.kept, limit: limits.rows)),
      patterns: Patterns(
        zone: clock.zoneName, hours: statistics.hours, sources: sources,
        accounts: accounts.ranked.map(\.entry), rows: limits.rows),
      threats: threats,
      blindness: blindness(run, counters, sessions, section, activity, threats))
  }

  private var kinds: [Counted] {
    zip(EventKind.allCases, kindCounts).filter { $0.1 > 0 }.map { Counted(name: $0.name, count: $1) }
  }

  private func blindness(
    _ run: ReportedRun, _ counters: Counters, _ sessions: Sessions, _ streams: Streams,
    _ activity: SuspiciousActivity, _ threats: Threats
  ) -> Blindness {
    let flows = statistics.flows.ranked.map(\.entry)
    let messages = statistics.requests + statistics.responses
    let facts = BlindSpot.Facts(
      truncated: anomalies.truncated, flows: flows.reduce(0) { $0 + $1.flows },
      oneSided: flows.reduce(0) { $0 + $1.oneSided }, encrypted: flows.reduce(0) { $0 + $1.encrypted },
      unrecognised: flows.first { $0.name == "failed" }?.flows ?? 0, streams: streams.list.total,
      encryptedStreams: streams.encrypted, lonelyStreams: streams.uncorrelated,
      faultyMessages: counters["sip.faulty"], messages: messages, calls: sessions.calls.total,
      openCalls: max(0, sessions.calls.total - statistics.ended),
      leftOut: sessions.calls.leftOut + sessions.registrations.leftOut + streams.list.leftOut
        + activity.alerts.leftOut + threats.list.leftOut + sources.evictions + accounts.evictions)
    return Blindness(
      spots: BlindSpot.spots(counters, facts), evictions: counters.evictions, faults: run.faults,
      statements: statements(run, messages, streams, activity, threats),
      hasCounters: counters["decoder.pkts"] != nil)
  }

  private func statements(
    _ run: ReportedRun, _ messages: Int, _ streams: Streams, _ activity: SuspiciousActivity,
    _ threats: Threats
  ) -> [Blindness.Statement] {
    let grouped = { NumberText.grouped($0) }
    let seen = kindCounts.reduce(0, +) - kindCounts[Int(EventKind.alert.rawValue)]
    let dangerous = threats.levels.filter { $0.name == "high" || $0.name == "severe" }.reduce(0) {
      $0 + $1.count
    }
    let poor = statistics.mos.nb.sample.count { $0 < 3.6 }
    // Which rules ran when a log was written, it does not say.
    let searched =
      run.isReplay && run.ruleCount == 0
      ? "events of the log" : "events, by \(grouped(run.ruleCount)) rules"
    let rows: [(one: String, more: String, found: Int, among: String, of: Int)] = [
      ("alert", "alerts", activity.alerts.total, searched, seen),
      ("protocol fault", "protocol faults", anomalies.total, "SIP messages and what carries them", messages),
      (
        "source whose threat is high or severe", "sources whose threat is high or severe", dangerous,
        "sources",
        threats.assessed
      ),
      (
        "call with one-way audio", "calls with one-way audio", statistics.oneWay,
        "calls of which this can be said",
        statistics.judgedOneWay
      ),
      (
        "narrowband stream with an opinion score below 3.6",
        "narrowband streams with an opinion score below 3.6", poor, "scored ones", statistics.mos.nb.count
      ),
    ]
    return rows.map { row in
      let count = row.found == 0 ? "No" : grouped(row.found)
      let what = row.found == 1 ? row.one : row.more
      return Blindness.Statement(
        text: "\(count) \(what), in \(grouped(row.of)) \(row.among).", found: row.found, of: row.of)
    }
  }
}
