import Events
import Testing
import Values

@testable import Rules

/// Draws events and rules from few values, so that both meet often.
private struct Draw {
  var generator: SeededGenerator
  let users = ["alice", "bob", "0049301", "00493012", "", "scan-scan"]

  mutating func pick<Element>(_ items: [Element]) -> Element {
    items[Int.random(in: 0..<items.count, using: &generator)]
  }

  mutating func event(_ milliseconds: Int64) -> ShortEvent {
    var event = ShortEvent(kind: pick([.sipRequest, .sipResponse]), milliseconds: milliseconds)
    event.fields = [(.sipInDialog, .bool(Bool.random(using: &generator)))]
    if Int.random(in: 0..<4, using: &generator) > 0 {
      event.fields.append((.clientIP, .ip(IPAddress(v4: UInt32(pick([1, 2, 300]))))))
    }
    if event.kind == .sipResponse {
      event.fields.append((.sipCode, .integer(pick([200, 401, 404, 486, 503]))))
    }
    for field in [Field.sipFromUser, .sipToUser, .sipUserAgent]
    where Int.random(in: 0..<4, using: &generator) > 0 {
      event.texts.append((field, pick(users)))
    }
    event.texts.append((.sipMethod, pick(["INVITE", "REGISTER"])))
    if Bool.random(using: &generator) { event.headers = [("x-a", pick(users))] }
    if Bool.random(using: &generator) { event.lists = [(.sipSDPCodecs, [pick(users), pick(users)])] }
    return event
  }

  mutating func leaf() -> String {
    let field = pick(["sip.from.user", "sip.to.user", "sip.user_agent", "header[\"X-A\"]"])
    let word = pick(["alice", "bo", "0049", "00493012", "scan", "n-", "e"])
    switch Int.random(in: 0..<12, using: &generator) {
    case 0: return "sip.method == \"\(pick(["INVITE", "REGISTER"]))\""
    case 1: return "\(field) == \"\(word)\""
    case 2: return "\(field) in [\"\(word)\", \"bob\"]"
    case 3: return "\(field) contains \"\(word)\""
    case 4: return "\(field) starts_with \"\(word)\""
    case 5: return "\(field) ends_with \"\(word)\""
    case 6: return "\(field) matches \"\(word)[a-z]*$\""
    case 7: return "client.ip == 0.0.0.\(pick([1, 2]))"
    case 8: return "client.ip in \(pick(["0.0.1.0/24", "[0.0.0.2/31, 0.0.1.0/25]", "0.0.0.0/0", "::/1"]))"
    case 9: return "sip.in_dialog"
    case 10: return "\(pick(["any", "all"]))(sip.sdp.codecs) \(pick(["==", "!=", "contains"])) \"\(word)\""
    default: return "exists(\(field))"
    }
  }

  mutating func tree(_ depth: Int) -> String {
    guard depth > 0, Int.random(in: 0..<3, using: &generator) > 0 else {
      return Bool.random(using: &generator) ? leaf() : "not (\(leaf()))"
    }
    let joint = pick([" and ", " and ", " or "])
    return (0..<Int.random(in: 2...3, using: &generator)).map { _ in "(\(tree(depth - 1)))" }.joined(
      separator: joint)
  }

  mutating func rules(_ count: Int) -> String {
    "rules:\n"
      + (0..<count).map { index in
        let block = index % 3 == 0 ? ", threshold: {by: [client.ip], within: 2s, count: {at_least: 3}}" : ""
        let isResponse = index % 7 == 0
        let event = isResponse ? "sip.response" : pick(["sip", "sip.request"])
        let extra = isResponse ? "sip.code in \(pick(["4xx", "[200, 503]", "401..404"])) and " : ""
        return
          "  - {id: r\(index), sid: \(index + 1), title: R, event: \(event), when: '\(extra)(\(tree(2)))'\(block)}\n"
      }.joined()
  }
}

@Suite struct RuleIndexTests {
  @Test func `the index finds exactly the rules that would fire without it`() throws {
    let seed: UInt64 = 31_337
    var draw = Draw(generator: SeededGenerator(seed: seed))
    var fired = 0
    for round in 0..<6 {
      let ruleSet = try compile(draw.rules(120))
      let events = (0..<150).map { draw.event(Int64($0) * 100) }
      let together = run(ruleSet, events)
      for rule in 0..<ruleSet.ruleCount {
        let alone = runAlone(rule, ruleSet, events)
        #expect(together.filter { $0.rule == rule } == alone, "seed \(seed) round \(round) rule \(rule)")
        fired += alone.count
      }
    }
    #expect(fired > 10_000)
  }

  private func runAlone(_ rule: Int, _ ruleSet: CompiledRuleSet, _ events: [ShortEvent]) -> [Alert] {
    var engine = RuleEngine(ruleSet)
    engine.restart(soleRule: rule)
    var alerts: [Alert] = []
    var event = Event(headerSlots: ruleSet.headerNames.names.count)
    for (index, short) in events.enumerated() {
      short.fill(&event, sequence: UInt64(index), headerNames: ruleSet.headerNames)
      engine.process(event, into: &alerts)
    }
    engine.finish(into: &alerts)
    return alerts
  }

  @Test func `each rule stands where few events meet it`() throws {
    let text = """
      lists:
        bad: {type: cidr, items: ["203.0.113.0/24"]}
      rules:
        - {id: a, sid: 1, title: A, event: sip.request, when: sip.method == "INVITE" and sip.from.user == "x"}
        - {id: b, sid: 2, title: B, event: sip.request, when: sip.uri_user starts_with "00" and not sip.in_dialog}
        - {id: c, sid: 3, title: C, event: sip.request, when: client.ip in @bad}
        - {id: d, sid: 4, title: D, event: sip.response, when: sip.code in 4xx}
        - {id: e, sid: 5, title: E, event: sip.request}
        - {id: f, sid: 6, title: F, event: sip.request, when: sip.user_agent matches "a.b"}
        - {id: g, sid: 7, title: G, event: sip.request, when: "client.ip in [203.0.113.0/24, 10.0.0.0/8]"}
      """
    #expect(
      try compile(text).accesses == [
        "by 1 value of sip.from.user", "by the beginning of sip.uri_user", "by a test of client.ip",
        "by 100 values of sip.code", "meets every event of its kind", "by 1 pattern over sip.user_agent",
        "by the beginning of client.ip",
      ])
  }

  @Test func `a rule that asks for one of several things stands under each of them`() throws {
    let text = """
      rules:
        - {id: a, sid: 1, title: A, event: sip.request, when: sip.user_agent matches "a.b" or sip.user_agent matches "c.d"}
        - {id: b, sid: 2, title: B, event: sip.request, when: sip.from.user == "x" or (client.ip == 10.0.0.1 and sip.in_dialog)}
        - {id: c, sid: 3, title: C, event: sip.request, when: 'sip.from.user in ["x", "y"] or sip.from.user == "y" or not sip.in_dialog'}
        - {id: d, sid: 4, title: D, event: sip.request, when: not (sip.from.user != "x" and sip.to.user != "y")}
        - {id: e, sid: 5, title: E, event: sip.request, when: 'sip.method == "INVITE" and (sip.from.user == "x" or sip.to.user == "y")'}
        - {id: f, sid: 6, title: F, event: sip.request, when: 'sip.method == "INVITE" and (sip.in_dialog or sip.to.user == "y")'}
      """
    let many = (0..<33).map { "header[\"X-\($0)\"] == \"x\"" }.joined(separator: " or ")
    let wide = "\n  - {id: g, sid: 7, title: G, event: sip.request, when: '\(many)'}"
    #expect(
      try compile(text + wide).accesses == [
        "by 2 patterns over sip.user_agent", "by 1 value of sip.from.user or by 1 value of client.ip",
        "by 2 values of sip.from.user or by a test of sip.in_dialog",
        "by 1 value of sip.from.user or by 1 value of sip.to.user",
        "by 1 value of sip.from.user or by 1 value of sip.to.user", "by 1 value of sip.method",
        "meets every event of its kind",
      ])
  }

  @Test func `the memory bound is stated before anything runs`() throws {
    let text = rule(
      "true", "    threshold: {by: [client.ip], within: 10s, count: {at_least: 10}}\n")
    let set = try compile(text)
    var limits = EngineLimits()
    limits.bytesPerRule = 1 << 20
    #expect((500_000...2_200_000).contains(set.memoryBound(limits)))
    limits.totalBytes = 128 << 10
    #expect(set.memoryBound(limits) < 300_000)
    #expect(try compile(rule("true")).memoryBound(limits) == 0)
  }
}

@Suite struct ThreeValuedLogicTests {
  private indirect enum Tree {
    case leaf(Int)
    case not(Tree)
    case all([Tree])
    case any([Tree])
  }

  private static let leaves: [(text: String, truth: Bool?)] = [
    ("sip.cseq == 7", true), ("sip.cseq == 8", false), ("src_port == 1", nil), ("sip.in_dialog", false),
    ("exists(sip.cseq)", true), ("sip.contact.uri contains \"x\"", nil),
    ("sip.from.user matches \"^al\"", true),
    ("missing(sip.cseq)", false),
  ]

  private func draw(_ depth: Int, _ generator: inout SeededGenerator) -> Tree {
    guard depth > 0 else { return .leaf(Int.random(in: 0..<Self.leaves.count, using: &generator)) }
    let count = Int.random(in: 2...4, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return .not(draw(depth - 1, &generator))
    case 1: return .all((0..<count).map { _ in draw(depth - 1, &generator) })
    case 2: return .any((0..<count).map { _ in draw(depth - 1, &generator) })
    default: return .leaf(Int.random(in: 0..<Self.leaves.count, using: &generator))
    }
  }

  private func text(_ tree: Tree) -> String {
    switch tree {
    case .leaf(let index): Self.leaves[index].text
    case .not(let inner): "not (\(text(inner)))"
    case .all(let parts): parts.map { "(\(text($0)))" }.joined(separator: " and ")
    case .any(let parts): parts.map { "(\(text($0)))" }.joined(separator: " or ")
    }
  }

  /// Kleene's strong three-valued logic, by the book.
  private func truth(_ tree: Tree) -> Bool? {
    switch tree {
    case .leaf(let index): return Self.leaves[index].truth
    case .not(let inner): return truth(inner).map { !$0 }
    case .all(let parts):
      let truths = parts.map { truth($0) }
      return truths.contains(false) ? false : truths.contains(nil) ? nil : true
    case .any(let parts):
      let truths = parts.map { truth($0) }
      return truths.contains(true) ? true : truths.contains(nil) ? nil : false
    }
  }

  @Test func `conditions follow three-valued logic`() throws {
    let seed: UInt64 = 1234
    var generator = SeededGenerator(seed: seed)
    let trees = (0..<400).map { _ in draw(4, &generator) }
    let rules = trees.enumerated().map { index, tree in
      "  - {id: r\(index), sid: \(index + 1), title: R, event: sip.request, when: '\(text(tree))'}\n"
    }
    var event = ShortEvent()
    event.fields = [(.sipCseq, .integer(7)), (.sipInDialog, .bool(false))]
    event.texts = [(.sipFromUser, "alice")]
    let fired = run(try compile("rules:\n" + rules.joined()), [event]).map(\.rule)
    #expect(fired == trees.indices.filter { truth(trees[$0]) == true }, "seed \(seed)")
  }
}
