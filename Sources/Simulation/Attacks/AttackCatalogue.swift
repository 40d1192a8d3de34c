/// An attack: what a tool of that kind does, one step at a time.
protocol Attack: AnyObject {
  /// Begins at the present time of the world.
  func begin(in world: World)
}

/// The attacks that can be simulated.
package enum AttackCatalogue {
  /// One kind of attack.
  struct Kind: Sendable {
    let name: String
    let summary: String
    /// Rules that are right to fire at it.
    let rules: [String]
    let make: @Sendable (AttackContext) -> any Attack
  }

  /// All names in the order of the documentation.
  package static var names: [String] { kinds.map(\.name) }
  /// Names with one line about each.
  package static var summaries: [(name: String, summary: String)] { kinds.map { ($0.name, $0.summary) } }

  static let kinds: [Kind] = []

  /// Plans attacks over a simulation: at the time they ask for, else one after the other.
  static func plan(_ requests: [AttackRequest], seed: UInt64, in world: World) {
    let length = world.end - world.start
    for (index, request) in requests.enumerated() {
      guard let kind = kinds.first(where: { $0.name == request.name }) else { continue }
      let share = length * Int64(index + 1) / Int64(requests.count + 1)
      let context = AttackContext(
        request: request, rules: kind.rules,
        random: RandomSource(seed: seed, part: "attack \(index) \(request.name)"))
      world.at(world.start + (request.start ?? share / 2)) { kind.make(context).begin(in: $0) }
    }
  }
}

/// What an attack is to do, and its own chance.
final class AttackContext {
  let request: AttackRequest
  let rules: [String]
  var random: RandomSource

  init(request: AttackRequest, rules: [String], random: RandomSource) {
    self.request = request
    self.rules = rules
    self.random = random
  }
}
