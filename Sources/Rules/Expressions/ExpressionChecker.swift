internal import Events

/// Gives every name of an expression its meaning and every value its type.
///
/// All faults of an expression are reported, not the first one; what is faulty becomes nil and causes no
/// further messages.
struct ExpressionChecker {
  /// The largest tree after macros are put in, so that nested macros cannot grow without bound.
  static let maximumSize = 4096

  let scope: ExpressionScope
  let source: ExpressionSource
  var sink = DiagnosticSink()
  var result = CheckedExpression(content: .condition(Condition(kind: .constant(true), span: .nowhere)))

  private init(_ source: ExpressionSource, _ scope: ExpressionScope) {
    self.source = source
    self.scope = scope
  }

  /// A predicate; anything else is an error.
  static func condition(
    _ source: ExpressionSource, in scope: ExpressionScope, _ sink: inout DiagnosticSink
  ) -> CheckedExpression? {
    check(source, in: scope, &sink) { checker, tree in
      guard let condition = checker.condition(tree) else { return nil }
      guard condition.size <= maximumSize else {
        checker.error(
          .expressionTooLong, tree.range, "the expression has more than \(maximumSize) parts with its macros")
        return nil
      }
      return .condition(condition)
    }
  }

  /// A value that is no list, as group keys are.
  static func value(
    _ source: ExpressionSource, in scope: ExpressionScope, _ sink: inout DiagnosticSink
  ) -> CheckedExpression? {
    check(source, in: scope, &sink) { checker, tree in
      guard let value = checker.value(tree) else { return nil }
      guard value.type.item == nil else {
        checker.error(
          .listInComparison, tree.range, "a list is no key", help: "use count(…) or another field")
        return nil
      }
      return .value(value.operand, value.type)
    }
  }

  /// A macro: a predicate or a value.
  static func macro(
    _ source: ExpressionSource, in scope: ExpressionScope, _ sink: inout DiagnosticSink
  ) -> CheckedExpression? {
    check(source, in: scope, &sink) { checker, tree in
      if checker.isPredicate(tree) {
        guard let condition = checker.condition(tree) else { return nil }
        guard condition.size <= maximumSize else {
          checker.error(.expressionTooLong, tree.range, "the macro has more than \(maximumSize) parts")
          return nil
        }
        return .condition(condition)
      }
      return checker.value(tree).map { .value($0.operand, $0.type) }
    }
  }

  private static func check(
    _ source: ExpressionSource, in scope: ExpressionScope, _ sink: inout DiagnosticSink,
    _ body: (inout ExpressionChecker, ExpressionSyntax) -> CheckedExpression.Content?
  ) -> CheckedExpression? {
    var checker = ExpressionChecker(source, scope)
    defer { for diagnostic in checker.sink.diagnostics { sink.report(diagnostic) } }
    do throws(ExpressionFault) {
      var tree = try ExpressionParser.parse(source.text)
      if !scope.parameters.isEmpty {
        tree = tree.replacingParameters(scope.parameters, &checker.result.macros)
      }
      guard let content = body(&checker, tree), !checker.sink.hasErrors else { return nil }
      checker.result.content = content
      return checker.result
    } catch {
      checker.error(error.code, error.range, error.message, help: error.help)
      return nil
    }
  }

  // MARK: Reporting

  mutating func error(_ code: DiagnosticCode, _ range: Range<Int>, _ message: String, help: String? = nil) {
    sink.error(code, at: source.span(of: range), message, help: help)
  }

  func text(of range: Range<Int>) -> String {
    String(decoding: Array(source.text.utf8)[range], as: UTF8.self)
  }

  func span(_ tree: ExpressionSyntax) -> SourceSpan { source.span(of: tree.range) }
}

// MARK: - Predicates

extension ExpressionChecker {
  /// Whether a tree is a predicate by its form; a bare field or macro may be either.
  private func isPredicate(_ tree: ExpressionSyntax) -> Bool {
    switch tree {
    case .comparison, .not, .all, .any: true
    case .call(let name, _, _, _): name == "exists" || name == "missing"
    case .macro(let name, _): scope.macros[name]?.condition != nil
    default: false
    }
  }

  mutating func condition(_ tree: ExpressionSyntax) -> Condition? {
    switch tree {
    case .all(let parts): joined(parts, tree) { .all($0) }
    case .any(let parts): joined(parts, tree) { .any($0) }
    case .not(let inner, _): condition(inner).map { Condition(kind: .not($0), span: span(tree)) }
    case .comparison(let comparison): self.comparison(comparison, tree)
    case .call("exists", _, let arguments, let range): presence(arguments, range, negated: false)
    case .call("missing", _, let arguments, let range): presence(arguments, range, negated: true)
    case .macro(let name, let range): macroCondition(name, range)
    default: bareValue(tree)
    }
  }

  private mutating func joined(
    _ parts: [ExpressionSyntax], _ tree: ExpressionSyntax, _ kind: ([Condition]) -> Condition.Kind
  ) -> Condition? {
    var conditions: [Condition] = []
    for part in parts {
      if let condition = condition(part) { conditions.append(condition) }
    }
    guard conditions.count == parts.count else { return nil }
    return Condition(kind: kind(conditions), span: span(tree))
  }

  private mutating func presence(
    _ arguments: [ExpressionSyntax], _ range: Range<Int>, negated: Bool
  ) -> Condition? {
    let name = negated ? "missing" : "exists"
    guard arguments.count == 1 else {
      error(.wrongArguments, range, "'\(name)' takes one field")
      return nil
    }
    switch arguments[0] {
    case .name, .header: break
    default:
      error(.wrongArguments, arguments[0].range, "'\(name)' takes a field, nothing else")
      return nil
    }
    guard let value = value(arguments[0]) else { return nil }
    let test = Condition(
      kind: .test(Test(subject: value.operand, check: .isPresent)), span: source.span(of: range))
    return negated ? Condition(kind: .not(test), span: test.span) : test
  }

  private mutating func macroCondition(_ name: String, _ range: Range<Int>) -> Condition? {
    guard scope.measured == nil else {
      _ = value(.macro(name, range))
      return nil
    }
    guard let macro = macro(name, range) else { return nil }
    switch macro.content {
    case .condition(var condition):
      condition.span = source.span(of: range)
      return condition
    case .value(let operand, .bool): return truth(of: operand, range)
    case .value(_, let type):
      error(.typeMismatch, range, "'$\(name)' is \(type.phrase), not a condition")
      return nil
    }
  }

  private mutating func bareValue(_ tree: ExpressionSyntax) -> Condition? {
    guard let value = value(tree) else { return nil }
    switch value.type {
    case .bool: return truth(of: value.operand, tree.range)
    case .textList, .numberList:
      error(
        .listInComparison, tree.range, "a list is no condition",
        help: "write any(\(text(of: tree.range))) == …, or count(\(text(of: tree.range))) > 0")
    default:
      error(
        .typeMismatch, tree.range, "\(value.type.phrase) is no condition",
        help: "compare it with something, or write exists(\(text(of: tree.range)))")
    }
    return nil
  }

  private func truth(of operand: Operand, _ range: Range<Int>) -> Condition {
    let span = source.span(of: range)
    if case .bool(let value) = operand { return Condition(kind: .constant(value), span: span) }
    return Condition(kind: .test(Test(subject: operand, check: .isTrue)), span: span)
  }

  /// A macro whose fields the events of the rule can have.
  mutating func macro(_ name: String, _ range: Range<Int>) -> CheckedExpression? {
    guard let macro = scope.macros[name] else {
      if scope.openMacros.contains(name) {
        error(.macroRecursion, range, "the macro '$\(name)' uses itself")
      } else if !scope.brokenNames.contains(name) {
        error(
          .unknownMacro, range,
          "unknown \(scope.parameters.isEmpty ? "" : "parameter or ")macro '$\(name)'"
            + Suggestion.phrase(for: name, among: scope.macroNames + scope.parameters.keys.sorted()))
      }
      return nil
    }
    result.lists.formUnion(macro.lists)
    result.macros.formUnion(macro.macros)
    result.macros.insert(name)
    for use in macro.fields {
      guard noteUse(of: use.field, range, of: "the macro '$\(name)' uses '\(use.field.name)', which ")
      else { return nil }
    }
    return macro
  }

  /// Remembers a field, or says that the events of the rule do not have it.
  mutating func noteUse(of field: Field, _ range: Range<Int>, of prefix: String? = nil) -> Bool {
    let row = FieldCatalog.definition(of: field)
    if case .logOnly = row.format {
      error(
        .fieldNotInEvent, range, "'\(row.name)' is in the log only",
        help: "rules have looked at the event before")
      return false
    }
    guard !row.occurs(in: scope.kinds) else {
      result.fields.append(FieldUse(field: field, span: source.span(of: range)))
      return true
    }
    let owners = row.kinds.kinds.map { "'\($0.name)'" }
    let message =
      prefix.map { $0 + "'\(scope.eventName)' events do not have" }
      ?? "'\(scope.eventName)' events have no '\(row.name)'"
    error(
      .fieldNotInEvent, range, message,
      help: "\(owners.prefix(3).joined(separator: ", ")) events have it")
    return false
  }
}

extension Field {
  /// The dotted name in rules and in the log.
  var name: String { FieldCatalog.definition(of: self).name }
}
