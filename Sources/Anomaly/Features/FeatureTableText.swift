/// Writes hours of entities as rows of a feature table: CSV (RFC 4180) with a header, undefined values empty.
public enum FeatureTableText {
  /// The header, without a line break.
  public static var header: String {
    (["src", "hour"] + Feature.allCases.map(\.name)).joined(separator: ",")
  }

  /// The header of a table that has the further features too.
  public static var fullHeader: String { header + "," + FurtherFeatures.names.joined(separator: ",") }

  /// The row of an entity, without a line break; figures have six decimals at the most.
  ///
  /// - Parameter isFull: adds the further features.
  public static func row(_ entity: EntityHour, hour: Int, isFull: Bool = false) -> String {
    let values = entity.row.values + (isFull ? entity.further.values : [])
    return ([quoted(entity.entity), "\(hour)"] + values.map(text)).joined(separator: ",")
  }

  /// A number in plain decimals; nothing for what is undefined.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    let rounded = (value * 1e6).rounded() / 1e6
    if let whole = Int64(exactly: rounded) { return "\(whole)" }
    // Plain down to 0.0001; what is smaller would have an exponent.
    guard abs(rounded) < 1e-4 else { return "\(rounded)" }
    let digits = "\(Int64((abs(value) * 1e6).rounded()))"
    let decimals = String(repeating: "0", count: 6 - digits.count) + digits
    let end = decimals.lastIndex { $0 != "0" } ?? decimals.startIndex
    return (value < 0 ? "-0." : "0.") + decimals[...end]
  }

  /// Names of accounts are a stranger's choice: quoted where they hold separators, without control characters, and
  /// with a quotation mark in front of what a spreadsheet would take for a formula.
  private static func quoted(_ name: String) -> String {
    var text = String(String.UnicodeScalarView(name.unicodeScalars.map { $0.value < 0x20 ? "\u{fffd}" : $0 }))
    if let first = text.first, "=@".contains(first) { text = "'" + text }
    guard text.contains(where: { ",\"".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
