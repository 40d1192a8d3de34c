import Packets
public import Values

/// The o= line (RFC 8866 §5.2): ranges into the message.
public struct SDPOrigin: Sendable, Equatable {
  /// All of it: equal origins of two legs speak for one call.
  public var range = ByteRange()
  /// The user name, usually `-`.
  public var username = ByteRange()
  /// The session identifier.
  public var sessionID = ByteRange()
  /// The version, which grows with every change.
  public var sessionVersion = ByteRange()
  /// The address as written.
  public var addressRange = ByteRange()
  /// The address, when it is a literal one.
  public var address: IPAddress?
}

/// How many parts of a description are kept; more are named as a fault and passed over.
public struct SDPLimits: Sendable, Equatable {
  /// Lines that are read.
  public var lines = 1024
  /// Media.
  public var media = 32
  /// Formats of all media together.
  public var formats = 512
  /// ICE candidates of all media together.
  public var candidates = 128

  /// The defaults.
  public init() {}
}

/// A session description (RFC 8866), parsed in place: ranges into the bytes that the caller keeps.
///
/// Make one and parse every description into it. Keys (`crypto`, `k=`, ICE passwords) are never kept.
public struct SessionDescription: Sendable, ~Copyable {
  /// How much is kept.
  public let limits: SDPLimits
  /// The o= line.
  public internal(set) var origin = SDPOrigin()
  /// The s= line.
  public internal(set) var sessionName = ByteRange()
  /// The c= line of the session; `range` is empty when there is none.
  public internal(set) var connection = SDPConnection()
  /// The first t= line.
  public internal(set) var time = ByteRange()
  /// The media in order.
  public internal(set) var media: [SDPMedia] = []
  /// The formats of all media; each medium knows its part.
  public internal(set) var formats: [SDPFormat] = []
  /// The ICE candidates of all media; each medium knows its part.
  public internal(set) var candidates: [SDPCandidate] = []
  /// The tags of the first BUNDLE group, space-separated (RFC 9143); empty when there is none.
  public internal(set) var bundle = ByteRange()
  /// All faults.
  public internal(set) var faults = SDPFaultSet()
  /// Whether its end was not captured, so that more lines may follow.
  public internal(set) var isCut = false

  /// What session-level attributes say, until a medium says otherwise.
  var sessionDefaults = SDPMedia()
  /// The letters of the section that have occurred, one bit each from `a`.
  var seenLetters: UInt32 = 0
  var lastRank = 0
  private let place = FixedPlace()

  /// A description to parse into.
  public init(limits: SDPLimits = SDPLimits()) {
    self.limits = limits
    media.reserveCapacity(8)
    formats.reserveCapacity(64)
    candidates.reserveCapacity(32)
  }

  /// Where a medium expects its packets: its own address, or that of the session.
  public func connection(of medium: SDPMedia) -> SDPConnection {
    medium.connection.range.isEmpty ? connection : medium.connection
  }

  /// Whether a medium is on hold: `sendonly`, `inactive` or an unspecified address (RFC 3264 §8.4).
  public func isHeld(_ medium: SDPMedia) -> Bool {
    guard !medium.isRejected else { return false }
    return medium.direction == .sendonly || medium.direction == .inactive
      || connection(of: medium).isUnspecified
  }

  /// Whether there are media, and all that are not rejected are on hold.
  public var isHeld: Bool {
    var hasMedium = false
    for medium in media where !medium.isRejected {
      guard isHeld(medium) else { return false }
      hasMedium = true
    }
    return hasMedium
  }

  mutating func reset() {
    origin = SDPOrigin()
    sessionName = ByteRange()
    connection = SDPConnection()
    time = ByteRange()
    media.removeAll(keepingCapacity: true)
    formats.removeAll(keepingCapacity: true)
    if !candidates.isEmpty { candidates.removeAll(keepingCapacity: true) }
    bundle = ByteRange()
    faults = SDPFaultSet()
    sessionDefaults = SDPMedia()
    seenLetters = 0
    lastRank = 0
  }
}
