/// Reads a table of comma-separated values (RFC 4180) with a header, one row at a time.
///
/// It keeps one row (at most 1 MiB) and one chunk of the file, so a table of any length can be read. Lines
/// end in LF or CRLF; a byte order mark is skipped; the cells of a row must be as many as those of the
/// header. Lines without anything may stand at the end only; in a table of one column they are empty cells.
public struct CSVReader {
  /// The name of the file for diagnostics.
  public var path: String { scanner.name }
  /// The names of the columns, blanks around them removed.
  public private(set) var columns: [String] = []
  /// The line on which the current row begins, from 1.
  public var line: Int { scanner.cells.first?.place.line ?? 1 }

  private var scanner: CSVScanner

  /// Opens a file, or standard input for `-`, and reads its header.
  public init(path: String) throws(TableError) {
    try self.init(ByteSource(path: path))
  }

  init(_ source: ByteSource) throws(TableError) {
    scanner = try CSVScanner(source)
    guard try scanner.next() else {
      throw TableError(
        path: source.name, cause: "the file is empty", remedy: "a table begins with a line of column names")
    }
    columns = try header()
  }

  /// Goes to the next row; false at the end of the table.
  public mutating func next() throws(TableError) -> Bool {
    guard try scanner.next() else { return false }
    if scanner.isBlank, columns.count > 1 {
      let blank = raggedRow()
      while scanner.isBlank { guard try scanner.next() else { return false } }
      throw blank
    }
    if scanner.cells.count != columns.count { throw raggedRow() }
    return true
  }

  /// The place of a column of that name.
  public func column(_ name: String) -> Int? { columns.firstIndex(of: name) }

  /// A cell of the current row as text.
  public func text(_ column: Int) -> String {
    String(decoding: scanner.bytes[range(column)], as: UTF8.self)
  }

  /// A cell of the current row as a number; NaN when it is empty or `nan`.
  ///
  /// Throws with the place of the cell when it is no number, or not a finite one.
  public func number(_ column: Int) throws(TableError) -> Double {
    switch DecimalNumber.read(scanner.bytes.span.extracting(range(column))) {
    case .number(let value): return value
    case .undefined: return .nan
    case .infinite:
      throw error(column, "is not finite", "write a finite number, or nothing for what is undefined")
    case .malformed:
      throw error(
        column, "is no number",
        "write a number with a decimal point, or nothing for what is undefined, or leave the column out")
    }
  }

  /// An error about a cell of the current row, for what its reader does not take.
  ///
  /// - Parameter fault: goes on after the cell and its column, as in `is no hour`.
  public func error(_ column: Int, _ fault: String, _ remedy: String) -> TableError {
    let place = scanner.cells[column].place
    let shown = text(column).prefix(40).map { $0.isASCII && $0 < " " ? "·" : String($0) }.joined()
    return TableError(
      path: path, line: place.line, column: place.column,
      cause: "'\(shown)' in column '\(columns[column])' \(fault)", remedy: remedy)
  }

  private func range(_ column: Int) -> Range<Int> {
    (column == 0 ? 0 : scanner.cells[column - 1].end)..<scanner.cells[column].end
  }

  private func raggedRow() -> TableError {
    let count = scanner.isBlank ? 0 : scanner.cells.count
    let place = count > columns.count ? scanner.cells[columns.count].place : scanner.rowEnd
    return TableError(
      path: path, line: place.line, column: place.column,
      cause: "this row has \(count) cell\(count == 1 ? "" : "s"), the header \(columns.count)",
      remedy: "give each row one cell a column; a comma in a text needs quotes around the text")
  }
}

// MARK: - Header

extension CSVReader {
  private func header() throws(TableError) -> [String] {
    guard let all = String(validating: scanner.bytes, as: UTF8.self), all.utf8.allSatisfy({ $0 >= 9 }) else {
      throw TableError(path: path, line: 1, cause: "the header is no text", remedy: "name a CSV file")
    }
    var names: [String] = []
    var seen: Set<String> = []
    for index in scanner.cells.indices {
      let name = text(index).trimmingBlanks
      guard !name.isEmpty else {
        throw fault(index, "column \(index + 1) has no name", "name it, or write the table without its index")
      }
      guard seen.insert(name).inserted else {
        throw fault(index, "there is a column '\(name)' already", "give each column a name of its own")
      }
      names.append(name)
    }
    if looksLikeNumbers(names) {
      throw fault(0, "the first line is no header but numbers", "begin the table with a line of column names")
    }
    return names
  }

  private func fault(_ column: Int, _ cause: String, _ remedy: String) -> TableError {
    let place = scanner.cells[column].place
    return TableError(path: path, line: place.line, column: place.column, cause: cause, remedy: remedy)
  }

  /// Whether the names are a row of numbers, and not the numbers of the columns.
  private func looksLikeNumbers(_ names: [String]) -> Bool {
    let areNumbers = names.allSatisfy { name in
      if case .number = DecimalNumber.read(Array(name.utf8).span) { true } else { false }
    }
    let areCounted = [0, 1].contains { first in
      names.enumerated().allSatisfy { $0.element == String($0.offset + first) }
    }
    return areNumbers && !areCounted
  }
}

extension String {
  /// Without blanks and tabs at its ends.
  fileprivate var trimmingBlanks: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
