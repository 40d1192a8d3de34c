internal import Values

/// The attacks that can be simulated.
package enum AttackCatalogue {
  /// One kind of attack.
  struct Kind: Sendable {
    let name: String
    let summary: String
    /// Rules that are right to fire at it.
    let rules: [String]
    /// Whether it waits for the night, if the capture has one.
    var prefersNight = false
    let begin: @Sendable (AttackContext, World) -> Void
  }

  /// All names in the order of the documentation.
  package static var names: [String] { kinds.map(\.name) }
  /// Names with one line about each.
  package static var summaries: [(name: String, summary: String)] { kinds.map { ($0.name, $0.summary) } }

  static let kinds = scans + guesses + floods + frauds + takeovers + teardowns + media + messages

  /// Plans attacks over a simulation: at the time they ask for, else one after the other.
  static func plan(_ requests: [AttackRequest], seed: UInt64, in world: World) {
    let length = world.end - world.start
    for (index, request) in requests.enumerated() {
      guard let kind = kinds.first(where: { $0.name == request.name }) else { continue }
      let context = AttackContext(
        request: request, rules: kind.rules,
        random: RandomSource(seed: seed, part: "attack \(index) \(request.name)"))
      let share = world.start + length * Int64(2 * index + 1) / Int64(2 * requests.count + 2)
      let own = kind.prefersNight ? night(in: world) ?? share : share
      world.at(request.start.map { world.start + $0 } ?? own) { kind.begin(context, $0) }
    }
  }

  /// The first quarter of an hour between 22:00 and 04:00 that the capture has in it.
  private static func night(in world: World) -> Int64? {
    stride(from: world.start, to: world.end, by: 900_000_000_000).first { time in
      let minute = LocalClockReading(world.clock, at: time).minute
      return minute >= 22 * 60 || minute < 4 * 60
    }
  }
}

/// What an attack is to do, with its own chance.
final class AttackContext {
  let request: AttackRequest
  let rules: [String]
  var random: RandomSource

  init(request: AttackRequest, rules: [String], random: RandomSource) {
    self.request = request
    self.rules = rules
    self.random = random
  }

  /// A machine somewhere in the Internet, or where the request says.
  func stranger(_ agent: Agent, port: UInt16 = 5060, user: String = "") -> Station {
    let address =
      request.source.flatMap { IPAddress($0) } ?? IPAddress(v4: 0xc633_6401).adding(random.below(126))
    return Station(
      .stranger, user: user, endpoint: Endpoint(address: address, port: port), agent: agent,
      distance: 40_000_000 + Int64(random.below(40_000_000)))
  }

  /// A machine inside the company that is nobody's phone.
  func insider(_ agent: Agent, in world: World, port: UInt16 = 5060) -> Station {
    let inside = IPNetwork(world.scenario.network.phones)?.address ?? IPAddress(v4: 0x0a14_0000)
    let address = request.source.flatMap { IPAddress($0) } ?? inside.adding(250 * 256 + 1 + random.below(250))
    return Station(
      .stranger, user: "", endpoint: Endpoint(address: address, port: port), agent: agent, distance: 300_000)
  }

  /// Opens the label of this attack.
  func label(_ values: (String, String)..., in world: World) -> Int32 {
    var entity = LabelledEntity()
    entity.values = values.map { ($0.0, $0.1) }
    return world.labels.open(request.name, entity, rules: rules)
  }

  /// Does something again and again: as often, as fast and as long as was asked for, or as the tool does by
  /// itself.
  ///
  /// - Parameter rate: times in a minute.
  func steps(rate: Int, count: Int, in world: World, _ body: @escaping (World, Int) -> Void) {
    let rate = request.rate ?? rate
    let interval = 60_000_000_000 / Int64(max(1, rate))
    let times = request.count ?? request.duration.map { Int($0 / interval) } ?? count
    step(0, of: times, every: interval, in: world, body)
  }

  private func step(
    _ index: Int, of count: Int, every interval: Int64, in world: World,
    _ body: @escaping (World, Int) -> Void
  ) {
    guard index < count else { return }
    body(world, index)
    // Tools do not keep time exactly.
    let pause = random.between(interval * 9 / 10, interval * 11 / 10)
    world.at(world.now + pause) { self.step(index + 1, of: count, every: interval, in: $0, body) }
  }
}
