/// What came of an import, rule by rule.
public struct ImportReport: Sendable {
  /// What is to be said about an option or a rule.
  public struct Finding: Hashable, Sendable {
    /// How much it matters.
    public enum Weight: String, Sendable, CaseIterable {
      /// The rule is not in the output.
      case refused = "not translated"
      /// The rule is in the output and does not do quite the same.
      case difference
      /// Nothing is lost.
      case note
    }

    /// How much it matters.
    public let weight: Weight
    /// The line, from 1.
    public let line: Int
    /// The column, from 1.
    public let column: Int
    /// What and why, in one line.
    public let message: String
  }

  /// One signature of the input.
  public struct Rule: Sendable {
    /// The line on which it begins.
    public let line: Int
    /// Its `sid`, if it has one.
    public let sid: Int?
    /// Its `msg`.
    public let title: String?
    /// The id of the rule in the output; nil when it is not translated.
    public internal(set) var id: String?
    /// What is to be said about it, in the order of the text.
    public internal(set) var findings: [Finding]
  }

  /// The path of the input.
  public let path: String
  /// The signatures in order; commented ones are none.
  public internal(set) var rules: [Rule] = []

  /// Signatures that are in the output.
  public var translatedCount: Int { rules.count { $0.id != nil } }
  /// Signatures that are not.
  public var refusedCount: Int { rules.count { $0.id == nil } }
  /// Signatures in the output that do not do quite the same.
  public var differingCount: Int {
    rules.count { rule in rule.id != nil && rule.findings.contains { $0.weight == .difference } }
  }

  /// One line a finding, then one that counts.
  public func renderText() -> String {
    var text = ""
    for rule in rules {
      let sid = rule.sid.map { "sid \($0): " } ?? ""
      for finding in rule.findings {
        let line =
          "\(path):\(finding.line):\(finding.column): \(finding.weight.rawValue): \(sid)\(finding.message)"
        text += TerminalText.escape(line) + "\n"
      }
    }
    let differing = differingCount == 0 ? "" : " (\(differingCount) with differences)"
    let noun = rules.count == 1 ? "rule" : "rules"
    let total =
      "\(rules.count) \(noun): \(translatedCount) translated\(differing), \(refusedCount) not translated"
    return text + TerminalText.escape("\(path): \(total)") + "\n"
  }

  /// The report as one JSON object: `file`, `rules` (`line`, `sid`, `title`, `id`, `findings` with `weight`,
  /// `line`, `column`, `message`), `translated`, `with_differences`, `not_translated`.
  public func renderJSON() -> String {
    var json = JSONText()
    json.object { json in
      json.string("file", path)
      json.array("rules") { json in
        for rule in rules { json.object { Self.append(rule, to: &$0) } }
      }
      json.number("translated", translatedCount)
      json.number("with_differences", differingCount)
      json.number("not_translated", refusedCount)
    }
    return json.text + "\n"
  }

  private static func append(_ rule: Rule, to json: inout JSONText) {
    json.number("line", rule.line)
    if let sid = rule.sid { json.number("sid", sid) }
    if let title = rule.title { json.string("title", title) }
    if let id = rule.id { json.string("id", id) }
    json.array("findings") { json in
      for finding in rule.findings {
        json.object { json in
          json.string("weight", finding.weight.rawValue)
          json.number("line", finding.line)
          json.number("column", finding.column)
          json.string("message", finding.message)
        }
      }
    }
  }
}
