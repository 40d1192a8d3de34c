import Anomaly
import ArgumentParser

/// `ringwatch anomaly stream`: the online score over a table of hours.
struct AnomalyStreamCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Scores hours of sources as they come, each knowing only the rows before it.",
    discussion: """
      The table has a row for each source and hour with traffic, sorted by hour: src,hour and the features that 'ringwatch features --csv'
      prints. Hour 0 is a Monday 00:00. An empty cell is undefined. Writes one row for each of the input with the column 'score' from 0
      to 1: above 1 − p are about p of the days of benign sources, so that 2,000 sources have about 5 days a day above 0.9975. The first
      three days are for learning.

      EXAMPLES:
        ringwatch anomaly stream --input rows.csv --scores scores.csv
        ringwatch anomaly stream --input rows.csv --scores scores.csv --explain
      """)

  @Option(help: ArgumentHelp("CSV file with a header; '-' is standard input.", valueName: "rows.csv"))
  var input: String

  @Option(help: ArgumentHelp("CSV file to write; '-' is standard output.", valueName: "scores.csv"))
  var scores: String

  @Flag(help: "Also write src, hour, whether it was still learning, and why the score is high.")
  var explain = false

  func run() throws {
    try TableFault.shown {
      var reader = try FeatureTableReader(path: input)
      let columns =
        explain
        ? ["src", "hour", "score", "expected_false_alarms_per_day", "warming_up", "reasons"] : ["score"]
      let writer = try TableWriter(path: scores, columns: columns)
      tellOfColumns(reader)
      var detector = SurpriseDetector()
      while try reader.next() {
        let score = detector.score(reader.row, hour: reader.hour)
        if explain { writer.append(text: reader.source) }
        if explain { writer.append(reader.hour) }
        writer.append(score.value)
        if explain { write(score, to: writer) }
        try writer.endRow()
      }
      try writer.finish()
    }
  }

  private func tellOfColumns(_ reader: FeatureTableReader) {
    if !reader.missingFeatures.isEmpty {
      let names = reader.missingFeatures.map(\.name).joined(separator: ", ")
      Terminal.complain("ringwatch: \(input): no column for \(names); they count as undefined")
    }
    if !reader.ignoredColumns.isEmpty {
      let names = reader.ignoredColumns.joined(separator: ", ")
      Terminal.complain("ringwatch: \(input): passed over: \(names); they are no features")
    }
  }

  private func write(_ score: AnomalyScore, to writer: TableWriter) {
    writer.append(score.expectedFalseAlarmsPerDay)
    writer.append(text: score.isWarmingUp ? "true" : "false")
    writer.append(text: score.reasons.map(\.description).joined(separator: "; "))
  }
}
