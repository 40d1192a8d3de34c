internal import Anomaly
internal import Values

/// One source in the ranking of an Isolation Forest.
struct RankedSource: Sendable {
  /// A feature that sets it apart.
  struct Reason: Sendable {
    let feature: String
    let observed, typical, deviation: Double

    static let shape = Shape<Reason>([
      .text("feature", nil, "Name of the feature") { $0.feature },
      .decimal("observed", nil, "Its value") { $0.observed },
      .decimal("typical", nil, "Median over all sources") { $0.typical },
      .decimal("deviation", nil, "Distance from the median over that of the quartiles, counts on a log scale")
      {
        $0.deviation
      },
    ])
  }

  let name: String
  let score: Double
  let reasons: [Reason]

  static let shape = Shape<RankedSource>([
    .text("entity", "Source", "The address") { $0.name },
    .share("score", "Score", "Score of the forest; 0.5 is usual") { $0.score },
    Member(
      name: "reasons",
      kind: .nested(.object(of: ["type": .text("array"), "items": Reason.shape.schema])),
      heading: "What sets it apart", meaning: "The features farthest from the median", isRequired: true
    ) { .array($0.reasons.map { Reason.shape.value(of: $0) }) },
  ])
}

/// How strange sources are beside each other over the whole input, by an Isolation Forest.
struct Ranking: Sendable {
  /// Sources that were compared.
  let compared: Int
  let list: [RankedSource]

  /// With fewer sources nothing is strange.
  static let leastSources = 16

  /// Compares the sources that sent requests.
  init(_ parties: [Party], rows limit: Int) {
    let parties = parties.filter { Self.requests($0) > 0 }
    compared = parties.count
    guard parties.count >= Self.leastSources else {
      list = []
      return
    }
    let observed = parties.map { party in Self.features.map { $0.value(party) } }
    let medians = Self.features.indices.map { column in
      observed.map { $0[column] }.sorted()[observed.count / 2]
    }
    let rows = observed.flatMap { row in zip(row, Self.features).map { $1.isCount ? $0.logarithm : $0 } }
    let dimension = Self.features.count
    let scores = IsolationForest(rows: rows, dimension: dimension).scores()
    let scaled = Scaling.robust.fitted(to: rows, dimension: dimension).applied(to: rows)
    list = parties.indices.map { index in
      let reasons = Self.features.indices.map { column in
        RankedSource.Reason(
          feature: Self.features[column].name, observed: observed[index][column], typical: medians[column],
          deviation: scaled[index * dimension + column])
      }
      .filter { abs($0.deviation) >= 1 }
      .sorted { (-abs($0.deviation), $0.feature) < (-abs($1.deviation), $1.feature) }
      return RankedSource(name: parties[index].name, score: scores[index], reasons: Array(reasons.prefix(3)))
    }
    .sorted { (-$0.score, $0.name) < (-$1.score, $1.name) }.prefix(limit).map { $0 }
  }

  private static func requests(_ party: Party) -> Int { figure("requests", of: party) }

  private static func figure(_ name: String, of party: Party) -> Int {
    Party.figures.firstIndex { $0.name == name }.map { party.figures[$0] } ?? 0
  }

  private struct Feature: Sendable {
    let name: String
    let isCount: Bool
    let value: @Sendable (Party) -> Double
  }

  private static let features: [Feature] =
    Party.figures.enumerated().map { index, figure in
      Feature(name: figure.name.replacing("_", with: " "), isCount: true) { Double($0.figures[index]) }
    } + [
      Feature(name: "calls", isCount: true) { Double($0.calls.attempts) },
      Feature(name: "busiest minute", isCount: true) { Double($0.calls.minute.peak) },
      Feature(name: "talk time", isCount: true) { $0.calls.talkTime },
      Feature(name: "unanswered share", isCount: false) { party in
        let attempts = party.calls.attempts
        return attempts > 0 ? 1 - min(1, Double(party.calls.answered) / Double(attempts)) : 0
      },
      Feature(name: "premium share", isCount: false) { party in
        let types = party.calls.types
        let dear = types.top(16).filter { $0.name == "premium" || $0.name == "satellite" }
        return types.total > 0 ? Double(dear.reduce(0) { $0 + $1.count }) / Double(types.total) : 0
      },
    ]

  static let shape = Shape<Ranking>([
    .count("compared", nil, "Sources that sent requests; fewer than 16 are not ranked") { $0.compared },
    .rows("list", "Sources, the strangest first", RankedSource.shape) { $0.list },
  ])
}

extension Double {
  /// log2(1 + x) by its bits, the same on every machine: exact at powers of two, straight between them.
  fileprivate var logarithm: Double {
    let value = 1 + Swift.max(0, self)
    return Double(value.exponent) + value.significand - 1
  }
}
