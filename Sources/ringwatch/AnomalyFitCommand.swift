import Anomaly
import ArgumentParser

/// `ringwatch anomaly fit`: an Isolation Forest of a table.
struct AnomalyFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Scores rows by an Isolation Forest: how few random cuts part a row from the others?",
    discussion: """
      Writes a column 'score' from 0 to 1 with one row for each of the input; higher is stranger, 0.5 is neither. An empty cell counts as
      the median of its column. The same table and seed give the same scores. Larger samples tell rare rows of large tables better
      apart: for feature tables try --sample 4096.

      EXAMPLES:
        ringwatch anomaly fit --input features.csv --scores scores.csv
        ringwatch anomaly fit --input features.csv --scores - --keep src --keep hour --sample 4096
        ringwatch anomaly fit --input features.csv --scores scores.csv --columns invites,acd,intl_share --seed 7
      """)

  @OptionGroup var table: AnomalyTableOptions

  @Option(help: ArgumentHelp("CSV file to write; '-' is standard output.", valueName: "scores.csv"))
  var scores: String

  @Option(help: "Where chance begins.")
  var seed: UInt64 = 1

  @Option(help: "How many trees, 1 to 10000.")
  var trees = 200

  @Option(help: "How many rows each tree is made of, 2 to 1000000.")
  var sample = 256

  func validate() throws {
    guard (1...10_000).contains(trees) else { throw ValidationError("--trees is 1 to 10000") }
    guard (2...1_000_000).contains(sample) else { throw ValidationError("--sample is 2 to 1000000") }
  }

  func run() throws {
    var options = IsolationForest.Options()
    options.seed = seed
    options.trees = trees
    options.sample = sample
    try table.write("score", to: scores) { table in
      var table = table
      table.fillUndefined(with: table.medians())
      return IsolationForest(rows: table.values, dimension: table.dimension, options: options).scores()
    }
  }
}
