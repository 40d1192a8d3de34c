internal import Events
internal import Values

/// Chooses for each rule where it stands in the plans of its event kinds.
struct RuleIndexer {
  /// What is known of a rule.
  struct Item {
    var rule: Int32
    var kinds: EventKindSet
    var required: Requirement
  }

  let predicates: [Predicate]
  let pool: ConstantPool
  let groups: [PatternGroup]
  /// How many rules require each literal: shared ones make good groups.
  private var popularity: [ConditionLiteral: Int] = [:]
  /// How many rules could be found by each pattern group.
  private var groupPopularity: [Int: Int] = [:]

  init(predicates: [Predicate], pool: ConstantPool, groups: [PatternGroup]) {
    self.predicates = predicates
    self.pool = pool
    self.groups = groups
  }

  /// The way to a rule, for `check` and for building the plans.
  enum Access {
    case equality([EqualityIndex.Entry])
    case pattern(group: Int, patterns: Range<Int>)
    case literal(ConditionLiteral)
  }

  /// Ways to a rule, of which each event that can concern it takes at least one.
  private struct Route {
    var accesses: [Access]
    /// How good they are; less is better.
    var rank: Int
  }

  /// With more ways than this a rule is met by every event.
  private static let maximumAccesses = 32
  /// With more values than this a rule is not listed under each of them.
  private static let maximumValues = 256
  /// From this many rules on, one scan that finds them all beats looking at each.
  private static let scanThreshold = 8

  /// The plans by event kind, and in words how each rule is found.
  mutating func plans(_ items: [Item]) -> (plans: [KindPlan], accesses: [String]) {
    for item in items {
      for literal in item.required.literals {
        popularity[literal, default: 0] += 1
        let predicate = predicates[Int(literal.predicate)]
        if predicate.opcode == .pattern { groupPopularity[Int(predicate.first), default: 0] += 1 }
      }
    }
    let accesses = items.map { route(by: $0.required)?.accesses }
    let plans = EventKind.allCases.map { kind in
      plan(zip(items, accesses).filter { $0.0.kinds.contains(kind.set) }.map { ($0.0.rule, $0.1) })
    }
    return (plans, accesses.map { describe($0) })
  }

  // MARK: Choosing

  /// The best way to a rule that requires something; nil when every event must meet it.
  private func route(by requirement: Requirement) -> Route? {
    switch requirement {
    case .literal(let literal): return route(by: literal)
    case .all(let parts): return parts.compactMap { route(by: $0) }.min { $0.rank < $1.rank }
    case .any(let parts):
      var all = Route(accesses: [], rank: 0)
      for part in parts {
        guard let route = route(by: part) else { return nil }
        all.accesses += route.accesses
        all.rank = max(all.rank, route.rank)
      }
      all.rank += all.accesses.count
      return all.accesses.count <= Self.maximumAccesses ? all : nil
    }
  }

  private func route(by literal: ConditionLiteral) -> Route {
    let predicate = predicates[Int(literal.predicate)]
    let general = 10_000 - min(popularity[literal] ?? 0, 5000) + predicate.cost
    let test = Route(accesses: [.literal(literal)], rank: general)
    guard !literal.wantsFalse, predicate.quantifier == .one else { return test }
    if let entries = entries(of: predicate) {
      // Few values of these fields exist, so looking them up leaves many rules.
      let rank = predicate.source.isUnspecific ? 2000 : predicate.opcode == .inNetworks ? 500 : 0
      return Route(accesses: [.equality(entries)], rank: rank + entries.count)
    }
    if predicate.opcode == .pattern {
      let group = Int(predicate.first)
      let isWorthwhile = groupPopularity[group, default: 0] >= Self.scanThreshold
      let access = Access.pattern(group: group, patterns: predicate.patterns)
      return Route(accesses: [access], rank: isWorthwhile ? 1000 : 3000)
    }
    return test
  }

  /// The values that a predicate accepts, if they are few and can be looked up.
  private func entries(of predicate: Predicate) -> [EqualityIndex.Entry]? {
    let source = predicate.source
    let lookup = EqualityIndex.Lookup(source: source)
    guard source.kind == .field || source.kind == .header || source.kind == .payload else { return nil }
    switch predicate.opcode {
    case .equalInteger: return [entry(lookup, EqualityIndex.hash(lookup, predicate.first))]
    case .equalAddress:
      return [entry(lookup, EqualityIndex.hash(lookup, pool.addresses[Int(predicate.first)]))]
    case .inNetworks where predicate.second <= Self.maximumValues:
      return entries(source, pool.networks[Int(predicate.first)..<Int(predicate.first + predicate.second)])
    case .equalText where source.kind != .payload: return [entry(lookup, text: Int(predicate.first))]
    case .inTexts where predicate.second <= Self.maximumValues && source.kind != .payload:
      return (0..<Int(predicate.second)).map { entry(lookup, text: Int(predicate.first) + $0) }
    case .startsWith:
      let length = min(pool.texts[Int(predicate.first)].count, EqualityIndex.maximumPrefix)
      let lookup = EqualityIndex.Lookup(source: source, prefixLength: length)
      return [entry(lookup, text: Int(predicate.first))]
    case .inRanges:
      return entries(lookup, pool.ranges[Int(predicate.first)..<Int(predicate.first + predicate.second)])
    default: return nil
    }
  }

  private func entries(
    _ lookup: EqualityIndex.Lookup, _ ranges: ArraySlice<NumberRange>
  ) -> [EqualityIndex.Entry]? {
    // A decimal field may have values between the whole numbers of a range.
    guard lookup.source.isWholeNumber else { return nil }
    var values: Set<Int64> = []
    for range in ranges {
      let (width, overflow) = range.upper.subtractingReportingOverflow(range.lower)
      guard !overflow, width < Self.maximumValues, values.count < Self.maximumValues else { return nil }
      values.formUnion(range.lower...range.upper)
    }
    return values.sorted().map { entry(lookup, EqualityIndex.hash(lookup, $0)) }
  }

  /// Address blocks are found by the first bits of an address, a lookup for each length.
  private func entries(
    _ source: ValueSource, _ networks: ArraySlice<IPNetwork>
  ) -> [EqualityIndex.Entry]? {
    guard networks.allSatisfy({ $0.prefixLength > 0 }) else { return nil }
    return networks.map { network in
      let lookup = EqualityIndex.Lookup(source: source, prefixLength: network.prefixLength)
      return entry(lookup, EqualityIndex.hash(lookup, network.address))
    }
  }

  private func entry(_ lookup: EqualityIndex.Lookup, _ hash: UInt64) -> EqualityIndex.Entry {
    EqualityIndex.Entry(lookup: lookup, hash: hash)
  }

  /// The entry of a constant text, or of its beginning.
  private func entry(_ lookup: EqualityIndex.Lookup, text index: Int) -> EqualityIndex.Entry {
    var range = pool.texts[index].range
    if lookup.prefixLength > 0 { range = range.prefix(lookup.prefixLength) }
    return entry(lookup, EqualityIndex.hash(lookup, pool.bytes.span.extracting(range)))
  }

  // MARK: Building

  private func plan(_ members: [(rule: Int32, accesses: [Access]?)]) -> KindPlan {
    var always: [Int32] = []
    var equality: [EqualityIndex.Entry: [Int32]] = [:]
    var patterns: [Int: [[Int32]]] = [:]
    var literals: [ConditionLiteral: [Int32]] = [:]
    for (rule, accesses) in members {
      if accesses == nil { always.append(rule) }
      for access in accesses ?? [] {
        switch access {
        case .equality(let entries):
          for entry in Set(entries) { equality[entry, default: []].append(rule) }
        case .pattern(let group, let range):
          for pattern in range {
            patterns[group, default: Array(repeating: [], count: groups[group].patternCount)][pattern].append(
              rule)
          }
        case .literal(let literal): literals[literal, default: []].append(rule)
        }
      }
    }
    return KindPlan(
      always: CandidateWord.words(always), equality: EqualityIndex(equality),
      patternAccesses: patterns.sorted { $0.key < $1.key }.map { patternAccess($0.key, $0.value) },
      literalAccesses: literals.sorted { $0.value[0] < $1.value[0] }.map {
        KindPlan.LiteralAccess(literal: $0.key, rules: CandidateWord.words($0.value))
      })
  }

  private func patternAccess(_ group: Int, _ rules: [[Int32]]) -> KindPlan.PatternAccess {
    let words = rules.map { CandidateWord.words($0) }
    let offsets = words.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    return KindPlan.PatternAccess(group: group, offsets: offsets, rules: words.flatMap { $0 })
  }

  /// How a way is said; ways with the same words are said once.
  private struct Phrase: Hashable {
    /// What there may be several of; nil for what is not counted.
    var noun: String?
    var words: String

    func text(count: Int) -> String {
      guard let noun else { return "by \(words)" }
      return "by \(count) \(noun)\(count == 1 ? "" : "s") \(words)"
    }
  }

  private func describe(_ accesses: [Access]?) -> String {
    guard let accesses else { return "meets every event of its kind" }
    guard !accesses.isEmpty else { return "meets no event" }
    var order: [Phrase] = []
    var members: [Phrase: Set<Int>] = [:]
    for access in accesses {
      let (phrase, found) = describe(access)
      if members[phrase] == nil { order.append(phrase) }
      members[phrase, default: []].formUnion(found)
    }
    return order.map { $0.text(count: members[$0]?.count ?? 0) }.joined(separator: " or ")
  }

  /// A way in words, with what is counted of it.
  private func describe(_ access: Access) -> (Phrase, Set<Int>) {
    switch access {
    case .equality(let entries):
      let name = entries.first.map { pool.name(of: $0.lookup.source) } ?? "?"
      if entries.first?.lookup.prefixLength ?? 0 > 0 {
        return (Phrase(words: "the beginning of \(name)"), [])
      }
      let values = entries.map { Int(truncatingIfNeeded: $0.hash) }
      return (Phrase(noun: "value", words: "of \(name)"), Set(values))
    case .pattern(let group, let patterns):
      return (Phrase(noun: "pattern", words: "over \(pool.name(of: groups[group].source))"), Set(patterns))
    case .literal(let literal):
      let name = pool.name(of: predicates[Int(literal.predicate)].source)
      return (Phrase(words: "a test of \(name)"), [])
    }
  }
}

extension ValueSource {
  /// A field that has few values, so that knowing one says little.
  fileprivate var isUnspecific: Bool {
    guard kind == .field, let field = Field(rawValue: UInt16(truncatingIfNeeded: index)) else { return false }
    switch field {
    case .sipMethod, .sipCode, .proto, .appProto, .ipV, .direction, .sipTransport, .sipVersion, .anomalyType,
      .anomalyLayer, .transactionMethod, .transactionCode:
      return true
    default: return false
    }
  }

  fileprivate var isWholeNumber: Bool {
    guard kind == .field, let field = Field(rawValue: UInt16(truncatingIfNeeded: index)) else { return false }
    let type = FieldCatalog.definition(of: field).type
    return type == .integer || type == .port
  }
}

extension ConstantPool {
  /// What a source is called in rules.
  func name(of source: ValueSource) -> String {
    switch source.kind {
    case .field: Field(rawValue: UInt16(truncatingIfNeeded: source.index))?.name ?? "?"
    case .header: "header[\"\(headerNames.names[Int(source.index)])\"]"
    case .timestamp: "timestamp"
    case .measured: "a measured value"
    case .captured: "a value of an earlier step"
    case .payload: "payload"
    case .computed: "a computed value"
    }
  }
}
