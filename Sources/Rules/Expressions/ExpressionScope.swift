internal import Events

/// What the names in an expression stand for.
struct ExpressionScope: Sendable {
  /// A list that expressions may name.
  struct NamedList: Sendable {
    let index: Int
    let type: ListType
  }

  /// The kinds of event that the expression meets.
  var kinds: EventKindSet
  /// What the rule calls them.
  var eventName: String
  var lists: [String: NamedList] = [:]
  /// Macros that are sound.
  var macros: [String: CheckedExpression] = [:]
  /// Names that exist and are faulty: an error was reported where they are defined.
  var brokenNames: Set<String> = []
  /// Names of macros that are being checked, so that a recursion is told from an unknown name.
  var openMacros: Set<String> = []
  /// In `having` the values of `measure` by their names, and no other names mean anything; otherwise nil.
  var measured: [String: TypedOperand]?
  /// Parameters of the rule.
  var parameters: [String: ExpressionSyntax] = [:]
  /// In the expressions of a `sequence` block what its steps are called; otherwise nil.
  var steps: StepScope?
  /// What the values of fields can be.
  var words = FieldWords()
  /// All macro names, for suggestions.
  var macroNames: [String] = []
}

/// An expression whose names and types are right.
struct CheckedExpression: Sendable {
  /// What it yields.
  enum Content: Sendable {
    case condition(Condition)
    case value(Operand, ValueType)
  }

  var content: Content
  /// The fields that it reads, each where it is first named.
  var fields: [FieldUse] = []
  /// Indices of the lists that it names.
  var lists: Set<Int> = []
  /// Names of the macros that it uses, directly or through others.
  var macros: Set<String> = []

  /// The predicate; nil for a value.
  var condition: Condition? {
    guard case .condition(let condition) = content else { return nil }
    return condition
  }
}

/// A field where an expression names it.
struct FieldUse: Hashable, Sendable {
  let field: Field
  let span: SourceSpan
}

extension DiagnosticCode {
  // Names and types of expressions.
  static let unknownField = DiagnosticCode(rawValue: "unknown-field")
  static let fieldNotInEvent = DiagnosticCode(rawValue: "field-not-in-event")
  static let unknownValue = DiagnosticCode(rawValue: "unknown-value")
  static let unknownMacro = DiagnosticCode(rawValue: "unknown-macro")
  static let macroRecursion = DiagnosticCode(rawValue: "macro-recursion")
  static let unknownFunction = DiagnosticCode(rawValue: "unknown-function")
  static let wrongArguments = DiagnosticCode(rawValue: "wrong-arguments")
  static let typeMismatch = DiagnosticCode(rawValue: "type-mismatch")
  static let listInComparison = DiagnosticCode(rawValue: "list-in-comparison")
  static let unknownMethod = DiagnosticCode(rawValue: "unknown-method")
  static let badPattern = DiagnosticCode(rawValue: "bad-pattern")
}
