internal import Events

/// Everything that the evaluation of a rule set reads: flat tables of plain numbers that refer to each
/// other by index. Shared by all engines and never changed.
final class RuleProgram: Sendable {
  let predicates: [Predicate]
  let steps: [ConditionStep]
  let pool: ConstantPool
  let patternGroups: [PatternGroup]
  let lists: [RuleList]
  let schedules: [Schedule]
  let rules: [CompiledRule]
  let exceptions: [CompiledException]
  let windows: [CompiledWindow]
  let measures: [CompiledMeasure]
  let novelties: [CompiledNovelty]
  let absences: [CompiledAbsence]
  let sequences: [CompiledSequence]
  let gauges: [CompiledGauge]
  /// What correlations over several kinds of event want, by rule; of a sequence its end, then its steps from
  /// the last to the first.
  let heldItems: [HeldItem]
  let suppressions: [CompiledSuppression]
  /// Group keys; windows and suppressions have ranges of it.
  let keySources: [ValueSource]
  /// How many different keys and distinct values windows have.
  let identityCount: Int
  /// By the raw value of `EventKind`.
  let plans: [KindPlan]

  init(_ parts: RuleProgramParts, plans: [KindPlan]) {
    predicates = parts.predicates
    steps = parts.steps
    pool = parts.pool
    patternGroups = parts.patternGroups
    lists = parts.lists
    schedules = parts.schedules
    rules = parts.rules
    exceptions = parts.exceptions
    (windows, identityCount) = parts.numberedWindows()
    measures = parts.measures
    novelties = parts.novelties
    absences = parts.absences
    sequences = parts.sequences
    gauges = parts.gauges
    heldItems = parts.heldItems
    suppressions = parts.suppressions
    keySources = parts.keySources
    self.plans = plans
  }
}

extension RuleProgram {
  /// The windows of a rule, by their indices.
  func windows(of rule: CompiledRule) -> Range<Int> {
    if rule.measure >= 0 { return measures[Int(rule.measure)].windows }
    return rule.window >= 0 ? Int(rule.window)..<Int(rule.window) + 1 : 0..<0
  }

  /// The fields that conditions and keys read.
  var fieldsRead: [Field] {
    let sources =
      predicates.map(\.source) + pool.sources + keySources + windows.compactMap(\.source)
      + measures.flatMap(\.sources) + novelties.map(\.value) + sequences.flatMap(\.captures).map(\.source)
    return sources.compactMap { source in
      source.kind == .field ? Field(rawValue: UInt16(truncatingIfNeeded: source.index)) : nil
    }
  }
}

/// The parts of a program while it is put together.
struct RuleProgramParts {
  var predicates: [Predicate] = []
  var steps: [ConditionStep] = []
  var pool = ConstantPool()
  var patternGroups: [PatternGroup] = []
  var lists: [RuleList] = []
  var schedules: [Schedule] = []
  var rules: [CompiledRule] = []
  var exceptions: [CompiledException] = []
  var windows: [CompiledWindow] = []
  var measures: [CompiledMeasure] = []
  var novelties: [CompiledNovelty] = []
  var absences: [CompiledAbsence] = []
  var sequences: [CompiledSequence] = []
  var gauges: [CompiledGauge] = []
  var heldItems: [HeldItem] = []
  var suppressions: [CompiledSuppression] = []
  var keySources: [ValueSource] = []

  /// The windows with numbers for what they have in common, and how many of these there are.
  ///
  /// A key of one value and that value have the same identity.
  fileprivate func numberedWindows() -> (windows: [CompiledWindow], identityCount: Int) {
    var numbers: [[ValueSource]: Int32] = [:]
    func number(of sources: [ValueSource]) -> Int32 {
      let number = numbers[sources] ?? Int32(truncatingIfNeeded: numbers.count)
      numbers[sources] = number
      return number
    }
    let numbered = windows.map { window in
      var window = window
      window.keyNumber = number(of: window.keys.map { keySources[Int($0)] })
      if case .values(let source) = window.contents { window.valueNumber = number(of: [source]) }
      return window
    }
    return (numbered, numbers.count)
  }
}

/// A rule as numbers.
struct CompiledRule: Sendable {
  /// Nothing.
  static let none: Int32 = -1

  /// First step of the condition.
  var start: Int32
  /// Of the program's exceptions.
  var firstException: Int32 = 0
  var exceptionCount: Int32 = 0
  /// Of the program's schedules, or none.
  var schedule: Int32 = none
  /// Whether the rule is silent while the schedule is on, not while it is off.
  var isScheduleInverted = false
  /// Of the program's windows, or none; of those of a measure the first.
  var window: Int32 = none
  /// Of the program's measures, or none.
  var measure: Int32 = none
  /// Of the program's novelties, or none.
  var novelty: Int32 = none
  /// Of the program's absences, or none.
  var absence: Int32 = none
  /// Of the program's gauges, or none.
  var gauge: Int32 = none
  /// Of the program's sequences, or none.
  var sequence: Int32 = none
  /// Of the program's suppressions, or none.
  var suppression: Int32 = none
}

/// What keeps a rule silent.
struct CompiledException: Sendable {
  var start: Int32
  /// Nanoseconds since 1970 from which on it no longer counts.
  var expiry: Int64
}

/// A window: what it keeps of the matches of a key, and for how long.
struct CompiledWindow: Sendable, Equatable {
  var keys: Range<Int32>
  /// Nanoseconds.
  var length: Int64
  /// How many fire; of a measure, how many of them are kept, or of totals how many matter.
  var minimum: Int
  var contents = WindowContents.matches
  var motion = WindowMotion.sliding
  /// Times are told apart by so many nanoseconds; 0 tells none of a window apart.
  var granule: Int64 = 1
  /// Windows with the same key have the same number.
  var keyNumber: Int32 = 0
  /// First step of what must be true of a match for its value to count; nil for nothing.
  var condition: Int32?
  /// The number of the value whose distinct ones count.
  var valueNumber: Int32 = 0

  /// The value whose distinct ones count, or that is sampled.
  var source: ValueSource? {
    switch contents {
    case .matches, .totals: nil
    case .values(let source), .samples(let source): source
    }
  }

  /// Whether distinct values count.
  var isDistinct: Bool { if case .values = contents { true } else { false } }
}

/// What follows an alert.
struct CompiledSuppression: Sendable, Equatable {
  var keys: Range<Int32>
  /// Nanoseconds.
  var duration: Int64
  var hasSummary: Bool
  /// Whether alerts are found only when nothing earlier can come any more.
  var isDelayed = false
}
