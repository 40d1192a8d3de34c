/// Carries a call out: its messages and its media, planned to the end when it begins.
final class CallFlow {
  let world: World
  let plan: CallPlan
  private(set) var legs: [Leg] = []
  private(set) var sessions: [MediaSession] = []
  private(set) var invitations: [Leg.Invitation] = []
  /// When the callee, or who ends the ringing, decides.
  private(set) var decidedAt: Int64?
  /// When the caller has the answer; nil when there is none.
  private(set) var answeredAt: Int64?
  /// When the call is over for both.
  private(set) var endsAt: Int64 = 0

  private var media: Scenario.Media { world.scenario.media }

  init(_ plan: CallPlan, in world: World) {
    self.plan = plan
    self.world = world
  }

  /// Begins the call; everything that it sends is planned when this returns.
  func begin(at time: Int64) {
    if plan.isCounted { world.counts.calls += 1 } else { world.counts.attackCalls += 1 }
    makeLegs()
    var now = time
    if let wait = plan.queueWait {
      now = invite(0, at: now)
      now = answer(0...0, at: now + 30_000_000)
      if let session = sessions.first { session.pressKeys(at: now + 2_000_000_000, in: world) }
      now += wait
      now = invite(1, at: now)
      return ring(from: 1, at: now)
    }
    for index in legs.indices {
      now = invite(index, at: now)
      if index == 0, case .refused(let code, let reason, true) = plan.outcome {
        let sent = invitations[0].sent
        let first = Leg.SentRequest(hops: [sent.hops[0]], arrival: now)
        legs[0].refuse(first, code, reason: reason, at: now + world.processing(), in: world)
        return finish(at: now)
      }
      now += world.processing()
    }
    ring(from: 0, at: now)
  }

  private func makeLegs() {
    let server = world.company.server
    let (caller, callee) = (plan.caller.station, plan.callee.station)
    let paths: [[Station]]
    if caller === server || callee === server {
      paths = [[caller, callee]]
    } else if world.scenario.network.server == .pbx {
      paths = [[caller, server], [server, callee]]
    } else {
      paths = [[caller, server, callee]]
    }
    for (index, path) in paths.enumerated() {
      var target = plan.callee.uri
      if index > 0 { target = callee.role == .trunk ? plan.callee.uri : Leg.bare(callee.contact) }
      let leg = Leg(
        path, from: plan.caller.address, to: "<\(plan.callee.uri)>", target: target, label: plan.label,
        in: world)
      legs.append(leg)
      let session = MediaSession(leg, plan, in: world)
      if plan.losesKey { leg.changedBody = session.plainOffer }
      sessions.append(session)
    }
  }

  /// Sends the INVITE of a leg and returns when the other end has it.
  private func invite(_ index: Int, at time: Int64) -> Int64 {
    let leg = legs[index]
    let offer = sessions[index].offer
    let hides = index == 0 && plan.callee.station.role == .server
    let asks = index == 0 && plan.authenticates && !hides
    // A call that the server refuses gets no further than the server.
    var invitation: Leg.Invitation
    if case .refused(_, _, true) = plan.outcome, leg.nodes.count == 3 {
      invitation = refusedInvitation(leg, offer, asks: asks, at: time)
    } else {
      invitation = leg.invite(at: time, authenticatedFor: asks ? world.company.domain : nil, in: world) {
        self.complete(&$0, offer)
      }
    }
    if invitations.count > index { invitations[index] = invitation } else { invitations.append(invitation) }
    return invitation.arrival
  }

  private func refusedInvitation(_ leg: Leg, _ offer: String, asks: Bool, at time: Int64) -> Leg.Invitation {
    let short = Leg(
      Array(leg.nodes.prefix(2)), from: leg.from, to: leg.to, target: leg.target, label: leg.label, in: world)
    legs[0] = short
    return short.invite(at: time, authenticatedFor: asks ? world.company.domain : nil, in: world) {
      self.complete(&$0, offer)
    }
  }

  private func complete(_ draft: inout SIPDraft, _ body: String) {
    draft.add("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, REFER, NOTIFY, UPDATE")
    if let extra = plan.extraHeader { draft.add(extra.name, extra.value) }
    draft.contentType = "application/sdp"
    draft.body = body
  }

  /// The callee's phones ring, and then it goes as planned.
  private func ring(from first: Int, at time: Int64) {
    let last = legs.count - 1
    let isOutside = plan.callee.station.role == .trunk
    let forks = plan.otherPhones.map { legs[last].fork(invitations[last].sent, to: $0, at: time, in: world) }
    let alerting = backward(
      from: last, to: first, at: time + world.about(isOutside ? 900_000_000 : 60_000_000)
    ) {
      index, now in
      self.legs[index].respond(
        isOutside ? 183 : 180, to: self.invitations[index].sent, at: now, in: self.world
      ) {
        guard isOutside else { return }
        $0.contentType = "application/sdp"
        $0.body = self.sessions[index].answer
      }
    }
    for fork in forks { legs[last].respond(180, to: fork, at: time + 70_000_000, in: world) }
    decide(from: first, alertedAt: alerting, at: alerting + plan.ring)
    for fork in forks {
      legs[last].takeBack(
        fork, at: alerting + plan.ring + 3_000_000, isAnswered: answeredAt != nil, in: world)
    }
  }

  private func decide(from first: Int, alertedAt alerted: Int64, at time: Int64) {
    let last = legs.count - 1
    decidedAt = time
    switch plan.outcome {
    case .answered(let talk):
      if plan.callee.station.role == .trunk {
        for session in sessions { session.startEarly(at: alerted, in: world) }
      }
      let talking = answer(first...last, at: time)
      talkAndEnd(from: talking, for: talk)
    case .busy: refuse(from: first, 486, at: alerted)
    case .unanswered: refuse(from: first, 480, at: time)
    case .refused(let code, let reason, _): refuse(from: first, code, reason: reason, at: time)
    case .cancelled:
      var now = time
      for index in first...last {
        legs[index].cancel(invitations[index].sent, at: now, in: world)
        now += 2 * world.processing()
      }
      finish(at: now)
    }
  }

  private func refuse(from first: Int, _ code: Int, reason: String? = nil, at time: Int64) {
    let end = backward(from: legs.count - 1, to: first, at: time) { index, now in
      self.legs[index].refuse(self.invitations[index].sent, code, reason: reason, at: now, in: self.world)
    }
    // Whom the queue finds nobody for hears that and is let go.
    if first > 0 { hangUp(by: .callee, at: end + 3_000_000_000, legs: 0...0) } else { finish(at: end) }
  }

  /// Lets the legs answer, the far one first.
  private func backward(
    from last: Int, to first: Int, at time: Int64, _ body: (Int, Int64) -> Int64
  ) -> Int64 {
    var now = time
    for index in stride(from: last, through: first, by: -1) { now = body(index, now) + world.processing() }
    return now
  }

  /// 200 from the far end, ACK to it; media begins.
  private func answer(_ range: ClosedRange<Int>, at time: Int64) -> Int64 {
    let back = backward(from: range.upperBound, to: range.lowerBound, at: time) { index, now in
      let leg = self.legs[index]
      let done = leg.respond(200, to: self.invitations[index].sent, at: now, in: self.world) {
        $0.contentType = "application/sdp"
        $0.body = self.sessions[index].answer
      }
      leg.establish()
      return done
    }
    var now = back
    for index in range {
      now = legs[index].request("ACK", at: now, in: world).arrival + world.processing()
      sessions[index].start(at: time + 20_000_000, answered: back, in: world)
    }
    if answeredAt == nil {
      answeredAt = back
      if plan.isCounted { world.at(back) { $0.counts.answered += 1 } }
    }
    return back
  }

  private func talkAndEnd(from talking: Int64, for talk: Int64) {
    let end = talking + talk
    if let hold = plan.hold, hold.upperBound < talk, let leg = legs.last, let session = sessions.last {
      let paused = Self.renegotiate(leg, session, .sendOnly, at: talking + hold.lowerBound, in: world)
      let resumed = Self.renegotiate(leg, session, .both, at: talking + hold.upperBound, in: world)
      for session in sessions { session.pause(paused..<resumed) }
    }
    if let other = plan.transfer, legs.count == 1 {
      return transfer(to: other, at: end)
    }
    hangUp(by: plan.ending, at: end, legs: 0...(legs.count - 1))
  }

  /// A re-INVITE of the callee with another direction.
  private static func renegotiate(
    _ leg: Leg, _ session: MediaSession, _ direction: SessionText.Direction, at time: Int64, in world: World
  ) -> Int64 {
    let body = session.renegotiation(direction)
    let sent = leg.request("INVITE", byCaller: false, at: time, in: world) {
      $0.contentType = "application/sdp"
      $0.body = body.offer
    }
    let done = leg.respond(200, to: sent, at: sent.arrival + world.processing(), in: world) {
      $0.contentType = "application/sdp"
      $0.body = body.answer
    }
    _ = leg.request("ACK", byCaller: false, at: done + world.processing(), in: world)
    return done
  }

  /// Ends some legs with BYE, from the end that hangs up.
  private func hangUp(by ending: CallPlan.Ending, at time: Int64, legs range: ClosedRange<Int>) {
    var now = time
    let byCaller = ending == .caller
    for session in sessions { session.stop(byCaller: byCaller, sent: time, in: world) }
    if ending == .nobody { return finish(at: time) }
    for index in byCaller ? Array(range) : range.reversed() {
      now = legs[index].exchange("BYE", byCaller: byCaller, at: now, in: world).arrival + world.processing()
    }
    finish(at: now)
  }

  /// Blind transfer: RFC 5589 §6.
  private func transfer(to other: CallPlan.Party, at time: Int64) {
    let leg = legs[0]
    let by = plan.callee.uri
    let referred = leg.exchange("REFER", byCaller: false, code: 202, at: time, in: world) {
      $0.add("Refer-To", "<\(other.uri)>")
      $0.add("Referred-By", "<\(by)>")
    }
    let told = leg.exchange("NOTIFY", at: referred.done + 40_000_000, in: world) {
      $0.add("Event", "refer")
      $0.add("Subscription-State", "active;expires=60")
      $0.contentType = "message/sipfrag;version=2.0"
      $0.body = "SIP/2.0 100 Trying\r\n"
    }
    hangUp(by: .callee, at: told.done + 300_000_000, legs: 0...0)
    var next = plan
    next.callee = other
    next.transfer = nil
    next.hold = nil
    next.otherPhones = []
    next.ring = world.about(6_000_000_000)
    next.extraHeader = ("Referred-By", "<\(by)>")
    let world = world
    world.at(told.done + 60_000_000) { _ in CallFlow(next, in: world).begin(at: world.now) }
  }

  private func finish(at time: Int64) {
    endsAt = time
    for station in [plan.caller.station, plan.callee.station] where station.role == .phone {
      station.busyUntil = max(station.busyUntil, time)
    }
  }
}
