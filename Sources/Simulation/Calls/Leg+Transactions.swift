/// Sequences of messages that always go together.
extension Leg {
  /// What came of an INVITE.
  struct Invitation {
    var sent: SentRequest
    /// When the far end has it.
    var arrival: Int64
  }

  /// INVITE, with credentials when the server asks for them; the next hop says 100 at once.
  func invite(
    at time: Int64, authenticatedFor realm: String?, in world: World, edit: (inout SIPDraft) -> Void
  ) -> Invitation {
    var now = time
    var authorization: String?
    if let realm {
      let sent = request("INVITE", at: now, in: world, hops: 1, edit: edit)
      let nonce = world.random.hexadecimal(40)
      let algorithm = world.scenario.network.digest
      let back = respond(407, to: sent, at: sent.arrival + world.processing(), in: world) {
        $0.add("Proxy-Authenticate", DigestCredentials.challenge(realm: realm, nonce: nonce, algorithm))
      }
      acknowledgeFailure(sent, at: back + world.processing(), in: world)
      now = back + 2 * world.processing()
      authorization = DigestCredentials(username: caller.user, password: caller.password).authorization(
        realm: realm, nonce: nonce, algorithm, method: "INVITE", uri: target,
        cnonce: world.random.hexadecimal(8))
    }
    let sent = request("INVITE", at: now, in: world) { draft in
      edit(&draft)
      if let authorization { draft.add("Proxy-Authorization", authorization) }
    }
    if let first = sent.hops.first, first.destination.role == .server || nodes.count == 2 {
      var hop = SentRequest(hops: [first])
      hop.arrival = now + first.source.distance + first.destination.distance
      respond(100, to: hop, fromHop: 0, at: hop.arrival + world.processing() / 4, in: world)
    }
    return Invitation(sent: sent, arrival: sent.arrival)
  }

  /// A request that is answered at once; returns when its sender has the answer.
  @discardableResult
  func exchange(
    _ method: String, byCaller: Bool = true, code: Int = 200, at time: Int64, in world: World,
    edit: (inout SIPDraft) -> Void = { _ in }
  ) -> (arrival: Int64, done: Int64) {
    let sent = request(method, byCaller: byCaller, at: time, in: world, edit: edit)
    let done = respond(code, to: sent, at: sent.arrival + world.processing(), in: world)
    return (sent.arrival, done)
  }

  /// Refuses an INVITE from one of its hops; the caller acknowledges.
  @discardableResult
  func refuse(
    _ sent: SentRequest, _ code: Int, reason: String? = nil, fromHop hop: Int? = nil, at time: Int64,
    in world: World
  ) -> Int64 {
    let back = respond(code, reason: reason, to: sent, fromHop: hop, at: time, in: world)
    acknowledgeFailure(sent, at: back + world.processing(), in: world, lastHop: hop)
    return back
  }

  /// CANCEL on every hop with the answers to it, 487 and ACK: RFC 3261 §9.
  @discardableResult
  func cancel(
    _ sent: SentRequest, fromHop first: Int = 0, at time: Int64, in world: World, reason: String? = nil
  ) -> Int64 {
    var now = time
    for index in first..<sent.hops.count {
      let hop = sent.hops[index]
      var cancel = SIPDraft(
        startLine: "CANCEL" + hop.draft.startLine.drop { $0 != " " }, isRequest: true,
        vias: [hop.draft.vias[0]], from: hop.draft.from, to: hop.draft.to, callID: callID,
        cseq: hop.draft.cseq, method: "CANCEL")
      cancel.maxForwards = hop.draft.maxForwards
      cancel.routes = hop.draft.routes
      if let reason { cancel.add("Reason", reason) }
      now = world.transmit(cancel.bytes, from: hop.source, to: hop.destination, at: now, label: label)
      let answer = Leg.SentRequest(
        hops: [.init(draft: cancel, source: hop.source, destination: hop.destination)], arrival: now)
      respond(200, to: answer, at: now + world.processing() / 2, in: world)
      now += world.processing()
    }
    let last = sent.hops.count - 1
    // What a fork gets back ends at the proxy.
    let branch = SentRequest(hops: Array(sent.hops[first...last]), arrival: sent.arrival)
    let back = respond(487, to: branch, at: now + world.processing(), in: world)
    acknowledgeFailure(branch, at: back + world.processing(), in: world)
    return back
  }

  /// The proxy takes the call back from a further phone: another one answered, or the caller gave up.
  func takeBack(_ fork: SentRequest, at time: Int64, isAnswered: Bool, in world: World) {
    cancel(
      fork, fromHop: fork.hops.count - 1, at: time, in: world,
      reason: isAnswered ? "SIP;cause=200;text=\"Call completed elsewhere\"" : nil)
  }
}
