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
      three days are for learning, unless a model did that before; then the hours go on counting from the model's.

      EXAMPLES:
        ringwatch anomaly stream --input rows.csv --scores scores.csv
        ringwatch anomaly stream --input rows.csv --scores scores.csv --explain
        ringwatch anomaly stream --input rows.csv --scores scores.csv --model office.model --frozen
      """)

  @Option(help: ArgumentHelp("CSV file with a header; '-' is standard input.", valueName: "rows.csv"))
  var input: String

  @Option(help: ArgumentHelp("CSV file to write; '-' is standard output.", valueName: "scores.csv"))
  var scores: String

  @Option(help: ArgumentHelp("Begin with what a model knows.", valueName: "file"))
  var model: String?

  @Flag(help: "Learn nothing from the rows; needs --model.")
  var frozen = false

  @Flag(help: "Also write src, hour, whether it was still learning, and why the score is high.")
  var explain = false

  func validate() throws {
    if frozen, model == nil {
      throw ValidationError("--frozen needs --model: without one there is nothing to ask")
    }
  }

  func run() throws {
    var options = SurpriseOptions()
    options.isFrozen = frozen
    var detector = try model.map { try ModelPlace.read($0, options: options) } ?? SurpriseDetector()
    try TableFault.shown {
      var reader = try FeatureTableReader(path: input)
      let columns =
        explain
        ? ["src", "hour", "score", "expected_false_alarms_per_day", "warming_up", "reasons"] : ["score"]
      let writer = try TableWriter(path: scores, columns: columns)
      tellOfColumns(reader)
      var shift = HourShift()
      while try reader.next() {
        let score = detector.score(reader.row, hour: shift.moved(reader.hour, behind: detector))
        if explain { writer.append(text: reader.source) }
        if explain { writer.append(reader.hour) }
        writer.append(score.value)
        if explain { write(score, to: writer) }
        try writer.endRow()
      }
      try writer.finish()
    }
    if let drift = detector.drift() { Terminal.complain(drift.description) }
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
