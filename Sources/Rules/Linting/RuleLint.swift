internal import Events
internal import Values

/// Finds what is legal and yet surely not meant (RULES.md section 7).
struct RuleLint {
  let loaded: LoadedRules
  let scope: ExpressionScope
  let options: LintOptions

  init(_ loaded: LoadedRules, _ scope: ExpressionScope, _ options: LintOptions) {
    self.loaded = loaded
    self.scope = scope
    self.options = options
  }

  /// Warns about rules, and about names that none of them uses.
  func check(_ rules: [CheckedRule], _ sink: inout DiagnosticSink) {
    let references = RuleReferenceLint(loaded.rules)
    for rule in rules {
      checkEvent(rule, &sink)
      for condition in rule.conditions { checkTruth(condition, "'when'", &sink) }
      if let measure = rule.measure { checkTruth(measure.having, "'having'", &sink) }
      checkExceptions(rule, &sink)
      checkKeys(rule, &sink)
      checkFields(rule, &sink)
      checkParameters(rule, &sink)
      PatternLint.check(rule, &sink)
      references.check(rule, &sink)
      if options.wantsTests { checkTests(rule, &sink) }
    }
    // Who could not be read may use anything.
    if !sink.hasErrors { checkUnused(rules, &sink) }
  }

  // MARK: Events and fields

  private func checkEvent(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    if let sequence = rule.sequence, let declaration = rule.declaration.sequence {
      for (step, written) in zip(sequence.steps, declaration.steps) {
        checkEvent(written.event, step.kinds, &sink)
      }
      return
    }
    checkEvent(rule.declaration.event, rule.kinds, &sink)
    if let absence = rule.absence, let expected = rule.declaration.absence?.event,
      absence.kinds.isDisjoint(with: .emitted)
    {
      sink.warning(
        .eventNotEmitted, at: expected.span,
        "'\(expected.value)' events do not come from packets in this version",
        help: "the rule fires on every match")
    }
  }

  private func checkEvent(_ event: Spanned<String>, _ kinds: EventKindSet, _ sink: inout DiagnosticSink) {
    if kinds.isDisjoint(with: .emitted) {
      sink.warning(
        .eventNotEmitted, at: event.span, "'\(event.value)' events do not come from packets in this version",
        help: "the rule can be tested, but it never fires")
    }
    if kinds.contains(EventKind.packet.set) {
      sink.warning(
        .costlyEvent, at: event.span, "the rule is run on every packet",
        help: "an event of a protocol, such as sip.request, costs less")
    }
  }

  private func checkFields(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    let countries: Set<Field> = [.srcCountry, .destCountry, .clientCountry, .serverCountry, .sourceCountry]
    let unset = Set(options.unsetFields)
    for use in Set(rule.expressions.flatMap(\.fields)).sorted(by: {
      $0.span.range.start < $1.span.range.start
    }) {
      if countries.contains(use.field), !options.hasCountryDatabase {
        sink.warning(
          .noCountryDatabase, at: use.span,
          "'\(use.field.name)' is always absent: no country database is configured")
      } else if unset.contains(use.field) {
        sink.warning(.fieldNotSet, at: use.span, "'\(use.field.name)' is never set in this version")
      }
    }
  }

  // MARK: Conditions

  /// Warns about the outermost part that is always the same.
  private func checkTruth(_ condition: Condition, _ what: String, _ sink: inout DiagnosticSink) {
    if let truth = condition.constantTruth {
      // A rule without `when` matches everything on purpose.
      if case .constant(true) = condition.kind, what == "'when'" { return }
      sink.warning(
        truth ? .alwaysTrue : .neverTrue, at: condition.span, "\(what) is \(truth ? "always" : "never") true")
      return
    }
    switch condition.kind {
    case .not(let inner): checkTruth(inner, "this part", &sink)
    case .all(let parts), .any(let parts): for part in parts { checkTruth(part, "this part", &sink) }
    case .constant, .test: break
    }
  }

  private func checkExceptions(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    let required = rule.condition.conjuncts
    for (condition, declaration) in zip(rule.exceptions, rule.declaration.exceptions) {
      let span = declaration.condition.span
      if let today = options.today, let expires = declaration.expires, expires.value < today {
        sink.warning(
          .expiredException, at: expires.span,
          "the exception \(declaration.name.value.quoted) counts no more",
          help: "remove it, or give it another day")
      }
      if condition.constantTruth == true || condition.conjuncts.allSatisfy({ required.contains($0) }) {
        sink.warning(
          .unreachable, at: span, "the exception \(declaration.name.value.quoted) holds whenever 'when' does",
          help: "the rule never fires"
            + (declaration.expires == nil ? "" : " until the exception expires"))
      } else if condition.constantTruth == false
        || Condition.areContradictory(required + condition.conjuncts)
      {
        sink.warning(
          .deadException, at: span,
          "the exception \(declaration.name.value.quoted) never holds when 'when' does")
      }
    }
  }

  private func checkParameters(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    let used = rule.expressions.reduce(into: rule.declaration.usedParameters) { $0.formUnion($1.macros) }
    for parameter in rule.declaration.parameters where !used.contains(parameter.name.value) {
      sink.warning(
        .unusedName, at: parameter.name.span,
        "the rule does not use its parameter \(parameter.name.value.quoted)")
    }
  }

  // MARK: Keys

  private func checkKeys(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    let isResponse = rule.kinds == EventKind.sipResponse.set
    for key in rule.keys + (rule.suppressionKeys ?? []) {
      guard isResponse, case .field(let field) = key.operand else { continue }
      let better: String
      switch field {
      case .srcIP, .destIP: better = "client.ip"
      case .srcPort, .destPort: better = "client.port"
      default: continue
      }
      sink.warning(
        .responseGroupedByPacket, at: key.span,
        "'\(field.name)' of a response is an end of the answer, not of the request",
        help: "write \(better) for who sent the request")
    }
    checkSenderChosen(rule, &sink)
  }

  /// Memory is bounded, but a sender who picks the key can fill it and never be counted twice.
  private func checkSenderChosen(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    // New keys of `first_seen` only learn, and do not push out those that have learned; those of `absence` and
    // `sequence` say what belongs together, and do not push out those that wait or have come further.
    if rule.absence != nil || rule.sequence != nil { return }
    if let novelty = rule.declaration.novelty, novelty.warmup > 0 { return }
    guard let first = rule.keys.first, rule.keys.allSatisfy({ $0.operand.isSenderChosen }) else { return }
    sink.warning(
      .senderChosenKey, at: first.span,
      "the sender chooses '\(first.text)' and can make every match a new key",
      help: "add client.ip to the keys, or cut the text with prefix(…)")
  }

  // MARK: Tests and names

  private func checkTests(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    let declaration = rule.declaration
    guard !declaration.tests.isEmpty else {
      sink.report(
        RuleDiagnostic(
          .noTest, .warning, at: declaration.id.span, "rule \(declaration.id.value.quoted) has no test",
          subject: declaration.id.value))
      return
    }
    guard !declaration.tests.contains(where: { $0.expectation.isSilent }) else { return }
    sink.warning(
      .noSilentTest, at: declaration.id.span,
      "rule \(declaration.id.value.quoted) has no test in which it must stay silent",
      help: "add one with expect: 0")
  }

  private func checkUnused(_ rules: [CheckedRule], _ sink: inout DiagnosticSink) {
    let expressions = rules.flatMap(\.expressions) + scope.macros.values
    let lists = expressions.reduce(into: Set<Int>()) { $0.formUnion($1.lists) }
    let macros = expressions.reduce(into: Set<String>()) { $0.formUnion($1.macros) }
    let schedules = Set(loaded.rules.compactMap(\.scheduleName))
    for (index, list) in loaded.lists.enumerated() where !lists.contains(index) {
      // Schedules look at lists of days without an expression.
      guard !loaded.scheduleLists.contains(index) else { continue }
      sink.warning(
        .unusedName, at: list.name.span,
        list.type == .date
          ? "no rule and no schedule uses the list '\(list.name.value)'"
          : "no rule uses the list '\(list.name.value)'")
    }
    for macro in loaded.macros where !macros.contains(macro.name.value) {
      sink.warning(.unusedName, at: macro.name.span, "no rule uses the macro '\(macro.name.value)'")
    }
    for schedule in loaded.schedules where !schedules.contains(schedule.name.value) {
      sink.warning(.unusedName, at: schedule.name.span, "no rule uses the schedule '\(schedule.name.value)'")
    }
  }
}

extension RuleTestDeclaration.Expectation {
  /// Whether nothing may fire.
  fileprivate var isSilent: Bool {
    switch self {
    case .count(let count): count.value == 0
    case .alerts(let alerts): alerts.isEmpty
    }
  }
}

extension Operand {
  /// Whether a sender can give it as many values as it likes.
  fileprivate var isSenderChosen: Bool {
    switch self {
    case .header: true
    case .field(let field):
      FieldCatalog.definition(of: field).isSenderChosen && FieldCatalog.definition(of: field).type == .text
    case .function(.lower, let argument), .function(.digits, let argument): argument.isSenderChosen
    default: false
    }
  }
}

extension DiagnosticCode {
  // Lint.
  static let eventNotEmitted = DiagnosticCode(rawValue: "event-not-emitted")
  static let costlyEvent = DiagnosticCode(rawValue: "costly-event")
  static let noCountryDatabase = DiagnosticCode(rawValue: "no-country-database")
  static let fieldNotSet = DiagnosticCode(rawValue: "field-not-set")
  static let alwaysTrue = DiagnosticCode(rawValue: "always-true")
  static let neverTrue = DiagnosticCode(rawValue: "never-true")
  static let unreachable = DiagnosticCode(rawValue: "unreachable")
  static let expiredException = DiagnosticCode(rawValue: "expired-exception")
  static let deadException = DiagnosticCode(rawValue: "dead-exception")
  static let responseGroupedByPacket = DiagnosticCode(rawValue: "response-grouped-by-packet")
  static let senderChosenKey = DiagnosticCode(rawValue: "sender-chosen-key")
  static let needlessPattern = DiagnosticCode(rawValue: "needless-pattern")
  static let noTest = DiagnosticCode(rawValue: "no-test")
  static let noSilentTest = DiagnosticCode(rawValue: "no-silent-test")
  static let unusedName = DiagnosticCode(rawValue: "unused-name")
}
