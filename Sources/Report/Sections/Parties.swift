internal import Events
internal import Values

/// What a source address or an account did.
struct Party: Ranked, Sendable {
  /// Alerts of one rule against it.
  struct RuleCount: Sendable {
    let rule, title: String
    let severity: Int
    let spoofable: Int?
    var count = 0
  }

  let name: String
  let first: Timestamp
  var last: Timestamp
  var figures: [Int]
  var reputation: Double?
  /// The lowest one that an event showed.
  var lowestReputation: Double?
  var reasons: [String] = []
  var userAgent: String?
  var calls = CallPattern()
  var alerts: [RuleCount] = []
  /// Bytes of the frames of flows that it began.
  var bytes = 0

  init(name: String, at time: Timestamp) {
    self.name = name
    (first, last) = (time, time)
    figures = Array(repeating: 0, count: Self.figures.count)
  }

  var alertCount: Int { alerts.reduce(0) { $0 + $1.count } }
  var messages: Int { figures[0] }

  var rank: Int {
    min(1 << 20, alertCount) << 40 + min(1 << 20, calls.attempts) << 20 + min(1 << 19, messages)
  }

  /// The figures of profiles that a party has, from docs/profiles.md.
  static let figures: [(name: String, heading: String?, meaning: String, source: Field, account: Field?)] = [
    ("messages", "Messages", "Messages sent, repeats not counted", .sourceMessages, .accountMessages),
    ("requests", nil, "Requests sent", .sourceRequests, .accountRequests),
    ("invites", nil, "INVITE requests", .sourceInvites, .accountInvites),
    ("registers", nil, "REGISTER requests", .sourceRegisters, .accountRegisters),
    ("options", nil, "OPTIONS requests", .sourceOptions, .accountOptions),
    ("faults", nil, "Messages with a fault", .sourceFaults, nil),
    ("failures", "Refused", "Requests that were refused", .sourceFailures, .accountFailures),
    ("auth_failures", "Bad credentials", "Bad credentials", .sourceAuthFailures, .accountAuthFailures),
    ("registrations", nil, "Registrations accepted", .sourceRegistrations, .accountRegistrations),
    (
      "failed_registrations", nil, "Registrations that failed", .sourceFailedRegistrations,
      .accountFailedRegistrations
    ),
    ("callees", "Callees", "Different called parties; an estimate above 16", .sourceCallees, .accountCallees),
    (
      "countries", "Countries", "Different countries called; an estimate above 16", .sourceCountries,
      .accountCountries
    ),
    ("peers", "Peers", "Different addresses: sent to, or used from", .sourcePeers, .accountSources),
    ("user_agents", "User agents", "Different user agents", .sourceUserAgents, .accountUserAgents),
  ]

  /// Where a figure stands.
  static func place(of name: String) -> Int { figures.firstIndex { $0.name == name } ?? 0 }

  /// Called parties by call: 1 when each was called once.
  var calleesPerCall: Double? {
    calls.attempts > 0 ? Double(figures[Self.place(of: "callees")]) / Double(calls.attempts) : nil
  }

  /// Takes the profile that an event shows.
  mutating func note(profile event: borrowing Event, isSource: Bool, limit: Int) {
    last = max(last, event.timestamp)
    for (index, figure) in Self.figures.enumerated() {
      guard let field = isSource ? figure.source : figure.account else { continue }
      // A profile that was given up begins anew.
      if let value = event.integer(field) { figures[index] = max(figures[index], Int(clamping: value)) }
    }
    if let value = event.number(isSource ? .sourceReputation : .accountReputation) {
      reputation = value
      lowestReputation = min(lowestReputation ?? value, value)
    }
    let agent = isSource ? Field.sourceUserAgent : .accountUserAgent
    if userAgent == nil { userAgent = event.text(agent, limit: limit) }
    let why = event.texts(isSource ? .sourceReputationReasons : .accountReputationReasons, limit: limit)
    if !why.isEmpty { reasons = why }
  }

  /// Takes note of an alert against it.
  mutating func note(alert: AlertEntry) {
    last = max(last, alert.time)
    if let index = alerts.firstIndex(where: { $0.rule == alert.rule }) {
      alerts[index].count += 1
    } else if alerts.count < 32 {
      alerts.append(
        RuleCount(
          rule: alert.rule, title: alert.title, severity: alert.severity, spoofable: alert.spoofable, count: 1
        ))
    }
  }

  static let shape = Shape<Party>(callMembers + otherFigures + furtherMembers)

  private static let callMembers: [Member<Party>] = [
    .text("name", "Name", "The address or account") { $0.name },
    .count("attempts", "Calls", "Calls attempted") { $0.calls.attempts },
    .count("answered", "Answered", "Calls answered") { $0.calls.answered },
    .seconds("talk_time", "Talk s", "Length of its answered calls altogether") { $0.calls.talkTime },
    .decimal("calls_per_hour", "Calls/h", "Calls in each clock hour that had any") { $0.calls.callsPerHour },
    .integer("peak_hour_calls", "Peak/h", "Calls in its busiest clock hour") {
      $0.calls.hour.peak > 0 ? $0.calls.hour.peak : nil
    },
    .time("peak_hour", "Busiest hour", "That hour") { $0.calls.hour.peakTime },
    .integer("peak_minute_calls", "Peak/min", "Calls in its busiest clock minute") {
      $0.calls.minute.peak > 0 ? $0.calls.minute.peak : nil
    },
    .seconds("mean_gap", "Mean gap s", "Mean time between calls") { $0.calls.meanGap },
    .decimal("gap_variation", "Gap CV", "Standard deviation of these times over their mean") {
      $0.calls.gapVariation
    },
    figureMember("callees"),
    .share(
      "callee_share", "Callees/call", "Different called parties over calls: 1 when each was called once"
    ) { $0.calleesPerCall },
    figureMember("countries"),
    .share("international_share", "Abroad", "Calls to numbers of another country") {
      $0.calls.share($0.calls.international)
    },
    .share("night_share", "Night", "Calls from 22 to 6 o'clock in the zone of the patterns") {
      $0.calls.share($0.calls.nightCalls)
    },
    .share("weekend_share", "Weekend", "Calls on Saturdays and Sundays in the zone of the patterns") {
      $0.calls.share($0.calls.weekendCalls)
    },
  ]

  private static let otherFigures = figures.map(\.name).filter { !["callees", "countries"].contains($0) }
    .map(figureMember)

  private static let furtherMembers: [Member<Party>] = [
    .decimal("reputation", "Reputation", "0 (bad) to 100 (good), 50 at first") { $0.reputation },
    .text("user_agent", "User agent", "First user agent") { $0.userAgent },
    .count("bytes", nil, "Bytes of the frames of flows that it began") { $0.bytes },
    .count("alerts", "Alerts", "Alerts against it") { $0.alertCount },
    .time("first_seen", nil, "First event") { $0.first },
    .time("last_seen", nil, "Last event") { $0.last },
    .tally("destinations", "Parties it called most") { $0.calls.destinations.top(5) },
    .tally("callee_countries", "Countries of the numbers that it called") { $0.calls.countries.top(10) },
    .tally("callee_types", "Kinds of the numbers that it called") { $0.calls.types.top(10) },
    .tally("origins", "Countries of the addresses that it called from") { $0.calls.origins.top(10) },
    .integers(
      "hours", nil,
      "Calls by hour of the week, 168 numbers from Monday 00 on in the zone of the patterns, or none"
    ) { $0.calls.hours },
  ]

  private static func figureMember(_ name: String) -> Member<Party> {
    let index = place(of: name)
    return .count(name, figures[index].heading, figures[index].meaning) { $0.figures[index] }
  }
}
