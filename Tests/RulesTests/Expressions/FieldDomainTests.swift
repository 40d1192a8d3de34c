import Events
import Numbering
import Testing

@testable import Rules

/// Constants that a field never has.
@Suite struct FieldDomainTests {
  private func faults(
    _ condition: String, event: String = "sip.response", anomalies: [String] = ["sip.no_via"]
  )
    -> [String]
  {
    var options = RuleLoadingOptions()
    options.words = [.anomalyEvent: anomalies]
    let rule = """
      rules:
        - id: one
          sid: 1
          title: t
          event: \(event)
          when: |
            \(condition)

      """
    return RuleSetLoader.load(texts: [("rules.yaml", rule)], options: options).report.diagnostics
      .filter { $0.code == .impossibleValue }.map(\.message)
  }

  @Test(arguments: [
    "sip.code >= 100 and sip.code <= 699", "sip.code < 700", "sip.code != 200", "sip.code in 400..999",
    "src_port == 0", "dest_port in [65535]", "proto == \"253\"", "lower(app_proto) == \"sip\"",
    "prefix(app_proto, 2) == \"SI\"", "sip.transport matches \"UDP\"", "src_country == \"DE\"",
    "src_country starts_with \"D\"", "sip.code * 2 > 1000", "sip.user_agent == \"UDP\"",
    "direction contains \"server\"", "\"udp\" == sip.transport", "proto == app_proto",
  ])
  func `what can be is no fault`(condition: String) {
    #expect(faults(condition) == [])
  }

  @Test(arguments: [
    ("sip.code < 100", "'sip.code' is never < 100"), ("sip.code > 699", "'sip.code' is never > 699"),
    ("sip.code >= 1000", "'sip.code' is never >= 1000"), ("sip.code == -1", "'sip.code' is never -1"),
    ("client.port == 65536", "'client.port' is never 65536"),
    ("\"UDP\" == sip.transport", "'sip.transport' is never \"UDP\"; did you mean 'udp'?"),
    ("lower(proto) == \"UDP\"", "'lower(proto)' is never \"UDP\"; did you mean 'udp'?"),
    ("src_country == \"de\"", "'src_country' is never \"de\"; did you mean 'DE'?"),
    ("proto starts_with \"u\"", nil),
    ("direction starts_with \"s\"", "no value of 'direction' begins with \"s\""),
  ])
  func `what never is, is a fault`(condition: String, message: String?) {
    #expect(faults(condition) == (message.map { [$0] } ?? []))
  }

  /// The faults of the entries of two lists that some conditions ask.
  private func listFaults(_ list: String, _ conditions: String...) -> [String] {
    var text = "lists:\n  words: \(list)\n  other: {type: number, items: [1]}\nrules:\n"
    for (index, condition) in conditions.enumerated() {
      text += "  - {id: r\(index), sid: \(index + 1), title: t, event: sip.response, when: '\(condition)'}\n"
    }
    return RuleSetLoader.load(texts: [("rules.yaml", text)]).report.diagnostics
      .filter { $0.code == .impossibleValue }.map(\.message)
  }

  @Test func `an entry of a list that can be equal to nothing is a fault`() {
    let texts = "{type: text, items: [udp, UDP, sctp]}"
    let fault = "in the list 'words': 'sip.transport' is never \"UDP\"; did you mean 'udp'?"
    #expect(listFaults(texts, "sip.transport in @words") == [fault])
    #expect(listFaults(texts, "not (sip.transport not in @words)") == [fault])
    #expect(listFaults(texts, "sip.transport in @words", "proto in @words").isEmpty, "UDP can be there")
    #expect(listFaults(texts, "sip.transport in @words", "direction in @words") == [fault])
    #expect(listFaults(texts, "sip.transport in @words", "sip.user_agent in @words").isEmpty)
    #expect(
      listFaults(texts, "lower(proto) in @words")
        == ["in the list 'words': 'lower(proto)' is never \"UDP\"; did you mean 'udp'?"])
    #expect(listFaults(texts).isEmpty, "nobody asks it")
    #expect(
      listFaults("{type: text, fold_case: true, items: [udp, UDP, Sctp]}", "sip.transport in @words").isEmpty)
    #expect(
      listFaults("{type: text, fold_case: true, items: [UPD]}", "sip.transport in @words")
        == ["in the list 'words': 'sip.transport' is never \"upd\"; did you mean 'udp'?"])
    #expect(listFaults("{type: glob, items: [U*]}", "sip.transport in @words").isEmpty)
    #expect(
      listFaults("{type: number, items: [99, 400..499, 700..799]}", "sip.code in @words")
        == [
          "in the list 'words': 'sip.code' is never 99", "in the list 'words': 'sip.code' is never 700..799",
        ])
    #expect(
      listFaults("{type: text, items: [DE, de]}", "src_country in @words")
        == ["in the list 'words': 'src_country' is never \"de\"; did you mean 'DE'?"])
  }

  @Test func `of very many such entries twenty are told`() {
    let items = (0..<25).map { "w\($0)" }.joined(separator: ", ")
    let faults = listFaults("{type: text, items: [\(items)]}", "sip.transport in @words")
    #expect(faults.count == 21)
    #expect(faults.last == "in the list 'words': 5 further such entries")
  }

  @Test func `the words of anomalies come from who raises them`() {
    #expect(faults("anomaly.event == \"sip.no_via\"", event: "anomaly") == [])
    #expect(
      faults("anomaly.event == \"sip.no_vai\"", event: "anomaly")
        == ["'anomaly.event' is never \"sip.no_vai\"; did you mean 'sip.no_via'?"])
    #expect(
      RuleSetLoader.load(texts: [("r.yaml", "macros: {m: 'anomaly.event == \"x\"'}\n")]).report.errorCount
        == 0)
  }

  @Test func `kinds of numbers are those that the catalogue lists`() {
    let names = Set(NumberKind.allCases.map { "\($0.name)" })
    #expect(Set(FieldCatalog.domain(of: .callCalleeType).words) == names)
    #expect(FieldCatalog.domain(of: .callDialledType) == FieldCatalog.domain(of: .callCalleeType))
  }
}
