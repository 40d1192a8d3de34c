/// What moves a reputation; the weights are those of `docs/profiles.md`.
enum ReputationReason: UInt8, CaseIterable, Sendable {
  case alertHigh, alertMedium, alertLow, score
  case badCredentials, notFound, forbidden, challengeUnanswered, malformed
  case registered, refreshed, longCall

  /// The name in `source.reputation_reasons`.
  var name: String {
    switch self {
    case .alertHigh: "alert-high"
    case .alertMedium: "alert-medium"
    case .alertLow: "alert-low"
    case .score: "score"
    case .badCredentials: "bad-credentials"
    case .notFound: "not-found"
    case .forbidden: "forbidden"
    case .challengeUnanswered: "challenge-unanswered"
    case .malformed: "malformed"
    case .registered: "registered"
    case .refreshed: "refreshed"
    case .longCall: "long-call"
    }
  }

  /// Points that one such event moves the reputation by.
  var weight: Double {
    switch self {
    case .alertHigh: -30
    case .alertMedium: -15
    case .score: -10
    case .alertLow: -5
    case .badCredentials: -5
    case .notFound, .forbidden: -2
    case .challengeUnanswered, .malformed: -1
    case .registered, .longCall: 5
    case .refreshed: 1
    }
  }

  /// The reputation beyond which such events move it no further, however many there are.
  ///
  /// A telephone with a harmless fault in every message must not end where an attacker does.
  var bound: Double {
    switch self {
    case .alertHigh, .alertMedium, .badCredentials: 0
    case .alertLow, .notFound, .score: 10
    case .forbidden: 20
    case .challengeUnanswered, .malformed: 30
    case .registered, .refreshed: 80
    case .longCall: 100
    }
  }
}
