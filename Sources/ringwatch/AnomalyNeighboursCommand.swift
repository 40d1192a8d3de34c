import Anomaly
import ArgumentParser

/// `ringwatch anomaly knn`: how far rows are from those that are known.
struct AnomalyNeighboursCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "knn",
    abstract: "Scores rows by their nearest neighbours: how far are they from what is known?",
    discussion: """
      Writes a column 'score' from 0 to 1 with one row for each of the input; higher is stranger. It is the share of the reference's rows
      that are nearer to their own neighbours than the row is to its k-th: 0.99 is what one row in a hundred of the reference reaches.
      Without --reference each row is compared with all the others. An empty cell counts as the median of the reference's column.

      EXAMPLES:
        ringwatch anomaly knn --input today.csv --reference lastweek.csv --scores scores.csv
        ringwatch anomaly knn --input features.csv --k 10 --scale robust --scores - --keep src --keep hour
      """)

  @OptionGroup var table: AnomalyTableOptions

  @Option(help: ArgumentHelp("CSV file with the same columns: what is usual.", valueName: "table.csv"))
  var reference: String?

  @Option(help: "To which of the nearest rows the distance is measured, 1 to 1000.")
  var k = 5

  @Option(help: ArgumentHelp("CSV file to write; '-' is standard output.", valueName: "scores.csv"))
  var scores: String

  @Option(help: "none, standard (mean and deviation of the reference) or robust (median and quartiles).")
  var scale = Scaling.standard

  func validate() throws {
    guard (1...1000).contains(k) else { throw ValidationError("--k is 1 to 1000") }
    if table.input == "-", reference == "-" {
      throw ValidationError("--input and --reference cannot both be standard input")
    }
  }

  func run() throws {
    try table.write("score", to: scores) { table in
      var table = table
      var reference = try reference.map { try NumericTable(path: $0, likeThat: table) } ?? table
      // A table without rows needs no reference.
      guard table.rowCount > 0 else { return [] }
      guard reference.rowCount > k else {
        throw TableError(
          path: self.reference ?? self.table.input,
          cause: "\(reference.rowCount) rows are too few for --k \(k)",
          remedy: "there must be more rows than that; choose a smaller --k or another table")
      }
      let medians = reference.medians()
      reference.fillUndefined(with: medians)
      table.fillUndefined(with: medians)
      let scaling = scale.fitted(to: reference.values, dimension: reference.dimension)
      let neighbours = NearestNeighbours(
        reference: scaling.applied(to: reference.values), dimension: reference.dimension, neighbours: k)
      if self.reference == nil { return neighbours.ownScores() }
      return neighbours.scores(of: scaling.applied(to: table.values))
    }
  }
}
