/// Which kind of behaviour a feature tells of; a score adds up the worst features of different families.
public enum ScoreFamily: Int, CaseIterable, Sendable {
  case volume, registration, scan, failure, destination, premium, outcome, duration, media, timing, identity

  /// The name in events and alerts.
  public var name: String { "\(self)" }
}

/// One of the features that made a score, with what was seen and what was expected.
public struct ScoreReason: Equatable, Sendable {
  /// What the feature is compared with.
  public enum View: String, Sendable {
    /// The entity's own past.
    case own = "self"
    /// Entities of like volume.
    case peers
    /// The trained model, which learns no more.
    case frozen
    /// All entities of the hour, feature by feature.
    case population
  }

  /// The feature's name, such as `invites` or `unanswered`.
  public var feature: String
  /// What kind of behaviour it tells of.
  public var family: ScoreFamily
  /// What was observed, in the feature's unit (a share is 0–1, minutes are minutes).
  public var observed: Double
  /// What was expected, in the same unit.
  public var expected: Double
  /// −log10 of how often a feature as far out is seen, after calibration; 3 is once in 1,000 hours.
  public var surprise: Double
  /// What it is compared with.
  public var view: View
  /// Over how long it was observed: 1 or 24 hours.
  public var windowHours: Int
}

/// How strange one hour of one entity was.
public struct AnomalyScore: Equatable, Sendable {
  /// Whose hour it was.
  public var entity: EntityKey
  /// Which hour, as given.
  public var hour: Int
  /// 0–1; above 1 − p are about p of the benign days of sources.
  public var value: Double
  /// The sum of the three strongest families' calibrated surprises, which `value` is made from.
  public var surprise: Double
  /// How many days of benign sources a day score as high; 2,000 sources and 0.9975 are 5.
  public var expectedFalseAlarmsPerDay: Double
  /// Whether the detector is too young for a score that can be relied on.
  public var isWarmingUp: Bool
  /// Hours with traffic that were seen of the entity before this one.
  public var samples: Int
  /// The family of the first reason; nil when nothing was surprising.
  public var family: ScoreFamily?
  /// The features that made the score, worst first, three at most; empty for scores under
  /// `SurpriseOptions.explainedFrom`.
  public var reasons: [ScoreReason]
}

/// Something that happened to so many entities in one hour that it is no entity's fault: an outage, a
/// holiday, a campaign.
public struct PopulationEvent: Equatable, Sendable {
  /// The hour.
  public var hour: Int
  /// The feature in which the entities were surprising.
  public var feature: String
  /// How many of the hour's entities were, 0–1.
  public var share: Double
  /// How many entities the hour had.
  public var entities: Int
}
