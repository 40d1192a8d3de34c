extension ScoreCard {
  /// The card as tables of Markdown: attacks, scenarios, rules.
  package var markdown: String {
    var text = ""
    if !attacks.isEmpty {
      text += table(
        ["attack", "found", "recall", "time to detect: median", "longest", "by"],
        attacks.sorted { $0.name < $1.name }.map(Self.row))
    }
    text += table(
      [
        "scenario", "runs", "days", "calls", "attacks", "found", "alerts", "false", "false a day",
        "false per 1,000 calls",
      ],
      scenarios.sorted { $0.name < $1.name }.map(Self.row))
    text += table(
      ["rule", "right", "related", "false", "precision"], rules.sorted { $0.name < $1.name }.map(Self.row))
    return text
  }

  private static func row(_ attack: AttackScore) -> [String] {
    let delays = attack.delays.sorted()
    let rules = attack.rules.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    return [
      attack.name, "\(attack.found) of \(attack.total)", share(attack.found, attack.total),
      delays.isEmpty ? "–" : seconds(delays[delays.count / 2]), delays.last.map(seconds) ?? "–",
      rules.joined(separator: ", "),
    ]
  }

  private static func row(_ scenario: ScenarioScore) -> [String] {
    let days = Double(scenario.duration) / 86_400e9
    return [
      scenario.name, "\(scenario.runs)", decimal(days), "\(scenario.calls)", "\(scenario.attacks)",
      "\(scenario.found)", "\(scenario.alerts)", "\(scenario.wrong)",
      days > 0 ? decimal(Double(scenario.wrong) / days) : "–",
      scenario.calls > 0 ? decimal(Double(scenario.wrong) * 1000 / Double(scenario.calls)) : "–",
    ]
  }

  private static func row(_ rule: RuleScore) -> [String] {
    [
      rule.name, "\(rule.right)", "\(rule.related)", "\(rule.wrong)",
      share(rule.right + rule.related, rule.right + rule.related + rule.wrong),
    ]
  }

  private static func share(_ part: Int, _ whole: Int) -> String {
    whole == 0 ? "–" : "\((part * 1000 / whole + 5) / 10) %"
  }

  private static func seconds(_ time: Int64) -> String { decimal(Double(time) / 1e9) + " s" }

  /// Two decimals, rounded.
  private static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private func table(_ head: [String], _ rows: [[String]]) -> String {
    let lines = [head, head.map { _ in "---" }] + rows
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined() + "\n"
  }
}
