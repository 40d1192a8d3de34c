import Events
import Rules
import Values

/// One event in short: a kind, a time in milliseconds, and fields as text, by the catalogue's types.
struct ShortEvent {
  var kind: EventKind = .sipRequest
  var milliseconds: Int64 = 0
  var fields: [(Field, FieldValue)] = []
  var texts: [(Field, String)] = []
  var lists: [(Field, [String])] = []
  var headers: [(String, String)] = []
  var message: String?

  func fill(_ event: inout Event, sequence: UInt64, headerNames: HeaderNames) {
    event.reset(kind, at: Timestamp(nanoseconds: milliseconds * 1_000_000), sequence: sequence)
    if let message { event.attach(message: Array(message.utf8).span) }
    for (field, value) in fields { event.set(field, value) }
    for (field, text) in texts { event.set(field, copying: text) }
    for (field, items) in lists {
      let ranges = items.map { event.append($0) }
      let start = event.items.count
      for range in ranges { event.appendItem(.text(range)) }
      event.set(field, itemsFrom: start)
    }
    for (name, text) in headers {
      guard let slot = headerNames.names.firstIndex(of: name.lowercased()) else { continue }
      event.setHeader(slot: slot, .text(event.append(text)))
    }
  }
}

/// Compiles rules or says why not.
func compile(_ text: String) throws -> CompiledRuleSet {
  var lint = LintOptions()
  lint.wantsTests = false
  let outcome = RuleSetLoader.load(texts: [("rules.yaml", text)], lint: lint)
  guard let ruleSet = outcome.ruleSet else { throw Unexpected(outcome.report.renderText()) }
  return ruleSet
}

/// One rule with a condition.
func rule(_ when: String, event: String = "sip.request", _ rest: String = "") -> String {
  "rules:\n  - id: r\n    sid: 1\n    title: R\n    event: \(event)\n    when: '\(when.replacing("'", with: "''"))'\n\(rest)"
}

/// Runs events through rules.
func run(
  _ ruleSet: CompiledRuleSet, _ events: [ShortEvent], limits: EngineLimits = EngineLimits(), seed: UInt64 = 1
)
  -> [Alert]
{
  var engine = RuleEngine(ruleSet, limits: limits, seed: seed)
  var alerts: [Alert] = []
  var event = Event(headerSlots: ruleSet.headerNames.names.count)
  for (index, short) in events.enumerated() {
    short.fill(&event, sequence: UInt64(index), headerNames: ruleSet.headerNames)
    engine.process(event, into: &alerts)
  }
  engine.finish(into: &alerts)
  return alerts
}
