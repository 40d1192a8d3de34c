internal import Events
internal import Values

/// The type of a value in an expression, as rule authors know it.
enum ValueType: String, Hashable, Sendable {
  case text
  case number
  case ip = "IP address"
  case time
  case duration
  case bool = "true or false"
  case textList = "list of text"
  case numberList = "list of numbers"

  /// The type of a field's values in expressions.
  init(_ type: FieldType) {
    switch type {
    case .text: self = .text
    case .integer, .decimal, .port: self = .number
    case .ip: self = .ip
    case .time: self = .time
    case .duration: self = .duration
    case .bool: self = .bool
    case .textList, .textMap, .numberMap, .recordList: self = .textList
    case .integerList: self = .numberList
    }
  }

  /// The type of the items of a list, nil for what is no list.
  var item: ValueType? {
    switch self {
    case .textList: .text
    case .numberList: .number
    default: nil
    }
  }

  /// Whether values have an order.
  var isOrdered: Bool { self == .number || self == .duration || self == .time }

  /// The type with its article, for messages.
  var phrase: String {
    switch self {
    case .ip: "an IP address"
    case .text: "text"
    case .bool: rawValue
    default: "a \(rawValue)"
    }
  }
}

/// A typed value of an expression, computed from an event.
indirect enum Operand: Hashable, Sendable {
  case field(Field)
  /// A header by its canonical name (lower case, compact forms expanded).
  case header(String)
  /// The time of the event.
  case timestamp
  case integer(Int64)
  case decimal(Double)
  case duration(Int64)
  case ip(IPAddress)
  case text([UInt8])
  case bool(Bool)
  /// A value of the rule's `measure` block.
  case measured(MeasuredValue)
  /// A value of an earlier step of the rule's `sequence` block.
  case captured(CapturedValue)
  case arithmetic(ArithmeticOperator, Operand, Operand)
  case function(OperandFunction, Operand)

  /// Whether it is the same for every event.
  var isConstant: Bool {
    switch self {
    case .field, .header, .timestamp, .measured, .captured: false
    case .integer, .decimal, .duration, .ip, .text, .bool: true
    case .arithmetic(_, let left, let right): left.isConstant && right.isConstant
    case .function(_, let argument): argument.isConstant
    }
  }

  /// Whether it can have no value for an event.
  var isAlwaysPresent: Bool {
    switch self {
    case .field(let field): FieldCatalog.definition(of: field).isAlwaysPresent
    case .header, .captured: false
    case .measured(let value): value.isCount
    case .timestamp, .integer, .decimal, .duration, .ip, .text, .bool: true
    case .arithmetic(let arithmetic, let left, let right):
      arithmetic != .divide && left.isAlwaysPresent && right.isAlwaysPresent
    case .function(_, let argument): argument.isAlwaysPresent
    }
  }

  /// The fields that it is computed from.
  var fields: [Field] {
    switch self {
    case .field(let field): [field]
    case .arithmetic(_, let left, let right): left.fields + right.fields
    case .function(_, let argument): argument.fields
    default: []
    }
  }
}

/// A function of one value.
enum OperandFunction: Hashable, Sendable {
  /// Bytes of a text.
  case length
  /// ASCII letters in lower case.
  case lower
  /// Items of a list.
  case count
  /// Hour of the day in UTC, 0–23.
  case hour
  /// The first bytes of a text.
  case prefix(Int)
  /// The last bytes of a text.
  case suffix(Int)
  /// The decimal digits of a text.
  case digits
  /// Shannon entropy of the bytes of a text, in bits a byte.
  case entropy
}
