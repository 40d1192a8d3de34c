/// Messages that no honest program writes.
extension AttackCatalogue {
  static let messages = [
    Kind(
      name: "malformed-probes",
      summary: "a fuzzer sends the server messages that break the grammar, one by one",
      rules: [
        "grave-sip-fault", "many-sip-faults", "sip-fuzzing", "injection-attempt", "sdp-faults",
        "client-errors", "overflow-attempt",
      ],
      begin: probe)
  ]

  private static func probe(_ context: AttackContext, in world: World) {
    let station = context.stranger(Agent(name: "", style: .hexadecimal), port: 5069)
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    let server = world.company.server
    context.steps(rate: 120, count: 120, in: world) { world, index in
      let tool = ScannerTool(station: station, label: label)
      let draft = tool.request("OPTIONS", user: "100", host: server.endpoint.host, &context.random)
      let text = String(decoding: draft.bytes, as: UTF8.self)
      let broken = mutations[index % mutations.count](text)
      let parcel = World.Parcel(
        payload: Array(broken.utf8), source: station.endpoint, destination: server.endpoint, label: label)
      world.plan(.send(parcel), at: world.now + station.distance)
      // A server answers what it can read of it.
      guard index % 3 == 0 else { return }
      var answer = draft
      answer.vias[0] = Leg.received(draft.vias[0], from: station)
      let response = answer.response(400, toTag: context.random.hexadecimal(8))
      let reply = World.Parcel(
        payload: response.bytes, source: server.endpoint, destination: station.endpoint, label: label)
      world.plan(.send(reply), at: world.now + station.distance + 1_200_000)
    }
  }

  /// What fuzzers of SIP do to a message.
  private static let mutations: [@Sendable (String) -> String] = [
    { $0.swap("SIP/2.0\r\n", "SIP/7.0\r\n") },
    { $0.swap("CSeq: 1 OPTIONS", "CSeq: 99999999999 OPTIONS") },
    { $0.swap("CSeq: 1 OPTIONS", "CSeq: 1 INVITE") },
    { $0.swap("CSeq: 1 OPTIONS", "CSeq: -1 OPTIONS") },
    { $0.swap("Max-Forwards: 70", "Max-Forwards: 300") },
    { $0.swap("Content-Length: 0", "Content-Length: -5") },
    { $0.swap("Content-Length: 0", "Content-Length: 4294967296") },
    { $0.swap("Content-Length: 0", "Content-Length: 900") },
    { $0.swap("Call-ID: ", "Call-IDX: ") },
    { $0.swap("Via: SIP/2.0/UDP", "Via: SIP/2.0/") },
    { $0.swap("Via: ", "Via: ,,,") },
    { $0.swap("From: \"100\"<", "From: \"100<") },
    { $0.swap("From: ", "From: " + String(repeating: "A", count: 900)) },
    { $0.swap("To: \"100\"", "To: %s%s%s%n%n") },
    { $0.swap("OPTIONS sip:", "OPTIONS " + String(repeating: "a", count: 600) + ":") },
    { $0.swap("OPTIONS sip:", "OPTIONS  sip:") },
    { $0.swap("OPTIONS ", "PROBE ") },
    { $0.swap("Contact: ", "Contact: <sip:") },
    { $0.swap("Accept: application/sdp", "Accept: \u{0}\u{1}\u{7f}") },
    { $0.swap("sip:100@", "sip:100'or'1'='1@") },
    { $0.swap("\r\nTo: ", "\r\nTo: <sip:a@example.com>\r\nTo: ") },
    { $0.swap("\r\n\r\n", "\r\n") },
    { String($0.prefix(120)) },
    { $0.swap("Via: ", "Via") },
  ]
}

extension String {
  /// The text with the first place of something changed.
  fileprivate func swap(_ old: String, _ new: String) -> String {
    let (text, wanted) = (Array(utf8), Array(old.utf8))
    guard text.count >= wanted.count,
      let start = (0...(text.count - wanted.count)).first(where: {
        text[$0..<($0 + wanted.count)].elementsEqual(wanted)
      })
    else { return self }
    return String(decoding: text[..<start] + Array(new.utf8) + text[(start + wanted.count)...], as: UTF8.self)
  }
}
