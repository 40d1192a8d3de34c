/// A translated signature on its way to a rule file.
struct ImportedRule {
  /// `threshold` of the output.
  struct Threshold {
    var keys: [String]
    var seconds: Int
    var bound: String
  }

  /// `suppress` of the output.
  struct Suppression {
    var keys: [String]?
    var seconds: Int
  }

  var id = ""
  var sid = 0
  var revision: Int?
  var title = ""
  var event = "sip"
  var condition: ConditionText?
  var threshold: Threshold?
  var suppression: Suppression?
  var severity: String?
  var category: String?
  var techniques: [String] = []
  var references: [String] = []
  /// The line it was on.
  var line = 0
  /// What is not quite the same.
  var differences: [String] = []

  /// The rule as an item of `rules`, with the comment that says where it comes from.
  func yaml(source: String) -> String {
    var lines = ["  # sid \(sid), line \(line) of \(source)"]
    lines += differences.map { "  # difference: \($0)" }
    lines += ["  - id: \(id)", "    sid: \(sid)"]
    if let revision { lines.append("    rev: \(revision)") }
    lines += ["    title: \(YAMLText.scalar(title, in: .block))", "    event: \(event)"]
    if let condition { lines += Self.condition(condition) }
    if let threshold {
      let keys = threshold.keys.joined(separator: ", ")
      lines.append(
        "    threshold: {by: [\(keys)], within: \(threshold.seconds)s, count: {\(threshold.bound)}}")
    }
    if let suppression {
      let keys = suppression.keys.map { "by: [\($0.joined(separator: ", "))], " } ?? ""
      lines.append("    suppress: {\(keys)for: \(suppression.seconds)s}")
    }
    if let severity { lines.append("    severity: \(severity)") }
    if let category { lines.append("    category: \(YAMLText.scalar(category, in: .block))") }
    if !techniques.isEmpty { lines.append("    attack: [\(techniques.joined(separator: ", "))]") }
    if !references.isEmpty {
      lines.append("    references:")
      lines += references.map { "      - \(YAMLText.scalar($0, in: .block))" }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// `when` on one line, or with one part a line when that is long.
  private static func condition(_ condition: ConditionText) -> [String] {
    let text = condition.text
    if text.utf8.count <= 100 {
      return ["    when: \(YAMLText.isPlain(text, in: .block) ? text : singleQuoted(text))"]
    }
    let parts = condition.conjuncts
    return ["    when: |"]
      + parts.enumerated().map { index, part in
        "      " + (index == 0 ? "" : "and ") + (parts.count == 1 ? part.text : part.part)
      }
  }

  private static func singleQuoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "''") + "'"
  }
}
