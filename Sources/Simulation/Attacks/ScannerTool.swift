internal import Values

/// Messages as the tools of scanners write them.
struct ScannerTool {
  let station: Station
  let label: Int32

  /// SIPVicious, under its own name or under another one.
  static func sipvicious(disguised: Bool) -> Agent {
    Agent(name: disguised ? "ExamplePhone T43/66.85.0.5" : "friendly-scanner", style: .sipvicious)
  }

  /// A dialler that tries numbers.
  static func dialler(disguised: Bool) -> Agent {
    Agent(name: disguised ? "" : "sipcli/v1.8", style: .hexadecimal)
  }

  /// The tag in which SIPVicious hides its target: the hexadecimal form of the target, a byte 01, a number.
  static func tag(_ target: String, _ random: inout RandomSource) -> String {
    func hexadecimal(_ text: String) -> String {
      text.utf8.map { byte in
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
      }.joined()
    }
    return hexadecimal(target) + "01" + hexadecimal(random.decimal(10))
  }

  /// A request outside of any dialog.
  ///
  /// - Parameters:
  ///   - user: whom it asks for.
  ///   - isSipvicious: whether the identifiers are those of SIPVicious.
  func request(
    _ method: String, user: String, host: String, cseq: Int = 1, isNamed: Bool = true,
    _ random: inout RandomSource
  ) -> SIPDraft {
    let isSipvicious = station.agent.style == .sipvicious
    let name = isNamed ? "\"\(user)\"" : "\"sipvicious\""
    let address = isNamed ? "\(name)<sip:\(user)@\(host)>" : "\(name)<sip:100@1.1.1.1>"
    let tag = isSipvicious ? Self.tag(isNamed ? user : host, &random) : station.agent.tag(&random)
    var draft = SIPDraft(
      startLine: "\(method) sip:\(method == "REGISTER" ? host : "\(user)@\(host)") SIP/2.0", isRequest: true,
      vias: [station.via(&random)], from: address + ";tag=\(tag)", to: address,
      callID: station.agent.callID(&random, host: station.endpoint.host), cseq: cseq, method: method)
    draft.contact = isSipvicious && isNamed ? "sip:123@1.1.1.1" : "sip:\(user)@\(station.endpoint.text)"
    draft.add("Accept", "application/sdp")
    if !station.agent.name.isEmpty { draft.add("User-Agent", station.agent.name) }
    return draft
  }

  /// Sends a request and has it answered; returns when the tool has the answer.
  @discardableResult
  func ask(
    _ draft: SIPDraft, _ server: Station, code: Int, at time: Int64, in world: World, name: String? = nil,
    edit: (inout SIPDraft) -> Void = { _ in }
  ) -> Int64 {
    let arrival = send(draft, to: server, at: time, in: world)
    var request = draft
    request.vias[0] = Leg.received(draft.vias[0], from: station)
    var response = request.response(code, toTag: world.random.hexadecimal(12))
    response.add("Server", name ?? server.agent.name)
    edit(&response)
    return reply(response, from: server, at: arrival + world.processing(), in: world)
  }

  /// Sends a request and hears nothing.
  func send(_ draft: SIPDraft, to server: Station, at time: Int64, in world: World) -> Int64 {
    let parcel = World.Parcel(
      payload: draft.bytes, source: station.endpoint, destination: server.endpoint, label: label)
    world.plan(.send(parcel), at: time + station.distance)
    return time + station.distance + server.distance
  }

  private func reply(_ draft: SIPDraft, from server: Station, at time: Int64, in world: World) -> Int64 {
    let parcel = World.Parcel(
      payload: draft.bytes, source: server.endpoint, destination: station.endpoint, label: label)
    world.plan(.send(parcel), at: time + server.distance)
    return time + station.distance + server.distance
  }

  /// The ACK to a failure.
  func acknowledge(_ draft: SIPDraft, to server: Station, at time: Int64, in world: World) {
    var ack = draft
    ack.startLine = "ACK" + draft.startLine.drop { $0 != " " }
    ack.method = "ACK"
    ack.contact = nil
    ack.headers = []
    ack.contentType = nil
    ack.body = ""
    _ = send(ack, to: server, at: time, in: world)
  }
}
