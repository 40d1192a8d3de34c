import Events
import Testing
import Values

@testable import Rules

@Suite struct RuleDocumentTests {
  @Test func `everything in a rule file arrives`() throws {
    let loaded = loadText(exampleRules)
    try #require(messages(loaded) == [])
    #expect(loaded.lists.map(\.name.value) == ["trusted_peers", "premium", "holidays"])
    #expect(loaded.schedules.map(\.name.value) == ["night"])
    #expect(loaded.macros.map(\.name.value) == ["from_peer", "new_invite"])
    #expect(loaded.macros[0].body.text == "client.ip in @trusted_peers")
    #expect(loaded.rules.map(\.id.value) == ["register-bruteforce", "many-callees"])
    let isComplete = loaded.rules.allSatisfy { $0.isComplete }
    #expect(isComplete)
  }

  @Test func `a rule keeps each of its values`() throws {
    let rule = try #require(loadText(exampleRules).rules.first)
    #expect(rule.sid.value == 9_100_010)
    #expect(rule.revision == 3)
    #expect(rule.title.value == "Password guessing on REGISTER")
    #expect(rule.event.value == "registration.failed")
    #expect(rule.condition?.text == "registration.reason == \"bad-credentials\"")
    #expect(rule.schedule?.value == "night")
    #expect(rule.severity == .high)
    #expect(rule.severity.rawValue == 1)
    #expect(rule.category?.value == "Attempted Administrator Privilege Gain")
    #expect(rule.tags.map(\.value) == ["brute-force"])
    #expect(rule.attackTechniques.map(\.value) == ["T1110.001"])
    #expect(rule.spoofability?.value == 1)
    #expect(rule.references.map(\.value) == ["https://example.com/a#b"])
    #expect(rule.documentation?.value == "Somebody guesses.\nAgain and again.\n")
    #expect(rule.isEnabled)
    #expect(rule.exceptions.map(\.name.value) == ["load test"])
    #expect(rule.exceptions.first?.condition.text == "client.ip in @trusted_peers")
    #expect(rule.exceptions.first?.expires?.value == CalendarDate("2027-01-31"))
  }

  @Test func `thresholds and suppression keep their numbers`() throws {
    let rules = loadText(exampleRules).rules
    try #require(rules.count == 2)
    let threshold = try #require(rules[0].threshold)
    #expect(threshold.groupKeys.map(\.text) == ["client.ip", "registration.aor"])
    #expect(threshold.window.value == 60_000_000_000)
    #expect(threshold.minimum.value == 10)
    guard case .count = threshold.measure else { throw Unexpected("expected a count") }
    let suppression = try #require(rules[0].suppression)
    #expect(suppression.groupKeys?.map(\.text) == ["client.ip"])
    #expect(suppression.duration.value == 3_600_000_000_000)
    #expect(suppression.summary)
    let second = try #require(rules[1].threshold)
    #expect(second.groupKeys.isEmpty)
    #expect(second.window.value == 250_000_000)
    #expect(second.minimum.value == 6)
    guard case .distinct(let value) = second.measure else { throw Unexpected("expected distinct") }
    #expect(value.text == "call.callee")
    #expect(!rules[1].isEnabled)
    #expect(rules[1].severity == .medium)
    #expect(rules[1].revision == 1)
  }

  @Test func `tests keep fields as text`() throws {
    let tests = try #require(loadText(exampleRules).rules.first?.tests)
    try #require(tests.count == 2)
    guard case .events(let events) = tests[0].input, let event = events.first else {
      throw Unexpected("expected events")
    }
    #expect(tests[0].start?.value == Timestamp(seconds: 1_772_398_800, nanoseconds: 0))
    #expect(event.repetitions == 10)
    #expect(event.interval?.value == 5_000_000_000)
    #expect(event.event?.value == "registration.failed")
    #expect(event.fields.map(\.name.value) == ["client.ip", "codecs"])
    guard case .scalar(let address) = event.fields[0].value, case .list(let codecs, _) = event.fields[1].value
    else { throw Unexpected("expected a scalar and a list") }
    #expect(address.text == "203.0.113.7")
    #expect(codecs.map(\.text) == ["PCMA", "PCMU"])
    #expect(codecs.map(\.style) == [.plain, .doubleQuoted])
    guard case .alerts(let alerts) = tests[0].expectation else { throw Unexpected("expected alerts") }
    #expect(alerts.first?.time?.value == .offset(45_000_000_000))
    #expect(alerts.first?.count?.value == 10)
    #expect(alerts.first?.key.map(\.name.value) == ["client.ip"])
    guard case .traffic(.capture(let path)) = tests[1].input, case .count(let count) = tests[1].expectation
    else {
      throw Unexpected("expected a capture and a number")
    }
    #expect(path.value == "Fixtures/office-morning.pcap")
    #expect(count.value == 0)
  }

  @Test(arguments: [
    ("250ms", 250_000_000), ("10s", 10_000_000_000), ("5m", 300_000_000_000), ("1h", 3_600_000_000_000),
    ("2d", 172_800_000_000_000), ("0s", 0), ("106751d", 9_223_286_400_000_000_000), ("106752d", nil),
    ("10", nil), ("s", nil), ("", nil), ("1.5s", nil), ("-1s", nil), ("+1s", nil), ("01s", nil),
    ("1 s", nil), ("1S", nil), ("1w", nil), ("٣s", nil), ("99999999999999999999s", nil),
  ])
  func `durations have a whole number and a unit`(_ text: String, _ expected: Int64?) {
    #expect(NodeDecoder.nanoseconds(text) == expected)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-03-01T22:14:07.000123+01:00", 1_772_399_647_000_123_000),
    ("1969-12-31T23:59:59.5-00:30", 1_799_500_000_000), ("2026-03-01T22:14:07", nil),
    ("2026-02-29T00:00:00Z", nil), ("2026-03-01T24:00:00Z", nil), ("2026-03-01 22:14:07Z", nil),
    ("2026-03-01T22:14:07+0100", nil), ("2026-03-01T22:14:07.Z", nil), ("2026-03-01T22:14:07Zjunk", nil),
  ])
  func `instants have a date, a time and a zone`(_ text: String, _ nanoseconds: Int64?) {
    #expect(InstantText.parse(text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    ("1970-01-01", 0), ("2024-02-29", 19_782), ("2026-02-29", nil), ("2026-13-01", nil), ("2026-00-10", nil),
    ("26-01-01", nil), ("2026-1-01", nil), ("2026/01/01", nil), ("1600-01-01", nil), ("2300-01-01", nil),
  ])
  func `dates exist in the calendar`(_ text: String, _ days: Int?) {
    #expect(CalendarDate(text)?.daysSinceEpoch == days)
  }
}
