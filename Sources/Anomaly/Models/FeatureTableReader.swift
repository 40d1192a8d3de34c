internal import Values

/// Reads feature rows of entities by the hour, as `anomaly stream` and `train` take them: `src,hour,features…`.
///
/// Columns that are no features are passed over, features without a column are undefined; both are told.
/// Hours must not go back.
public struct FeatureTableReader {
  /// Columns that are passed over.
  public let ignoredColumns: [String]
  /// Features that the table does not have.
  public let missingFeatures: [Feature]
  /// The entity of the current row, as the table has it.
  public private(set) var source = ""
  /// The current row.
  public private(set) var row: EntityRow
  /// The hour of the current row.
  public private(set) var hour = 0

  private var reader: CSVReader
  private let sourceColumn: Int
  private let hourColumn: Int
  /// The column of requests without a live registration; −1 without one.
  private var unregisteredColumn = -1
  private static let unregistered = "unregistered_activity"
  private let featureColumns: [(column: Int, feature: Feature)]
  /// Hours from here on are no hours but something else, such as seconds.
  private static let hourLimit = 100_000_000.0

  /// Opens a file, or standard input for `-`.
  public init(path: String) throws(TableError) {
    try self.init(CSVReader(path: path))
  }

  init(_ reader: CSVReader) throws(TableError) {
    self.reader = reader
    guard let source = reader.column("src"), let hour = reader.column("hour") else {
      throw TableError(
        path: reader.path, line: 1,
        cause: "there is no column '\(reader.column("src") == nil ? "src" : "hour")'",
        remedy: "name the column of the entities 'src' and that of the hours, counted from a Monday, 'hour'")
    }
    (sourceColumn, hourColumn) = (source, hour)
    var features: [(column: Int, feature: Feature)] = []
    var ignored: [String] = []
    for (place, name) in reader.columns.enumerated() where place != source && place != hour {
      if name == Self.unregistered {
        unregisteredColumn = place
      } else if let feature = Feature(name: name) {
        features.append((place, feature))
      } else {
        ignored.append(name)
      }
    }
    guard !features.isEmpty else {
      throw TableError(
        path: reader.path, line: 1, cause: "none of the columns is a feature",
        remedy:
          "name them as 'ringwatch features --csv' does: \(Feature.allCases.map(\.name).joined(separator: ", "))"
      )
    }
    featureColumns = features
    ignoredColumns = ignored
    missingFeatures = Feature.allCases.filter { feature in !features.contains { $0.feature == feature } }
    row = EntityRow(entity: EntityKey(high: 0, low: 0), row: FeatureRow())
  }

  /// Goes to the next row; false at the end of the table.
  public mutating func next() throws(TableError) -> Bool {
    guard try reader.next() else { return false }
    let value = try reader.number(hourColumn)
    guard value >= 0, value < Self.hourLimit, value == value.rounded() else {
      throw reader.error(
        hourColumn, "is no hour", "count whole hours from any Monday 00:00, beginning with 0")
    }
    guard Int(value) >= hour else {
      throw reader.error(
        hourColumn, "is before hour \(hour), which began above", "sort the table by hour")
    }
    hour = Int(value)
    source = reader.text(sourceColumn)
    // A sensor knows addresses by their bits, and models are for both.
    row.entity = IPAddress(source).map { EntityKey($0) } ?? EntityKey(text: Array(source.utf8).span)
    for (column, feature) in featureColumns { row.row[feature] = try reader.number(column) }
    if unregisteredColumn >= 0 { row.unregistered = try reader.number(unregisteredColumn) }
    return true
  }
}
