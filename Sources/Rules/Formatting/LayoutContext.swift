/// What a collection of a rule file is, as far as its layout goes.
enum LayoutContext {
  case root, names, overrides, list, schedule, windows, window, rules, rule, exceptions, exception
  case threshold, distinct, measure, figures, suppression, absence, novelty
  case gauge, sequence, steps, step, sequenceEnd
  case tests, test, scenario, events, event, alerts, alert
  /// Anything else: the order of its keys is the author's.
  case other

  /// The context of the value of a key.
  func value(of key: String) -> LayoutContext {
    switch self {
    case .root: return Self.sections[key] ?? .names
    case .overrides: return RuleSchema.overriddenSections.contains(key) ? .names : .rule
    case .schedule: return key == "any_of" ? .windows : .other
    case .rule: return Self.ruleKeys[key] ?? .other
    case .threshold: return key == "distinct" ? .distinct : .other
    case .measure: return key == "values" ? .figures : .other
    case .sequence: return key == "steps" ? .steps : key == "until" ? .sequenceEnd : .other
    case .test: return Self.testKeys[key] ?? .other
    default: return .other
    }
  }

  /// The context of the value of a name that the author chose.
  func value(ofName section: String) -> LayoutContext {
    switch section {
    case "lists": .list
    case "schedules": .schedule
    default: .other
    }
  }

  /// The context of an item.
  var item: LayoutContext {
    switch self {
    case .windows: .window
    case .rules: .rule
    case .exceptions: .exception
    case .steps: .step
    case .tests: .test
    case .events: .event
    case .alerts: .alert
    default: .other
    }
  }

  /// The order of the keys, as far as it is not the author's: those that are not in it come last.
  var order: [String]? {
    switch self {
    case .root: RuleSchema.topLevel
    case .list: RuleSchema.list + RuleSchema.listOverride
    case .schedule: RuleSchema.schedule
    case .window: ["days", "dates"] + RuleSchema.scheduleWindow
    case .rule: RuleSchema.rule
    case .exception: RuleSchema.exception
    case .threshold: ["by", "within", "window"] + RuleSchema.threshold
    case .distinct: RuleSchema.distinct
    case .measure: ["by", "within", "window"] + RuleSchema.measure
    case .suppression: RuleSchema.suppression
    case .absence: RuleSchema.absence
    case .novelty: RuleSchema.novelty
    case .gauge: RuleSchema.gauge
    case .sequence: RuleSchema.sequence
    case .step: RuleSchema.sequenceStep
    case .sequenceEnd: RuleSchema.sequenceEnd
    case .test: ["name", "start"] + RuleSchema.test
    case .scenario: RuleSchema.testScenario
    case .event: ["at"] + RuleSchema.testEventControls
    case .alert: RuleSchema.expectedAlert
    default: nil
    }
  }

  /// Whether it is always written with one entry a line.
  var isAlwaysBlock: Bool {
    switch self {
    case .root, .names, .overrides, .schedule, .windows, .rules, .rule, .exceptions, .measure, .figures,
      .tests, .test:
      true
    default: false
    }
  }

  /// The longest line of a collection that is not divided: events of tests stand below each other like the rows
  /// of a table.
  var flatWidth: Int {
    switch self {
    case .events, .event, .alerts, .alert: 240
    case .list, .step, .sequenceEnd: LayoutWriter.width
    default: 180
    }
  }

  private static let sections: [String: LayoutContext] = [
    "lists": .names, "schedules": .names, "macros": .names, "rules": .rules,
    "overrides": .overrides,
  ]

  private static let testKeys: [String: LayoutContext] = [
    "scenario": .scenario, "events": .events, "expect": .alerts,
  ]

  private static let ruleKeys: [String: LayoutContext] = [
    "except": .exceptions, "threshold": .threshold, "measure": .measure, "suppress": .suppression,
    "absence": .absence, "first_seen": .novelty, "gauge": .gauge, "sequence": .sequence, "tests": .tests,
  ]
}
