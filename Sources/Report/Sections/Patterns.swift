internal import Values

/// The section `patterns`: how calls spread over time, parties and places.
struct Patterns: Sendable {
  /// The zone whose hours these are.
  let zone: String
  /// Calls by hour of the week, the first one of Monday first.
  let hours: [Int]
  let sources, accounts: Listed<Party>
  /// Who called how many parties, how many countries, and how often by night.
  let destinations, spread, nights: (sources: [Counted], accounts: [Counted])
  let countries, origins: [Counted]

  init(zone: String, hours: [Int], sources: [Party], accounts: [Party], rows: Int) {
    self.zone = zone
    self.hours = hours
    self.sources = Self.callers(sources, rows: rows)
    self.accounts = Self.callers(accounts, rows: rows)
    let (callees, countries) = (Party.place(of: "callees"), Party.place(of: "countries"))
    let top = { (least: Int, figure: (Party) -> Int) in
      (Self.top(sources, least, figure), Self.top(accounts, least, figure))
    }
    destinations = top(2) { $0.figures[callees] }
    spread = top(2) { $0.figures[countries] }
    nights = top(1) { $0.calls.nightCalls }
    self.countries = Self.sum(sources, \.calls.countries)
    origins = Self.sum(sources, \.calls.origins)
  }

  /// The parties with the highest figures, from a least one on.
  private static func top(_ parties: [Party], _ least: Int, _ figure: (Party) -> Int) -> [Counted] {
    parties.map { Counted(name: $0.name, count: figure($0)) }.filter { $0.count >= least }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }.prefix(20).map { $0 }
  }

  private static func sum(_ parties: [Party], _ tally: (Party) -> Tally) -> [Counted] {
    var sum = Tally(limit: 256)
    for party in parties {
      for country in tally(party).top(64) { sum.add(country.name, country.count) }
    }
    return sum.top(50)
  }

  private static func callers(_ parties: [Party], rows: Int) -> Listed<Party> {
    let callers = parties.filter { $0.calls.attempts > 0 }.sorted {
      ($1.calls.attempts, $0.name) < ($0.calls.attempts, $1.name)
    }
    return Listed(total: callers.count, rows: Array(callers.prefix(rows)))
  }

  /// Calls by day of the week, Monday first, and hour of the day.
  var days: [[Int]] { (0..<7).map { Array(hours[$0 * 24..<$0 * 24 + 24]) } }

  static let shape = Shape<Patterns>([
    .text("zone", nil, "Zone whose hours and days of the week these are") { $0.zone },
    Member(
      name: "hour_by_weekday",
      kind: .nested(
        .object(of: [
          "type": .text("array"), "minItems": .integer(7), "maxItems": .integer(7),
          "items": .object(of: [
            "type": .text("array"), "minItems": .integer(24), "maxItems": .integer(24),
            "items": .object(of: ["type": .text("integer")]),
          ]),
        ])),
      heading: nil, meaning: "Calls that started, by weekday (Monday first) and hour in `zone`",
      isRequired: true
    ) { .array($0.days.map { .array($0.map { .integer($0) }) }) },
    .tally("countries", "Calls by the country of the called number") { $0.countries },
    .tally("origins", "Calls by the country of the address that called") { $0.origins },
    .tally("multi_destination", "Accounts by how many parties they called, from 2 on; an estimate above 16") {
      $0.destinations.accounts
    },
    .tally("multi_destination_sources", "Addresses by how many parties they called, likewise") {
      $0.destinations.sources
    },
    .tally("geographic_spread", "Accounts by how many countries they called, from 2 on; an estimate above 16")
    {
      $0.spread.accounts
    },
    .tally("geographic_spread_sources", "Addresses by how many countries they called, likewise") {
      $0.spread.sources
    },
    .tally("night_calls", "Accounts by their calls from 22 to 6 o'clock in `zone`") { $0.nights.accounts },
    .tally("night_calls_sources", "Addresses by their calls from 22 to 6 o'clock in `zone`") {
      $0.nights.sources
    },
    .object("sources", "Addresses that called", Listed.shape(Party.shape, "The busiest first")) {
      $0.sources
    },
    .object("accounts", "Accounts that called", Listed.shape(Party.shape, "The busiest first")) {
      $0.accounts
    },
  ])
}
