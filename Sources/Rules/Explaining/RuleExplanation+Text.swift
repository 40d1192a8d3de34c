internal import Values

extension RuleExplanation {
  /// The explanation for people: how many events each outcome took with some of them, then the alerts; with all
  /// events, these first.
  ///
  /// Nothing from the wire reaches the terminal unescaped.
  public func renderText() -> String {
    var text = ""
    for observation in observations {
      text +=
        "\(Self.place(observation)): \(Self.words(observation.outcome))\(Self.shown(observation.values))\n"
    }
    if !observations.isEmpty { text += "\n" }
    text += "Rule \(rule.id) (\(TerminalText.escape(rule.file)):\(rule.line)), \(rule.eventName): "
    text += "\(eventCount) events, \(alerts.count) alerts\n"
    for group in groups {
      text += "\n\(Self.padded(group.count)) \(Self.words(group.outcome))\n"
      for example in group.examples {
        text += "         \(Self.place(example))\(Self.shown(example.values))\n"
      }
    }
    if let nearest {
      text += "\n  nearest to the threshold: \(Self.place(nearest))\(Self.shown(nearest.values))\n"
    }
    if pendingCount > 0 { text += "\n\(Self.padded(pendingCount)) still waiting at the end of the input\n" }
    for alert in alerts { text += "\n" + Self.describe(alert) }
    return text
  }

  private static func words(_ outcome: Outcome) -> String {
    switch outcome {
    case .stopped(let clause, let isUnknown):
      "\(isUnknown ? "unknown (absent)" : "false"): \(TerminalText.escape(clause))"
    case .offSchedule(let name): "silent: it is outside of '\(TerminalText.escape(name))'"
    case .excepted(let name): "silent: the exception '\(TerminalText.escape(name))' holds"
    case .missingKey(let part): "not counted: the key has no \(TerminalText.escape(part))"
    case .late: "not counted: it came too late"
    case .counted: "counted, and not yet enough"
    case .waiting: "matched: the expected event must follow"
    case .expected: "the event that a match waits for"
    case .suppressed: "silent after an alert"
    case .fired: "fired"
    }
  }

  private static func place(_ observation: Observation) -> String {
    let packet = observation.packet.map { " packet \($0)" } ?? ""
    return InstantText.text(observation.time) + packet
  }

  private static func shown(_ values: [(name: String, value: String?)]) -> String {
    guard !values.isEmpty else { return "" }
    let texts = values.map { name, value in
      value.map { "\(TerminalText.escape(name))=\(TerminalText.escape(cut($0)))" }
        ?? "\(TerminalText.escape(name)) is absent"
    }
    return "  " + texts.joined(separator: ", ")
  }

  private static func cut(_ text: String) -> String {
    text.unicodeScalars.count <= 100 ? text : String(text.unicodeScalars.prefix(100)) + "…"
  }

  private static func padded(_ count: Int) -> String {
    let text = "\(count)"
    return String(repeating: " ", count: max(0, 8 - text.count)) + text
  }

  private static func describe(_ fired: FiredAlert) -> String {
    let alert = fired.alert
    var text = "Alert at \(InstantText.text(alert.timestamp))"
    switch alert.reason {
    case .summary: text += ": summary of \(alert.suppressedCount) suppressed"
    case .absence: text += ": the expected event did not come"
    case .match: break
    }
    text += "\n"
    if !fired.group.isEmpty { text += "    key      \(shown(fired.group.map { ($0, $1) }).dropFirst(2))\n" }
    if let count = alert.count { text += "    count    \(count)\n" }
    if let distinct = alert.distinct { text += "    distinct \(distinct)\n" }
    if let start = alert.windowStart, let end = alert.windowEnd {
      text += "    window   after \(InstantText.text(start)), up to \(InstantText.text(end))\n"
    }
    let packets = alert.evidence.array
    if !packets.isEmpty { text += "    packets  \(packets.map(String.init).joined(separator: ", "))\n" }
    return text
  }
}
