/// The type of an event, the `event_type` of its EVE line.
public enum EventType: UInt8, CaseIterable, Sendable {
  case packet, flow, sip, transaction, call, registration, rtp, rtcp, tls, dtls, stun, anomaly, score
  case alert, stats

  /// The name in rules and in the log.
  public var name: String { Self.names[Int(rawValue)] }

  /// The names by raw value: a name of a case is looked up by reflection, which is slow.
  private static let names = allCases.map { String(describing: $0) }

  /// The type that a name stands for.
  public init?(name: String) {
    guard let match = Self.names.firstIndex(of: name) else { return nil }
    self = Self.allCases[match]
  }
}

/// One kind of event within its type: what `event:` of a rule may name.
public enum EventKind: UInt8, CaseIterable, Sendable {
  case packet
  case flowStarted, flowEnded
  case sipRequest, sipResponse
  case transaction
  case callStarted, callRinging, callAnswered, callHeld, callTransferred, callEnded
  case registrationRegistered, registrationRefreshed, registrationRemoved, registrationExpired
  case registrationChallenged, registrationFailed
  case rtpStarted, rtpReport, rtpChanged, rtpEnded
  case rtcp, tls, dtls, stun
  case anomaly, score, alert, stats

  /// The type that this is a kind of.
  public var type: EventType {
    switch self {
    case .packet: .packet
    case .flowStarted, .flowEnded: .flow
    case .sipRequest, .sipResponse: .sip
    case .transaction: .transaction
    case .callStarted, .callRinging, .callAnswered, .callHeld, .callTransferred, .callEnded: .call
    case .registrationRegistered, .registrationRefreshed, .registrationRemoved, .registrationExpired,
      .registrationChallenged, .registrationFailed:
      .registration
    case .rtpStarted, .rtpReport, .rtpChanged, .rtpEnded: .rtp
    case .rtcp: .rtcp
    case .tls: .tls
    case .dtls: .dtls
    case .stun: .stun
    case .anomaly: .anomaly
    case .score: .score
    case .alert: .alert
    case .stats: .stats
    }
  }

  /// The name in rules: the type, and for one of several kinds a dot and the kind (`sip.request`).
  public var name: String { Self.names[Int(rawValue)] }

  /// The names by raw value.
  fileprivate static let names = allCases.map { kind in
    let label = String(describing: kind)
    let prefix = kind.type.name
    guard label.count > prefix.count else { return prefix }
    return prefix + "." + label.dropFirst(prefix.count).lowercased()
  }

  /// The set of this kind alone.
  public var set: EventKindSet { EventKindSet(rawValue: 1 << UInt64(rawValue)) }
}

/// A set of event kinds.
public struct EventKindSet: OptionSet, Hashable, Sendable {
  /// Bit n stands for the kind with raw value n.
  public let rawValue: UInt64

  /// A set from its bits.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// All kinds of one type.
  public init(_ type: EventType) {
    self.init(EventKind.allCases.filter { $0.type == type }.map(\.set))
  }

  /// Every kind.
  public static let all = EventKindSet(EventKind.allCases.map(\.set))

  /// The kinds that this version makes of packets and alerts; rules over others can only run on given events.
  public static let emitted: EventKindSet = [
    EventKind.packet.set, EventKind.flowStarted.set, EventKind.flowEnded.set, EventKind.sipRequest.set,
    EventKind.sipResponse.set, EventKind.transaction.set, EventKindSet(.call), EventKindSet(.registration),
    EventKindSet(.rtp), EventKind.rtcp.set, EventKind.tls.set, EventKind.dtls.set, EventKind.stun.set,
    EventKind.anomaly.set, EventKind.score.set, EventKind.alert.set,
  ]

  /// The kinds that the log can have; the others are for rules only.
  public static let logged: EventKindSet = all.subtracting([EventKind.packet.set, EventKind.flowStarted.set])

  /// The kinds that a name in `event:` means: a whole type (`sip`) or one kind (`sip.request`).
  public init?(name: String) {
    if let type = EventType(name: name) {
      self.init(type)
    } else if let kind = EventKind.names.firstIndex(of: name) {
      self = EventKind.allCases[kind].set
    } else {
      return nil
    }
  }

  /// The kinds in the set, in the order of their declaration.
  public var kinds: [EventKind] { EventKind.allCases.filter { contains($0.set) } }

  /// Every name that `event:` accepts.
  public static var names: [String] {
    var names: [String] = []
    for name in EventType.allCases.map(\.name) + EventKind.allCases.map(\.name)
    where !names.contains(name) {
      names.append(name)
    }
    return names.sorted()
  }
}
