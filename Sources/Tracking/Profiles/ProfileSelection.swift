public import Events

/// One figure of a profile that events can bear.
enum ProfileFigure: UInt8, CaseIterable {
  case firstSeen, lastSeen, messages, requests, invites, registers, options, faults, failures
  case calls, answeredCalls, failedCalls, concurrentCalls, registrations, failedRegistrations, authFailures
  case callees, countries, peers, userAgents, userAgent, reputation, threatLevel, score

  /// Its field for a source address.
  var ofSource: Field {
    switch self {
    case .firstSeen: .sourceFirstSeen
    case .lastSeen: .sourceLastSeen
    case .messages: .sourceMessages
    case .requests: .sourceRequests
    case .invites: .sourceInvites
    case .registers: .sourceRegisters
    case .options: .sourceOptions
    case .faults: .sourceFaults
    case .failures: .sourceFailures
    case .calls: .sourceCalls
    case .answeredCalls: .sourceAnsweredCalls
    case .failedCalls: .sourceFailedCalls
    case .concurrentCalls: .sourceConcurrentCalls
    case .registrations: .sourceRegistrations
    case .failedRegistrations: .sourceFailedRegistrations
    case .authFailures: .sourceAuthFailures
    case .callees: .sourceCallees
    case .countries: .sourceCountries
    case .peers: .sourcePeers
    case .userAgents: .sourceUserAgents
    case .userAgent: .sourceUserAgent
    case .reputation: .sourceReputation
    case .threatLevel: .sourceThreatLevel
    case .score: .sourceScore
    }
  }

  /// Its field for an account; nil where it has none.
  var ofAccount: Field? {
    switch self {
    case .firstSeen: .accountFirstSeen
    case .lastSeen: .accountLastSeen
    case .messages: .accountMessages
    case .requests: .accountRequests
    case .invites: .accountInvites
    case .registers: .accountRegisters
    case .options: .accountOptions
    // Anomalies name no account.
    case .faults: nil
    case .failures: .accountFailures
    case .calls: .accountCalls
    case .answeredCalls: .accountAnsweredCalls
    case .failedCalls: .accountFailedCalls
    case .concurrentCalls: .accountConcurrentCalls
    case .registrations: .accountRegistrations
    case .failedRegistrations: .accountFailedRegistrations
    case .authFailures: .accountAuthFailures
    case .callees: .accountCallees
    case .countries: .accountCountries
    case .peers: .accountSources
    case .userAgents: .accountUserAgents
    case .userAgent: .accountUserAgent
    case .reputation: .accountReputation
    case .threatLevel: .accountThreatLevel
    case .score: .accountScore
    }
  }
}

/// Which figures of profiles somebody reads: giving an event all of them costs more than parsing its message.
public struct ProfileSelection: Sendable {
  typealias Item = (figure: ProfileFigure, field: Field)

  let source: [Item]
  let account: [Item]
  let hasCountry: Bool
  let hasName: Bool

  /// The figures whose fields pass a test.
  public init(where isRead: (Field) -> Bool) {
    source = ProfileFigure.allCases.map { ($0, $0.ofSource) }.filter { isRead($0.field) }
    account = ProfileFigure.allCases.compactMap { figure in figure.ofAccount.map { (figure, $0) } }
      .filter { isRead($0.field) }
    hasCountry = isRead(.sourceCountry)
    hasName = isRead(.accountName)
  }

  /// All figures.
  public static let all = ProfileSelection { _ in true }

  var readsSource: Bool { hasCountry || !source.isEmpty }
  var readsAccount: Bool { hasName || !account.isEmpty }
  /// Whether an account's score is all that is read of it.
  var readsScoreAlone: Bool { !hasName && account.allSatisfy { $0.figure == .score } }
}
