import Events
import Values

@testable import Tracking

/// Events as the stages make them, as far as profiles look at them.
struct ProfileEvents: ~Copyable {
  var profiles = Profiles(capacity: 64, seed: 9)
  var event = Event()
  var seconds: Int64 = 1_700_000_000
  private var sequence: UInt64 = 0

  static let phone = IPAddress(v4: 0xc000_0201)
  static let server = IPAddress(v4: 0xc633_6401)

  /// Who is behind the event.
  var parties: EventParties { EventParties(of: event, seed: 9) }

  init(capacity: Int = 64) {
    profiles = Profiles(capacity: capacity, seed: 9)
  }

  /// A request from an address to the server, or an answer of the server to it.
  mutating func sip(
    _ method: String, code: Int? = nil, from address: IPAddress = phone, user: String? = "alice",
    host: String = "example.com", agent: String? = nil, isRepeat: Bool = false
  ) {
    sequence += 1
    event.reset(
      code == nil ? .sipRequest : .sipResponse, at: Timestamp(seconds: seconds, nanoseconds: 0),
      sequence: sequence)
    event.set(.srcIP, ip: code == nil ? address : Self.server)
    event.set(.destIP, ip: code == nil ? Self.server : address)
    event.set(.clientIP, ip: address)
    event.set(.serverIP, ip: Self.server)
    event.set(.sipMethod, copying: method)
    if let code { event.set(.sipCode, integer: Int64(code)) }
    if let user {
      event.set(.sipFromUser, copying: user)
      event.set(.sipFromHost, copying: host)
    }
    if let agent { event.set(.sipUserAgent, copying: agent) }
    event.set(.sipRetransmission, bool: isRepeat)
    profiles.observe(event, parties)
  }

  /// A fault in the message before.
  mutating func fault(layer: String = "sip") {
    event.reset(.anomaly, at: Timestamp(seconds: seconds, nanoseconds: 0), sequence: sequence)
    event.set(.srcIP, ip: Self.phone)
    event.set(.anomalyLayer, copying: layer)
    profiles.observe(event, parties)
  }

  /// A change of a call that the phone made.
  mutating func call(_ kind: EventKind, _ fields: [(Field, FieldValue)] = [], _ texts: [(Field, String)] = [])
  {
    outcome(kind, fields, [(.callAccount, "alice@Example.COM")] + texts)
  }

  /// An outcome of a registration of the phone.
  mutating func registration(_ kind: EventKind, reason: String? = nil) {
    let texts = reason.map { [(Field.registrationReason, $0)] } ?? []
    outcome(kind, [], [(.registrationAOR, "alice@example.com")] + texts)
  }

  private mutating func outcome(
    _ kind: EventKind, _ fields: [(Field, FieldValue)], _ texts: [(Field, String)]
  ) {
    event.reset(kind, at: Timestamp(seconds: seconds, nanoseconds: 0), sequence: sequence)
    // As on the answer's packet: the server sent it.
    event.set(.srcIP, ip: Self.server)
    event.set(.clientIP, ip: Self.phone)
    event.set(.serverIP, ip: Self.server)
    for (field, value) in fields { event.set(field, value) }
    for (field, text) in texts { event.set(field, copying: text) }
    profiles.observe(event, parties)
  }

  /// The event's fields after it was filled.
  mutating func filled(explains: Bool = false) -> Event {
    profiles.fill(&event, parties, explains: explains)
    var copy = Event()
    EventSnapshot(event).restore(&copy)
    return copy
  }

  /// The fields of the phone's next request.
  mutating func phone(explains: Bool = false) -> Event {
    sip("MESSAGE")
    return filled(explains: explains)
  }
}
