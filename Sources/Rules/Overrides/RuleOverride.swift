internal import Events
internal import Values

extension RuleSchema {
  static let override = [
    "enabled", "severity", "at_least", "within", "having", "suppress", "except", "params",
  ]
}

/// An entry of `overrides`: what a site says about a rule that it does not want to edit.
struct RuleOverride: Sendable {
  /// The rule.
  var id: Spanned<String>
  /// What it sets, with places: keys, and `params.NAME` for each parameter.
  var keys: [Spanned<String>] = []
  var isEnabled: Bool?
  var severity: Severity?
  /// In the place of the number of its `threshold` or `gauge`.
  var minimum: Spanned<Int>?
  /// In the place of the time of its block, in nanoseconds.
  var window: Spanned<Int64>?
  /// In the place of the condition over its `measure`.
  var having: ExpressionSource?
  /// In the place of the rule's own.
  var suppression: SuppressionDeclaration?
  /// Besides the rule's own.
  var exceptions: [ExceptionDeclaration] = []
  var parameters: [ParameterDeclaration] = []

  /// Takes what another override of the rule says.
  mutating func join(_ other: RuleOverride) {
    keys += other.keys
    isEnabled = other.isEnabled ?? isEnabled
    severity = other.severity ?? severity
    minimum = other.minimum ?? minimum
    window = other.window ?? window
    having = other.having ?? having
    suppression = other.suppression ?? suppression
    exceptions += other.exceptions
    parameters += other.parameters
  }
}

extension NodeDecoder {
  /// The overrides of a rule file.
  mutating func overrides(_ root: YAMLNode) -> OverrideSection {
    var section = OverrideSection()
    guard case .mapping(let fields) = root, let node = fields.value(of: "overrides"),
      let mapping = mapping(node, of: "overrides")
    else { return section }
    for entry in mapping.entries {
      switch entry.key.text {
      case "lists":
        section.lists += self.mapping(entry.value, of: "lists")?.entries.compactMap { listOverride($0) } ?? []
      case "schedules":
        section.schedules +=
          self.mapping(entry.value, of: "schedules")?.entries.compactMap { scheduleOverride($0) } ?? []
      default: if let override = ruleOverride(entry) { section.rules.append(override) }
      }
    }
    return section
  }

  private mutating func ruleOverride(_ entry: YAMLEntry) -> RuleOverride? {
    guard let fields = fields(entry.value, of: "override", keys: RuleSchema.override) else { return nil }
    var override = RuleOverride(id: Spanned(entry.key.text, at: entry.key.span))
    for key in fields.mapping.entries.map(\.key) where key.text != "params" {
      override.keys.append(Spanned(key.text, at: key.span))
    }
    override.isEnabled = fields["enabled"].flatMap { boolean($0, of: "enabled") }
    override.severity = fields["severity"].flatMap { severity($0) }
    override.minimum = fields["at_least"].flatMap { number($0, of: "at_least", in: 1...Self.maximumCount) }
    override.window = fields["within"].flatMap { duration($0, of: "within") }
    override.having = fields["having"].flatMap { expression($0, of: "having") }
    override.suppression = fields["suppress"].flatMap { suppression($0) }
    override.exceptions = fields["except"].flatMap { exceptions($0) } ?? []
    override.parameters = fields["params"].map { parameters($0) } ?? []
    override.keys += override.parameters.map { Spanned("params.\($0.name.value)", at: $0.name.span) }
    return override
  }
}

/// The overrides of one rule file.
struct OverrideSection {
  var rules: [RuleOverride] = []
  var lists: [ListOverride] = []
  var schedules: [ScheduleOverride] = []
}

/// All overrides of a run, by the names of what they change; their order does not matter.
struct RuleOverrides {
  /// By the ids of rules.
  private(set) var byRule: [String: RuleOverride] = [:]
  private(set) var lists: [String: ListOverride] = [:]
  private(set) var schedules: [String: ScheduleOverride] = [:]
  /// Of rules, in the order of the files.
  private var ids: [String] = []
  private var places: [String: SourceSpan] = [:]

  /// Takes overrides in; two of one key are an error.
  mutating func add(_ section: OverrideSection, _ sources: SourceFiles, _ sink: inout DiagnosticSink) {
    for override in section.rules {
      let id = override.id.value
      claim(override.keys, of: "rule \(id.quoted)", sources, &sink)
      if byRule[id] == nil { ids.append(id) }
      byRule[id, default: RuleOverride(id: override.id)].join(override)
    }
    for override in section.lists {
      let name = override.name.value
      claim(override.keys, of: "list \(name.quoted)", sources, &sink)
      lists[name, default: ListOverride(name: override.name)].join(override)
    }
    for override in section.schedules {
      let name = override.name.value
      claim(override.keys, of: "schedule \(name.quoted)", sources, &sink)
      schedules[name, default: ScheduleOverride(name: override.name)].join(override)
    }
  }

  private mutating func claim(
    _ keys: [Spanned<String>], of subject: String, _ sources: SourceFiles, _ sink: inout DiagnosticSink
  ) {
    for key in keys {
      guard let earlier = places.updateValue(key.span, forKey: "\(subject) \(key.value)") else { continue }
      let file = sources[earlier.file]
      let place = file.location(of: earlier.range.start)
      sink.error(
        .conflictingOverrides, at: key.span,
        "\(key.value.quoted) of \(subject) is already overridden at "
          + "\(file.path):\(place.line):\(place.column)",
        help: "keep one of them: which one counts must not depend on the order of files")
    }
  }

  /// Applies them to the rules, whose parameters have them already.
  func apply(to rules: inout [RuleDeclaration], _ sink: inout DiagnosticSink) {
    var indices: [String: Int] = [:]
    for (index, rule) in rules.enumerated() { indices[rule.id.value] = index }
    for id in ids {
      guard let override = byRule[id] else { continue }
      guard let index = indices[id] else {
        sink.error(
          .unknownRule, at: override.id.span,
          "there is no rule \(id.quoted)" + Suggestion.phrase(for: id, among: rules.map(\.id.value)))
        continue
      }
      apply(override, to: &rules[index], &sink)
    }
  }

  private func apply(_ override: RuleOverride, to rule: inout RuleDeclaration, _ sink: inout DiagnosticSink) {
    rule.isEnabled = override.isEnabled ?? rule.isEnabled
    rule.severity = override.severity ?? rule.severity
    rule.suppression = override.suppression ?? rule.suppression
    for exception in override.exceptions {
      if rule.exceptions.contains(where: { $0.name.value == exception.name.value }) {
        sink.error(
          .duplicateName, at: exception.name.span,
          "rule \(rule.id.value.quoted) has an exception \(exception.name.value.quoted) already",
          help: "give it another name")
      }
      rule.exceptions.append(exception)
    }
    rule.overriddenKeys = override.keys.map(\.value)
    if let minimum = override.minimum, !rule.set(minimum: minimum) {
      refuse("at_least", at: minimum.span, "no 'threshold' and no 'gauge'", rule, &sink)
    }
    if let window = override.window, !rule.set(window: window) {
      refuse("within", at: window.span, "no time", rule, &sink)
    }
    if let having = override.having, !rule.set(having: having) {
      refuse("having", at: having.span, "no 'measure'", rule, &sink)
    }
    let known = rule.parameters.map(\.name.value)
    for parameter in override.parameters where !known.contains(parameter.name.value) {
      sink.error(
        .unknownParameter, at: parameter.name.span,
        "rule \(rule.id.value.quoted) has no parameter \(parameter.name.value.quoted)"
          + Suggestion.phrase(for: parameter.name.value, among: known))
    }
  }
}

extension RuleOverrides {
  private func refuse(
    _ key: String, at span: SourceSpan, _ lack: String, _ rule: RuleDeclaration, _ sink: inout DiagnosticSink
  ) {
    // What is broken may lack it for that.
    guard rule.isComplete else { return }
    sink.error(
      .impossibleOverride, at: span, "rule \(rule.id.value.quoted) has \(lack) that '\(key)' could set")
  }
}

extension RuleDeclaration {
  /// What of it an override sets so that its tests are about another rule: they are about the one that its file has. A
  /// parameter that the tests name is one that they are ready for.
  var tunedKey: String? {
    overriddenKeys.first { key in
      if key.hasPrefix("params.") {
        return !testedParameters.contains(String(key.dropFirst("params.".count)))
      }
      return ["at_least", "within", "having"].contains(key) || key.contains(".")
    }
  }

  /// Sets from how many on it fires; false where it counts nothing.
  fileprivate mutating func set(minimum: Spanned<Int>) -> Bool {
    threshold?.minimum = minimum
    guard let gauge else { return threshold != nil }
    let limit = minimum.value - 1
    self.gauge?.limit = Spanned(limit, at: minimum.span)
    self.gauge?.clearBelow =
      gauge.hasOwnClearing ? min(gauge.clearBelow, minimum.value) : GaugeDeclaration.usualClearing(limit)
    return true
  }

  /// Sets the time of its block; false where it has none.
  fileprivate mutating func set(window: Spanned<Int64>) -> Bool {
    threshold?.window = window
    measure?.window = window
    absence?.window = window
    sequence?.window = window
    return threshold != nil || measure != nil || absence != nil || sequence != nil
  }

  /// Sets the condition over its values; false where it has none.
  fileprivate mutating func set(having: ExpressionSource) -> Bool {
    measure?.having = having
    return measure != nil
  }
}

extension DiagnosticCode {
  // Overrides.
  static let impossibleOverride = DiagnosticCode(rawValue: "impossible-override")
  static let unknownRule = DiagnosticCode(rawValue: "unknown-rule")
  static let conflictingOverrides = DiagnosticCode(rawValue: "conflicting-overrides")
}
