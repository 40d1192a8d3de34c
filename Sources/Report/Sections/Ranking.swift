public import Anomaly
internal import Values

/// What one source did in one hour, as a row of the ranking.
struct HourRow: Ranked, Sendable {
  let entity: String
  let start: Timestamp
  let row: FeatureRow

  /// Busy hours before idle ones.
  var rank: Int { Int(min(1e15, max(0, row[.sipMessages].isNaN ? 0 : row[.sipMessages]))) }
}

/// One source and hour in the ranking of an Isolation Forest.
struct RankedHour: Sendable {
  /// A feature that sets it apart.
  struct Reason: Sendable {
    let feature: String
    let observed, typical, deviation: Double

    static let shape = Shape<Reason>([
      .text("feature", nil, "Name of the feature, as in feature tables") { $0.feature },
      .decimal("observed", nil, "Its value") { $0.observed },
      .decimal("typical", nil, "Median over all rows in which it is defined") { $0.typical },
      .decimal("deviation", nil, "Distance from the median over that of the quartiles") { $0.deviation },
    ])
  }

  let entity: String
  let hour: Timestamp
  let score: Double
  let reasons: [Reason]

  static let shape = Shape<RankedHour>([
    .text("entity", "Source", "The address") { $0.entity },
    .time("hour", "Hour", "Begin of the hour") { $0.hour },
    .decimal("score", "Score", "Score of the forest, 0 to 1; 0.5 is usual") { $0.score },
    Member(
      name: "reasons",
      kind: .nested(.object(of: ["type": .text("array"), "items": Reason.shape.schema])),
      heading: "What sets it apart", meaning: "The features farthest from the median", isRequired: true
    ) { .array($0.reasons.map { Reason.shape.value(of: $0) }) },
  ])
}

/// How strange the hours of sources are beside each other, by an Isolation Forest over the feature table.
struct Ranking: Sendable {
  /// Rows of the feature table that were compared.
  let compared: Int
  let list: [RankedHour]

  /// With fewer rows nothing is strange.
  static let leastRows = 16

  /// Compares the rows of a feature table.
  init(_ rows: [HourRow], limit: Int) {
    compared = rows.count
    guard rows.count >= Self.leastRows else {
      list = []
      return
    }
    let medians = Feature.allCases.map { feature in
      let defined = rows.map { $0.row[feature] }.filter(\.isFinite).sorted()
      return defined.isEmpty ? 0 : defined[defined.count / 2]
    }
    // What is undefined is neither strange nor telling.
    let values = rows.flatMap { row in zip(row.row.values, medians).map { $0.isFinite ? $0 : $1 } }
    let dimension = Feature.allCases.count
    let scores = IsolationForest(rows: values, dimension: dimension).scores()
    let scaled = Scaling.robust.fitted(to: values, dimension: dimension).applied(to: values)
    list = rows.indices.map { index in
      let place = index * dimension
      return RankedHour(
        entity: rows[index].entity, hour: rows[index].start, score: scores[index],
        reasons: Self.reasons(
          values[place..<place + dimension], scaled[place..<place + dimension], medians))
    }
    .sorted { (-$0.score, $0.entity, $0.hour) < (-$1.score, $1.entity, $1.hour) }.prefix(limit).map { $0 }
  }

  private static func reasons(
    _ values: ArraySlice<Double>, _ scaled: ArraySlice<Double>, _ medians: [Double]
  ) -> [RankedHour.Reason] {
    let all = zip(Feature.allCases, zip(zip(values, scaled), medians)).map { feature, figures in
      RankedHour.Reason(
        feature: feature.name, observed: figures.0.0, typical: figures.1, deviation: figures.0.1)
    }
    let far = all.filter { abs($0.deviation) >= 1 }.sorted {
      (-abs($0.deviation), $0.feature) < (-abs($1.deviation), $1.feature)
    }
    return Array(far.prefix(3))
  }

  static let shape = Shape<Ranking>([
    .count("compared", nil, "Rows of the feature table, one a source and hour; fewer than 16 are not ranked")
    {
      $0.compared
    },
    .rows("list", "Sources and hours, the strangest first", RankedHour.shape) { $0.list },
  ])
}

extension ReportBuilder {
  /// Takes note of what each entity did in an hour.
  public mutating func note(hourOf entities: [EntityHour]) {
    for entity in entities where entity.type == .source {
      hours.append(HourRow(entity: entity.entity, start: entity.start, row: entity.row))
    }
  }
}
