import Events
import Values

@testable import Anomaly

/// Events as the stages make them, as far as features look at them.
struct FeatureEvents: ~Copyable {
  static let phone = IPAddress(v4: 0xc000_0201)
  static let other = IPAddress(v4: 0xc000_0202)
  static let server = IPAddress(v4: 0xc633_6401)

  var features: FeatureExtractor
  var event = Event()
  /// Seconds after the beginning of hour 1000.
  var seconds = 0.0
  private(set) var hours: [(hour: Int, entities: [EntityHour])] = []

  init(limit: Int = 64) {
    var options = FeatureExtractor.Options(seed: 9)
    options.entityLimit = limit
    options.prefixLimit = limit
    features = FeatureExtractor(options)
  }

  /// Who is behind the event.
  var parties: EventParties { EventParties(of: event, seed: 9) }

  private var now: Timestamp {
    FeatureHours().start(of: 1000).advanced(byNanoseconds: Int64((seconds * 1e9).rounded()))
  }

  private mutating func begin(_ kind: EventKind, from address: IPAddress) {
    event.reset(kind, at: now, sequence: 1)
    event.set(.clientIP, ip: address)
    event.set(.serverIP, ip: Self.server)
    event.set(.srcIP, ip: kind == .sipResponse ? Self.server : address)
  }

  private mutating func end() {
    if event.timestamp >= features.endOfHour { takeHour() }
    features.observe(event, parties)
  }

  mutating func takeHour() {
    guard let hour = features.hour else { return }
    var entities: [EntityHour] = []
    features.takeHour { entities.append($0) }
    hours.append((hour, entities))
  }

  /// A request of an account at example.com, or a response to it.
  mutating func sip(
    _ method: String, code: Int64? = nil, from address: IPAddress = phone, user: String? = "alice",
    agent: String? = nil, country: String? = nil, isRepeat: Bool = false
  ) {
    begin(code == nil ? .sipRequest : .sipResponse, from: address)
    event.set(.sipMethod, copying: method)
    if let code { event.set(.sipCode, integer: code) }
    if let user {
      event.set(.sipFromUser, copying: user)
      event.set(.sipFromHost, copying: "Example.com")
    }
    if let agent { event.set(.sipUserAgent, copying: agent) }
    if let country { event.set(.srcCountry, copying: country) }
    event.set(.sipRetransmission, bool: isRepeat)
    end()
  }

  /// What a test says of a change of a call.
  struct Call {
    var callee = "100"
    var number: String?
    var country: String?
    var type: String?
    var live: Int64 = 1
    var pdd: Double?
    var duration: Double?
    var cause: String?
    var code: Int64?
    var isOneWay: Bool?
    var isInternational: Bool?
    var evidence: String?
  }

  mutating func call(_ kind: EventKind, _ call: Call = Call(), from address: IPAddress = phone) {
    begin(kind, from: address)
    event.set(.callAccount, copying: "alice@example.com")
    event.set(.callCallee, copying: call.callee)
    if let number = call.number { event.set(.callCalleeNumber, copying: number) }
    if let country = call.country { event.set(.callCalleeCountry, copying: country) }
    if let isInternational = call.isInternational { event.set(.callInternational, .bool(isInternational)) }
    if let type = call.type { event.set(.callCalleeType, copying: type) }
    event.set(.callConcurrent, integer: call.live)
    event.set(.callSourceConcurrent, integer: call.live + 1)
    if let delay = call.pdd { event.set(.callPDD, .duration(Int64(delay * 1e9))) }
    if let duration = call.duration { event.set(.callDuration, .duration(Int64(duration * 1e9))) }
    if let cause = call.cause { event.set(.callCause, copying: cause) }
    if let code = call.code { event.set(.callCode, integer: code) }
    if let flag = call.isOneWay { event.set(.callOneWay, bool: flag) }
    if let evidence = call.evidence { event.set(.callLegEvidence, copying: evidence) }
    end()
  }

  mutating func registration(_ kind: EventKind, reason: String? = nil, expires: Int64 = 600) {
    begin(kind, from: Self.phone)
    event.set(.registrationAOR, copying: "alice@example.com")
    if let reason { event.set(.registrationReason, copying: reason) }
    if kind != .registrationFailed { event.set(.registrationExpires, integer: expires) }
    end()
  }

  mutating func stream(packets: Int64, from address: IPAddress = phone) {
    begin(.rtpEnded, from: address)
    event.set(.callAccount, copying: "alice@example.com")
    event.set(.rtpPackets, integer: packets)
    end()
  }

  /// The running hour of an entity so far, nil when it did nothing.
  func hour(_ type: EntityType, _ entity: String) -> EntityHour? {
    var found: EntityHour?
    features.forEachActiveHour(of: type) { if $0.entity == entity { found = $0 } }
    return found
  }

  /// The features of the phone in the running hour.
  var row: FeatureRow { hour(.source, "192.0.2.1")?.row ?? FeatureRow() }
}
