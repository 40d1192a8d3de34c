internal import Events
internal import Values

/// One outcome of a registration.
struct RegistrationEntry: Ranked, Sendable {
  let time: Timestamp
  let event: String?
  let aor, contact, userAgent, reason, authUser: String?
  let client, registrar: Endpoint?
  let code, expires, attempts, packet: Int?
  let sourceChanged, contactChanged: Bool?

  init(_ event: borrowing Event, limit: Int) {
    time = event.timestamp
    self.event = event.text(.registrationEvent, limit: limit)
    aor = event.text(.registrationAOR, limit: limit)
    contact = event.text(.registrationContact, limit: limit)
    userAgent = event.text(.registrationUserAgent, limit: limit)
    reason = event.text(.registrationReason, limit: limit)
    authUser = event.text(.registrationAuthUser, limit: limit)
    client = event.endpoint(.clientIP, .clientPort)
    registrar = event.endpoint(.serverIP, .serverPort)
    code = event.count(.registrationCode)
    expires = event.count(.registrationExpires)
    attempts = event.count(.registrationAttempts)
    packet = event.count(.pcapCnt)
    sourceChanged = event.flag(.registrationSourceChanged)
    contactChanged = event.flag(.registrationContactChanged)
  }

  /// New places before new bindings, these before failures, these before what is routine.
  var rank: Int {
    if sourceChanged == true || contactChanged == true { return 3 }
    switch event {
    case "registered", "removed": return 2
    case "failed": return 1
    default: return 0
    }
  }

  static let shape = Shape<RegistrationEntry>([
    .time("time", "Time", "When it was decided") { $0.time },
    .text("event", "Outcome", "registered, refreshed, removed, expired, challenged or failed") { $0.event },
    .text("aor", "Address of record", "User and host of To") { $0.aor },
    .text("client", "Client", "Who registers") { $0.client?.description },
    .text("registrar", "Registrar", "Where") { $0.registrar?.description },
    .identity("code", "Code", "Status code that led to it") { $0.code },
    .text("reason", "Reason", "Why it failed") { $0.reason },
    .integer("attempts", "Attempts", "REGISTER requests since the last success") { $0.attempts },
    .integer("expires", "Lifetime s", "Lifetime granted (s)") { $0.expires },
    .text("user_agent", "User agent", "User-Agent that registers") { $0.userAgent },
    .text("contact", nil, "Contact URI of the binding") { $0.contact },
    .text("auth_user", nil, "User name of the credentials") { $0.authUser },
    .flag("source_changed", "New source", "From another address than before") { $0.sourceChanged },
    .flag("contact_changed", "New contact", "With another contact than before") { $0.contactChanged },
    .identity("packet", nil, "Number of the packet in the input") { $0.packet },
  ])
}

/// A list that may have been cut, with how much was left out.
struct Listed<Row: Sendable>: Sendable {
  let total: Int
  let rows: [Row]
  var leftOut: Int { max(0, total - rows.count) }

  /// How it is written.
  static func shape(_ inner: Shape<Row>, _ meaning: String) -> Shape<Listed<Row>> {
    Shape<Listed<Row>>([
      .count("total", nil, "All there were") { $0.total },
      .count("shown", nil, "Those in the list") { $0.rows.count },
      .count("left_out", nil, "Those beyond the limits of the report") { $0.leftOut },
      .rows("list", meaning, inner) { $0.rows },
    ])
  }
}

/// The section `sessions`.
struct Sessions: Sendable {
  let calls: Listed<CallEntry>
  let registrations: Listed<RegistrationEntry>
  let outcomes: [Counted]

  static let shape = Shape<Sessions>([
    .object("calls", "Calls and legs", Listed.shape(CallEntry.shape, "Calls by their start")) { $0.calls },
    .object(
      "registrations", "Outcomes of registrations",
      Listed.shape(RegistrationEntry.shape, "Outcomes in the order of time")
    ) { $0.registrations },
    .tally("registration_outcomes", "All outcomes of registrations by name") { $0.outcomes },
  ])
}
