/// The features as they are scored: counts, shares of a denominator, values on a scale, and rare signs.
///
/// In all vectors the counts come first, then the shares, the continuous ones and the rare ones.
enum ScoredFeature {
  static let counts = 12
  static let shares = 9
  /// Counts and the numerators of shares: what adds up over a day.
  static let quantities = counts + shares
  static let continuous = 5
  static let rare = 3
  static let all = quantities + continuous + rare

  static let names = [
    "invites", "registers", "options", "auth_fail", "resp_404", "fail_5xx", "minutes", "distinct_callees",
    "distinct_prefixes", "max_concurrent", "sip_msgs", "unregistered_activity",
    "intl_share", "premium_share", "unanswered", "net_fail", "short_share", "cancel_share",
    "newcallee_share", "oneway_share", "auth_fail_ratio",
    "acd", "pdd_ms", "iat_cv", "prefix_entropy", "rtp_sip_log",
    "new_ua", "new_country", "ua_count",
  ]

  static let families: [ScoreFamily] = [
    .volume, .registration, .scan, .registration, .scan, .failure, .volume, .volume,
    .destination, .volume, .volume, .scan,
    .destination, .premium, .outcome, .failure, .outcome, .outcome,
    .destination, .media, .registration,
    .duration, .media, .timing, .destination, .media,
    .identity, .identity, .identity,
  ]

  /// The variance of a count in units of its mean before any dispersion: failures and minutes come in lumps.
  static let lumps: [Double] = [1, 1, 1, 4, 4, 4, 8, 1, 1, 1, 8, 1] + Array(repeating: 1, count: shares)

  /// The column of each count but the last one, which has none.
  static let countColumns: [Feature] = [
    .invites, .registers, .options, .authenticationFailures, .notFound, .serverFailures, .minutes,
    .distinctCallees, .distinctPrefixes, .maximumConcurrent, .sipMessages,
  ]

  /// Callees, prefixes and concurrent calls, whose season is that of the calls.
  static let followingCalls = 7...9
  static let messages = 10
  /// The place of requests without a live registration.
  static let unregistered = counts - 1

  /// Counts with seasonal slots of each entity: calls, registrations and minutes.
  static let seasonal = [0, 1, 6]
  /// The place of a count among the seasonal ones; −1 for others.
  static let seasonalPlace = [0, 1, -1, -1, -1, -1, 2, -1, -1, -1, -1, -1]

  /// How much a family weighs in the sum: what costs money or opens accounts weighs more.
  static func weight(of family: ScoreFamily) -> Double {
    switch family {
    case .premium: 1.5
    case .registration, .scan, .identity: 1.2
    case .destination: 1
    case .outcome: 0.8
    case .volume, .failure, .duration, .media, .timing: 0.6
    }
  }
}

/// The 48 slots of a week: the hours of a workday and those of a weekend day.
enum Slot {
  static let count = 48

  /// The slot of an hour; hour 0 is Monday 00:00.
  static func of(hour: Int) -> Int {
    hour % 24 + (hour / 24 % 7 >= 5 ? 24 : 0)
  }

  /// Hours of workdays before an hour.
  static func workHours(until hour: Int) -> Int {
    hour / 168 * 120 + min(hour % 168, 120)
  }

  /// The slots before and after one on the same kind of day.
  static func neighbours(of slot: Int) -> (Int, Int) {
    let base = slot < 24 ? 0 : 24
    return (base + (slot - base + 23) % 24, base + (slot - base + 1) % 24)
  }
}
