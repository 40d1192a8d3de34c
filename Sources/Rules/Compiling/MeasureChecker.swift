internal import Events

/// A value of a `measure` block, unique over all rules.
struct MeasuredValue: Hashable, Sendable {
  /// The rule's `sid`.
  var rule: Int
  /// Position among the rule's values.
  var position: Int
  /// Whether it is a whole number.
  var isCount: Bool
}

/// A `measure` block whose expressions are sound.
struct CheckedMeasure: Sendable {
  /// One of its values.
  enum Value: Sendable {
    case count
    case countIf(Condition)
    case distinct(Operand, where: Condition?)
    case figure(MeasureDeclaration.Figure, Operand, isDuration: Bool)
  }

  var values: [Value]
  var having: Condition
  /// The number of matches that `having` asks for at the least, as far as it says.
  var minimum: Int?

  /// The same by the values that are counted with the matches: distinct ones have windows and room of their own.
  var least: Int { having.minimumCount { !values[$0.position].isDistinct } ?? 0 }
}

extension RuleChecker {
  /// The checked block, or nil after an error about it.
  mutating func check(
    _ measure: MeasureDeclaration, ofRule sid: Int, _ sink: inout DiagnosticSink
  ) -> CheckedMeasure? {
    var values: [CheckedMeasure.Value] = []
    var names: [String: TypedOperand] = [:]
    for (position, value) in measure.values.enumerated() {
      guard let (checked, type) = check(value, &sink) else { continue }
      let measured = MeasuredValue(rule: sid, position: position, isCount: checked.isCount)
      names[value.name.value] = TypedOperand(operand: .measured(measured), type: type, range: 0..<0)
      values.append(checked)
    }
    // The names of faulty values would be unknown.
    guard values.count == measure.values.count else { return nil }
    guard let having = condition(over: names, measure.having, &sink) else { return nil }
    for division in having.divisions where !having.hasMinimum(for: division) {
      sink.error(
        .ratioWithoutMinimum, at: measure.having.span,
        "the ratio has no stated minimum of what it divides by",
        help: "a share of few says nothing: add 'and', and a number that the divisor must reach, "
          + "such as total >= 50")
      return nil
    }
    return CheckedMeasure(
      values: values, having: having, minimum: having.minimumCount { _ in true })
  }

  private mutating func check(
    _ value: MeasureDeclaration.Value, _ sink: inout DiagnosticSink
  ) -> (CheckedMeasure.Value, ValueType)? {
    switch value.kind {
    case .count: return (.count, .number)
    case .countIf(let source): return condition(source, &sink).map { (.countIf($0), .number) }
    case .distinct(let source, let condition):
      let checked = condition.map { self.condition($0, &sink) }
      guard let operand = typedKey(source, &sink)?.operand else { return nil }
      guard let checked else { return (.distinct(operand, where: nil), .number) }
      return checked.map { (.distinct(operand, where: $0), .number) }
    case .figure(let figure, let source):
      guard let (operand, type) = typedKey(source, &sink) else { return nil }
      guard type == .number || type == .duration else {
        sink.error(
          .typeMismatch, at: source.span,
          "'\(figure.rawValue)' takes a number or a duration, and this is \(type.phrase)",
          help: type == .bool ? "write count_if: \(source.text)" : "write distinct: \(source.text)")
        return nil
      }
      return (.figure(figure, operand, isDuration: type == .duration), type)
    }
  }
}

extension Condition {
  /// The right sides of all divisions by something measured.
  fileprivate var divisions: [Operand] {
    switch kind {
    case .constant: []
    case .not(let inner): inner.divisions
    case .all(let parts), .any(let parts): parts.flatMap(\.divisions)
    case .test(let test): test.operands.flatMap(\.divisors)
    }
  }

  /// Whether a part that must be true bounds a divisor, or a value in it, from below.
  fileprivate func hasMinimum(for divisor: Operand) -> Bool {
    conjuncts.contains { part in
      guard let (operand, _) = part.lowerBound else { return false }
      return operand == divisor || divisor.measured.contains { operand == .measured($0) }
    }
  }

  /// The largest number that it asks of some counts.
  fileprivate func minimumCount(of counts: (MeasuredValue) -> Bool) -> Int? {
    conjuncts.compactMap { part -> Int? in
      guard let (operand, bound) = part.lowerBound, case .measured(let value) = operand, value.isCount,
        counts(value)
      else { return nil }
      return Int(clamping: bound)
    }.max()
  }

  /// What it asks to be at least some positive whole number, which `x >= n` and `x > n` do.
  private var lowerBound: (Operand, Int64)? {
    guard case .not(let inner) = kind, case .test(let test) = inner.kind else { return nil }
    switch test.check {
    case .less(.integer(let bound)) where bound > 0: return (test.subject, bound)
    case .lessOrEqual(.integer(let bound)) where bound > 0: return (test.subject, bound.saturatingAdd(1))
    default: return nil
    }
  }
}

extension Test {
  /// Both sides, as far as they are computed.
  var operands: [Operand] {
    switch check {
    case .equals(let right), .less(let right), .lessOrEqual(let right), .contains(let right),
      .startsWith(let right), .endsWith(let right):
      [subject, right]
    default: [subject]
    }
  }
}

extension Operand {
  /// What it divides by, constants aside.
  fileprivate var divisors: [Operand] {
    switch self {
    case .arithmetic(let arithmetic, let left, let right):
      left.divisors + right.divisors + (arithmetic == .divide && !right.isConstant ? [right] : [])
    case .function(_, let argument): argument.divisors
    default: []
    }
  }

  /// The measured values in it.
  fileprivate var measured: [MeasuredValue] {
    switch self {
    case .measured(let value): [value]
    case .arithmetic(_, let left, let right): left.measured + right.measured
    case .function(_, let argument): argument.measured
    default: []
    }
  }
}

extension DiagnosticCode {
  static let ratioWithoutMinimum = DiagnosticCode(rawValue: "ratio-without-minimum")
}
