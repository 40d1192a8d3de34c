/// Passwords are tried.
extension AttackCatalogue {
  private static let guessRules = [
    "register-bruteforce", "registration-refused", "patient-guessing", "sipvicious-traffic",
    "blocked-user-agent",
  ]

  static let guesses = [
    Kind(
      name: "password-guessing",
      summary: "SIPVicious svcrack tries passwords of one account, as fast as it can",
      rules: guessRules
    ) { guess($0, rate: 600, count: 400, succeeds: false, in: $1) },
    Kind(
      name: "password-guessing-slow", summary: "a patient program tries a password every thirty seconds",
      rules: guessRules
    ) { context, world in
      guess(context, rate: 2, count: 360, succeeds: false, isPatient: true, in: world)
    },
    Kind(
      name: "password-guessing-distributed", summary: "forty addresses try the passwords of one account",
      rules: ["distributed-guessing"] + guessRules, begin: guessFromManyPlaces),
    Kind(
      name: "success-after-guessing", summary: "svcrack tries passwords until the right one lets it in",
      rules: ["guessed-password", "account-abroad", "registration-moved"] + guessRules
    ) { guess($0, rate: 600, count: 120, succeeds: true, in: $1) },
  ]

  /// REGISTER without and with credentials for each password, as svcrack does.
  private static func guess(
    _ context: AttackContext, rate: Int, count: Int, succeeds: Bool, isPatient: Bool = false, in world: World
  ) {
    guard let account = context.random.pick(world.company.accounts) else { return }
    let agent =
      isPatient
      ? Agent(name: "ExamplePhone T43/66.85.0.5", style: .decimal)
      : ScannerTool.sipvicious(disguised: context.request.isDisguised)
    let station = context.stranger(agent, port: 5063)
    let label = context.label(
      ("src_ip", "\(station.endpoint.address)"), ("account", account.user), in: world)
    let tool = ScannerTool(station: station, label: label)
    let total = context.request.count ?? count
    context.steps(rate: rate, count: total, in: world) { world, index in
      let isRight = succeeds && index == total - 1
      tryOne(
        tool, account, password: isRight ? account.phones[0].password : String(1000 + index),
        isRight: isRight,
        context, in: world)
    }
  }

  private static func tryOne(
    _ tool: ScannerTool, _ account: Company.Account, password: String, isRight: Bool,
    _ context: AttackContext,
    in world: World
  ) {
    let server = world.company.server
    let realm = world.company.domain
    let host = server.endpoint.host
    let nonce = context.random.hexadecimal(40)
    let first = tool.request("REGISTER", user: account.user, host: host, &context.random)
    let back = tool.ask(first, server, code: 401, at: world.now, in: world) {
      $0.add("WWW-Authenticate", DigestCredentials.challenge(realm: realm, nonce: nonce, .md5))
    }
    var second = first
    second.cseq += 1
    second.vias = [tool.station.via(&context.random)]
    second.add("Expires", "60")
    second.add(
      "Authorization",
      DigestCredentials(username: account.user, password: password).authorization(
        realm: realm, nonce: nonce, .md5, method: "REGISTER", uri: "sip:\(host)",
        cnonce: context.random.hexadecimal(8)))
    let again = context.random.hexadecimal(40)
    let bindings =
      isRight ? world.bind(account.user, "<\(second.contact ?? "")>", expires: 60, at: back) : []
    tool.ask(second, server, code: isRight ? 200 : 401, at: back + 2_000_000, in: world) {
      if isRight {
        $0.contact = bindings.joined(separator: ", ")
      } else {
        $0.add("WWW-Authenticate", DigestCredentials.challenge(realm: realm, nonce: again, .md5))
      }
    }
  }

  private static func guessFromManyPlaces(_ context: AttackContext, in world: World) {
    guard let account = context.random.pick(world.company.accounts) else { return }
    let label = context.label(("account", account.user), in: world)
    let agent = Agent(name: "OtherPhone-D735/10.1.141", style: .hexadecimal)
    let tools = (0..<40).map { _ in ScannerTool(station: context.stranger(agent, port: 5064), label: label) }
    // Each address comes back after some minutes, so that none of them stands out.
    context.steps(rate: 12, count: 240, in: world) { world, index in
      let tool = tools[index % tools.count]
      tryOne(tool, account, password: String(index), isRight: false, context, in: world)
    }
  }
}
