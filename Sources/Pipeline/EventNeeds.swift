internal import Events
internal import Rules
internal import Tracking

/// Which events are of use to anybody, so that others need not be made.
struct EventNeeds: Sendable {
  private let isLogged: [Bool]
  private let logsProfiles: Bool
  private let listenedKinds: EventKindSet
  private let scoredKinds: EventKindSet
  private var wantedKinds: EventKindSet = []
  /// Whether anybody can ever see a profile.
  private(set) var keepsProfiles = false

  /// - Parameters:
  ///   - listener: the kinds that a listener is told of.
  ///   - sent: types that outputs beside the log take.
  ///   - isScored: whether hours are scored.
  init(
    _ rules: CompiledRuleSet, _ configuration: SensorConfiguration, listener: EventKindSet,
    sent: Set<EventType>, isScored: Bool
  ) {
    listenedKinds = listener
    scoredKinds = isScored ? ScoreStage.observedKinds : []
    isLogged = EventType.allCases.map { configuration.loggedTypes.contains($0) || sent.contains($0) }
    logsProfiles = configuration.logsProfiles
    adopt(rules)
  }

  /// Goes on with what other rules want.
  mutating func adopt(_ rules: CompiledRuleSet) {
    wantedKinds = rules.kinds
    keepsProfiles = rules.ruleCount > 0 || logsProfiles || !listenedKinds.isEmpty
  }

  /// Whether lines are made of events of a type, for the log or for an output beside it.
  func logs(_ type: EventType) -> Bool { isLogged[Int(type.rawValue)] }

  /// Whether any rule wants events of a kind.
  func wants(_ kind: EventKind) -> Bool { wantedKinds.contains(kind.set) }

  /// Whether somebody listens to events of a kind.
  func tells(_ kind: EventKind) -> Bool { listenedKinds.contains(kind.set) }

  /// Whether events of a kind are of use to anybody: to a rule, to the log, to a listener or to a profile.
  func needs(_ kind: EventKind) -> Bool {
    wants(kind) || logs(kind.type) || tells(kind) || scoredKinds.contains(kind.set)
      || keepsProfiles && Profiles.observedKinds.contains(kind.set)
  }
}
