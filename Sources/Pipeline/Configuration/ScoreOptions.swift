public import Anomaly
package import Values

/// Whether and how the behaviour of sources, accounts and called prefixes is scored.
public struct ScoreOptions: Hashable, Sendable {
  /// Whether it is scored at all.
  public var isEnabled = true
  /// Scores from here on become events.
  public var publishedFrom = 0.99
  /// Whether scores of entities that are too young for them become events too.
  public var publishesWarmUp = false
  /// Source addresses whose behaviour is kept at the most, and as many accounts.
  public var entityLimit = 1 << 16
  /// Called prefixes whose behaviour is kept at the most.
  public var prefixLimit = 1 << 14
  /// The clock whose hours and days count.
  package var clock = LocalClock()

  /// The defaults.
  public init() {}

  /// How much is remembered of the entities of a type.
  public func bounds(of type: EntityType) -> SurpriseOptions {
    var bounds = SurpriseOptions()
    bounds.entityLimit = type == .prefix ? prefixLimit : entityLimit
    bounds.rowLimit = 4 * bounds.entityLimit
    bounds.skipsFirstDays = !publishesWarmUp
    return bounds
  }
}
