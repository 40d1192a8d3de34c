internal import Values

/// Registrations of phones, and what keeps their way open.
enum Registrar {
  /// What the server says to a registration.
  enum Verdict {
    case accepted
    /// 401 again: the password is wrong.
    case wrongPassword
    /// 404: there is no such user.
    case unknownUser
    /// 403 to credentials that are wrong or to a user that is locked.
    case forbidden
  }

  /// Plans all registrations and keep-alives of a phone.
  static func live(_ phone: Station, in world: World) {
    let interval = world.scenario.population.registration
    // It has registered before the capture began.
    let wait = world.random.between(0, interval * 9 / 10)
    _ = world.bind(
      phone.user, phone.contact, expires: expires(in: world), at: world.start + wait - interval * 9 / 10)
    world.at(world.start + wait) { refresh(phone, in: $0) }
    if phone.endpoint != phone.local {
      let first = world.random.between(0, world.scenario.population.keepAlive)
      world.at(world.start + first) { keepAlive(phone, in: $0) }
    }
  }

  private static func expires(in world: World) -> Int {
    Int(world.scenario.population.registration / 1_000_000_000)
  }

  private static func refresh(_ phone: Station, in world: World) {
    var now = world.now
    if world.random.chance(perMille: world.scenario.errors.wrongPassword) {
      let label = world.labels.open(
        "wrong-password", isBenign: true,
        LabelledEntity(("src_ip", "\(phone.endpoint.address)"), ("account", phone.user)), rules: [])
      for _ in 0...world.random.below(3) {
        now = register(phone, password: "oops", verdict: .wrongPassword, at: now, label: label, in: world)
        now += world.about(9_000_000_000)
      }
    }
    register(
      phone, password: phone.password, verdict: .accepted, expires: expires(in: world), at: now, in: world)
    let interval = world.scenario.population.registration
    world.at(now + world.random.between(interval * 8 / 10, interval * 95 / 100)) { refresh(phone, in: $0) }
  }

  private static func keepAlive(_ phone: Station, in world: World) {
    world.transmit([13, 10, 13, 10], from: phone, to: world.company.server, at: world.now)
    world.at(world.now + world.about(world.scenario.population.keepAlive)) { keepAlive(phone, in: $0) }
  }

  /// REGISTER, 401, REGISTER with credentials, and the verdict: RFC 3261 §10. Returns when it is through.
  @discardableResult
  static func register(
    _ phone: Station, user: String? = nil, password: String, verdict: Verdict, expires: Int = 3600,
    isForAll: Bool = false, at time: Int64, label: Int32 = 0, in world: World
  ) -> Int64 {
    let server = world.company.server
    let user = user ?? phone.user
    let realm = world.company.domain
    let algorithm = world.scenario.network.digest
    let address = "<sip:\(user)@\(realm)>"
    let from = (phone.displayName.isEmpty ? "" : "\"\(phone.displayName)\" ") + address
    let leg = Leg(
      [phone, server], from: from, to: address, target: "sip:\(realm)", label: label, in: world)
    let tag = phone.agent.tag(&world.random)
    func send(_ authorization: String?, at time: Int64) -> Leg.SentRequest {
      leg.request("REGISTER", at: time, in: world) { draft in
        phone.registrationCSeq += 1
        draft.cseq = phone.registrationCSeq
        draft.callID = phone.registrationCallID
        draft.from = from + ";tag=\(tag)"
        draft.contact = isForAll ? "*" : phone.contact + ";expires=\(expires)"
        draft.add("Expires", String(expires))
        if let authorization { draft.add("Authorization", authorization) }
      }
    }
    let first = send(nil, at: time)
    var now = first.arrival + world.processing()
    if case .unknownUser = verdict { return leg.respond(404, to: first, at: now, in: world) }
    let nonce = world.random.hexadecimal(40)
    now = leg.respond(401, to: first, at: now, in: world) {
      $0.add("WWW-Authenticate", DigestCredentials.challenge(realm: realm, nonce: nonce, algorithm))
    }
    let authorization = DigestCredentials(username: user, password: password).authorization(
      realm: realm, nonce: nonce, algorithm, method: "REGISTER", uri: "sip:\(realm)",
      cnonce: world.random.hexadecimal(8))
    let second = send(authorization, at: now + world.processing())
    now = second.arrival + world.processing()
    switch verdict {
    case .accepted:
      let bindings = world.bind(user, isForAll ? nil : phone.contact, expires: expires, at: now)
      return leg.respond(200, to: second, at: now, in: world) {
        $0.contact = bindings.isEmpty ? nil : bindings.joined(separator: ", ")
      }
    case .forbidden: return leg.respond(403, to: second, at: now, in: world)
    case .wrongPassword, .unknownUser:
      let fresh = world.random.hexadecimal(40)
      return leg.respond(401, to: second, at: now, in: world) {
        $0.add("WWW-Authenticate", DigestCredentials.challenge(realm: realm, nonce: fresh, algorithm))
      }
    }
  }
}
