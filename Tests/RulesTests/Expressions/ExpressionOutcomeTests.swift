import Events
import Rules
import Testing
import Values

/// The event that all expressions below are tried on.
private let request = ShortEvent(
  kind: .sipRequest, milliseconds: 3_723_000,
  fields: [
    (.clientIP, .ip(IPAddress(v4: 0xc000_0205))),
    (.srcIP, .ip(IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1))),
    (.clientPort, .integer(5060)), (.sipCseq, .integer(7)), (.sipSize, .integer(3000)),
    (.sipInDialog, .bool(false)), (.sipRetransmission, .bool(true)),
  ],
  texts: [
    (.sipMethod, "INVITE"), (.sipUserAgent, "Friendly-Scanner 1.0"), (.sipURIUser, "0049-30-1234"),
    (.sipFromUser, "alice"), (.sipToUser, "malice"),
  ],
  lists: [(.sipSDPCodecs, ["PCMU", "PCMA", "opus"])], headers: [("x-foo", "Bar")],
  message: "INVITE sip:x SIP/2.0\r\n\r\nbody")

@Suite struct ExpressionOutcomeTests {
  @Test(
    arguments: [
      "sip.method == \"INVITE\"", "sip.method != \"BYE\"", "sip.method in [\"ACK\", \"INVITE\"]",
      "sip.method not in [\"ACK\", \"BYE\"]", "not sip.in_dialog", "sip.retransmission",
      "sip.retransmission == true",
      "sip.in_dialog == false", "sip.in_dialog != true", "true", "not false", "sip.size == 3kB",
      "sip.size >= 3000",
      "sip.size < 3001", "sip.size <= 3KiB", "sip.size in 1000..3000", "sip.size in [1, 2..5, 3000]",
      "sip.cseq != 4xx",
      "sip.cseq + 1 == 8", "sip.cseq * 2 - 1 == 13", "sip.size / 2 == 1500", "sip.size / 4096 < 0.74",
      "client.ip == 192.0.2.5", "client.ip in 192.0.2.0/24", "client.ip not in 10.0.0.0/8",
      "client.ip in [10.0.0.1, 192.0.2.0/28]", "src_ip in 2001:db8::/32", "src_ip == 2001:db8::1",
      "src_ip != ::1",
      "client.ip != src_ip", "client.port == 5060", "client.port in [5060, 5061]",
      "sip.user_agent contains \"Scanner\"", "sip.user_agent starts_with \"Friendly\"",
      "sip.user_agent ends_with \"1.0\"", "not (sip.user_agent ends_with \"1\")",
      "lower(sip.user_agent) starts_with \"friendly\"",
      "sip.user_agent matches \"^Friendly-\\w+\"", "sip.user_agent matches \"(?i)SCANNER\"",
      "not (sip.user_agent matches \"^Linksys\")",
      "sip.to.user contains sip.from.user",
      "sip.to.user ends_with sip.from.user", "sip.from.user != sip.to.user", "len(sip.method) == 6",
      "count(sip.sdp.codecs) == 3", "any(sip.sdp.codecs) == \"PCMA\"", "all(sip.sdp.codecs) != \"G729\"",
      "any(sip.sdp.codecs) != \"PCMU\"", "all(sip.sdp.codecs) matches \"^[A-Za-z]+$\"",
      "any(sip.sdp.codecs) matches \"^op\"", "not (all(sip.sdp.codecs) matches \"^P\")",
      "any(sdp.codecs) in [\"opus\"]",
      "all(sip.sdp.codecs) not in [\"x\"]", "not (all(sip.sdp.codecs) == \"PCMU\")",
      "not (any(sip.sdp.codecs) == \"G729\")", "all(sip.sdp.codecs) in [\"PCMU\", \"PCMA\", \"opus\"]",
      "not (any(sip.sdp.codecs) matches \"^G\")", "not (all(sip.sdp.codecs) not in [\"opus\"])",
      "digits(sip.uri_user) == \"0049301234\"",
      "prefix(digits(sip.uri_user), 4) == \"0049\"", "suffix(sip.uri_user, 4) == \"1234\"",
      "suffix(digits(sip.uri_user), 4096) == digits(sip.uri_user)", "suffix(sip.from.user, 1) == \"e\"",
      "entropy(sip.from.user) > 2.3",
      "entropy(sip.from.user) < 2.4",
      "hour(timestamp) == 1", "exists(sip.method)", "missing(sip.contact.uri)", "exists(header[\"X-Foo\"])",
      "header[\"x-foo\"] == \"Bar\"", "sip.header[\"X-FOO\"] contains \"a\"", "missing(header[\"X-Bar\"])",
      "payload contains h\"0d 0a 0d 0a\"", "payload starts_with \"INVITE sip:\"",
      "payload contains \"\\r\\n\\r\\nbody\"",
      "missing(src_port) or src_port == 1", "sip.in_dialog or (sip.cseq == 7 and sip.size > 1)",
    ])
  func `is true`(_ when: String) throws {
    #expect(run(try compile(rule(when)), [request]).count == 1, "\(when)")
    #expect(run(try compile(rule("not (\(when))")), [request]).isEmpty, "not (\(when))")
  }

  @Test(arguments: [
    "src_port == 1", "src_port != 1", "src_port < 1", "src_port in [1]", "src_port not in [1]",
    "sip.contact.uri contains \"x\"", "sip.contact.uri matches \"x\"", "header[\"X-Bar\"] == \"x\"",
    "any(vlan) == 1", "all(vlan) != 1", "len(sip.contact.uri) == 0", "sip.cseq + src_port > 0",
    "sip.cseq / 0 == 1", "sip.cseq == src_port", "lower(sip.contact.uri) == \"\"", "dest_ip in 0.0.0.0/0",
    "sip.auth.nonce_reused", "count(vlan) == 0", "src_port == 1 or src_port == 2",
    "9223372036854775807 + sip.cseq > 0",
    "sip.method == \"INVITE\" and src_port == 1", "sip.method == \"BYE\" or src_port == 1",
  ])
  func `is unknown, and so is its opposite`(_ when: String) throws {
    #expect(run(try compile(rule(when)), [request]).isEmpty, "\(when)")
    #expect(run(try compile(rule("not (\(when))")), [request]).isEmpty, "not (\(when))")
  }

  @Test func `three-valued logic decides as soon as the known part does`() throws {
    for when in [
      "sip.method == \"INVITE\" or src_port == 1", "not (sip.method == \"BYE\" and src_port == 1)",
      "not (src_port == 1) or sip.cseq == 7",
    ] {
      #expect(run(try compile(rule(when)), [request]).count == 1, "\(when)")
    }
  }

  @Test func `many literals over one text go through one automaton and mean the same`() throws {
    let words = ["x", "Scan", "ner", "riend", "1.0", "ly-S", "zzz", " 1.", "SCAN", "ner 1.0", "\\", "."]
    let rules = words.enumerated().map { index, word in
      let quoted = word.replacing("\\", with: "\\\\")
      return
        "  - {id: r\(index), sid: \(index + 1), title: R, event: sip.request, when: 'sip.user_agent contains \"\(quoted)\"'}"
    }
    let alerts = run(try compile("rules:\n" + rules.joined(separator: "\n")), [request])
    let expected = words.indices.filter { "Friendly-Scanner 1.0".contains(words[$0]) }
    #expect(alerts.map(\.rule) == expected)
  }

  @Test func `macros and lists mean what they stand for`() throws {
    let text = """
      lists:
        peers: {type: cidr, items: ["192.0.2.0/28"]}
        agents: {type: regex, items: ["^friendly", "sip.?cli"], fold_case: true}
        globs: {type: glob, items: ["Friendly*"]}
        names: {type: text, items: [bob, Alice], fold_case: true}
        sizes: {type: number, items: ["1000..4000"]}
        days: {type: date, items: ["1970-01-01"]}
        codecs: {type: regex, items: ["^PCM"]}
      macros:
        peer: client.ip in @peers
        next: sip.cseq + 1
        both: $peer and $next == 8
      rules:
        - {id: a, sid: 1, title: A, event: sip.request, when: $both}
        - {id: b, sid: 2, title: B, event: sip.request, when: sip.user_agent matches @agents and sip.user_agent in @agents}
        - {id: c, sid: 3, title: C, event: sip.request, when: sip.user_agent in @globs and sip.from.user in @names}
        - {id: d, sid: 4, title: D, event: sip.request, when: sip.size in @sizes and timestamp in @days}
        - {id: e, sid: 5, title: E, event: sip.request, when: any(sip.sdp.codecs) in @codecs and not (all(sip.sdp.codecs) in @codecs)}
        - {id: f, sid: 6, title: F, event: sip.request, when: not $peer or client.ip not in @peers}
      """
    #expect(run(try compile(text), [request]).map(\.rule) == [0, 1, 2, 3, 4])
  }

  @Test func `patterns are linear in the text, whatever they are`() throws {
    // A backtracking matcher needs longer than the universe exists for each of these.
    let set = try compile(
      rule("payload matches \"(a+)+$\" or payload matches \"^(a|aa|a?a)*b$\" or payload matches \"(.*)*x\""))
    var event = ShortEvent()
    event.message = String(repeating: "a", count: 60_000) + "c"
    #expect(run(set, [event]).isEmpty)
  }

  @Test func `searching for a field in a field is linear too`() throws {
    let set = try compile(rule("payload contains sip.from.user"))
    var event = ShortEvent()
    event.message = String(repeating: "a", count: 60_000)
    event.texts = [(.sipFromUser, String(repeating: "a", count: 30_000) + "b")]
    #expect(run(set, Array(repeating: event, count: 20)).isEmpty)
  }

  @Test func `deep or long expressions are refused, not a crash`() {
    let deep = String(repeating: "(", count: 5000) + "true" + String(repeating: ")", count: 5000)
    let negations = String(repeating: "not ", count: 4000) + "true"
    let sum = "sip.size == 1" + String(repeating: " + 1", count: 3000)
    let minus = "sip.size == " + String(repeating: "-", count: 9000) + "1"
    let long = Array(repeating: "sip.in_dialog", count: 5000).joined(separator: " or ")
    for when in [deep, negations, sum, minus, long] {
      #expect(RuleSetLoader.load(texts: [("a.yaml", rule(when))]).ruleSet == nil)
    }
  }

  @Test func `nested macros cannot grow without bound`() {
    var text = "macros:\n  m0: sip.in_dialog and sip.retransmission\n"
    for index in 1..<40 { text += "  m\(index): $m\(index - 1) and $m\(index - 1)\n" }
    let outcome = RuleSetLoader.load(texts: [("a.yaml", text + rule("$m39"))])
    #expect(outcome.report.diagnostics.contains { $0.code.rawValue == "expression-too-long" })
  }

  @Test func `any text is an expression or a diagnostic, never a trap`() {
    let seed: UInt64 = 99
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "sip.method", "==", "\"INVITE\"", "and", "or", "not", "(", ")", "[", "]", ",", "@x", "$y", "1", "4xx",
      "1..2", "10s",
      "10.0.0.1", "::1", "/8", "any", "len", "contains", "in", "-", "+", "*", "/", "h\"0d\"", "\"", "\\",
      "header[\"A\"]",
      "..", ":", "true", "é", "prefix(", "matches", "{n}", "'", "0x", "9223372036854775807",
    ]
    for _ in 0..<3000 {
      let count = Int.random(in: 1...12, using: &generator)
      let when = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }
        .joined(separator: Bool.random(using: &generator) ? " " : "")
      let outcome = RuleSetLoader.load(texts: [("a.yaml", rule(when))])
      #expect((outcome.ruleSet == nil) == (outcome.report.errorCount > 0), "seed \(seed): \(when)")
    }
  }
}
