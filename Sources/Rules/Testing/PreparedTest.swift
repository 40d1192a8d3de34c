internal import Events
internal import Values

/// The events of an inline test, with kinds, names and values understood.
struct PreparedTest: Sendable {
  /// Some equal events.
  struct Group: Sendable {
    var kind: EventKind
    /// Nanoseconds since 1970 of the first one.
    var start: Int64
    var interval: Int64
    var repetitions: Int
    var assignments: [Assignment]
  }

  /// A field and its value.
  struct Assignment: Sendable {
    enum Target: Hashable, Sendable {
      case field(Field)
      case header(String)
    }

    var target: Target
    var type: FieldType
    var texts: [NumberedText]
    var isList: Bool
    var span: SourceSpan
  }

  /// Offset 0 of the test.
  var start: Timestamp
  var groups: [Group]

  /// What offset 0 is when a test does not say: a Thursday at midnight UTC.
  static let defaultStart = Timestamp(
    seconds: Int64(CivilTime.daysSinceEpoch(year: 2026, month: 1, day: 1)) * 86_400, nanoseconds: 0)
}

/// Understands the tests of a rule, or says what is wrong with them.
struct TestPreparation {
  /// More events in one test are a mistake.
  static let maximumEvents = 1_000_000

  let rule: RuleDeclaration
  let kinds: EventKindSet
  let groupKeys: [String]

  /// Reports what is wrong with the tests of a rule.
  static func check(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    let preparation = TestPreparation(
      rule: rule.declaration, kinds: rule.kinds, groupKeys: rule.groupKeyTexts + rule.summaryKeyTexts)
    for test in rule.declaration.tests {
      if case .alerts(let alerts) = test.expectation { preparation.checkKeys(alerts, &sink) }
      _ = preparation.prepare(test, &sink)
      if case .traffic(.log(let path)) = test.input { check(rule, overLog: path, &sink) }
    }
  }

  /// What a rule makes of a log is not what it makes of packets when it needs more than logs have.
  private static func check(_ rule: CheckedRule, overLog path: Spanned<String>, _ sink: inout DiagnosticSink)
  {
    let missing = UnloggedInput(rule: 0, kinds: rule.unloggedKinds, fields: rule.unloggedFields)
    guard !missing.kinds.isEmpty || !missing.fields.isEmpty else { return }
    sink.warning(
      .unloggedInput, at: path.span,
      "rule \(rule.declaration.id.value.quoted) needs \(missing.needs), which no log has",
      help: "test it with events or with a capture")
  }

  /// The events of a test; nil for a capture test and after an error.
  func prepare(_ test: RuleTestDeclaration, _ sink: inout DiagnosticSink) -> PreparedTest? {
    let before = sink.errorCount
    guard case .events(let declarations) = test.input else { return nil }
    var prepared = PreparedTest(start: test.start?.value ?? PreparedTest.defaultStart, groups: [])
    var last = prepared.start.nanoseconds
    var total = 0
    for declaration in declarations {
      guard let group = group(declaration, prepared.start, after: last, &sink) else { continue }
      total += group.repetitions
      last = group.start.saturatingAdd(Int64(group.repetitions - 1).saturatingMultiply(group.interval))
      prepared.groups.append(group)
    }
    if total > Self.maximumEvents {
      sink.error(.tooManyTestEvents, at: test.span, "a test has at most \(Self.maximumEvents) events")
    }
    return sink.errorCount == before ? prepared : nil
  }

  private func group(
    _ declaration: TestEventDeclaration, _ start: Timestamp, after last: Int64, _ sink: inout DiagnosticSink
  ) -> PreparedTest.Group? {
    guard let kind = kind(of: declaration, &sink) else { return nil }
    let time =
      switch declaration.time?.value {
      case .offset(let offset): start.nanoseconds.saturatingAdd(offset)
      case .instant(let instant): instant.nanoseconds
      case nil: last
      }
    let assignments = declaration.fields.compactMap { field in
      assignment(field, kind, declaration.repetitions, &sink)
    }
    return PreparedTest.Group(
      kind: kind, start: time, interval: declaration.interval?.value ?? 0,
      repetitions: declaration.repetitions,
      assignments: assignments)
  }

  private func kind(of declaration: TestEventDeclaration, _ sink: inout DiagnosticSink) -> EventKind? {
    let name = declaration.event?.value ?? rule.event.value
    let span = declaration.event?.span ?? declaration.span
    guard let named = RuleChecker.kinds(named: Spanned(name, at: span), &sink) else { return nil }
    guard named.kinds.count == 1, let kind = named.kinds.first else {
      let names = named.kinds.map { "'\($0.name)'" }.joined(separator: ", ")
      sink.error(
        .ambiguousEvent, at: span, "an event of a test is of one kind", help: "write event: one of \(names)")
      return nil
    }
    return kind
  }

  // MARK: Fields

  private func assignment(
    _ field: TestFieldDeclaration, _ kind: EventKind, _ repetitions: Int, _ sink: inout DiagnosticSink
  ) -> PreparedTest.Assignment? {
    guard let (target, type) = target(field.name, kind, &sink) else { return nil }
    var assignment = PreparedTest.Assignment(
      target: target, type: type, texts: [], isList: false, span: field.name.span)
    switch field.value {
    case .scalar(let scalar):
      guard !type.isList else {
        sink.error(
          .wrongType, at: scalar.span, "\(field.name.value.quoted) is a list", help: "write [\(scalar.text)]")
        return nil
      }
      assignment.texts = [checkedText(scalar, target, type, repetitions, &sink)]
    case .list(let scalars, let span):
      assignment.isList = true
      guard type.isList else {
        sink.error(.wrongType, at: span, "\(field.name.value.quoted) is no list")
        return nil
      }
      assignment.texts = scalars.map { checkedText($0, target, type, repetitions, &sink) }
    }
    return assignment
  }

  /// A value, and what is wrong with it.
  private func checkedText(
    _ scalar: YAMLScalar, _ target: PreparedTest.Assignment.Target, _ type: FieldType, _ repetitions: Int,
    _ sink: inout DiagnosticSink
  ) -> NumberedText {
    let numbered = NumberedText(scalar.text)
    if scalar.isFaulty { return numbered }
    if let stray = numbered.stray {
      sink.warning(
        .idleNumber, at: scalar.span, "\(stray.quoted) stands for no number and stays as it is",
        help: "write {n} for the number of the repetition, {n%15} for fifteen values in turn")
    }
    if !numbered.isNumbered {
      check(scalar, target, type, &sink)
    } else if let number = numbered.samples(of: repetitions).first(where: {
      TestValue(numbered.text($0), type) == nil
    }) {
      sink.error(
        .wrongType, at: scalar.span,
        "expected \(TestValue.example(type)), found \(scalar.text.quoted), which is "
          + "\(numbered.text(number).quoted) in repetition \(number)")
    }
    return numbered
  }

  /// The one value of a text without numbers.
  private func check(
    _ scalar: YAMLScalar, _ target: PreparedTest.Assignment.Target, _ type: FieldType,
    _ sink: inout DiagnosticSink
  ) {
    guard let value = TestValue(scalar.text, type) else {
      sink.error(
        .wrongType, at: scalar.span, "expected \(TestValue.example(type)), found \(scalar.text.quoted)")
      return
    }
    guard case .field(let field) = target else { return }
    let row = FieldCatalog.definition(of: field)
    if let fault = ImpossibleValue(value, scalar.text, of: row) {
      sink.error(.impossibleValue, at: scalar.span, fault.message, help: fault.help)
    }
  }

  private func target(
    _ name: Spanned<String>, _ kind: EventKind, _ sink: inout DiagnosticSink
  ) -> (PreparedTest.Assignment.Target, FieldType)? {
    if let header = Self.headerName(name.value) {
      guard kind.type == .sip else {
        sink.error(.fieldNotInEvent, at: name.span, "'\(kind.name)' events have no headers")
        return nil
      }
      return (.header(HeaderNames.canonical(header)), .text)
    }
    guard let row = FieldCatalog.definition(named: name.value) else {
      sink.error(
        .unknownField, at: name.span,
        "unknown field \(name.value.quoted)" + FieldSuggestion.phrase(for: name.value, kind.set))
      return nil
    }
    guard row.occurs(in: kind.set) else {
      sink.error(.fieldNotInEvent, at: name.span, "'\(kind.name)' events have no '\(row.name)'")
      return nil
    }
    return (.field(row.field), row.type)
  }

  /// The name in `header["Name"]`, or nil.
  private static func headerName(_ text: String) -> String? {
    guard case .header(let name, _)? = try? ExpressionParser.parse(text) else { return nil }
    return name
  }

  private func checkKeys(_ alerts: [ExpectedAlertDeclaration], _ sink: inout DiagnosticSink) {
    for key in alerts.flatMap(\.key) where !groupKeys.contains(key.name.value) {
      sink.error(
        .unknownKeyPart, at: key.name.span,
        "the rule does not group by \(key.name.value.quoted)"
          + Suggestion.phrase(for: key.name.value, among: groupKeys))
    }
  }
}

extension Int64 {
  fileprivate func saturatingMultiply(_ other: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}

extension DiagnosticCode {
  // Tests.
  static let ambiguousEvent = DiagnosticCode(rawValue: "ambiguous-event")
  static let unknownKeyPart = DiagnosticCode(rawValue: "unknown-key-part")
  static let unloggedInput = DiagnosticCode(rawValue: "unlogged-input")
  static let idleNumber = DiagnosticCode(rawValue: "idle-number")
  static let tooManyTestEvents = DiagnosticCode(rawValue: "too-many-test-events")
}
