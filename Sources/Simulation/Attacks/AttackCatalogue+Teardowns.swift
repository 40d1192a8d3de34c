/// Calls that somebody who is no party to them ends or listens to.
extension AttackCatalogue {
  static let teardowns = [
    Kind(
      name: "bye-teardown", summary: "a machine in the network ends other people's calls with BYE",
      rules: ["third-party-teardown", "media-after-call", "one-way-audio"], begin: byeTeardown),
    Kind(
      name: "cancel-teardown", summary: "a machine in the network takes back calls while they ring",
      rules: ["cancel-by-stranger", "third-party-teardown", "few-calls-answered"], begin: cancelTeardown),
    Kind(
      name: "digest-leak", summary: "a stranger calls a phone and asks it for its password when it hangs up",
      rules: ["challenge-to-bye"], begin: digestLeak),
  ]

  /// A call between two desks that becomes a victim.
  static func victim(
    _ outcome: CallPlan.Outcome, _ context: AttackContext, _ label: Int32, in world: World,
    edit: (inout CallPlan) -> Void = { _ in }
  ) -> CallFlow? {
    let local = world.company.accounts.filter { account in
      account.phones.allSatisfy { $0.stream == nil && $0.endpoint == $0.local && $0.busyUntil < world.now }
    }
    guard let caller = context.random.pick(local), let callee = context.random.pick(local),
      caller.user != callee.user, let first = caller.phones.first, let second = callee.phones.first
    else { return nil }
    let domain = world.company.domain
    var plan = CallPlan(
      caller: .init(station: first, name: caller.name, number: caller.user, host: domain),
      callee: .init(station: second, name: callee.name, number: callee.user, host: domain),
      outcome: outcome, ring: world.about(4_000_000_000))
    plan.authenticates = true
    edit(&plan)
    let flow = CallFlow(plan, in: world)
    flow.begin(at: world.now)
    for leg in flow.legs { world.labels.add("call_id", leg.callID, to: label) }
    return flow
  }

  private static let agent = Agent(name: "", style: .hexadecimal)

  private static func byeTeardown(_ context: AttackContext, in world: World) {
    let station = context.insider(agent, in: world)
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    context.steps(rate: 2, count: 6, in: world) { world, _ in
      let talk = world.about(15_000_000_000)
      guard
        let flow = victim(.answered(talk), context, label, in: world, edit: { $0.ending = .nobody }),
        let answered = flow.answeredAt, let leg = flow.legs.last, let session = flow.sessions.last
      else { return }
      let time = answered + talk
      let forged = leg.forged("BYE", from: station, in: world)
      let tool = ScannerTool(station: station, label: label)
      world.at(time) { world in
        tool.ask(forged, leg.callee, code: 200, at: world.now, in: world, name: leg.callee.agent.name)
      }
      // The caller wonders for some seconds, hangs up, and hears that there is no such call.
      let wonder = time + world.about(5_000_000_000)
      session.fromCaller?.end = wonder
      world.at(wonder) { world in
        leg.exchange("BYE", code: 481, at: world.now, in: world)
        for other in flow.legs.dropLast() { other.exchange("BYE", at: world.now, in: world) }
      }
    }
  }

  private static func cancelTeardown(_ context: AttackContext, in world: World) {
    let station = context.insider(agent, in: world)
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    context.steps(rate: 4, count: 8, in: world) { world, _ in
      guard let flow = victim(.refused(487, byServer: false), context, label, in: world),
        let leg = flow.legs.last, let sent = flow.invitations.last?.sent, let hop = sent.hops.last,
        let decided = flow.decidedAt
      else { return }
      var cancel = hop.draft
      cancel.startLine = "CANCEL" + hop.draft.startLine.drop { $0 != " " }
      cancel.method = "CANCEL"
      // Only the topmost Via, as it stands in the INVITE, is what CANCEL must repeat (RFC 3261 §9.1).
      cancel.vias = [hop.draft.vias[0]]
      cancel.recordRoutes = []
      cancel.headers = []
      cancel.contact = nil
      cancel.contentType = nil
      cancel.body = ""
      let forged = cancel
      let tool = ScannerTool(station: station, label: label)
      world.at(decided - 1_500_000) { world in
        tool.ask(forged, leg.callee, code: 200, at: world.now, in: world, name: leg.callee.agent.name)
      }
    }
  }

  /// The stranger calls the phone itself; when it hangs up, its BYE is challenged, and it answers with what
  /// passwords can be guessed from at home.
  private static func digestLeak(_ context: AttackContext, in world: World) {
    let station = context.insider(Agent(name: "", style: .mixed), in: world, port: 5068)
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    context.steps(rate: 2, count: 4, in: world) { world, _ in
      let phones = world.company.accounts.flatMap(\.phones).filter {
        $0.stream == nil && $0.endpoint == $0.local && $0.busyUntil < world.now
      }
      guard let phone = context.random.pick(phones) else { return }
      leak(from: phone, to: station, label, in: world)
    }
  }

  private static func leak(from phone: Station, to station: Station, _ label: Int32, in world: World) {
    let leg = Leg(
      [station, phone], from: "<sip:100@\(station.endpoint.host)>",
      to: "<sip:\(phone.user)@\(phone.local.host)>",
      target: Leg.bare(phone.contact), label: label, in: world)
    let plan = CallPlan(
      caller: .init(station: station, name: "", number: "100", host: station.endpoint.host),
      callee: .init(station: phone, name: "", number: phone.user, host: phone.local.host), outcome: .busy,
      ring: 0)
    let session = MediaSession(leg, plan, in: world)
    let invitation = leg.invite(at: world.now, authenticatedFor: nil, in: world) {
      $0.contentType = "application/sdp"
      $0.body = session.offer
    }
    leg.respond(180, to: invitation.sent, at: invitation.arrival + 60_000_000, in: world)
    let answered = leg.respond(200, to: invitation.sent, at: invitation.arrival + 5_000_000_000, in: world) {
      $0.contentType = "application/sdp"
      $0.body = session.answer
    }
    leg.establish()
    _ = leg.request("ACK", at: answered + 500_000, in: world)
    let first = leg.request("BYE", byCaller: false, at: answered + 3_000_000_000, in: world)
    let nonce = world.random.hexadecimal(32)
    let realm = world.company.domain
    let asked = leg.respond(407, to: first, at: first.arrival + 900_000, in: world) {
      $0.add("Proxy-Authenticate", DigestCredentials.challenge(realm: realm, nonce: nonce, .md5))
    }
    let authorization = DigestCredentials(username: phone.user, password: phone.password).authorization(
      realm: realm, nonce: nonce, .md5, method: "BYE", uri: Leg.bare(station.contact),
      cnonce: world.random.hexadecimal(8))
    let second = leg.request("BYE", byCaller: false, at: asked + 1_200_000, in: world) {
      $0.add("Proxy-Authorization", authorization)
    }
    leg.respond(200, to: second, at: second.arrival + 700_000, in: world)
  }
}

extension Leg {
  /// A request inside this dialog by somebody who has only listened: towards the callee, from another machine.
  func forged(_ method: String, from station: Station, in world: World) -> SIPDraft {
    SIPDraft(
      startLine: "\(method) \(Self.bare(callee.contact)) SIP/2.0", isRequest: true,
      vias: [station.via(&world.random)], from: from + ";tag=\(fromTag)", to: to + ";tag=\(toTag)",
      callID: callID, cseq: lastCSeq + 1, method: method)
  }
}
