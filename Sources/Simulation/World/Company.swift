internal import Values

/// The people and machines of a scenario.
struct Company {
  /// Somebody with an extension.
  struct Account {
    let user: String
    let name: String
    let phones: [Station]

    /// Whether any of the phones is in a call.
    func isBusy(at time: Int64) -> Bool { phones.contains { $0.busyUntil > time } }
  }

  let domain: String
  let server: Station
  let trunks: [Station]
  private(set) var accounts: [Account] = []
  /// Indices of the accounts that take the calls of the queue.
  private(set) var queueAgents: [Int] = []

  private static let firstNames = [
    "Alice", "Bruno", "Carla", "David", "Elif", "Frank", "Greta", "Hassan", "Ines", "Jonas", "Klara", "Lukas",
    "Mila", "Noah", "Olga", "Paul", "Rosa", "Samir", "Tilda", "Umut", "Vera", "Wim", "Yara", "Zoe",
  ]
  private static let lastNames = [
    "Albers", "Berg", "Conrad", "Demir", "Engel", "Fuchs", "Gruber", "Haas", "Ivanov", "Jansen", "Kaya",
    "Lang", "Maier", "Novak", "Otto", "Peters", "Quast", "Roth", "Sommer", "Thiel", "Ulrich", "Vogel",
    "Weber", "Yilmaz", "Ziegler",
  ]

  init(_ scenario: Scenario, _ random: inout RandomSource) {
    let network = scenario.network
    domain = network.domain
    let address = IPAddress(network.serverAddress) ?? IPAddress(v4: 0xc000_020a)
    server = Station(
      .server, user: "", endpoint: Endpoint(address: address, port: 5060),
      agent: Agent(name: network.serverAgent, style: .server), distance: 0)
    trunks = network.trunks.compactMap { IPAddress($0) }.map { address in
      Station(
        .trunk, user: "", endpoint: Endpoint(address: address, port: 5060),
        agent: Agent(name: "ExampleTrunk SBC/9.2", style: .server), distance: 9_000_000)
    }
    let population = scenario.population
    for index in 0..<population.users {
      let user = String(population.firstExtension + index)
      let name = Self.name(index)
      let hasSecond = random.chance(percent: population.secondPhonePercent)
      let phones = (0..<(hasSecond ? 2 : 1)).map { number in
        phone(number * population.users + index, user, name, scenario, &random)
      }
      for phone in phones { phone.password = "\(random.word(14))" }
      if let first = phones.first { for phone in phones { phone.password = first.password } }
      accounts.append(Account(user: user, name: name, phones: phones))
    }
    queueAgents = Array(accounts.indices.prefix(population.queueAgents))
  }

  private static func name(_ index: Int) -> String {
    "\(firstNames[index % firstNames.count]) \(lastNames[(index / firstNames.count + index) % lastNames.count])"
  }

  private func phone(
    _ index: Int, _ user: String, _ name: String, _ scenario: Scenario, _ random: inout RandomSource
  ) -> Station {
    let network = scenario.network
    let weights = scenario.population.agents.map(\.weight)
    let agent =
      scenario.population.agents.isEmpty
      ? Agent(name: "ExamplePhone T4/66.85.0.5", style: .decimal)
      : scenario.population.agents[random.weighted(weights)].agent
    let isAtHome = random.chance(percent: network.homePercent)
    let inside = IPNetwork(isAtHome ? "192.168.0.0/16" : network.phones)
    let base = inside?.address ?? IPAddress(v4: 0x0a14_0000)
    let hosts = 1 << max(0, min(20, base.bitWidth - (inside?.prefixLength ?? 16)))
    let local = Endpoint(
      address: base.adding(
        isAtHome ? random.below(250) * 256 + 20 + random.below(80) : (257 + index) % hosts),
      port: isAtHome || random.chance(percent: 30) ? UInt16(5062 + 2 * random.below(40)) : 5060)
    var seen = local
    if isAtHome, let homes = IPNetwork(network.homes) {
      let count = 1 << max(0, min(16, homes.address.bitWidth - homes.prefixLength))
      seen = Endpoint(
        address: homes.address.adding(1 + random.below(max(1, count - 2))),
        port: UInt16(20_000 + random.below(40_000)))
    }
    let isStream = random.chance(percent: scenario.population.tcpPercent)
    if isStream { seen.port = UInt16(32_768 + random.below(28_000)) }
    let stream = isStream ? StreamConnection(client: seen, server: server.endpoint, &random) : nil
    let station = Station(
      .phone, user: user, displayName: name, endpoint: seen, local: local, agent: agent, stream: stream,
      distance: isAtHome
        ? 8_000_000 + Int64(random.below(12_000_000)) : 150_000 + Int64(random.below(400_000)),
      firstMediaPort: UInt16(11_000 + 4 * random.below(2000)))
    let choices = scenario.media.codecs
    let preferred = choices[random.weighted(choices.map(\.weight))].codec
    station.codecs = preferred == .pcma ? [.pcma] : [preferred, .pcma]
    station.registrationCallID = agent.callID(&random, host: local.host)
    station.registrationCSeq = 1 + random.below(900)
    return station
  }
}

extension IPAddress {
  /// The address that many further; within the lower 64 bits.
  func adding(_ offset: Int) -> IPAddress {
    isIPv6
      ? IPAddress(v6High: high, low: low &+ UInt64(offset))
      : IPAddress(v4: UInt32(truncatingIfNeeded: low &+ UInt64(offset)))
  }
}
