/// Why a table cannot be read or written: where, what is wrong, and what to do.
public struct TableError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file as it was named; `standard input` or `standard output` for `-`.
  public var path: String
  /// The line, from 1; nil when the file as a whole is at fault.
  public var line: Int?
  /// The byte of the line, from 1.
  public var column: Int?
  /// What is wrong, without a full stop.
  public var cause: String
  /// What to do about it, without a full stop.
  public var remedy: String

  /// An error about a file or a place in it.
  public init(path: String, line: Int? = nil, column: Int? = nil, cause: String, remedy: String) {
    self.path = path
    self.line = line
    self.column = column
    self.cause = cause
    self.remedy = remedy
  }

  /// One line, in the form of the diagnostics of rules.
  public var description: String {
    let place = [path, line.map(String.init), column.map(String.init)].compactMap(\.self)
    return "\(place.joined(separator: ":")): error: \(cause); \(remedy)"
  }
}
