public import Events
public import Values

/// An outcome of a registration, to be told as an event.
public struct RegistrationChange: Sendable {
  /// What came of it.
  public let kind: EventKind
  /// When.
  public let time: Timestamp
  /// The REGISTER, from the client to the server.
  public let origin: PacketOrigin

  /// Whose record has the texts.
  enum Record: Sendable {
    case exchange(Int)
    case binding(Int)
  }

  let record: Record
  /// Contact in the record's text; empty for all of them.
  var contact = ByteRange()
  var isWildcard = false
  var lifetime: UInt32?
  var code: UInt16?
  var failure: RegistrationFailure?
  var signals = BindingSignals()

  init(_ kind: EventKind, at time: Timestamp, _ origin: PacketOrigin, _ record: Record) {
    self.kind = kind
    self.time = time
    self.origin = origin
    self.record = record
  }
}

/// How many registrations there were.
public struct RegistrationCounts: Sendable {
  /// Outcomes by their kind.
  public internal(set) var registered: UInt64 = 0
  /// Bindings that were renewed.
  public internal(set) var refreshed: UInt64 = 0
  /// Bindings that were removed.
  public internal(set) var removed: UInt64 = 0
  /// Bindings that were not renewed in time.
  public internal(set) var expired: UInt64 = 0
  /// Challenges.
  public internal(set) var challenged: UInt64 = 0
  /// Failures.
  public internal(set) var failed: UInt64 = 0

  /// None yet.
  public init() {}

  mutating func count(_ kind: EventKind) {
    switch kind {
    case .registrationRegistered: registered &+= 1
    case .registrationRefreshed: refreshed &+= 1
    case .registrationRemoved: removed &+= 1
    case .registrationExpired: expired &+= 1
    case .registrationChallenged: challenged &+= 1
    case .registrationFailed: failed &+= 1
    default: break
    }
  }
}
