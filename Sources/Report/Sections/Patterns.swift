internal import Values

/// The section `patterns`: how calls spread over time, parties and places.
struct Patterns: Sendable {
  /// Calls by hour of the week, Monday 00 UTC first.
  let hours: [Int]
  let sources, accounts: Listed<Party>
  /// Sources and accounts by how many parties they called.
  let multiDestination: [Counted]
  let countries: [Counted]

  init(hours: [Int], sources: [Party], accounts: [Party], rows: Int) {
    self.hours = hours
    self.sources = Self.callers(sources, rows: rows)
    self.accounts = Self.callers(accounts, rows: rows)
    let callees = Party.figures.firstIndex { $0.name == "callees" } ?? 0
    multiDestination = accounts.filter { $0.figures[callees] > 1 }
      .map { Counted(name: $0.name, count: $0.figures[callees]) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }.prefix(20).map { $0 }
    var countries = Tally(limit: 256)
    for party in sources {
      for country in party.calls.countries.top(64) { countries.add(country.name, country.count) }
    }
    self.countries = countries.top(50)
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
      heading: nil, meaning: "Calls that started, by weekday (Monday first) and hour, UTC", isRequired: true
    ) { .array($0.days.map { .array($0.map { .integer($0) }) }) },
    .tally("countries", "Calls by the country of the called number") { $0.countries },
    .tally("multi_destination", "Accounts by how many parties they called; an estimate above 16") {
      $0.multiDestination
    },
    .object("sources", "Addresses that called", Listed.shape(Party.shape, "The busiest first")) {
      $0.sources
    },
    .object("accounts", "Accounts that called", Listed.shape(Party.shape, "The busiest first")) {
      $0.accounts
    },
  ])
}
