/// What is measured of an entity (a source address, an account, a prefix of callees) in one hour.
///
/// The order is that of the columns of a feature table.
public enum Feature: Int, CaseIterable, Sendable {
  case sipMessages, invites, registers, options
  case authenticationFailures, notFound, serverFailures
  case minutes, rtpPackets
  case distinctCallees, distinctPrefixes, prefixEntropy
  case internationalShare, premiumShare
  case answerSeizureRatio, networkEffectivenessRatio, averageCallDuration
  case shortShare, cancelShare, newCalleeShare
  case maximumConcurrent, interArrivalVariation, postDialDelay
  case userAgents, newUserAgent, newCountry
  case oneWayShare, mediaSignallingRatio, authenticationFailureRatio

  /// The name of its column in tables and of the feature in explanations.
  public var name: String { Self.names[rawValue] }

  /// The feature of a column.
  public init?(name: String) {
    guard let index = Self.names.firstIndex(of: name) else { return nil }
    self.init(rawValue: index)
  }

  private static let names = [
    "sip_msgs", "invites", "registers", "options",
    "auth_fail", "resp_404", "fail_5xx",
    "minutes", "rtp_pkts",
    "distinct_callees", "distinct_prefixes", "prefix_entropy",
    "intl_share", "premium_share",
    "asr", "ner", "acd",
    "short_share", "cancel_share", "newcallee_share",
    "max_concurrent", "iat_cv", "pdd_ms",
    "ua_count", "new_ua", "new_country",
    "oneway_share", "rtp_sip_log", "auth_fail_ratio",
  ]
}
