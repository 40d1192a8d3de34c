import Events
import Testing
import Values

@testable import Rules

/// What a site says of lists and schedules that it does not edit.
@Suite struct ListOverrideTests {
  private static let rules = """
    lists:
      peers: {type: cidr, file: lists/peers.txt}
      home: {type: prefix, items: ["+49"]}
      reasons: {type: text, items: [Busy, "Not here"], fold_case: true}
      holidays: {type: date, items: [2026-12-25]}
    schedules:
      night:
        zone: UTC
        any_of:
          - {hours: "20:00-07:00"}
          - {dates: holidays, hours: "00:00-24:00"}
    rules:
      - id: stranger
        sid: 1
        title: T
        event: sip.request
        params: {least: 3}
        when: client.ip not in @peers and sip.size >= $least
        tests:
          - {name: a peer, events: [{client.ip: 192.0.2.1, sip.size: 9}], expect: 0}
          - {name: a stranger, events: [{client.ip: 198.51.100.1, sip.size: 9}], expect: 1}
          - {name: a small one, events: [{client.ip: 198.51.100.1, sip.size: 2}], expect: 0}
          - {name: the least, events: [{client.ip: 198.51.100.1, sip.size: $least}], expect: 1}
      - id: abroad
        sid: 2
        title: T
        event: sip.request
        when: sip.uri_user not in @home
        during: night
      - id: busy
        sid: 3
        title: T
        event: sip.response
        when: sip.reason in @reasons

    """

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("192.0.2.0/28  note=a trunk\n203.0.113.7  expires=2031-12-31\n", to: "lists/peers.txt")
    try folder.write(Self.rules, to: "rules.yaml")
  }

  private func load(_ overrides: String...) throws -> RuleSetLoader.Outcome {
    for (index, text) in overrides.enumerated() { try folder.write(text, to: "site/o\(index).yaml") }
    var lint = LintOptions()
    lint.wantsTests = false
    return RuleSetLoader.load([folder.path], lint: lint)
  }

  private func ruleSet(_ outcome: RuleSetLoader.Outcome) throws -> CompiledRuleSet {
    try #require(outcome.ruleSet, "\(outcome.report.renderText())")
  }

  private func list(_ name: String, _ outcome: RuleSetLoader.Outcome) throws -> RuleList {
    try #require(try ruleSet(outcome).program.lists.first { $0.name.value == name })
  }

  private func has(_ list: RuleList, _ address: String) throws -> Bool {
    list.contains(try #require(IPAddress(address)), at: Timestamp(nanoseconds: 0))
  }

  private func has(_ list: RuleList, text: String) -> Bool {
    let bytes = Array(text.utf8)
    return list.contains(bytes.span, at: Timestamp(nanoseconds: 0))
  }

  @Test func `a list has other items`() throws {
    let outcome = try load("overrides: {lists: {peers: {items: [10.0.0.0/8]}}}\n")
    let peers = try list("peers", outcome)
    #expect(try has(peers, "10.1.2.3") && !has(peers, "192.0.2.1") && peers.entryCount == 1)
    #expect(outcome.report.diagnostics.isEmpty)
  }

  @Test func `a list has another file, which lies beside the override`() throws {
    try folder.write("10.0.0.0/8\n", to: "site/peers.txt")
    let outcome = try load("overrides: {lists: {peers: {file: peers.txt}}}\n")
    let peers = try list("peers", outcome)
    #expect(try has(peers, "10.1.2.3") && !has(peers, "192.0.2.1"))
    #expect(outcome.report.sources.files.contains { $0.path == "\(folder.path)/site/peers.txt" })
    #expect(!outcome.report.sources.files.contains { $0.path.hasSuffix("/lists/peers.txt") })
  }

  @Test func `entries are added to and removed from what the list has, in its file too`() throws {
    let outcome = try load("overrides: {lists: {peers: {add: [10.0.0.0/8], remove: [192.0.2.0/28]}}}\n")
    let peers = try list("peers", outcome)
    #expect(try has(peers, "10.1.2.3") && !has(peers, "192.0.2.1") && has(peers, "203.0.113.7"))
    #expect(peers.entryCount == 2)
    let reasons = try list(
      "reasons", load("overrides: {lists: {reasons: {add: [Gone], remove: [Not here]}}}\n"))
    #expect(reasons.entryCount == 2)
    #expect(has(reasons, text: "gone") && has(reasons, text: "busy") && !has(reasons, text: "not here"))
  }

  @Test func `what is removed and added again is there`() throws {
    let peers = try list(
      "peers", load("overrides: {lists: {peers: {add: [192.0.2.0/28], remove: [192.0.2.0/28]}}}\n"))
    #expect(try has(peers, "192.0.2.1"))
  }

  @Test func `an entry that is not there cannot be removed, which is worth a warning`() throws {
    let outcome = try load("overrides: {lists: {peers: {remove: [192.0.2.0/29]}}}\n")
    #expect(
      outcome.report.diagnostics.map(\.message) == [
        "the list 'peers' has no entry '192.0.2.0/29' that could be removed"
      ])
    #expect(try has(list("peers", outcome), "192.0.2.1"))
  }

  @Test func `a list may be empty here`() throws {
    let outcome = try load("overrides: {lists: {home: {items: []}}}\n")
    #expect(try list("home", outcome).entryCount == 0 && outcome.report.diagnostics.isEmpty)
  }

  @Test func `a schedule has another zone, and keeps its hours`() throws {
    let schedule = try ruleSet(load("overrides: {schedules: {night: {zone: America/New_York}}}\n")).program
      .schedules[0]
    // 2026-01-15T22:00:00Z is night in UTC and afternoon in New York; 2026-01-16T03:00:00Z is night there.
    #expect(!schedule.contains(Timestamp(seconds: 1_768_514_400, nanoseconds: 0)))
    #expect(schedule.contains(Timestamp(seconds: 1_768_532_400, nanoseconds: 0)))
  }

  @Test func `a schedule has other hours, and keeps its zone`() throws {
    let schedule = try ruleSet(
      load("overrides: {schedules: {night: {any_of: [{hours: \"12:00-13:00\"}]}}}\n")
    ).program.schedules[0]
    #expect(schedule.contains(Timestamp(seconds: 1_768_478_400, nanoseconds: 0)), "2026-01-15T12:00:00Z")
    #expect(!schedule.contains(Timestamp(seconds: 1_768_514_400, nanoseconds: 0)), "2026-01-15T22:00:00Z")
  }

  @Test func `check can say which rules are others for it`() throws {
    func keys(_ override: String) throws -> [[String]] {
      try ruleSet(load(override)).metadata.map(\.overriddenKeys)
    }
    #expect(try keys("overrides: {lists: {peers: {add: [10.0.0.1]}}}\n") == [["lists.peers"], [], []])
    #expect(
      try keys("overrides: {lists: {home: {add: [\"+43\"]}}, schedules: {night: {zone: Europe/Vienna}}}\n")
        == [[], ["lists.home", "schedules.night"], []])
    #expect(
      try keys("overrides: {lists: {holidays: {add: [2026-12-26]}}}\n") == [[], ["schedules.night"], []],
      "its days are others")
  }

  @Test func `tests that hold no more with an override are skipped, the others run`() throws {
    func outcomes(_ override: String) throws -> [RuleTestResult.Outcome] {
      let outcome = try load(override)
      var runner = RuleTestRunner(try ruleSet(outcome), sources: outcome.report.sources)
      return runner.run { $0 == "stranger" }.results.map(\.outcome)
    }
    func skipped(_ key: String) -> RuleTestResult.Outcome {
      .skipped("it does not hold with the override of '\(key)', and is about the rule without it")
    }
    #expect(
      try outcomes("overrides: {lists: {peers: {items: [10.0.0.1]}}}\n")
        == [skipped("lists.peers"), .passed, .passed, .passed])
    let named = try outcomes("overrides: {stranger: {params: {least: 1}}}\n")
    guard case .failed = named[2] else {
      Issue.record("\(named)")
      return
    }
    #expect(named[0] == .passed && named[1] == .passed && named[3] == .passed)
  }

  @Test func `a parameter that no test names is one that the tests do not know`() throws {
    let rule = Self.rules.replacing("sip.size: $least", with: "sip.size: 3")
    try folder.write(rule, to: "rules.yaml")
    let outcome = try load("overrides: {stranger: {params: {least: 1}}}\n")
    var runner = RuleTestRunner(try ruleSet(outcome), sources: outcome.report.sources)
    let results = runner.run { $0 == "stranger" }.results.map(\.outcome)
    #expect(
      results == [
        .passed, .passed,
        .skipped("it does not hold with the override of 'params.least', and is about the rule without it"),
        .passed,
      ])
  }

  static let mistakes = [
    ("lists: {peer: {items: []}}", "unknown list 'peer'; did you mean 'peers'?"),
    ("schedules: {nigth: {zone: UTC}}", "unknown schedule 'nigth'; did you mean 'night'?"),
    (
      "schedules: {night: {zone: Europe/Vienn}}",
      "unknown time zone 'Europe/Vienn'; did you mean 'Europe/Vienna'?"
    ),
    ("schedules: {night: {any_of: []}}", "'any_of' has no entry, so the schedule is never on"),
    ("lists: {peers: {}}", "the override of 'peers' says nothing"),
    ("lists: {peers: {type: ip}}", "unknown key 'type' in this override of a list"),
    ("lists: {peers: {add: [here]}}", "'here' is no address block"),
    ("lists: [peers]", "expected a mapping for 'lists', found a list"),
  ]

  @Test(arguments: mistakes)
  func `mistakes are named`(override: String, message: String) throws {
    let outcome = try load("overrides: {\(override)}\n")
    #expect(outcome.ruleSet == nil)
    #expect(outcome.report.diagnostics.map(\.message) == [message])
  }

  @Test func `two overrides of one key of a list or a schedule name both places`() throws {
    let outcome = try load(
      "overrides: {lists: {home: {items: [\"+1\"]}}, schedules: {night: {zone: UTC}}}\n",
      "overrides: {lists: {home: {items: [\"+2\"], add: [\"+3\"]}}, schedules: {night: {zone: UTC}}}\n")
    let place = "\(folder.path)/site/o0.yaml:1"
    #expect(
      outcome.report.diagnostics.map(\.message) == [
        "'items' of list 'home' is already overridden at \(place):28",
        "'zone' of schedule 'night' is already overridden at \(place):65",
      ])
  }

  @Test func `no rule is called lists or schedules`() {
    for id in ["lists", "schedules"] {
      let text = "rules:\n  - {id: \(id), sid: 1, title: T, event: sip.request}\n"
      let outcome = RuleSetLoader.load(texts: [("rules.yaml", text)])
      #expect(outcome.report.diagnostics.map(\.message).contains { $0.hasPrefix("'\(id)' is no rule id") })
    }
  }

  @Test func `files beside each other may bring the same list from the same file`() throws {
    let other = """
      lists:
        peers: {type: cidr, file: lists/peers.txt}
      rules:
        - {id: friend, sid: 9, title: T, event: sip.request, when: client.ip in @peers}

      """
    try folder.write(other, to: "more.yaml")
    #expect(try load().ruleSet != nil)
    try folder.write(other.replacing("lists/peers", with: "lists/others"), to: "more.yaml")
    try folder.write("192.0.2.0/28\n", to: "lists/others.txt")
    #expect(
      try load().report.diagnostics.map(\.message) == [
        "the list 'peers' is already used at \(folder.path)/more.yaml:2:3"
      ])
  }
}
