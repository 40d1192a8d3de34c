import ArgumentParser

/// `ringwatch anomaly`: what is strange in a table.
struct AnomalyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anomaly",
    abstract: "Scores the rows of tables: how strange is each of them?",
    discussion: """
      Tables are CSV files with a header, such as 'ringwatch features --csv' prints. An empty cell is undefined. The columns src, hour and
      label say whose row it is, from when, and what is known of it; they are no features. '-' is standard input or output.

      EXAMPLES:
        ringwatch anomaly fit --input features.csv --scores scores.csv
        ringwatch anomaly dbscan --input features.csv --scale robust --eps 3 --min-samples 10 --labels labels.csv
        ringwatch anomaly knn --input today.csv --reference lastweek.csv --scores scores.csv
        ringwatch anomaly stream --input rows.csv --scores scores.csv
      """,
    subcommands: [
      AnomalyFitCommand.self, AnomalyDBSCANCommand.self, AnomalyNeighboursCommand.self,
      AnomalyStreamCommand.self,
    ])
}
