public import Values

/// The value of one field of one event: a plain value without references.
///
/// Text and lists point into the event that holds them and mean nothing without it.
public enum FieldValue: Hashable, Sendable {
  /// The event has no such field.
  case absent
  /// Bytes of the event's text store; not necessarily valid UTF-8.
  case text(ByteRange)
  case integer(Int64)
  case decimal(Double)
  case ip(IPAddress)
  case time(Timestamp)
  /// A length of time in nanoseconds.
  case duration(Int64)
  case bool(Bool)
  /// Consecutive values of the event's item store.
  case list(ByteRange)
}

/// The type of a field.
public enum FieldType: String, CaseIterable, Sendable {
  case text
  /// A whole number.
  case integer
  /// A number with decimals.
  case decimal
  case ip
  case port
  case time
  case duration
  case bool
  case textList = "list of text"
  case integerList = "list of number"
  /// Names with values; in the log only.
  case textMap = "map of text"
  /// Names with numbers; in the log only.
  case numberMap = "map of number"
  /// Records of several members; in the log only.
  case recordList = "list of records"

  /// Whether a value is a list, which a bare comparison does not accept.
  public var isList: Bool { self == .textList || self == .integerList || !isForRules }

  /// Whether rules can ask for it: what has names and values in turn, or members, is for the log.
  public var isForRules: Bool { !isMap && self != .recordList }

  /// Whether a value has names and values in turn.
  public var isMap: Bool { self == .textMap || self == .numberMap }

  /// The type as rule authors know it: whole and decimal numbers are both `number`.
  public var name: String {
    switch self {
    case .integer, .decimal: "number"
    default: rawValue
    }
  }
}
