internal import Values

/// Who is there? Tools that look for telephone systems, numbers and open lines.
extension AttackCatalogue {
  static let scans = [
    Kind(
      name: "options-scan", summary: "SIPVicious svmap asks every address of the public network for SIP",
      rules: ["options-sweep", "sipvicious-traffic", "blocked-user-agent", "patient-sweep"],
      begin: optionsScan),
    Kind(
      name: "invite-scan", summary: "a dialler tries prefixes until a number abroad rings",
      rules: [
        "dial-plan-probing", "repeated-404", "blocked-user-agent", "call-auth-guessing", "few-calls-answered",
        "prefix-probing",
      ],
      begin: inviteScan),
    Kind(
      name: "register-scan", summary: "SIPVicious svwar registers numbers to see which exist",
      rules: [
        "register-sweep", "user-enumeration", "sipvicious-traffic", "blocked-user-agent", "repeated-404",
        "register-flood", "challenged-register-probing",
      ], begin: registerScan),
    Kind(
      name: "extension-enumeration", summary: "a tool of its own asks with OPTIONS which numbers exist",
      rules: ["user-enumeration", "options-user-sweep", "repeated-404"], begin: enumeration),
  ]

  private static func optionsScan(_ context: AttackContext, in world: World) {
    let station = context.stranger(ScannerTool.sipvicious(disguised: context.request.isDisguised))
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    let tool = ScannerTool(station: station, label: label)
    let server = world.company.server
    let first = server.endpoint.address
    let base = first.isIPv6 ? first : IPAddress(v4: UInt32(first.low) & 0xffff_ff00)
    // svmap's default: 200 datagrams a second.
    context.steps(rate: 12_000, count: 254, in: world) { world, index in
      let target = base.adding(1 + index % 254)
      let draft = tool.request(
        "OPTIONS", user: "100", host: "\(target)", isNamed: false, &context.random)
      if target == first {
        tool.ask(draft, server, code: 200, at: world.now, in: world)
      } else {
        let host = Station(
          .phone, user: "", endpoint: Endpoint(address: target, port: 5060), agent: server.agent,
          distance: 100_000)
        let arrival = tool.send(draft, to: host, at: world.now, in: world)
        // Every tenth address has a machine that says it has no such port.
        guard index % 10 == 3 else { return }
        let refusal = World.Parcel(
          payload: draft.bytes, source: station.endpoint, destination: host.endpoint, isRefusal: true,
          label: label)
        world.plan(.send(refusal), at: arrival + 200_000)
      }
    }
  }

  private static func inviteScan(_ context: AttackContext, in world: World) {
    let station = context.stranger(
      ScannerTool.dialler(disguised: context.request.isDisguised), port: 5071)
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    let tool = ScannerTool(station: station, label: label)
    let target = FictionalNumbers.international(FictionalNumbers.number("0044", &context.random)).dropFirst()
    let server = world.company.server
    context.steps(rate: 90, count: 160, in: world) { world, index in
      let prefix = ["", "0", "00", "000", "9", "900", "9011", "011", "8", "800", "+", "1", "100"][index % 13]
      let filler = String(repeating: "9", count: index / 13 % 6)
      var draft = tool.request(
        "INVITE", user: "\(filler)\(prefix)\(target)", host: server.endpoint.host, &context.random)
      world.counts.attackCalls += 1
      draft.contentType = "application/sdp"
      draft.body =
        SessionText(
          endpoint: station.endpoint.with(port: 25_282), session: 1, version: 1, codecs: [.pcmu, .pcma]
        ).text
      let code = world.scenario.network.revealsUsers ? 404 : 407
      let realm = world.company.domain
      let nonce = context.random.hexadecimal(32)
      let back = tool.ask(draft, server, code: code, at: world.now, in: world) {
        guard code == 407 else { return }
        $0.add("Proxy-Authenticate", DigestCredentials.challenge(realm: realm, nonce: nonce, .md5))
      }
      tool.acknowledge(draft, to: server, at: back + 1_000_000, in: world)
    }
  }

  /// What the server says to a question for a number: 401 or 200 when it exists, else 404, unless it keeps
  /// that to itself.
  static func exists(_ user: String, in world: World) -> Bool {
    !world.scenario.network.revealsUsers || world.company.accounts.contains { $0.user == user }
  }

  private static func registerScan(_ context: AttackContext, in world: World) {
    let station = context.stranger(ScannerTool.sipvicious(disguised: context.request.isDisguised))
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    let tool = ScannerTool(station: station, label: label)
    let server = world.company.server
    // svwar waits for no answer; Kamailio and the way limit it to some forty a second.
    context.steps(rate: 2400, count: 400, in: world) { world, index in
      let user = index == 0 ? context.random.decimal(9) : String(99 + index)
      let draft = tool.request("REGISTER", user: user, host: server.endpoint.host, &context.random)
      let isKnown = exists(user, in: world)
      let nonce = context.random.hexadecimal(32)
      let realm = world.company.domain
      tool.ask(draft, server, code: isKnown ? 401 : 404, at: world.now, in: world) {
        guard isKnown else { return }
        $0.add("WWW-Authenticate", DigestCredentials.challenge(realm: realm, nonce: nonce, .md5))
      }
    }
  }

  private static func enumeration(_ context: AttackContext, in world: World) {
    let agent = Agent(name: "ExampleSoftphone/5.2.0 (belle-sip/5.3)", style: .mixed)
    let station = context.stranger(agent, port: 5062)
    let label = context.label(("src_ip", "\(station.endpoint.address)"), in: world)
    let tool = ScannerTool(station: station, label: label)
    let server = world.company.server
    context.steps(rate: 240, count: 240, in: world) { world, index in
      let user = String(100 + context.random.below(9900))
      let draft = tool.request("OPTIONS", user: user, host: world.company.domain, &context.random)
      tool.ask(draft, server, code: exists(user, in: world) ? 200 : 404, at: world.now, in: world)
    }
  }
}
