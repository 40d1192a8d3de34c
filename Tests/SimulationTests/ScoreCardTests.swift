import Testing

@testable import Simulation

/// What counts as found, right and wrong.
@Suite struct ScoreCardTests {
  private static let scan = ScoreCard.TrueLabel(
    name: "register-scan", isBenign: false, start: 100, end: 200, entity: ["198.51.100.7"],
    rules: ["register-sweep", "user-enumeration"])
  private static let oddity = ScoreCard.TrueLabel(
    name: "one-way-audio", isBenign: true, start: 100, end: 200, entity: ["10.0.0.1"],
    rules: ["one-way-audio"])

  private static func alert(_ time: Int64, _ rule: String, _ texts: Set<String>) -> ScoreCard.ScoredAlert {
    ScoreCard.ScoredAlert(time: time, rule: rule, texts: texts)
  }

  private static func card(_ labels: [ScoreCard.TrueLabel], _ alerts: [ScoreCard.ScoredAlert]) -> ScoreCard {
    var card = ScoreCard(grace: 50)
    card.add(
      ScoreCard.Run(scenario: "s", duration: 43_200_000_000_000, calls: 500, labels: labels, alerts: alerts))
    return card
  }

  @Test(arguments: [
    (100, "register-sweep", "198.51.100.7", true), (250, "user-enumeration", "198.51.100.7", true),
    (251, "user-enumeration", "198.51.100.7", false), (99, "register-sweep", "198.51.100.7", false),
    (150, "options-sweep", "198.51.100.7", false), (150, "register-sweep", "198.51.100.8", false),
  ])
  func `an attack is found by a rule of its label, about its entity, in its time`(
    time: Int, rule: String, address: String, isFound: Bool
  ) throws {
    let card = Self.card([Self.scan], [Self.alert(Int64(time), rule, [address])])
    #expect(card.attacks.first?.found == (isFound ? 1 : 0))
    #expect(card.scenarios.first?.found == (isFound ? 1 : 0))
  }

  @Test func `an alert about the attacker that the label does not name is related, others are false`() {
    let card = Self.card(
      [Self.scan, Self.oddity],
      [
        Self.alert(150, "request-flood", ["198.51.100.7"]), Self.alert(150, "request-flood", ["10.0.0.9"]),
        Self.alert(150, "one-way-audio", ["10.0.0.1"]), Self.alert(150, "poor-call", ["10.0.0.1"]),
      ])
    let rules = card.rules.sorted { $0.name < $1.name }
    #expect(rules.map(\.name) == ["one-way-audio", "poor-call", "request-flood"])
    #expect(rules.map(\.right) == [1, 0, 0])
    #expect(rules.map(\.related) == [0, 0, 1])
    #expect(rules.map(\.wrong) == [0, 1, 1])
    #expect(card.scenarios.first?.wrong == 2)
    #expect(card.markdown.contains("| s | 1 | 0.50 | 500 | 1 | 0 | 4 | 2 | 4.00 | 4.00 |"))
  }

  @Test func `the time to detect is that from the first packet to the first right alert`() {
    let card = Self.card(
      [Self.scan],
      [
        Self.alert(180, "register-sweep", ["198.51.100.7"]),
        Self.alert(130, "user-enumeration", ["198.51.100.7"]),
      ])
    #expect(card.attacks.first?.delays == [30])
    #expect(card.attacks.first?.rules == ["register-sweep": 1, "user-enumeration": 1])
  }

  @Test func `an account is also meant where its domain stands behind it`() {
    let alert = Self.alert(1, "x", ["207@office.example.com", "sip:300@office.example.com"])
    #expect(alert.concerns(["207"]))
    #expect(alert.concerns(["300"]))
    #expect(!alert.concerns(["20"]))
  }
}
