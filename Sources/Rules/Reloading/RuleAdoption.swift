internal import Events

/// A rule set that is ready to take the place of another one: what takes time is done beforehand, on any
/// thread, so that an engine only exchanges tables.
public struct RuleAdoption: Sendable {
  /// The rules; after the adoption those that they took the place of.
  public internal(set) var ruleSet: CompiledRuleSet
  /// What changes.
  public let changes: RuleChanges
  /// Where each rule comes from.
  let origins: [Origin]
  /// Tables for the rules; after the adoption what nobody needs any more.
  var tables: RuleTables
  /// Whether each rule has the place that it had and remembers what it did.
  let keepsPlaces: Bool
  /// Whether what waits for its turn means the same to the new rules.
  let keepsHeldEvents: Bool

  /// What a rule was before.
  struct Origin: Sendable {
    /// Its index; nil for a new one.
    var rule: Int?
    var keepsState = false
    var keepsSilences = false
    /// For each of its exceptions the one of the same name, by its position.
    var exceptions: [Int?] = []
  }

  /// Compares two rule sets and makes the tables of the new one.
  ///
  /// - Parameter limits: those of the engine.
  public init(_ ruleSet: CompiledRuleSet, replacing old: CompiledRuleSet, limits: EngineLimits) {
    self.ruleSet = ruleSet
    tables = RuleTables(ruleSet.program, limits: limits)
    (origins, changes) = Self.compare(ruleSet, old)
    keepsPlaces =
      origins.count == old.ruleCount
      && origins.enumerated().allSatisfy { $0.offset == $0.element.rule && $0.element.keepsState }
    keepsHeldEvents =
      keepsPlaces
      && limits.heldBytes(tableCount: ruleSet.program.tableCount)
        == limits.heldBytes(tableCount: old.program.tableCount)
      && ruleSet.program.heldItems == old.program.heldItems
      && ruleSet.headerNames.names == old.headerNames.names
  }

  private static func compare(
    _ new: CompiledRuleSet, _ old: CompiledRuleSet
  ) -> (origins: [Origin], changes: RuleChanges) {
    var places: [String: Int] = [:]
    for (index, rule) in old.metadata.enumerated() { places[rule.id] = index }
    var changes = RuleChanges()
    var origins: [Origin] = []
    var isGone = [Bool](repeating: true, count: old.ruleCount)
    for (index, rule) in new.metadata.enumerated() {
      guard let place = places[rule.id] else {
        changes.added.append(rule.id)
        origins.append(Origin())
        continue
      }
      isGone[place] = false
      var origin = Origin(rule: place)
      origin.keepsState = new.states[index].counting == old.states[place].counting
      origin.keepsSilences = new.states[index].silence == old.states[place].silence
      origin.exceptions = rule.exceptions.map { old.metadata[place].exceptions.firstIndex(of: $0) }
      origins.append(origin)
      if !origin.keepsState {
        changes.reset.append(rule.id)
      } else if !origin.keepsSilences {
        changes.silencesReset.append(rule.id)
      } else {
        changes.keptCount += 1
      }
    }
    changes.removed = zip(old.metadata, isGone).filter(\.1).map(\.0.id)
    let filled = Set(old.program.lists.filter { $0.entryCount > 0 }.map(\.name.value))
    changes.emptied = new.program.lists.filter { $0.entryCount == 0 && filled.contains($0.name.value) }
      .map(\.name.value)
    return (origins, changes)
  }

  /// What became of the old rules: their new indices by the old ones, nil for one that is gone.
  func destinations(ofRules count: Int) -> [Int?] {
    var places = [Int?](repeating: nil, count: count)
    for (number, origin) in origins.enumerated() {
      if let rule = origin.rule { places[rule] = number }
    }
    return places
  }

  /// Takes what was counted by rule over to the new order of the rules.
  ///
  /// - Returns: the values by new rules, `initial` for one that was not there, and those of rules that are gone.
  public func carry<Value>(
    _ values: [Value], initial: Value
  ) -> (values: [Value], gone: [(rule: Int, value: Value)]) {
    var isGone = [Bool](repeating: true, count: values.count)
    let carried = origins.map { origin in
      guard let rule = origin.rule else { return initial }
      isGone[rule] = false
      return values[rule]
    }
    return (carried, values.indices.filter { isGone[$0] }.map { ($0, values[$0]) })
  }
}
