package import Rules
internal import Values

/// Reads scenario files with the strict reader and the diagnostics of rule files.
package enum ScenarioReader {
  /// The scenario in a file, or nil when anything in it is wrong; the report says what.
  package static func read(_ path: String) -> (scenario: Scenario?, report: DiagnosticReport) {
    var document = StrictDocument(path: path)
    var scenario = Scenario()
    if let root = document.root,
      let fields = document.decoder.fields(root, of: "scenario", keys: ScenarioKeys.scenario)
    {
      document.decoder.decode(fields, into: &scenario)
      document.decoder.check(fields, scenario)
    }
    let report = document.report
    return (report.errorCount == 0 ? scenario : nil, report)
  }

  /// The attacks of a list that stands elsewhere, as they stand in a scenario file; the sink says what is wrong.
  package static func attacks(_ nodes: [YAMLNode], _ sink: inout DiagnosticSink) -> [AttackRequest] {
    var decoder = NodeDecoder(file: SourceFile(unreadPath: ""))
    let attacks = nodes.compactMap { decoder.decodeAttack($0) }
    for diagnostic in decoder.sink.diagnostics { sink.report(diagnostic) }
    return attacks
  }
}

/// The keys of scenario files.
enum ScenarioKeys {
  static let scenario = [
    "name", "title", "zone", "network", "population", "calendar", "calls", "errors", "media", "attacks",
  ]
  static let network = [
    "domain", "phones", "server", "address", "agent", "digest", "reveals_users", "trunks", "home_percent",
    "homes", "lan_loss_per_100k", "wan_loss_per_100k",
  ]
  static let population = [
    "users", "first_extension", "number", "second_phone_percent", "tcp_percent", "registration",
    "keep_alive", "agents", "queue",
  ]
  static let agent = ["name", "style", "weight"]
  static let queue = ["extension", "agents", "wait"]
  static let calendar = [
    "days", "hours", "lunch", "lunch_percent", "night_percent", "weekend_percent", "calls_per_user_and_day",
  ]
  static let calls = [
    "internal", "outgoing", "incoming", "answered", "busy", "unanswered", "cancelled", "wrong_number",
    "duration", "hold_percent", "transfer_percent", "destinations",
  ]
  static let errors = [
    "declined", "server_error", "trunk_error", "one_way_audio", "lost_bye", "broken_message",
    "wrong_password",
  ]
  static let media = ["capture", "head", "codecs", "reports", "loss_per_1000", "burst", "jitter"]
  static let attack = ["name", "start", "rate", "duration", "count", "disguised", "source"]
  static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
}

extension DiagnosticCode {
  static let badAddress = DiagnosticCode(rawValue: "bad-address")
  static let badTelephoneNumber = DiagnosticCode(rawValue: "bad-telephone-number")
  static let badOpeningHours = DiagnosticCode(rawValue: "bad-hours")
  static let unknownWord = DiagnosticCode(rawValue: "unknown-word")
  static let unknownAttack = DiagnosticCode(rawValue: "unknown-attack")
  static let impossible = DiagnosticCode(rawValue: "impossible-scenario")
}

extension NodeDecoder {
  fileprivate mutating func decode(_ fields: DecodedFields, into scenario: inout Scenario) {
    if let name = required("name", in: fields).flatMap({ text($0, of: "name") }) {
      scenario.name = name.value
    }
    if let node = fields["title"] { scenario.title = text(node, of: "title")?.value ?? "" }
    if let node = fields["zone"], let zone = text(node, of: "zone") {
      scenario.zone = zone.value
      if let clock = LocalClock.read(zone, diagnostics: &sink) { scenario.clock = clock }
    }
    if let node = fields["network"] { decodeNetwork(node, into: &scenario.network) }
    if let node = fields["population"] { decodePopulation(node, into: &scenario.population) }
    if let node = fields["calendar"] { decodeCalendar(node, into: &scenario.calendar) }
    if let node = fields["calls"] { decodeCalls(node, into: &scenario.calls) }
    if let node = fields["errors"] { decodeErrors(node, into: &scenario.errors) }
    if let node = fields["media"] { decodeMedia(node, into: &scenario.media) }
    if let node = fields["attacks"], let items = items(node, of: "attacks") {
      scenario.attacks = items.compactMap { decodeAttack($0) }
    }
  }

  /// What cannot be together.
  fileprivate mutating func check(_ fields: DecodedFields, _ scenario: Scenario) {
    guard scenario.network.server == .proxy else { return }
    if scenario.network.homePercent > 0 {
      sink.error(
        .impossible, at: fields["network"]?.span ?? fields.place,
        "phones behind NAT would hear nothing: a proxy does not relay media",
        help: "write 'server: pbx' in 'network', or leave 'home_percent' out")
    }
    if scenario.population.queueAgents > 0 {
      sink.error(
        .impossible, at: fields["population"]?.span ?? fields.place,
        "a queue needs a server that answers calls itself",
        help: "write 'server: pbx' in 'network', or leave 'queue' out")
    }
  }

  private mutating func decodeNetwork(_ node: YAMLNode, into network: inout Scenario.Network) {
    guard let fields = fields(node, of: "network", keys: ScenarioKeys.network) else { return }
    read("domain", in: fields, into: &network.domain)
    if let block = self.network("phones", in: fields) { network.phones = block }
    if let block = self.network("homes", in: fields) { network.homes = block }
    let kinds = Scenario.Network.ServerKind.allCases.map(\.rawValue)
    if let node = fields["server"],
      let word = choice(node, of: "server", among: kinds, code: .unknownWord)
    {
      network.server = Scenario.Network.ServerKind(rawValue: word.value) ?? .proxy
    }
    if let node = fields["address"], let address = address(node, of: "address") {
      network.serverAddress = address
    }
    read("agent", in: fields, into: &network.serverAgent)
    if let node = fields["digest"],
      let word = choice(node, of: "digest", among: ["MD5", "SHA-256"], code: .unknownWord)
    {
      network.digest = DigestCredentials.Algorithm(rawValue: word.value) ?? .md5
    }
    if let node = fields["reveals_users"], let flag = boolean(node, of: "reveals_users") {
      network.revealsUsers = flag
    }
    if let node = fields["trunks"], let items = items(node, of: "trunks") {
      network.trunks = items.compactMap { address($0, of: "trunks") }
    }
    read("home_percent", in: fields, 0...100, into: &network.homePercent)
    read("lan_loss_per_100k", in: fields, 0...20_000, into: &network.lanLoss)
    read("wan_loss_per_100k", in: fields, 0...20_000, into: &network.wanLoss)
  }

  private mutating func decodePopulation(_ node: YAMLNode, into population: inout Scenario.Population) {
    guard let fields = fields(node, of: "population", keys: ScenarioKeys.population) else { return }
    read("users", in: fields, 2...100_000, into: &population.users)
    read("first_extension", in: fields, 1...9_000_000, into: &population.firstExtension)
    if let node = fields["number"], let number = text(node, of: "number") {
      if number.value.hasPrefix("+"), number.value.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
      {
        population.number = number.value
      } else {
        sink.error(
          .badTelephoneNumber, at: number.span, "'\(number.value)' is no number with its country",
          help: "write + and digits only: +493023125")
      }
    }
    read("second_phone_percent", in: fields, 0...100, into: &population.secondPhonePercent)
    read("tcp_percent", in: fields, 0...100, into: &population.tcpPercent)
    read("registration", in: fields, into: &population.registration)
    read("keep_alive", in: fields, into: &population.keepAlive)
    if let node = fields["agents"], let items = items(node, of: "agents") {
      population.agents = items.compactMap { decodeAgent($0) }
    }
    if let node = fields["queue"], let fields = self.fields(node, of: "queue", keys: ScenarioKeys.queue) {
      population.queue = required("extension", in: fields).flatMap { text($0, of: "extension")?.value } ?? ""
      if required("agents", in: fields) != nil {
        read("agents", in: fields, 1...10_000, into: &population.queueAgents)
      }
      read("wait", in: fields, into: &population.queueWait)
    }
  }

  private mutating func decodeAgent(_ node: YAMLNode) -> (agent: Agent, weight: Int)? {
    guard let fields = fields(node, of: "agent", keys: ScenarioKeys.agent),
      let name = required("name", in: fields).flatMap({ text($0, of: "name") })
    else { return nil }
    var agent = Agent(name: name.value, style: .decimal)
    let styles = Agent.Style.allCases.map(\.rawValue)
    if let node = fields["style"],
      let word = choice(node, of: "style", among: styles, code: .unknownWord)
    {
      agent.style = Agent.Style(rawValue: word.value) ?? .decimal
    }
    var weight = 1
    read("weight", in: fields, 1...1000, into: &weight)
    return (agent, weight)
  }

  /// A name, or a mapping that says more.
  fileprivate mutating func decodeAttack(_ node: YAMLNode) -> AttackRequest? {
    if case .scalar = node { return attackName(node).map { AttackRequest($0) } }
    guard let fields = fields(node, of: "attack", keys: ScenarioKeys.attack),
      let name = required("name", in: fields).flatMap({ attackName($0) })
    else { return nil }
    var request = AttackRequest(name)
    if let node = fields["start"] { request.start = duration(node, of: "start", allowsZero: true)?.value }
    if let node = fields["duration"] { request.duration = duration(node, of: "duration")?.value }
    if let node = fields["rate"] { request.rate = number(node, of: "rate", in: 1...600_000)?.value }
    if let node = fields["count"] { request.count = number(node, of: "count", in: 1...1_000_000)?.value }
    if let node = fields["disguised"] { request.isDisguised = boolean(node, of: "disguised") ?? false }
    if let node = fields["source"] { request.source = address(node, of: "source") }
    return request
  }

  private mutating func attackName(_ node: YAMLNode) -> String? {
    choice(node, of: "attack", among: AttackCatalogue.names, code: .unknownAttack)?.value
  }
}
