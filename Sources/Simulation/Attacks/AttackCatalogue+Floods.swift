internal import Values

/// More requests than anybody can answer.
extension AttackCatalogue {
  static let floods = [
    Kind(
      name: "invite-flood", summary: "one machine sends hundreds of INVITEs a second to one number",
      rules: [
        "invite-flood", "account-call-rate", "request-flood", "server-flood", "few-calls-answered",
        "server-errors",
        "server-errors-for-client", "failure-reason", "call-auth-guessing",
      ]
    ) { flood($0, "INVITE", rate: 24_000, count: 8000, in: $1) },
    Kind(
      name: "register-flood", summary: "one machine sends hundreds of REGISTERs a second",
      rules: [
        "register-flood", "request-flood", "server-flood", "register-sweep", "registration-refused",
        "repeated-404",
        "user-enumeration",
      ]
    ) { flood($0, "REGISTER", rate: 18_000, count: 6000, in: $1) },
    Kind(
      name: "options-flood", summary: "one machine sends hundreds of OPTIONS a second",
      rules: ["options-flood", "request-flood", "server-flood"]
    ) { flood($0, "OPTIONS", rate: 24_000, count: 8000, in: $1) },
    Kind(
      name: "spoofed-flood", summary: "INVITEs that pretend to come from ever new addresses",
      rules: ["spoofed-flood", "request-flood", "invite-flood", "server-flood"]
    ) { flood($0, "INVITE", rate: 24_000, count: 8000, isSpoofed: true, in: $1) },
  ]

  private static func flood(
    _ context: AttackContext, _ method: String, rate: Int, count: Int, isSpoofed: Bool = false,
    in world: World
  ) {
    guard let account = context.random.pick(world.company.accounts) else { return }
    let agent = Agent(name: "Elite 1.0 Brcm Callctrl/1.5.1.0 MxSF/v.3.2.6.26", style: .hexadecimal)
    let station = context.stranger(agent, port: 9)
    let server = world.company.server
    let label = context.label(
      isSpoofed ? ("dest_ip", "\(server.endpoint.address)") : ("src_ip", "\(station.endpoint.address)"),
      in: world)
    let host = server.endpoint.host
    context.steps(rate: rate, count: count, in: world) { world, index in
      let sender = isSpoofed ? spoofed(agent, &context.random) : station
      let tool = ScannerTool(station: sender, label: label)
      var draft = tool.request(method, user: account.user, host: host, &context.random)
      draft.contact = "<sip:\(context.random.decimal(4))@\(sender.endpoint.text)>"
      if method == "INVITE" {
        world.counts.attackCalls += 1
        draft.contentType = "application/sdp"
        draft.body =
          SessionText(
            endpoint: sender.endpoint.with(port: 16_388), session: 1, version: 1, codecs: [.pcmu]
          ).text
      }
      // What the server can, it answers; the tool does not listen.
      guard index % 50 < 40 else {
        _ = tool.send(draft, to: server, at: world.now, in: world)
        return
      }
      let nonce = context.random.hexadecimal(32)
      let code = method == "INVITE" ? 407 : method == "REGISTER" ? 401 : 200
      tool.ask(draft, server, code: code, at: world.now, in: world) {
        guard code != 200 else { return }
        $0.add(
          code == 407 ? "Proxy-Authenticate" : "WWW-Authenticate",
          DigestCredentials.challenge(realm: world.company.domain, nonce: nonce, .md5))
      }
    }
  }

  /// A machine that does not know of it: addresses of private networks, as none else are nobody's.
  private static func spoofed(_ agent: Agent, _ random: inout RandomSource) -> Station {
    let address = IPAddress(v4: 0xac10_0000).adding(random.below(1 << 20))
    return Station(
      .stranger, user: "", endpoint: Endpoint(address: address, port: UInt16(1024 + random.below(60_000))),
      agent: agent, distance: 20_000_000)
  }
}
