internal import Events
internal import Values

extension CompiledRuleSet {
  /// No rules at all: for runs that want nothing but events.
  public static let none: CompiledRuleSet = {
    guard let rules = RuleSetLoader.load(texts: []).ruleSet else { preconditionFailure("no rules are rules") }
    return rules
  }()

  /// Checks and compiles loaded rules; the diagnostics join those of the loading.
  ///
  /// - Returns: the rules, or nil when there is any error, also one of the loading.
  public static func compile(
    _ loaded: inout LoadedRules, lint options: LintOptions = LintOptions()
  ) -> CompiledRuleSet? {
    var sink = loaded.diagnostics
    defer { loaded.diagnostics = sink }
    let scope = MacroResolver.resolve(loaded.macros, in: ExpressionScope(loaded), &sink)
    let lists = ListPatternCheck.check(loaded.lists, &sink)
    var rules: [CheckedRule] = []
    for rule in loaded.rules {
      guard var checked = RuleChecker.check(rule, in: scope, &sink) else { continue }
      checked.declaration.overriddenKeys += loaded.overriddenNames(usedBy: checked)
      rules.append(checked)
    }
    for rule in rules { TestPreparation.check(rule, &sink) }
    // A rule that could not be read may ask a list for anything.
    if rules.count == loaded.rules.count {
      ListEntryCheck(loaded.lists, asking: rules, scope.words).check(&sink)
    }
    RuleLint(loaded, scope, options).check(rules, &sink)
    guard !sink.hasErrors, rules.count == loaded.rules.count else { return nil }
    return RuleSetCompiler(loaded, listPatterns: lists).compile(rules, &sink)
  }
}

extension CompiledRuleSet {
  /// Other rules with the same lists and schedules; nil when they cannot be compiled.
  ///
  /// - Parameter sources: the files that the rules came from.
  func compile(_ rules: [CheckedRule], sources: SourceFiles) -> CompiledRuleSet? {
    var loaded = LoadedRules()
    loaded.sources = sources
    loaded.lists = program.lists
    loaded.schedules = program.schedules
    var sink = DiagnosticSink()
    return RuleSetCompiler(loaded, listPatterns: ListPatternCheck.patterns(of: loaded.lists))
      .compile(rules, &sink)
  }
}

extension LoadedRules {
  /// The lists and schedules that a rule uses and that overrides change.
  fileprivate func overriddenNames(usedBy rule: CheckedRule) -> [String] {
    let used = rule.expressions.reduce(into: Set<Int>()) { $0.formUnion($1.lists) }
    let names = overriddenLists.intersection(used).sorted().map { "lists.\(lists[$0].name.value)" }
    guard let schedule = rule.declaration.scheduleName, overriddenSchedules.contains(schedule) else {
      return names
    }
    return names + ["schedules.\(schedule)"]
  }
}

extension ExpressionScope {
  /// The names that all rules share.
  init(_ loaded: LoadedRules) {
    self.init(kinds: .all, eventName: "any")
    for (index, list) in loaded.lists.enumerated() {
      lists[list.name.value] = NamedList(index: index, type: list.type)
    }
    brokenNames = loaded.brokenNames
    words = loaded.words
  }
}

/// Looks at the patterns of lists one by one, so that each bad one is reported where it stands.
enum ListPatternCheck {
  /// The patterns of each list of type regex.
  static func check(
    _ lists: [RuleList], _ sink: inout DiagnosticSink
  ) -> [Int: [(pattern: Pattern, expiry: Int64)]] {
    let result = patterns(of: lists)
    for index in lists.indices {
      for (pattern, _) in result[index] ?? [] {
        guard let fault = PatternDatabase.fault(of: pattern) else { continue }
        sink.error(.badPattern, at: pattern.span, fault.explanation(of: pattern))
      }
    }
    return result
  }

  /// The patterns of each list of type regex, right or wrong.
  static func patterns(of lists: [RuleList]) -> [Int: [(pattern: Pattern, expiry: Int64)]] {
    var result: [Int: [(pattern: Pattern, expiry: Int64)]] = [:]
    for (index, list) in lists.enumerated() {
      guard case .patterns(let entries) = list.contents else { continue }
      result[index] = entries.map { entry in
        (
          Pattern(text: entry.text, isCaseFolded: list.foldsCase, span: entry.span),
          entry.expiry.nanoseconds
        )
      }
    }
    return result
  }
}

extension PatternFault {
  /// The fault in words.
  func explanation(of pattern: Pattern) -> String {
    "\(pattern.text.quoted) is no regular expression of the pattern matcher: \(message)"
  }
}

/// Puts a program together from sound rules.
struct RuleSetCompiler {
  private let loaded: LoadedRules
  var predicates: PredicateCompiler
  var parts = RuleProgramParts()
  var items: [RuleIndexer.Item] = []
  /// Where held items stand in the index, not numbered yet.
  var heldPlaces: [RuleIndexer.Item] = []

  init(_ loaded: LoadedRules, listPatterns: [Int: [(pattern: Pattern, expiry: Int64)]]) {
    self.loaded = loaded
    predicates = PredicateCompiler(listPatterns: listPatterns)
  }

  consuming func compile(_ rules: [CheckedRule], _ sink: inout DiagnosticSink) -> CompiledRuleSet? {
    var compiler = self
    for rule in rules { compiler.add(rule) }
    compiler.addExpectations(rules)
    compiler.addHeldItems(rules.count)
    return compiler.finish(rules, &sink)
  }

  private mutating func finish(_ rules: [CheckedRule], _ sink: inout DiagnosticSink) -> CompiledRuleSet? {
    parts.predicates = predicates.predicates()
    parts.patternGroups = predicates.patterns.build(&sink)
    guard !sink.hasErrors else { return nil }
    parts.steps = predicates.steps
    parts.pool = predicates.pool
    parts.lists = loaded.lists
    parts.schedules = loaded.schedules
    var indexer = RuleIndexer(
      predicates: parts.predicates, pool: parts.pool, groups: parts.patternGroups)
    let (plans, accesses) = indexer.plans(items)
    let lists = loaded.lists.map(\.name.value)
    return CompiledRuleSet(
      metadata: rules.map { metadata(of: $0) }, accesses: describe(accesses, rules),
      memory: rules.map { memory(of: $0) },
      checked: rules, program: RuleProgram(parts, plans: plans),
      states: rules.map { RuleState($0, lists: lists) })
  }

  // MARK: Rules

  private mutating func add(_ rule: CheckedRule) {
    let isHeld = rule.sequence != nil || rule.declaration.gauge != nil
    let entry =
      isHeld
      ? PredicateCompiler.Entry(start: ConditionStep.reject, required: .nothing)
      : predicates.add(rule.condition)
    var compiled = CompiledRule(start: entry.start)
    compiled.firstException = Int32(truncatingIfNeeded: parts.exceptions.count)
    for (condition, declaration) in zip(rule.exceptions, rule.declaration.exceptions) {
      parts.exceptions.append(
        CompiledException(
          start: predicates.add(condition).start,
          expiry: declaration.expires?.value.endInUTC.nanoseconds ?? .max))
    }
    compiled.exceptionCount = Int32(truncatingIfNeeded: rule.exceptions.count)
    if let name = rule.declaration.scheduleName, let index = loaded.scheduleIndex(named: name) {
      compiled.schedule = Int32(truncatingIfNeeded: index)
      compiled.isScheduleInverted = rule.declaration.isScheduleInverted
    }
    addState(of: rule, to: &compiled)
    let kinds = rule.declaration.isEnabled && !isHeld ? rule.kinds : []
    let number = Int32(truncatingIfNeeded: parts.rules.count)
    items.append(RuleIndexer.Item(rule: number, kinds: kinds, required: entry.required))
    parts.rules.append(compiled)
  }

  private mutating func addState(of rule: CheckedRule, to compiled: inout CompiledRule) {
    var keys: Range<Int32> = 0..<0
    if let threshold = rule.declaration.threshold {
      keys = add(keys: rule.keys)
      compiled.window = Int32(truncatingIfNeeded: parts.windows.count)
      parts.windows.append(
        CompiledWindow(
          keys: keys, length: threshold.window.value, minimum: threshold.minimum.value,
          contents: rule.distinct.map { .values(predicates.source(of: $0.operand)) } ?? .matches,
          motion: threshold.motion))
    }
    if let measure = rule.measure, let declaration = rule.declaration.measure {
      keys = add(keys: rule.keys)
      let lowered = MeasureLowering.lower(
        measure, declaration, rule: rule.declaration.sid.value, keys: keys, firstWindow: parts.windows.count,
        &predicates)
      compiled.window = Int32(truncatingIfNeeded: parts.windows.count)
      compiled.measure = Int32(truncatingIfNeeded: parts.measures.count)
      parts.windows += lowered.windows
      parts.measures.append(lowered.measure)
    }
    if let novelty = rule.declaration.novelty, let value = rule.noveltyValue {
      keys = add(keys: rule.keys)
      compiled.novelty = Int32(truncatingIfNeeded: parts.novelties.count)
      parts.novelties.append(
        CompiledNovelty(
          keys: keys, value: predicates.source(of: value.operand), memory: novelty.memory.value,
          warmup: novelty.warmup))
    }
    if let absence = rule.declaration.absence {
      keys = add(keys: rule.keys)
      compiled.absence = Int32(truncatingIfNeeded: parts.absences.count)
      parts.absences.append(
        CompiledAbsence(
          rule: Int32(truncatingIfNeeded: parts.rules.count), keys: keys, length: absence.window.value,
          kinds: [], start: ConditionStep.reject))
    }
    if let gauge = rule.declaration.gauge {
      keys = add(keys: rule.keys)
      compiled.gauge = Int32(truncatingIfNeeded: parts.gauges.count)
      add(gauge, of: rule, keys: keys)
    }
    let suppression = rule.declaration.suppression
    let duration = suppression?.duration.value ?? rule.declaration.window ?? 0
    if let sequence = rule.sequence, let declaration = rule.declaration.sequence {
      keys = add(keys: rule.keys)
      compiled.sequence = Int32(truncatingIfNeeded: parts.sequences.count)
      add(sequence, declaration, of: rule, lastKeys: keys, silence: duration)
    }
    guard duration > 0 else { return }
    if let own = rule.suppressionKeys { keys = add(keys: own) }
    compiled.suppression = Int32(truncatingIfNeeded: parts.suppressions.count)
    parts.suppressions.append(
      CompiledSuppression(
        keys: keys, duration: duration, hasSummary: suppression?.summary ?? false,
        isDelayed: rule.absence != nil || compiled.sequence >= 0 || compiled.gauge >= 0))
  }

  /// Gives the expected event of each absence a condition and a place in the index, behind all rules.
  private mutating func addExpectations(_ rules: [CheckedRule]) {
    for index in parts.absences.indices {
      let rule = rules[Int(parts.absences[index].rule)]
      guard let absence = rule.absence else { continue }
      let entry = predicates.add(absence.condition)
      parts.absences[index].start = entry.start
      parts.absences[index].kinds = absence.kinds
      let kinds = rule.declaration.isEnabled ? absence.kinds : []
      let number = Int32(truncatingIfNeeded: rules.count + index)
      items.append(RuleIndexer.Item(rule: number, kinds: kinds, required: entry.required))
    }
  }

  mutating func add(keys: [CheckedRule.GroupKey]) -> Range<Int32> {
    let start = Int32(truncatingIfNeeded: parts.keySources.count)
    for key in keys { parts.keySources.append(predicates.source(of: key.operand)) }
    return start..<Int32(truncatingIfNeeded: parts.keySources.count)
  }

  // MARK: What is said about rules

  private func memory(of rule: CheckedRule) -> RuleMemory {
    let threshold = rule.declaration.threshold
    return RuleMemory(
      window: rule.declaration.window, minimum: threshold?.minimum.value,
      countsDistinct: rule.distinct != nil,
      suppression: rule.declaration.suppression?.duration.value ?? rule.declaration.window ?? 0)
  }

  /// Whether a key holds credentials or a body.
  private static func isSecret(_ key: String) -> Bool {
    // Over bytes: a search over characters takes some ten thousand instructions, and every rule has keys.
    let folded = Array(key.lowercased().utf8)
    return ["payload", "authoriz", "authenticat"].contains { word in
      let word = Array(word.utf8)
      return folded.span.contains(word.span, word.indices, in: folded.indices)
    }
  }

  private func metadata(of rule: CheckedRule) -> RuleMetadata {
    let declaration = rule.declaration
    let file = loaded.sources[declaration.span.file]
    return RuleMetadata(
      id: declaration.id.value, sid: declaration.sid.value, revision: declaration.revision,
      title: declaration.title.value, category: declaration.category?.value,
      severity: declaration.severity,
      tags: declaration.tags.map(\.value), attackTechniques: declaration.attackTechniques.map(\.value),
      references: declaration.references.map(\.value), documentation: declaration.documentation?.value,
      spoofability: declaration.spoofability?.value, file: file.path,
      line: file.location(of: declaration.span.range.start).line, eventName: declaration.event.value,
      kinds: rule.kinds,
      clause: (declaration.condition ?? declaration.sequence?.steps.last?.condition)?.text ?? "",
      groupKeys: rule.groupKeyTexts, summaryKeys: rule.summaryKeyTexts,
      secretKeys: Set(rule.groupKeyTexts + rule.summaryKeyTexts).filter(Self.isSecret),
      measuredNames: declaration.measure?.values.map(\.name.value) ?? [],
      exceptions: declaration.exceptions.map(\.name.value),
      overriddenKeys: declaration.overriddenKeys, isEnabled: declaration.isEnabled)
  }
}

extension RuleDeclaration {
  /// The schedule of `during`, without a `not` before it.
  var scheduleName: String? {
    schedule.map { isScheduleInverted ? String($0.value.dropFirst(4)) : $0.value }
  }

  /// Whether `during` says `not`.
  var isScheduleInverted: Bool { schedule?.value.hasPrefix("not ") ?? false }
}
