internal import Events
internal import Values

/// A value read from an event or computed from it, with the store that its text is in.
struct LoadedValue {
  enum Store: UInt8 {
    case event, computed, constant
  }

  var value: FieldValue
  var store: Store = .event

  static let absent = LoadedValue(value: .absent)
}

/// The identity of a key or a value of an event.
struct KnownIdentity {
  /// Of the event; before the first one nothing is known.
  var epoch: UInt64 = 0
  /// Nil when a part has no value.
  var hash: KeyHash?
}

/// Evaluates predicates of one event, those that take time at most once, and conditions over them.
///
/// Outcomes carry the number of the event they belong to, so that nothing is cleared between events and
/// predicates that no rule asks for cost nothing.
struct PredicateEvaluator {
  /// The number of the current event, from 1, shifted over the two bits of an outcome.
  private var epoch: UInt64 = 0
  private var outcomes: [UInt64]
  var patterns: PatternMatches
  /// Text that functions computed for the current event.
  var computedText: [UInt8] = []
  /// The text of the current event; given back at its end, so that refilling the event copies nothing.
  var eventText: [UInt8] = []
  /// What is known of the keys and distinct values of windows, by their numbers.
  private var identities: [KnownIdentity]
  /// The values of the window that is being judged, by their places.
  var measured: [FieldValue]
  /// The values of the earlier events of the chain that is being judged, by their places; their texts are
  /// in `computedText`.
  var captured: [FieldValue]
  /// The text of all constants.
  let constantText: [UInt8]

  init(_ program: RuleProgram) {
    outcomes = [UInt64](repeating: 0, count: program.predicates.count)
    patterns = PatternMatches(program.patternGroups)
    identities = Array(repeating: KnownIdentity(), count: program.identityCount)
    measured = [FieldValue](repeating: .absent, count: program.pool.measured.count)
    captured = [FieldValue](repeating: .absent, count: program.pool.captured.count)
    computedText.reserveCapacity(1024)
    constantText = program.pool.bytes
  }

  /// Forgets the event before.
  mutating func begin(_ event: borrowing Event) {
    epoch += 4
    eventText = event.text
    if !computedText.isEmpty { computedText.removeAll(keepingCapacity: true) }
    patterns.begin()
  }

  /// Lets go of the event.
  mutating func end() { eventText = [] }

  /// Whether a condition is true.
  mutating func holds(_ start: Int32, _ program: RuleProgram, _ event: borrowing Event) -> Bool {
    var next = start
    while next >= 0 {
      let step = program.steps[Int(next)]
      next = holds(step.literal, program, event) ? step.ifHolds : step.ifNot
    }
    return next == ConditionStep.accept
  }

  /// Whether a literal holds.
  mutating func holds(_ literal: ConditionLiteral, _ program: RuleProgram, _ event: borrowing Event) -> Bool {
    let truth = truth(of: Int(literal.predicate), program, event)
    return truth == (literal.wantsFalse ? .no : .yes)
  }

  @inline(__always)
  private mutating func truth(of number: Int, _ program: RuleProgram, _ event: borrowing Event) -> Truth {
    // Found out in fewer steps than it takes to see whether it is known.
    guard program.predicates[number].isImmediate else { return remembered(number, program, event) }
    return immediate(program.predicates[number], program, event)
  }

  /// The outcome of a predicate that is worth remembering.
  @inline(never)
  private mutating func remembered(
    _ number: Int, _ program: RuleProgram, _ event: borrowing Event
  ) -> Truth {
    let known = outcomes[number]
    if known & ~3 == epoch, let truth = Truth(rawValue: UInt8(truncatingIfNeeded: known & 3)) { return truth }
    let predicate = program.predicates[number]
    let truth: Truth
    if predicate.opcode == .pattern {
      truth = matches(predicate, program, event)
    } else if predicate.quantifier == .one {
      let loaded = load(predicate.source, program, event)
      truth = outcome(predicate, loaded, program, event)
    } else {
      truth = quantified(predicate, program, event)
    }
    outcomes[number] = epoch | UInt64(truth.rawValue)
    return truth
  }

  /// The outcome of a predicate that only looks at a value: what most conditions begin with.
  @inline(__always)
  private mutating func immediate(
    _ predicate: Predicate, _ program: RuleProgram, _ event: borrowing Event
  ) -> Truth {
    let loaded = load(predicate.source, program, event)
    switch (loaded.value, predicate.opcode) {
    case (.absent, .isPresent): return .no
    case (.absent, _): return .unknown
    case (_, .isPresent): return .yes
    case (.bool(let value), .isTrue): return Truth(value)
    case (.integer(let value), .equalInteger): return Truth(value == predicate.first)
    case (.integer(let value), .lessInteger): return Truth(value < predicate.first)
    case (.integer(let value), .lessOrEqualInteger): return Truth(value <= predicate.first)
    default: return check(predicate, loaded, program, event)
    }
  }

  private mutating func outcome(
    _ predicate: Predicate, _ loaded: LoadedValue, _ program: RuleProgram, _ event: borrowing Event
  ) -> Truth {
    predicate.opcode == .compare
      ? compare(predicate, loaded, program, event) : check(predicate, loaded, program, event)
  }

  // MARK: Windows

  /// The identity of a window's key; nil when a part has no value.
  mutating func key(
    of window: Int, _ hasher: KeyHasher, _ program: RuleProgram, _ event: borrowing Event
  ) -> KeyHash? {
    let number = Int(program.windows[window].keyNumber)
    if identities[number].epoch == epoch { return identities[number].hash }
    let hash = key(program.windows[window].keys, allowsAbsent: false, hasher, program, event)
    identities[number] = KnownIdentity(epoch: epoch, hash: hash)
    return hash
  }

  /// The identity of one of the distinct values of a window; nil when it is absent.
  mutating func identity(
    in window: Int, _ source: ValueSource, _ hasher: KeyHasher, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> KeyHash? {
    let number = Int(program.windows[window].valueNumber)
    if identities[number].epoch == epoch { return identities[number].hash }
    let hash = identity(source, hasher, program, event)
    identities[number] = KnownIdentity(epoch: epoch, hash: hash)
    return hash
  }

  // MARK: Lists

  private mutating func quantified(
    _ predicate: Predicate, _ program: RuleProgram, _ event: borrowing Event
  ) -> Truth {
    guard case .list(let range) = load(predicate.source, program, event).value else { return .unknown }
    let decisive: Truth = predicate.quantifier == .any ? .yes : .no
    var isUnknown = false
    for index in range.range {
      var truth = outcome(predicate, LoadedValue(value: event.items[index]), program, event)
      if predicate.isNegated { truth = truth.negated }
      if truth == decisive { return truth }
      if truth == .unknown { isUnknown = true }
    }
    return isUnknown ? .unknown : decisive.negated
  }

  // MARK: Patterns

  private mutating func matches(
    _ predicate: Predicate, _ program: RuleProgram, _ event: borrowing Event
  ) -> Truth {
    let number = Int(predicate.first)
    scan(number, program, event)
    guard patterns.isPresent(number) else { return .unknown }
    let group = program.patternGroups[number]
    let time = event.timestamp.nanoseconds
    let isAny = predicate.quantifier != .all
    // “some item does not match” is “not every item matches”, and the other way round.
    let wantsEvery = group.isList && isAny == predicate.isNegated
    let found = patterns.contains(predicate.patterns, of: group, everyItem: wantsEvery, at: time)
    return Truth(found != predicate.isNegated)
  }

  /// Scans the value of a pattern group, once an event.
  mutating func scan(_ number: Int, _ program: RuleProgram, _ event: borrowing Event) {
    guard !patterns.isScanned(number) else { return }
    let group = program.patternGroups[number]
    let loaded = load(group.source, program, event)
    switch loaded.value {
    case .text(let range):
      patterns.start(number, group)
      switch loaded.store {
      case .event: patterns.scan(eventText, range, group)
      case .computed: patterns.scan(computedText, range, group)
      case .constant: patterns.scan(constantText, range, group)
      }
    case .list(let items):
      patterns.start(number, group)
      let text = eventText
      for index in items.range {
        guard case .text(let range) = event.items[index] else { continue }
        patterns.scanItem(text.span.extracting(range.range), group)
      }
    default: patterns.markAbsent(number)
    }
  }
}
