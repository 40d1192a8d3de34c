import Anomaly
import ArgumentParser
import Values

/// `ringwatch train`: a model of what is usual.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learns from feature rows what is usual and writes it as a model.",
    discussion: """
      A model holds what the online score learned of each source and of all of them together. Scoring with it begins without days of
      learning, and the model stays beside what is learned on, so that slow change is noticed. A week is a good beginning, two are better.
      With --from an older model learns on; what changed since is shown.

      EXAMPLES:
        ringwatch train --rows lastweek.csv --model office.model
        ringwatch train --rows thisweek.csv --from office.model --model office.model
        ringwatch anomaly stream --input rows.csv --model office.model --scores scores.csv
      """)

  @Option(
    help: ArgumentHelp(
      "Rows to learn from, as 'ringwatch features --csv' writes them.", valueName: "rows.csv"))
  var rows: String

  @Option(help: ArgumentHelp("Where the model goes.", valueName: "file"))
  var model: String

  @Option(help: ArgumentHelp("A model to begin with.", valueName: "file"))
  var from: String?

  func run() throws {
    var detector = try from.map { try ModelPlace.read($0, options: SurpriseOptions()) } ?? SurpriseDetector()
    var count = 0
    try TableFault.shown {
      var reader = try FeatureTableReader(path: rows)
      var shift: Int?
      while try reader.next() {
        let ahead = shift ?? detector.weeksAhead(of: reader.hour)
        shift = ahead
        _ = detector.score(reader.row, hour: reader.hour + ahead)
        count += 1
      }
    }
    guard count > 0 else {
      Terminal.complain("ringwatch: \(rows): there are no rows to learn from; nothing was written")
      throw ExitCode(2)
    }
    let drift = detector.drift()
    detector.thaw()
    try ModelPlace.write(detector, to: model)
    print(
      "\(count) rows of \(detector.entityUsage.entries) sources over \(detector.watchedHours) hours -> \(model)"
    )
    if detector.watchedHours < 72 { print("This is less than three days: scores will be warming up.") }
    if let drift { print(drift.description, terminator: "") }
  }
}
