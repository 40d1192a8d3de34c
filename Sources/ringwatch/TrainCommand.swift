import Anomaly
import ArgumentParser
import Pipeline
import Values

/// `ringwatch train`: a model of what is usual.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learns from captures, logs or feature rows what is usual and writes it as a model.",
    discussion: """
      A model holds what the online score learned of each source and of all of them together. Scoring with it begins without days of
      learning, and the model stays beside what is learned on, so that slow change is noticed. A week is a good beginning, two are better.
      With --from an older model learns on; what changed since is shown.

      EXAMPLES:
        ringwatch train -r monday.pcap -r tuesday.pcap --model office.model
        ringwatch train --eve logs/eve.json --model office.model
        ringwatch train --rows lastweek.csv --model office.model
        ringwatch train --rows thisweek.csv --from office.model --model office.model
        ringwatch run -i eth1 --model office.model --save-model office.model
        ringwatch anomaly stream --input rows.csv --model office.model --scores scores.csv
      """)

  @Option(
    help: ArgumentHelp(
      "Rows to learn from, as 'ringwatch features --csv' writes them.", valueName: "rows.csv"))
  var rows: String?

  @OptionGroup var input: RecordedInput

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Configuration file, for the dial plan and the limits.", valueName: "config"))
  var config: String?

  @Option(help: ArgumentHelp("Where the model goes.", valueName: "file"))
  var model: String

  @Option(help: ArgumentHelp("A model to begin with.", valueName: "file"))
  var from: String?

  func validate() throws {
    guard [rows != nil, !input.files.isEmpty, !input.eve.isEmpty].filter({ $0 }).count == 1 else {
      throw ValidationError(
        "name what to learn from: captures with -r, logs with --eve or a table with --rows")
    }
  }

  func run() throws {
    try ModelPlace.check(model)
    let detector = try from.map { try ModelPlace.read($0, options: SurpriseOptions()) } ?? SurpriseDetector()
    let pupil = Pupil(detector)
    try rows.map { try pupil.learn(table: $0) } ?? learn(pupil)
    guard pupil.count > 0 else {
      Terminal.complain(
        "ringwatch: \(rows ?? (input.files + input.eve).joined(separator: ", ")): nothing to learn from; nothing was written"
      )
      throw ExitCode(2)
    }
    let drift = pupil.detector.drift()
    pupil.detector.thaw()
    try ModelPlace.write(pupil.detector, to: model)
    print(
      "\(pupil.count) rows of \(pupil.detector.entityUsage.entries) sources over \(pupil.detector.watchedHours) hours -> \(model)"
    )
    if pupil.detector.watchedHours < 72 {
      print("This is less than three days: scores will be warming up.")
    }
    if let drift { print(drift.description, terminator: "") }
  }

  private func learn(_ pupil: Pupil) throws {
    let errors = try input.readFeatures(SettingsLoading.load(config).sensor, onHour: pupil.learn)
    guard errors.isEmpty else {
      for error in errors { Terminal.complain("ringwatch: \(error); nothing was written") }
      throw ExitCode(1)
    }
  }
}

/// A detector that learns from rows as they come.
private final class Pupil {
  var detector: SurpriseDetector
  /// Rows so far.
  private(set) var count = 0
  private var shift = HourShift()

  init(_ detector: SurpriseDetector) {
    self.detector = detector
  }

  func learn(table path: String) throws {
    try TableFault.shown {
      var reader = try FeatureTableReader(path: path)
      while try reader.next() { learn(reader.row, in: reader.hour) }
    }
  }

  /// The sources of an hour.
  func learn(_ hour: Int, _ entities: [EntityHour]) {
    for entity in entities where entity.type == .source {
      learn(EntityRow(entity), in: hour)
    }
  }

  private func learn(_ row: EntityRow, in hour: Int) {
    _ = detector.score(row, hour: shift.moved(hour, behind: detector))
    count += 1
  }
}
