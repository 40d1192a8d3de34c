/// What can be set about the online score.
public struct SurpriseOptions: Equatable, Sendable {
  /// Entities that are remembered at most.
  public var entityLimit = 1_000_000
  /// Rows of the last 24 hours that are remembered at most, of all entities.
  public var rowLimit = 4_000_000
  /// Whether a trained model learns on; without learning, only calibration goes on.
  public var isFrozen = false
  /// Whether the first two days are learned from only, which costs a third; their scores are 0.
  public var skipsFirstDays = false
  /// Scores from here on have reasons.
  public var explainedFrom = 0.9

  /// The defaults.
  public init() {}
}
