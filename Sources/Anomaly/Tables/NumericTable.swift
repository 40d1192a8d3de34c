/// A whole table of numbers in memory, row by row.
public struct NumericTable: Sendable {
  /// Columns that say of whom and when a row is, or what is known of it already; they are no features.
  public static let identityColumns = ["src", "hour", "label"]

  /// Most numbers in a table: 800 MB.
  public static let cellLimit = 100_000_000

  /// The names of the columns that were read as numbers.
  public private(set) var columns: [String]
  /// The numbers, row after row; NaN where a cell is empty.
  public private(set) var values: [Double] = []
  /// How many rows there are; a table may have rows without a single column of numbers.
  public private(set) var rowCount = 0
  /// The texts of the columns that were to be kept, row after row.
  public private(set) var keptTexts: [String] = []

  /// How many numbers a row has.
  public var dimension: Int { columns.count }

  /// Which columns of a table are read.
  public struct Choice: Sendable {
    /// The only columns read as numbers; all but the ignored ones when empty.
    public var only: [String] = []
    /// Columns that are left out besides `identityColumns`.
    public var ignored: [String] = []
    /// Columns whose texts are kept.
    public var kept: [String] = []

    /// All columns but `identityColumns`.
    public init() {}
  }

  /// Reads a file, or standard input for `-`.
  public init(path: String, choice: Choice = Choice()) throws(TableError) {
    var reader = try CSVReader(path: path)
    try self.init(&reader, choice: choice)
  }

  /// Reads all rows that are left.
  public init(_ reader: inout CSVReader, choice: Choice = Choice()) throws(TableError) {
    let numbers = try Self.columns(of: reader, choice)
    let kept = try choice.kept.map { name throws(TableError) in try Self.column(name, of: reader) }
    columns = numbers.map { reader.columns[$0] }
    while try reader.next() {
      for column in numbers { values.append(try reader.number(column)) }
      for column in kept { keptTexts.append(reader.text(column)) }
      rowCount += 1
      if values.count > Self.cellLimit {
        throw TableError(
          path: reader.path, line: reader.line, cause: "more than \(Self.cellLimit) numbers",
          remedy: "choose fewer columns with --columns, or take a sample of the rows")
      }
    }
  }

  /// The same columns as another table has, in its order.
  public init(path: String, likeThat other: NumericTable) throws(TableError) {
    var choice = Choice()
    choice.only = other.columns
    try self.init(path: path, choice: choice)
  }

  private static func columns(of reader: CSVReader, _ choice: Choice) throws(TableError) -> [Int] {
    if !choice.only.isEmpty {
      return try choice.only.map { name throws(TableError) in try column(name, of: reader) }
    }
    for name in choice.ignored { _ = try column(name, of: reader) }
    let ignored = Set(choice.ignored + identityColumns)
    let chosen = reader.columns.indices.filter { !ignored.contains(reader.columns[$0]) }
    guard !chosen.isEmpty else {
      throw TableError(
        path: reader.path, line: 1, cause: "no column is left to be a feature",
        remedy: "name one with --columns; \(identityColumns.joined(separator: ", ")) are none by themselves")
    }
    return chosen
  }

  private static func column(_ name: String, of reader: CSVReader) throws(TableError) -> Int {
    guard let column = reader.column(name) else {
      throw TableError(
        path: reader.path, line: 1, cause: "there is no column '\(name)'",
        remedy: "the columns are \(reader.columns.prefix(40).joined(separator: ", "))")
    }
    return column
  }
}

// MARK: - What is undefined

extension NumericTable {
  /// The median of what is defined in each column; 0 where nothing is.
  public func medians() -> [Double] {
    (0..<dimension).map { column in
      var defined = stride(from: column, to: values.count, by: dimension).map { values[$0] }
      defined.removeAll(where: \.isNaN)
      return defined.median() ?? 0
    }
  }

  /// Puts a number in the place of what is undefined, one a column: neither strange nor telling.
  public mutating func fillUndefined(with numbers: [Double]) {
    precondition(numbers.count == dimension)
    guard dimension > 0 else { return }
    for index in values.indices where values[index].isNaN { values[index] = numbers[index % dimension] }
  }
}

extension [Double] {
  /// The middle of the numbers, of the two in the middle their mean; nil when there is none.
  consuming func median() -> Double? {
    guard !isEmpty else { return nil }
    var sorted = self
    sorted.sort()
    let upper = sorted[sorted.count / 2]
    guard sorted.count.isMultiple(of: 2) else { return upper }
    // The sum of two large numbers could be none.
    return sorted[sorted.count / 2 - 1] / 2 + upper / 2
  }
}
