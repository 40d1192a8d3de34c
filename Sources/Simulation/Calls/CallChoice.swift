internal import Values

/// Decides about calls: who, whom, and what will come of it.
enum CallChoice {
  /// A call from desk to desk.
  static func between(in world: World) -> CallPlan? {
    guard let caller = freeAccount(in: world), let callee = world.random.pick(world.company.accounts),
      callee.user != caller.user, let phone = caller.phones.first, let answering = callee.phones.first
    else { return nil }
    let domain = world.company.domain
    var plan = CallPlan(
      caller: .init(station: phone, name: caller.name, number: caller.user, host: domain),
      callee: .init(station: answering, name: callee.name, number: callee.user, host: domain),
      outcome: .busy, ring: world.about(7_000_000_000))
    plan.otherPhones = world.scenario.network.server == .proxy ? Array(callee.phones.dropFirst()) : []
    plan.authenticates = true
    plan.outcome = outcome(in: world, wrongNumber: .refused(404, byServer: true))
    if callee.isBusy(at: world.now) { plan.outcome = .busy }
    if case .refused(404, _, true) = plan.outcome {
      plan.callee = .init(
        station: answering, name: "", number: "\(callee.user)\(world.random.below(10))", host: domain)
    }
    if case .answered = plan.outcome, world.random.chance(percent: world.scenario.calls.transferPercent),
      world.scenario.network.server == .proxy, let other = freeAccount(in: world), other.user != callee.user,
      other.user != caller.user, let otherPhone = other.phones.first
    {
      plan.transfer = .init(station: otherPhone, name: other.name, number: other.user, host: domain)
    }
    return finished(plan, caller.phones.first, in: world)
  }

  /// A call to the world outside.
  static func outgoing(in world: World) -> CallPlan? {
    guard let caller = freeAccount(in: world), let phone = caller.phones.first,
      let trunk = world.random.pick(world.company.trunks)
    else { return nil }
    let choices = world.scenario.calls.destinations
    let prefix = choices[world.random.weighted(choices.map(\.weight))].prefix
    let number = FictionalNumbers.number(prefix, &world.random)
    let wrong = CallPlan.Outcome.refused(404, byServer: false)
    var plan = CallPlan(
      caller: .init(station: phone, name: caller.name, number: caller.user, host: world.company.domain),
      callee: .init(station: trunk, name: "", number: number, host: world.company.domain),
      outcome: outcome(in: world, wrongNumber: wrong), ring: world.about(11_000_000_000))
    plan.authenticates = true
    if world.random.chance(perMille: world.scenario.errors.trunkError) {
      plan.outcome = .refused(world.random.pick([502, 503, 504]) ?? 503, byServer: false)
    }
    let digits = caller.user.suffix(3)
    plan.extraHeader = (
      "P-Preferred-Identity", "<sip:\(world.scenario.population.number)\(digits)@\(world.company.domain)>"
    )
    return finished(plan, phone, in: world)
  }

  /// A call from the world outside, to somebody or to the queue.
  static func incoming(in world: World) -> CallPlan? {
    guard let trunk = world.random.pick(world.company.trunks) else { return nil }
    let population = world.scenario.population
    let isForQueue = !world.company.queueAgents.isEmpty && world.random.chance(percent: 85)
    let account =
      isForQueue ? freeAgent(in: world) ?? freeAccount(in: world) : world.random.pick(world.company.accounts)
    guard let account, let phone = account.phones.first else { return nil }
    let choices = world.scenario.calls.destinations
    let prefix = choices[world.random.weighted(choices.map(\.weight))].prefix
    let number = FictionalNumbers.international(
      FictionalNumbers.number(prefix, &world.random), home: String(population.number.prefix(3)))
    let dialled = isForQueue ? population.queue : String(account.user.suffix(3))
    var plan = CallPlan(
      caller: .init(station: trunk, name: "", number: number, host: "provider.example.net"),
      callee: .init(
        station: phone, name: "", number: population.number + dialled, host: world.company.domain),
      outcome: outcome(in: world, wrongNumber: .refused(404, byServer: true)),
      ring: world.about(8_000_000_000))
    if account.isBusy(at: world.now) { plan.outcome = .busy }
    if isForQueue {
      plan.queueWait = 8_000_000_000 + world.random.exponential(mean: population.queueWait / 2)
      if case .refused = plan.outcome { plan.outcome = .unanswered }
      if case .cancelled = plan.outcome { plan.outcome = .unanswered }
    }
    plan.extraHeader = ("P-Asserted-Identity", "<sip:\(number)@provider.example.net>")
    return finished(plan, trunk, in: world)
  }

  private static func freeAccount(in world: World) -> Company.Account? {
    for _ in 0..<8 {
      guard let account = world.random.pick(world.company.accounts) else { return nil }
      if !account.isBusy(at: world.now) { return account }
    }
    return nil
  }

  private static func freeAgent(in world: World) -> Company.Account? {
    let agents = world.company.queueAgents.filter { !world.company.accounts[$0].isBusy(at: world.now) }
    return world.random.pick(agents).map { world.company.accounts[$0] }
  }

  private static func outcome(in world: World, wrongNumber: CallPlan.Outcome) -> CallPlan.Outcome {
    let calls = world.scenario.calls
    let errors = world.scenario.errors
    if world.random.chance(perMille: errors.declined) { return .refused(603, byServer: false) }
    if world.random.chance(perMille: errors.serverError) {
      return .refused(world.random.pick([500, 503]) ?? 500, byServer: true)
    }
    switch world.random.weighted([
      calls.answered, calls.busy, calls.unanswered, calls.cancelled, calls.wrongNumber,
    ]) {
    case 0: return .answered(3_000_000_000 + world.random.exponential(mean: calls.duration))
    case 1: return .busy
    case 2: return .unanswered
    case 3: return .cancelled
    default: return wrongNumber
    }
  }

  /// Adds what may happen to any call.
  private static func finished(_ plan: CallPlan, _ caller: Station?, in world: World) -> CallPlan {
    var plan = plan
    let shared = caller?.codecs.first {
      plan.callee.station.role == .trunk || plan.callee.station.codecs.contains($0)
    }
    plan.codec = shared ?? .pcma
    plan.ending = world.random.chance(percent: 55) ? .caller : .callee
    if case .unanswered = plan.outcome { plan.ring = world.about(32_000_000_000) }
    if case .refused(let code, _, _) = plan.outcome, code >= 500, code < 600 {
      plan.label = world.labels.open(
        "server-error", isBenign: true, entity(of: plan), rules: ["failure-reason"])
    }
    guard case .answered(let talk) = plan.outcome else { return plan }
    if world.random.chance(percent: world.scenario.calls.holdPercent), talk > 40_000_000_000 {
      plan.hold = talk / 4..<talk / 4 + world.about(12_000_000_000)
    }
    oddities(&plan, in: world)
    return plan
  }

  private static func oddities(_ plan: inout CallPlan, in world: World) {
    let errors = world.scenario.errors
    if world.random.chance(perMille: errors.oneWayAudio) {
      plan.isOneWay = true
      plan.label = world.labels.open(
        "one-way-audio", isBenign: true, entity(of: plan), rules: ["one-way-audio"])
    } else if world.random.chance(perMille: errors.lostBye) {
      plan.ending = .nobody
      plan.label = world.labels.open("lost-bye", isBenign: true, entity(of: plan), rules: [])
    }
  }
}

extension CallChoice {
  private static func entity(of plan: CallPlan) -> LabelledEntity {
    LabelledEntity(
      ("src_ip", "\(plan.caller.station.endpoint.address)"),
      ("dest_ip", "\(plan.callee.station.endpoint.address)"), ("account", plan.caller.number))
  }
}

/// Numbers that regulators keep free for films and books, where they do.
enum FictionalNumbers {
  /// Beginnings of premium and satellite numbers, and of countries whose numbers are rented out to earn from calls.
  static let costly = [
    "00449098790", "008835100", "00252", "00232", "00371", "0053", "00960", "00678", "00881", "00216",
    "00247",
    "00881", "00677", "00269", "00675",
  ]

  /// A number behind a beginning such as `030`, `0171`, `0044` or `001`, as somebody dials it.
  static func number(_ prefix: String, _ random: inout RandomSource) -> String {
    func digits(_ count: Int) -> String { random.text(count, of: "0123456789") }
    switch prefix {
    case "030": return "03023125" + digits(3)
    case "089": return "08999998" + digits(3)
    case "069": return "06990009" + digits(3)
    case "040": return "04066969" + digits(3)
    case "0221": return "02214710" + digits(3)
    case "0171": return "017139200" + digits(2)
    case "0174": return "01749091317"
    case "0176": return "0176040690" + digits(2)
    case "020": return "02079460" + digits(3)
    case "07700": return "07700900" + digits(3)
    case "00449098790": return "00449098790" + digits(3)
    case "0044": return "004420794600" + digits(2)
    case "00447": return "00447700900" + digits(3)
    case "0033": return "0033199005" + digits(3)
    case "001": return "00121255501" + digits(2)
    default:
      // No range is kept free: a one and noughts, with which no number begins there, keep it from being anybody's.
      return prefix + "100" + digits((length[prefix] ?? 9) - 3)
    }
  }

  /// Digits behind beginnings of other countries, where they are not nine: a number is told from others by its length.
  private static let length = [
    "0055": 10, "0090": 10, "0091": 10, "00216": 8, "00232": 8, "00247": 5, "00252": 8, "00269": 7,
    "00371": 8,
    "0053": 8, "0065": 8, "00675": 7, "00677": 7, "00678": 7, "00960": 7, "008835100": 5, "010": 7, "01": 7,
  ]

  /// The number with `+` and country.
  ///
  /// - Parameter home: the country where it is dialled, such as `+49`.
  static func international(_ dialled: String, home: String = "+49") -> String {
    if dialled.hasPrefix("00") { return "+" + dialled.dropFirst(2) }
    return dialled.hasPrefix("0") ? home + dialled.dropFirst() : dialled
  }
}
