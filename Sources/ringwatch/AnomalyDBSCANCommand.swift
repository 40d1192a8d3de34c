public import Anomaly
public import ArgumentParser

extension Scaling: ExpressibleByArgument {}

/// `ringwatch anomaly dbscan`: clusters of a table and the noise between them.
struct AnomalyDBSCANCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dbscan",
    abstract: "Labels rows by DBSCAN: which of them lie dense, and which are noise?",
    discussion: """
      Writes a column 'label' with one row for each of the input: the number of the row's cluster from 0, or -1 for noise. A row with
      --min-samples rows up to --eps away, itself included, is at the core of a cluster. Clusters are numbered by their first core
      row; a row at the border of several belongs to the one with the lowest number. An empty cell counts as the median of its column.
      Distances are Euclidean, of the numbers as they are: columns of different units need --scale.

      EXAMPLES:
        ringwatch anomaly dbscan --input points.csv --eps 0.5 --min-samples 5 --labels labels.csv
        ringwatch anomaly dbscan --input features.csv --scale robust --eps 3 --min-samples 10 --labels - --keep src
      """)

  @OptionGroup var table: AnomalyTableOptions

  @Option(help: ArgumentHelp("CSV file to write; '-' is standard output.", valueName: "labels.csv"))
  var labels: String

  @Option(help: ArgumentHelp("How far neighbours are apart at the most.", valueName: "distance"))
  var eps: Double

  @Option(help: ArgumentHelp("How many rows make a place dense.", valueName: "rows"))
  var minSamples: Int

  @Option(help: "none, standard (mean and deviation) or robust (median and quartiles).")
  var scale = Scaling.none

  func validate() throws {
    guard eps >= 0, eps.isFinite else { throw ValidationError("--eps is a distance, 0 or more") }
    guard minSamples >= 1 else { throw ValidationError("--min-samples is 1 or more") }
  }

  func run() throws {
    try table.write("label", to: labels) { table in
      var table = table
      table.fillUndefined(with: table.medians())
      let scaling = scale.fitted(to: table.values, dimension: table.dimension)
      let labels = DBSCAN.labels(
        of: scaling.applied(to: table.values), dimension: table.dimension, radius: eps,
        minimumSamples: minSamples)
      return labels.map(Double.init)
    }
  }
}
