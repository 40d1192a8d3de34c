internal import Values

/// Calls that somebody else pays for.
extension AttackCatalogue {
  static let frauds = [
    Kind(
      name: "toll-fraud",
      summary: "a stolen account calls premium numbers and far countries, at night if there is one",
      rules: [
        "premium-calls", "premium-calls-of-client", "calls-to-many-countries", "concurrent-calls-abroad",
        "night-premium-call", "night-revenue-share-call", "night-calls-abroad", "night-call-volume",
        "account-abroad", "registration-moved", "blocked-user-agent",
      ], prefersNight: true, begin: tollFraud),
    Kind(
      name: "wangiri", summary: "many numbers ring once and shall call back",
      rules: ["wangiri", "few-calls-answered", "account-call-rate"], begin: wangiri),
    Kind(
      name: "call-pumping", summary: "stolen accounts hold long calls to one number that earns by the minute",
      rules: ["call-pumping", "account-abroad", "registration-moved"], begin: callPumping),
    Kind(
      name: "caller-id-spoofing", summary: "calls from outside show the number of somebody whom people trust",
      rules: ["callers-name-differs", "number-as-name"], begin: callerSpoofing),
  ]

  /// A machine of the fraudster that knows the password of somebody's account.
  static func thief(_ account: Company.Account, _ context: AttackContext, agent: String? = nil) -> Station {
    let name =
      agent.flatMap { context.request.isDisguised ? nil : $0 } ?? "ExampleSoftphone/4.9.1 (belle-sip/5.1)"
    let station = context.stranger(Agent(name: name, style: .hexadecimal), port: 5066, user: account.user)
    station.password = account.phones[0].password
    station.registrationCallID = station.agent.callID(&context.random, host: station.endpoint.host)
    return station
  }

  /// A call of a thief through the trunk.
  private static func call(
    _ thief: Station, _ account: Company.Account, to number: String, _ outcome: CallPlan.Outcome, ring: Int64,
    label: Int32, in world: World
  ) {
    guard let trunk = world.company.trunks.first else { return }
    var plan = CallPlan(
      caller: .init(station: thief, name: "", number: account.user, host: world.company.domain),
      callee: .init(station: trunk, name: "", number: number, host: world.company.domain), outcome: outcome,
      ring: ring)
    plan.authenticates = true
    plan.label = label
    plan.isCounted = false
    plan.capture = Scenario.Media.Capture.none
    CallFlow(plan, in: world).begin(at: world.now)
  }

  private static func tollFraud(_ context: AttackContext, in world: World) {
    guard let account = context.random.pick(world.company.accounts) else { return }
    let thief = thief(account, context, agent: "sipcli/v1.8")
    let label = context.label(
      ("src_ip", "\(thief.endpoint.address)"), ("account", account.user), in: world)
    context.steps(rate: 4, count: 120, in: world) { world, _ in
      let prefix = context.random.pick(FictionalNumbers.costly) ?? "00252"
      let number = FictionalNumbers.number(prefix, &context.random)
      let talk = 60_000_000_000 + context.random.exponential(mean: 400_000_000_000)
      let isAnswered = context.random.chance(percent: 75)
      call(
        thief, account, to: number,
        isAnswered
          ? .answered(talk) : .refused(context.random.pick([404, 480, 503]) ?? 480, byServer: false),
        ring: 3_000_000_000, label: label, in: world)
    }
  }

  private static func wangiri(_ context: AttackContext, in world: World) {
    guard let account = context.random.pick(world.company.accounts) else { return }
    let thief = thief(account, context)
    let label = context.label(
      ("src_ip", "\(thief.endpoint.address)"), ("account", account.user), in: world)
    context.steps(rate: 30, count: 120, in: world) { world, _ in
      let number = FictionalNumbers.number(
        context.random.pick(["00447", "0033", "0171", "001"]) ?? "00447", &context.random)
      call(
        thief, account, to: number, .cancelled, ring: context.random.between(700_000_000, 2_500_000_000),
        label: label, in: world)
    }
  }

  private static func callPumping(_ context: AttackContext, in world: World) {
    let accounts = (0..<3).compactMap { _ in context.random.pick(world.company.accounts) }
    let thieves = accounts.map { (thief($0, context), $0) }
    // A conference bridge in a rural exchange that shares what its calls earn.
    let number = "001712555010" + context.random.text(1, of: "0123456789")
    let label = context.label(("callee", number), in: world)
    context.steps(rate: 3, count: 90, in: world) { world, _ in
      guard let (thief, account) = context.random.pick(thieves) else { return }
      let talk = 240_000_000_000 + context.random.exponential(mean: 300_000_000_000)
      call(thief, account, to: number, .answered(talk), ring: 2_000_000_000, label: label, in: world)
    }
  }

  private static func callerSpoofing(_ context: AttackContext, in world: World) {
    guard let trunk = world.company.trunks.first else { return }
    let shown = FictionalNumbers.international(FictionalNumbers.number("089", &context.random))
    let label = context.label(("caller", shown), in: world)
    context.steps(rate: 1, count: 6, in: world) { world, index in
      guard let account = context.random.pick(world.company.accounts), let phone = account.phones.first else {
        return
      }
      let real = FictionalNumbers.international(FictionalNumbers.number("00447", &context.random))
      // Some providers let their customers choose the number, others the name alone.
      var plan = CallPlan(
        caller: .init(
          station: trunk, name: shown, number: index % 2 == 0 ? shown : real, host: "provider.example.net"),
        callee: .init(
          station: phone, name: "", number: world.scenario.population.number + account.user.suffix(3),
          host: world.company.domain), outcome: .answered(world.about(60_000_000_000)),
        ring: world.about(5_000_000_000))
      plan.extraHeader = ("P-Asserted-Identity", "<sip:\(real)@provider.example.net>")
      plan.label = label
      plan.isCounted = false
      let flow = CallFlow(plan, in: world)
      flow.begin(at: world.now)
      for leg in flow.legs { world.labels.add("call_id", leg.callID, to: label) }
    }
  }
}
