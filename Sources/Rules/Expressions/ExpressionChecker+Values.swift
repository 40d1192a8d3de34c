internal import Events

/// A value with its type and place.
struct TypedOperand {
  var operand: Operand
  var type: ValueType
  var range: Range<Int>
}

extension ExpressionChecker {
  mutating func value(_ tree: ExpressionSyntax) -> TypedOperand? {
    let range = tree.range
    if let names = scope.measured, tree.isEventName { return measured(tree, names) }
    switch tree {
    case .literal(let literal, _): return literalValue(literal, range)
    case .text(let bytes, _): return TypedOperand(operand: .text(bytes), type: .text, range: range)
    case .pattern:
      error(.typeMismatch, range, "a regular expression stands on the right of 'matches' only")
    case .name(let name, _): return field(name, range)
    case .header(let name, _):
      guard noteUse(ofHeader: name, range) else { return nil }
      return TypedOperand(operand: .header(HeaderNames.canonical(name)), type: .text, range: range)
    case .list(let name, _):
      error(
        .typeMismatch, range, "'@\(name)' is a list", help: "lists stand on the right of 'in' or 'matches'")
    case .items: error(.typeMismatch, range, "a list of values stands on the right of 'in' only")
    case .macro(let name, _): return macroValue(name, range)
    case .call(let name, let nameRange, let arguments, _): return call(name, nameRange, arguments, range)
    case .arithmetic(let arithmetic, let left, let right):
      return self.arithmetic(arithmetic, left, right, range)
    case .comparison, .not, .all, .any:
      error(.typeMismatch, range, "a condition is no value", help: "join conditions with 'and' and 'or'")
    }
    return nil
  }

  private mutating func literalValue(_ literal: Literal, _ range: Range<Int>) -> TypedOperand? {
    switch literal {
    case .integer(let value): return TypedOperand(operand: .integer(value), type: .number, range: range)
    case .decimal(let value): return TypedOperand(operand: .decimal(value), type: .number, range: range)
    case .duration(let value): return TypedOperand(operand: .duration(value), type: .duration, range: range)
    case .bool(let value): return TypedOperand(operand: .bool(value), type: .bool, range: range)
    case .ip(let value): return TypedOperand(operand: .ip(value), type: .ip, range: range)
    case .network:
      error(.typeMismatch, range, "an address block stands on the right of 'in' only")
    case .range:
      error(.typeMismatch, range, "a range stands on the right of '==', '!=' or 'in' only")
    }
    return nil
  }

  private mutating func field(_ name: String, _ range: Range<Int>) -> TypedOperand? {
    if name == "timestamp" { return TypedOperand(operand: .timestamp, type: .time, range: range) }
    if let value = stepValue(name, range) { return value }
    guard let row = FieldCatalog.definition(named: name) else {
      let isWord = name.utf8.allSatisfy { $0.isLetter && $0 < 0x61 }
      error(
        .unknownField, range,
        "unknown field \(name.quoted)" + (isWord ? "" : FieldSuggestion.phrase(for: name, scope.kinds)),
        help: isWord ? "text stands in double quotes: \"\(name)\"" : nil)
      return nil
    }
    guard noteUse(of: row.field, range) else { return nil }
    return TypedOperand(operand: .field(row.field), type: ValueType(row.type), range: range)
  }

  /// A value of `measure`; nothing else has a name where a window is judged.
  private mutating func measured(
    _ tree: ExpressionSyntax, _ names: [String: TypedOperand]
  ) -> TypedOperand? {
    let known = names.keys.sorted()
    guard case .name(let name, let range) = tree else {
      error(
        .unknownValue, tree.range, "'having' compares the values of 'measure', not of one event",
        help: "the values are \(known.joined(separator: ", "))")
      return nil
    }
    guard let value = names[name] else {
      let suggestion = Suggestion.phrase(for: name, among: known)
      error(
        .unknownValue, range, "'measure' has no value \(name.quoted)" + suggestion,
        help: "the values are \(known.joined(separator: ", "))")
      return nil
    }
    return TypedOperand(operand: value.operand, type: value.type, range: range)
  }

  private mutating func noteUse(ofHeader name: String, _ range: Range<Int>) -> Bool {
    guard scope.kinds.isDisjoint(with: EventKindSet(.sip)) else { return true }
    error(
      .fieldNotInEvent, range, "'\(scope.eventName)' events have no headers",
      help: "'sip.request' and 'sip.response' events have them")
    return false
  }

  private mutating func macroValue(_ name: String, _ range: Range<Int>) -> TypedOperand? {
    guard let macro = macro(name, range) else { return nil }
    guard case .value(let operand, let type) = macro.content else {
      error(.typeMismatch, range, "'$\(name)' is a condition, not a value")
      return nil
    }
    return TypedOperand(operand: operand, type: type, range: range)
  }

  // MARK: Functions

  private static let functionNames = [
    "exists", "missing", "len", "lower", "count", "any", "all", "hour", "prefix", "suffix", "digits",
    "entropy",
  ]

  private mutating func call(
    _ name: String, _ nameRange: Range<Int>, _ arguments: [ExpressionSyntax], _ range: Range<Int>
  ) -> TypedOperand? {
    let function: (OperandFunction, argument: ValueType, result: ValueType)
    switch name {
    case "len": function = (.length, .text, .number)
    case "lower": function = (.lower, .text, .text)
    case "digits": function = (.digits, .text, .text)
    case "entropy": function = (.entropy, .text, .number)
    case "hour": function = (.hour, .time, .number)
    case "prefix": return cut("prefix", OperandFunction.prefix, arguments, range)
    case "suffix": return cut("suffix", OperandFunction.suffix, arguments, range)
    case "count": return count(arguments, range)
    case "any", "all":
      error(
        .wrongArguments, range, "'\(name)(…)' stands on the left of a comparison",
        help: "for example \(name)(sip.sdp.codecs) == \"PCMU\"")
      return nil
    case "exists", "missing":
      error(.typeMismatch, range, "'\(name)(…)' is a condition, not a value")
      return nil
    default:
      error(
        .unknownFunction, nameRange,
        "unknown function \(name.quoted)" + Suggestion.phrase(for: name, among: Self.functionNames),
        help: "the functions are \(Self.functionNames.joined(separator: ", "))")
      return nil
    }
    guard
      let argument = soleArgument(
        name, arguments, range, function.argument.phrase, { $0 == function.argument })
    else { return nil }
    return TypedOperand(operand: .function(function.0, argument.operand), type: function.result, range: range)
  }

  private mutating func count(_ arguments: [ExpressionSyntax], _ range: Range<Int>) -> TypedOperand? {
    guard let argument = soleArgument("count", arguments, range, "a list field", { $0.item != nil })
    else { return nil }
    return TypedOperand(operand: .function(.count, argument.operand), type: .number, range: range)
  }

  private mutating func soleArgument(
    _ name: String, _ arguments: [ExpressionSyntax], _ range: Range<Int>, _ wanted: String,
    _ accepts: (ValueType) -> Bool
  ) -> TypedOperand? {
    guard arguments.count == 1 else {
      error(.wrongArguments, range, "'\(name)' takes one value: \(wanted)")
      return nil
    }
    guard let argument = value(arguments[0]) else { return nil }
    guard accepts(argument.type) else {
      error(.typeMismatch, argument.range, "'\(name)' takes \(wanted), and this is \(argument.type.phrase)")
      return nil
    }
    return argument
  }

  /// The beginning or the end of a text.
  private mutating func cut(
    _ name: String, _ function: (Int) -> OperandFunction, _ arguments: [ExpressionSyntax],
    _ range: Range<Int>
  ) -> TypedOperand? {
    guard arguments.count == 2 else {
      error(.wrongArguments, range, "'\(name)' takes a text and a number of bytes")
      return nil
    }
    guard let argument = soleArgument(name, [arguments[0]], range, "text", { $0 == .text }) else {
      return nil
    }
    guard case .literal(.integer(let length), _) = arguments[1], (1...4096).contains(length) else {
      error(.wrongArguments, arguments[1].range, "the length of a \(name) is a number from 1 to 4096")
      return nil
    }
    return TypedOperand(
      operand: .function(function(Int(length)), argument.operand), type: .text, range: range)
  }

  // MARK: Arithmetic

  private mutating func arithmetic(
    _ arithmetic: ArithmeticOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, _ range: Range<Int>
  ) -> TypedOperand? {
    let (first, second) = (value(left), value(right))
    guard let first, let second else { return nil }
    guard let type = Self.resultType(arithmetic, first.type, second.type) else {
      error(
        .typeMismatch, range,
        "'\(arithmetic.rawValue)' does not join \(first.type.phrase) and \(second.type.phrase)")
      return nil
    }
    return TypedOperand(
      operand: .arithmetic(arithmetic, first.operand, second.operand), type: type, range: range)
  }

  private static func resultType(
    _ arithmetic: ArithmeticOperator, _ left: ValueType, _ right: ValueType
  ) -> ValueType? {
    switch (arithmetic, left, right) {
    case (_, .number, .number): .number
    case (.add, .duration, .duration), (.subtract, .duration, .duration): .duration
    case (.subtract, .time, .time): .duration
    case (.add, .time, .duration), (.subtract, .time, .duration): .time
    case (.multiply, .duration, .number), (.multiply, .number, .duration): .duration
    case (.divide, .duration, .number): .duration
    case (.divide, .duration, .duration): .number
    default: nil
    }
  }
}

extension ExpressionSyntax {
  /// Whether it names something of an event.
  fileprivate var isEventName: Bool {
    switch self {
    case .name, .header, .macro: true
    default: false
    }
  }
}
