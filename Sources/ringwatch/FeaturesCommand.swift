import Anomaly
import ArgumentParser
import Capture
import Pipeline

/// `ringwatch features`: what did sources, accounts or called prefixes do, hour by hour?
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Prints the table of features that scores and models are made of.",
    discussion: """
      One row an entity and hour of packet time, by hour, then by entity; an empty cell is undefined. The hour counts from
      Monday, 1970-01-05 00:00 by the clock of scores.zone (UTC without it), so that hour % 24 is the hour of the day.
      docs/scores.md defines the columns.

      EXAMPLES:
        ringwatch features -r monday.pcap -r tuesday.pcap.gz --csv week.csv
        ringwatch features --eve logs/eve.json --by account
        ringwatch features -r capture.pcap --all-features | column -ts,
      """)

  /// What a row is about.
  enum Entity: String, ExpressibleByArgument, CaseIterable {
    case source, account, prefix

    var type: EntityType {
      switch self {
      case .source: .source
      case .account: .account
      case .prefix: .prefix
      }
    }
  }

  @OptionGroup var input: RecordedInput

  @Flag(help: "Print CSV, which is the only format so far.")
  var csv = false

  @Argument(help: ArgumentHelp("File to write; standard output without it.", valueName: "out"))
  var out: String?

  @Option(help: "source, account or prefix.")
  var by = Entity.source

  @Flag(help: "Also print the features that scores do not use: method_entropy and others.")
  var allFeatures = false

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Configuration file, for the dial plan and the limits.", valueName: "config"))
  var config: String?

  func validate() throws {
    try input.requireOneKind()
  }

  func run() throws {
    let settings = try SettingsLoading.load(config)
    do {
      let table = try FeatureTable(path: out ?? "-", by: by.type, isFull: allFeatures)
      let errors = try input.readFeatures(settings.sensor, onHour: table.add)
      try table.finish()
      for error in errors { Terminal.complain("ringwatch: \(error)") }
      if !errors.isEmpty { throw ExitCode(1) }
    } catch let error as TableError {
      Terminal.complain("ringwatch: \(error)")
      throw ExitCode(1)
    }
  }

}

extension RecordedInput {
  /// Tells what entities did, hour by hour; what broke off is given back.
  func readFeatures(
    _ configuration: SensorConfiguration, onHour: @escaping HourListener
  ) throws -> [CaptureError] {
    let run = FeatureRun(configuration)
    return try read(
      captures: { paths throws(CaptureError) in try run.read(captures: paths, onHour: onHour) },
      logs: { paths throws(CaptureError) in try run.read(logs: paths, onHour: onHour) }
    ).captureErrors
  }
}

/// The table as it grows, hour by hour; what cannot be written is told at the end.
private final class FeatureTable {
  private let writer: TableWriter
  private let type: EntityType
  private let isFull: Bool
  private var failure: TableError?

  init(path: String, by type: EntityType, isFull: Bool) throws(TableError) {
    (self.type, self.isFull) = (type, isFull)
    writer = try TableWriter(
      path: path,
      columns: ["src", "hour"] + Feature.allCases.map(\.name) + (isFull ? FurtherFeatures.names : []))
  }

  /// Adds the rows of an hour: addresses in their own order, names in that of their bytes.
  func add(_ hour: Int, _ entities: [EntityHour]) {
    let rows = entities.filter { $0.type == type }.sorted {
      if let left = $0.address, let right = $1.address { return left < right }
      return $0.entity.utf8.lexicographicallyPrecedes($1.entity.utf8)
    }
    for row in rows { add(row, hour) }
  }

  private func add(_ entity: EntityHour, _ hour: Int) {
    guard failure == nil else { return }
    writer.append(text: entity.entity)
    writer.append(hour)
    for value in entity.row.values + (isFull ? entity.further.values : []) { writer.append(value) }
    do throws(TableError) {
      try writer.endRow()
    } catch {
      failure = error
    }
  }

  func finish() throws(TableError) {
    if let failure { throw failure }
    try writer.finish()
  }
}
