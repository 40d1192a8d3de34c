internal import Values

/// One dialog between two stations, through a proxy or not.
final class Leg {
  /// A request on its way: what it looks like on each hop, and when it arrives at the end.
  struct SentRequest {
    var hops: [Hop] = []
    /// When the last hop is through.
    var arrival: Int64 = 0

    struct Hop {
      var draft: SIPDraft
      var source: Station
      var destination: Station
    }
  }

  /// Caller, the proxy if there is one, callee.
  private(set) var nodes: [Station]
  let callID: String
  let fromTag: String
  private(set) var toTag: String
  let label: Int32
  /// `"Name" <sip:user@host>` of both.
  var from: String
  var to: String
  /// The Request-URI of the first request.
  var target: String
  private var callerCSeq: Int
  private var calleeCSeq: Int
  private(set) var isEstablished = false
  /// What the proxy passes on instead of an offer, when somebody changes it in between.
  var changedBody: String?

  var caller: Station { nodes[0] }
  var callee: Station { nodes[nodes.count - 1] }

  init(
    _ nodes: [Station], from: String, to: String, target: String, label: Int32 = 0, in world: World
  ) {
    self.nodes = nodes
    self.from = from
    self.to = to
    self.target = target
    self.label = label
    let agent = nodes[0].agent
    callID = agent.callID(&world.random, host: nodes[0].local.host)
    fromTag = agent.tag(&world.random)
    toTag = nodes[nodes.count - 1].agent.tag(&world.random)
    callerCSeq = agent.style == .decimal ? 0 : 1 + world.random.below(20_000)
    calleeCSeq = 1 + world.random.below(20_000)
  }

  /// The number of the caller's last request.
  var lastCSeq: Int { callerCSeq }

  /// From now on the requests are inside the dialog.
  func establish() { isEstablished = true }

  /// The dialog is with another station than was thought: the phone of several that answered.
  func settle(on callee: Station, tag: String) {
    nodes[nodes.count - 1] = callee
    toTag = tag
  }

  /// Sends a request to the other end, or only over the first hops.
  func request(
    _ method: String, byCaller: Bool = true, at time: Int64, in world: World, hops limit: Int = .max,
    edit: (inout SIPDraft) -> Void = { _ in }
  ) -> SentRequest {
    let path = byCaller ? nodes : nodes.reversed()
    var draft = draft(method, byCaller: byCaller, in: world)
    edit(&draft)
    return send(draft, along: path, at: time, in: world, hops: limit)
  }

  /// The request again, as the proxy passes it on to one more phone.
  func fork(_ sent: SentRequest, to phone: Station, at time: Int64, in world: World) -> SentRequest {
    guard let first = sent.hops.first, nodes.count == 3 else { return sent }
    let draft = forwarded(first.draft, from: nodes[0], by: nodes[1], to: phone, in: world)
    let arrival = world.transmit(draft.bytes, from: nodes[1], to: phone, at: time, label: label)
    var fork = sent
    fork.hops[fork.hops.count - 1] = .init(draft: draft, source: nodes[1], destination: phone)
    fork.arrival = arrival
    return fork
  }

  private func send(
    _ first: SIPDraft, along path: [Station], at time: Int64, in world: World, hops limit: Int
  ) -> SentRequest {
    var draft = first
    var sent = SentRequest()
    var now = time
    for index in 0..<min(path.count - 1, limit) {
      if index > 0 {
        draft = forwarded(draft, from: path[index - 1], by: path[index], to: path[index + 1], in: world)
        now += world.processing()
      }
      now = world.transmit(draft.bytes, from: path[index], to: path[index + 1], at: now, label: label)
      sent.hops.append(.init(draft: draft, source: path[index], destination: path[index + 1]))
    }
    sent.arrival = now
    return sent
  }

  /// What a proxy makes of a request: RFC 3261 §16.6.
  private func forwarded(
    _ draft: SIPDraft, from previous: Station, by proxy: Station, to next: Station, in world: World
  ) -> SIPDraft {
    var forwarded = draft
    forwarded.vias[0] = Self.received(draft.vias[0], from: previous)
    forwarded.vias.insert(proxy.via(&world.random), at: 0)
    forwarded.maxForwards -= 1
    forwarded.routes = []
    if let changedBody, draft.method == "INVITE" { forwarded.body = changedBody }
    if draft.routes.isEmpty, draft.method != "ACK", draft.method != "CANCEL" {
      forwarded.recordRoutes.insert("<sip:\(proxy.local.host);lr>", at: 0)
      forwarded.startLine =
        "\(draft.method) \(next.role == .trunk ? target : Self.bare(next.contact)) SIP/2.0"
    }
    return forwarded
  }

  /// What the next hop adds to a Via whose sender asks for it: RFC 3261 §18.2.1, RFC 3581 §4.
  static func received(_ via: String, from source: Station) -> String {
    guard via.hasSuffix(";rport") else { return via }
    let received = source.endpoint == source.local ? "" : ";received=\(source.endpoint.host)"
    return "\(via)=\(source.endpoint.port)\(received)"
  }

  /// `<sip:a>` without its brackets.
  static func bare(_ contact: String) -> String { String(contact.dropFirst().prefix { $0 != ">" }) }

  private func draft(_ method: String, byCaller: Bool, in world: World) -> SIPDraft {
    let sender = byCaller ? caller : callee
    let uri = isEstablished ? Self.bare((byCaller ? callee : caller).contact) : target
    let tagged = (from + ";tag=\(fromTag)", to + (isEstablished || !byCaller ? ";tag=\(toTag)" : ""))
    if method != "ACK", method != "CANCEL" {
      if byCaller { callerCSeq += 1 } else { calleeCSeq += 1 }
    }
    var draft = SIPDraft(
      startLine: "\(method) \(uri) SIP/2.0", isRequest: true, vias: [sender.via(&world.random)],
      from: byCaller ? tagged.0 : tagged.1, to: byCaller ? tagged.1 : tagged.0, callID: callID,
      cseq: byCaller ? callerCSeq : calleeCSeq, method: method)
    if isEstablished, nodes.count == 3 { draft.routes = ["<sip:\(nodes[1].local.host);lr>"] }
    if method != "CANCEL", method != "BYE" { draft.contact = sender.contact }
    if !sender.agent.name.isEmpty { draft.add("User-Agent", sender.agent.name) }
    return draft
  }

  /// Answers a request on the way back from one of its hops; returns when the sender has the answer.
  @discardableResult
  func respond(
    _ code: Int, reason: String? = nil, to sent: SentRequest, fromHop hop: Int? = nil, at time: Int64,
    in world: World, edit: (inout SIPDraft) -> Void = { _ in }
  ) -> Int64 {
    let last = hop ?? sent.hops.count - 1
    guard sent.hops.indices.contains(last) else { return time }
    let answerer = sent.hops[last].destination
    var request = sent.hops[last].draft
    request.vias[0] = Self.received(request.vias[0], from: sent.hops[last].source)
    var draft = request.response(code, reason: reason, toTag: tag(of: answerer))
    if code > 100, code < 300, request.method == "INVITE" { draft.contact = answerer.contact }
    if !answerer.agent.name.isEmpty {
      draft.add(answerer.role == .phone ? "User-Agent" : "Server", answerer.agent.name)
    }
    edit(&draft)
    var now = time
    for index in stride(from: last, through: 0, by: -1) {
      if index < last {
        draft.vias.removeFirst()
        now += world.processing()
      }
      now = world.transmit(
        draft.bytes, from: sent.hops[index].destination, to: sent.hops[index].source, at: now, label: label)
    }
    return now
  }

  /// The tag of whoever answers: servers on the way have their own.
  private func tag(of answerer: Station) -> String {
    answerer === callee || answerer === caller
      ? toTag : DigestCredentials.hash("\(callID)\(answerer.endpoint.text)", .md5)
  }

  /// The ACK to a failure goes to the next hop only, in the same transaction: RFC 3261 §17.1.1.3.
  func acknowledgeFailure(_ sent: SentRequest, at time: Int64, in world: World, lastHop: Int? = nil) {
    let last = lastHop ?? sent.hops.count - 1
    for index in 0...last {
      let hop = sent.hops[index]
      var ack = hop.draft
      ack.startLine = "ACK" + hop.draft.startLine.drop { $0 != " " }
      ack.method = "ACK"
      ack.vias = [hop.draft.vias[0]]
      ack.to = to + ";tag=\(tag(of: sent.hops[last].destination))"
      ack.recordRoutes = []
      ack.headers = []
      ack.contact = nil
      ack.contentType = nil
      ack.body = ""
      // The hop at the far end got its answer first.
      let delay = Int64(last - index) * -1_500_000
      world.transmit(
        ack.bytes, from: hop.source, to: hop.destination, at: max(world.now, time + delay), label: label)
    }
  }
}
