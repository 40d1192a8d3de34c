/// Somebody else has the account.
extension AttackCatalogue {
  static let takeovers = [
    Kind(
      name: "account-takeover",
      summary: "somebody in another country registers with a stolen password and calls",
      rules: [
        "account-in-two-countries", "account-abroad", "registration-moved", "calls-to-many-countries",
        "premium-calls",
      ],
      begin: takeover),
    Kind(
      name: "registration-hijack",
      summary: "a stolen password removes a phone and puts another one in its place",
      rules: [
        "removed-by-stranger", "account-in-two-countries", "registration-moved", "account-abroad",
        "mass-deregistration",
      ],
      begin: hijack),
  ]

  private static func register(
    _ station: Station, expires: Int, label: Int32, at time: Int64, in world: World
  ) -> Int64 {
    Registrar.register(
      station, password: station.password, verdict: .accepted, expires: expires, at: time, label: label,
      in: world)
  }

  private static func takeover(_ context: AttackContext, in world: World) {
    guard let account = context.random.pick(world.company.accounts), let trunk = world.company.trunks.first
    else {
      return
    }
    let thief = thief(account, context)
    let label = context.label(
      ("src_ip", "\(thief.endpoint.address)"), ("account", account.user), in: world)
    _ = register(thief, expires: 300, label: label, at: world.now, in: world)
    // It keeps the account and makes a few calls that nobody notices.
    context.steps(rate: 1, count: 4, in: world) { world, index in
      if index > 0, index % 4 == 0 {
        _ = register(thief, expires: 300, label: label, at: world.now, in: world)
      }
      let number = FictionalNumbers.number(
        context.random.pick(["0171", "001", "0044"]) ?? "001", &context.random)
      var plan = CallPlan(
        caller: .init(station: thief, name: "", number: account.user, host: world.company.domain),
        callee: .init(station: trunk, name: "", number: number, host: world.company.domain),
        outcome: .answered(world.about(40_000_000_000)), ring: world.about(5_000_000_000))
      plan.authenticates = true
      plan.label = label
      plan.isCounted = false
      world.at(world.now + world.about(8_000_000_000)) { CallFlow(plan, in: $0).begin(at: $0.now) }
    }
  }

  /// `Contact: *` with Expires 0 takes all contacts out (RFC 3261 §10.2.2), then the own one comes in.
  private static func hijack(_ context: AttackContext, in world: World) {
    guard let account = context.random.pick(world.company.accounts), let phone = account.phones.first else {
      return
    }
    let thief = thief(account, context)
    let label = context.label(
      ("src_ip", "\(thief.endpoint.address)"), ("account", account.user), in: world)
    // The phone itself was seen before.
    let seen = Registrar.register(
      phone, password: phone.password, verdict: .accepted, at: world.now, in: world)
    world.at(seen + 20_000_000_000) { world in
      let removed = Registrar.register(
        thief, password: thief.password, verdict: .accepted, expires: 0, isForAll: true, at: world.now,
        label: label, in: world)
      _ = register(thief, expires: 600, label: label, at: removed + 400_000_000, in: world)
    }
  }
}
