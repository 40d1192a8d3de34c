internal import Values

/// The variables of a signature file, and the lists that stand for them in the rules.
struct SignatureVariables {
  /// A list that the imported rules refer to.
  struct List {
    let name: String
    let type: ListType
    let items: [String]
    let comment: String
  }

  /// What a name stands for.
  enum Meaning {
    /// The text of an address or port, which may name variables itself.
    case text(String)
    /// A list of the output.
    case list(String)
    case notInList(String)
    case unknown
  }

  private var values: [String: String]
  private var assumed: Set<String> = []
  /// The lists that were referred to, in the order of their first use.
  private(set) var lists: [List] = []

  init(_ values: [String: String]) {
    self.values = values
  }

  /// Whether `HOME_NET` is `any` and `EXTERNAL_NET`, which is its opposite by default, was not given.
  var homeIsEverything: Bool { values["HOME_NET"]?.lowercased() == "any" && values["EXTERNAL_NET"] == nil }

  /// A value out of the file; what was given from outside stays.
  mutating func define(_ name: String, _ value: String) {
    if values[name] == nil { values[name] = value }
  }

  /// What an address variable stands for; `HOME_NET` and what Suricata derives from it have a default.
  mutating func addresses(_ name: String) -> Meaning {
    if let value = values[name] {
      guard let networks = Self.networks(value) else { return .text(value) }
      return use(List(name: name.lowercased(), type: .cidr, items: networks, comment: "$\(name)"))
    }
    if name == "EXTERNAL_NET" {
      switch addresses("HOME_NET") {
      case .list(let home): return .notInList(home)
      case .text(let text): return .text("!\(text)")
      default: return .unknown
      }
    }
    if name == "HOME_NET" {
      return use(
        List(
          name: "home_net", type: .cidr, items: Self.privateNetworks,
          comment: "$HOME_NET was not given: these are the private networks; put in your own"))
    }
    return name.hasSuffix("_SERVERS") || name.hasSuffix("_SERVER") ? addresses("HOME_NET") : .unknown
  }

  /// What a port variable stands for; `SIP_PORTS` has a default.
  mutating func ports(_ name: String) -> Meaning {
    if let value = values[name] { return .text(value) }
    guard name == "SIP_PORTS" else { return .unknown }
    return use(
      List(
        name: "sip_ports", type: .number, items: ["5060", "5061"],
        comment: "$SIP_PORTS was not given: put in your own"))
  }

  /// The variable that a name has its default from, the first time that it is used without being given.
  mutating func assumption(_ name: String, isPorts: Bool) -> String? {
    let root = isPorts || name == "HOME_NET" || name != "EXTERNAL_NET" ? name : "HOME_NET"
    guard values[name] == nil, values[root] == nil else { return nil }
    return assumed.insert(root).inserted ? root : nil
  }

  private mutating func use(_ list: List) -> Meaning {
    if !lists.contains(where: { $0.name == list.name }) { lists.append(list) }
    return .list(list.name)
  }

  private static let privateNetworks = [
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10",
  ]

  /// The networks of a value that is nothing but networks.
  private static func networks(_ value: String) -> [String]? {
    var text = Substring(value)
    if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    let networks = text.split(separator: ",").map { IPNetwork(String($0)) }
    guard !networks.isEmpty, networks.allSatisfy({ $0 != nil }) else { return nil }
    return networks.compactMap { $0.map { "\($0)" } }
  }
}

/// Writes one side of a header as a condition.
struct SideTranslator {
  /// Nested brackets and variables beyond this are a mistake.
  private static let maximumDepth = 8
  /// The most single addresses or ports of a side.
  private static let maximumItems = 1024

  /// What a side asks for, in two heaps.
  private struct Items {
    var wanted: [String] = []
    var wantedLists: [String] = []
    var refused: [String] = []
    var refusedLists: [String] = []
    var isAny = false

    func condition(_ field: String) -> ConditionText? {
      var parts: [ConditionText] = []
      let positive = Self.memberships(field, "in", wanted, wantedLists)
      if !isAny, !positive.isEmpty { parts.append(.any(positive)) }
      parts += Self.memberships(field, "not in", refused, refusedLists)
      return parts.isEmpty ? nil : .all(parts)
    }

    private static func memberships(
      _ field: String, _ word: String, _ items: [String], _ lists: [String]
    ) -> [ConditionText] {
      var parts = lists.map { ConditionText.test("\(field) \(word) @\($0)") }
      if items.count == 1, !items[0].contains("/"), !items[0].contains("..") {
        parts.append(.test("\(field) \(word == "in" ? "==" : "!=") \(items[0])"))
      } else if items.count == 1 {
        parts.append(.test("\(field) \(word) \(items[0])"))
      } else if !items.isEmpty {
        parts.append(.test("\(field) \(word) [\(items.joined(separator: ", "))]"))
      }
      return parts
    }
  }

  private let isPorts: Bool
  private let place: Int
  private var items = Items()
  /// Variables that were not given and have a default.
  private(set) var assumed: [String] = []

  /// The condition that a field is one of the addresses, or nil for any address.
  static func addresses(
    _ word: Signature.Word, _ field: String, _ variables: inout SignatureVariables
  ) throws(SignatureFault) -> (condition: ConditionText?, assumed: [String]) {
    var translator = SideTranslator(isPorts: false, place: word.place)
    try translator.add(word.text, isNegated: false, depth: 0, &variables)
    return (translator.items.condition(field), translator.assumed)
  }

  /// The condition that a field is one of the ports, or nil for any port.
  static func ports(
    _ word: Signature.Word, _ field: String, _ variables: inout SignatureVariables
  ) throws(SignatureFault) -> (condition: ConditionText?, assumed: [String]) {
    var translator = SideTranslator(isPorts: true, place: word.place)
    try translator.add(word.text, isNegated: false, depth: 0, &variables)
    return (translator.items.condition(field), translator.assumed)
  }

  private init(isPorts: Bool, place: Int) {
    self.isPorts = isPorts
    self.place = place
  }

  private func fault(_ message: String) -> SignatureFault { SignatureFault(place: place, message: message) }

  private mutating func add(
    _ text: String, isNegated: Bool, depth: Int, _ variables: inout SignatureVariables
  ) throws(SignatureFault) {
    guard depth <= Self.maximumDepth else { throw fault("\(text.quoted) is nested too deep") }
    guard items.wanted.count + items.refused.count < Self.maximumItems else {
      throw fault("more than \(Self.maximumItems) addresses or ports")
    }
    if text.hasPrefix("!") {
      guard !isNegated else { throw fault("a negation inside a negation cannot be translated") }
      return try add(String(text.dropFirst()), isNegated: true, depth: depth + 1, &variables)
    }
    if text.hasPrefix("[") {
      for part in try Self.parts(text, fault("']' is missing in \(text.quoted)")) {
        try add(part, isNegated: isNegated, depth: depth + 1, &variables)
      }
      return
    }
    if text.hasPrefix("$") { return try addVariable(String(text.dropFirst()), isNegated, depth, &variables) }
    if text.lowercased() == "any" {
      guard !isNegated else { throw fault("'!any' never matches" + externalHint(variables)) }
      items.isAny = true
      return
    }
    guard let item = isPorts ? Self.port(text) : Self.address(text) else {
      throw fault("\(text.quoted) is no \(isPorts ? "port or range of ports" : "address or address block")")
    }
    if isNegated { items.refused.append(item) } else { items.wanted.append(item) }
  }

  /// What is left outside of a home that is everything.
  private func externalHint(_ variables: SignatureVariables) -> String {
    variables.homeIsEverything ? "; give $EXTERNAL_NET, too, with --var EXTERNAL_NET=any" : ""
  }

  private mutating func addVariable(
    _ name: String, _ isNegated: Bool, _ depth: Int, _ variables: inout SignatureVariables
  ) throws(SignatureFault) {
    if let root = variables.assumption(name, isPorts: isPorts) { assumed.append(root) }
    switch isPorts ? variables.ports(name) : variables.addresses(name) {
    case .unknown: throw fault("the variable $\(name) is not known; give it with --var \(name)=VALUE")
    case .text(let text): try add(text, isNegated: isNegated, depth: depth + 1, &variables)
    case .list(let list):
      if isNegated { items.refusedLists.append(list) } else { items.wantedLists.append(list) }
    case .notInList(let list):
      // Not from outside is from inside.
      if isNegated { items.wantedLists.append(list) } else { items.refusedLists.append(list) }
    }
  }

  /// The parts of `[a,b,[c,d]]` at its outermost commas.
  private static func parts(_ text: String, _ fault: SignatureFault) throws(SignatureFault) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    for character in text.dropFirst() {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      if depth < 0 {
        parts.append(part)
        return parts.filter { !$0.isEmpty }
      }
      if character == ",", depth == 0 {
        parts.append(part)
        part = ""
      } else {
        part.append(character)
      }
    }
    throw fault
  }

  private static func address(_ text: String) -> String? {
    if let address = IPAddress(text) { return "\(address)" }
    return IPNetwork(text).map { "\($0)" }
  }

  private static func port(_ text: String) -> String? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 1 { return UInt16(text).map { "\($0)" } }
    guard parts.count == 2, let lower = parts[0].isEmpty ? 0 : UInt16(parts[0]),
      let upper = parts[1].isEmpty ? .max : UInt16(parts[1]), lower <= upper
    else { return nil }
    return "\(lower)..\(upper)"
  }
}
