import Anomaly
import ArgumentParser
import Foundation

/// The table that a command reads, and the columns of it.
struct AnomalyTableOptions: ParsableArguments {
  @Option(help: ArgumentHelp("CSV file with a header; '-' is standard input.", valueName: "table.csv"))
  var input: String

  @Option(
    help: ArgumentHelp(
      "The only columns that are features, with commas between them.", valueName: "names"))
  var columns: String?

  @Option(
    help: ArgumentHelp(
      "A column that is no feature, besides src, hour and label. Repeatable.", valueName: "name"))
  var ignore: [String] = []

  @Option(
    help: ArgumentHelp("A column to copy in front of the result. Repeatable.", valueName: "name"))
  var keep: [String] = []

  func validate() throws {
    if columns != nil, !ignore.isEmpty { throw ValidationError("choose --columns or --ignore, not both") }
  }

  /// The columns that were asked for.
  var choice: NumericTable.Choice {
    var choice = NumericTable.Choice()
    choice.only = columns?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    choice.ignored = ignore
    choice.kept = keep
    return choice
  }

  /// Opens the result before the work begins, computes a column and writes it, one row for each of the input.
  func write(
    _ name: String, to output: String,
    _ column: (NumericTable) throws -> [Double]
  ) throws {
    try TableFault.shown {
      try refuseOverwriting(input, with: output)
      let writer = try TableWriter(path: output, columns: keep + [name])
      let table = try NumericTable(path: input, choice: choice)
      for (row, value) in try column(table).enumerated() {
        for text in table.keptTexts[(row * keep.count)..<((row + 1) * keep.count)] {
          writer.append(text: text)
        }
        writer.append(value)
        try writer.endRow()
      }
      try writer.finish()
    }
  }

  private func refuseOverwriting(_ input: String, with output: String) throws {
    guard output != "-", input != "-" else { return }
    let paths = [input, output].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    if paths[0] == paths[1] {
      throw TableError(path: output, cause: "this is the input", remedy: "name another file for the result")
    }
  }
}

/// What goes wrong with tables, as the program says it.
enum TableFault {
  /// Shows an error of a table and ends with 2: the user can mend it, and nothing was written.
  static func shown(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as TableError {
      Terminal.complain(error.description)
      throw ExitCode(2)
    }
  }
}
