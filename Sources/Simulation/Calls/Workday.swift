internal import Values

/// When people call, and whom: the ordinary life of a company.
enum Workday {
  /// Plans everything that goes on without attacks.
  static func begin(in world: World) {
    for account in world.company.accounts {
      for phone in account.phones { Registrar.live(phone, in: world) }
    }
    for trunk in world.company.trunks {
      world.at(world.start + world.random.between(0, 30_000_000_000)) { ping(trunk, in: $0) }
    }
    planNextCall(in: world)
  }

  private static func ping(_ trunk: Station, in world: World) {
    let server = world.company.server
    for (source, destination) in [(server, trunk), (trunk, server)] {
      let leg = Leg(
        [source, destination], from: "<sip:ping@\(source.endpoint.host)>",
        to: "<sip:\(destination.endpoint.host)>", target: "sip:\(destination.endpoint.text)", in: world)
      leg.exchange("OPTIONS", at: world.now + world.random.between(0, 900_000_000), in: world)
    }
    world.at(world.now + 60_000_000_000) { ping(trunk, in: $0) }
  }

  /// Percent of the rate of a business hour at an instant.
  static func activity(_ calendar: Scenario.Calendar, _ clock: LocalClockReading) -> Int {
    guard calendar.weekdays & (1 << UInt8(clock.weekday)) != 0 else { return calendar.weekendPercent }
    if calendar.lunch.contains(clock.minute) { return calendar.lunchPercent }
    return calendar.hours.contains(clock.minute) ? 100 : calendar.nightPercent
  }

  /// Calls come as independently of each other as people do: exponential waiting times, thinned out by the
  /// hour.
  private static func planNextCall(in world: World) {
    let calendar = world.scenario.calendar
    let calls = world.scenario.population.users * calendar.callsPerUserAndDay
    let lunch = calendar.lunch.clamped(to: calendar.hours).count
    let minutes = calendar.hours.count - lunch + lunch * calendar.lunchPercent / 100
    guard calls > 0, minutes > 0 else { return }
    let mean = Int64(minutes) * 60_000_000_000 / Int64(calls)
    world.at(world.now + world.random.exponential(mean: mean)) { world in
      let reading = LocalClockReading(world.clock, at: world.now)
      if world.random.chance(percent: activity(calendar, reading)) { call(in: world) }
      planNextCall(in: world)
    }
  }

  private static func call(in world: World) {
    let calls = world.scenario.calls
    let plan: CallPlan?
    switch world.random.weighted([calls.internalCalls, calls.outgoing, calls.incoming]) {
    case 0: plan = CallChoice.between(in: world)
    case 1: plan = CallChoice.outgoing(in: world)
    default: plan = CallChoice.incoming(in: world)
    }
    guard let plan else { return }
    CallFlow(plan, in: world).begin(at: world.now)
    if world.random.chance(perMille: world.scenario.errors.brokenMessage) { sendBroken(in: world) }
  }

  /// A phone with a bug: a subscription whose Expires is no number; the server refuses it.
  private static func sendBroken(in world: World) {
    guard let account = world.random.pick(world.company.accounts), let phone = account.phones.first else {
      return
    }
    let label = world.labels.open(
      "broken-message", isBenign: true,
      LabelledEntity(("src_ip", "\(phone.endpoint.address)"), ("account", account.user)), rules: [])
    let address = "<sip:\(account.user)@\(world.company.domain)>"
    let leg = Leg(
      [phone, world.company.server], from: address, to: address,
      target: "sip:\(account.user)@\(world.company.domain)", label: label, in: world)
    leg.exchange("SUBSCRIBE", code: 400, at: world.now + world.about(2_000_000_000), in: world) {
      $0.add("Event", "message-summary")
      $0.add("Expires", "36OO")
    }
  }
}

/// What a clock on the wall shows.
struct LocalClockReading {
  /// 0 is Sunday.
  let weekday: Int
  /// Minute of the day.
  let minute: Int

  init(_ clock: LocalClock, at time: Int64) {
    let instant = Timestamp(nanoseconds: time)
    let civil = clock.civilTime(at: instant)
    weekday = clock.weekday(at: instant)
    minute = civil.hour * 60 + civil.minute
  }
}
