/// Why a line of a log could not be read.
public struct EVELineFault: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    case notJSON
    case tooDeep
    case noTimestamp
    case noEventType
    /// The `event` of a call, registration or stream is missing or unknown.
    case unknownKind
    case tooLong
  }

  /// What is wrong.
  public let reason: Reason
  /// Byte of the line at which it was noticed, from 1; 0 when it concerns the whole line.
  public let column: Int

  /// A fault of a line.
  public init(_ reason: Reason, column: Int = 0) {
    self.reason = reason
    self.column = column
  }
}

extension EVELineFault: CustomStringConvertible {
  /// A few words for people.
  public var description: String {
    let text =
      switch reason {
      case .notJSON: "it is no JSON object"
      case .tooDeep: "its objects are nested too deep"
      case .noTimestamp: "it has no valid 'timestamp'"
      case .noEventType: "it has no 'event_type'"
      case .unknownKind: "it does not say which kind of event it is"
      case .tooLong: "it is longer than 1 MiB"
      }
    return column > 0 ? "\(text) (column \(column))" : text
  }
}
