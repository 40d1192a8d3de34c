/// How one test of one rule went.
public struct RuleTestResult: Sendable, Equatable {
  /// How it went.
  public enum Outcome: Sendable, Equatable {
    case passed
    /// What was expected and what came, a line each.
    case failed([String])
    /// It could not be run, with the reason.
    case skipped(String)

    fileprivate var hasRun: Bool { if case .skipped = self { false } else { true } }
  }

  /// Index of the rule.
  public let rule: Int
  /// Id of the rule.
  public let ruleID: String
  /// Name of the test.
  public let name: String
  /// The rule file.
  public let file: String
  /// Line of the test.
  public let line: Int
  /// How it went.
  public let outcome: Outcome
  /// Alerts of the rule.
  public let alertCount: Int
}

/// How all tests went.
public struct RuleTestReport: Sendable {
  /// By rule, by test.
  public let results: [RuleTestResult]
  /// Ids of rules without a test.
  public let untestedRules: [String]
  /// Ids of all rules that were asked for.
  public let rules: [String]
  /// Seed of the order of inline events; nil for the order of time.
  public let shuffleSeed: UInt64?

  /// Tests that passed.
  public var passedCount: Int { results.count { $0.outcome == .passed } }
  /// Tests that failed.
  public var failedCount: Int { results.count { if case .failed = $0.outcome { true } else { false } } }
  /// Tests that could not be run.
  public var skippedCount: Int { results.count { if case .skipped = $0.outcome { true } else { false } } }

  /// Ids of rules that no test makes fire.
  public var rulesWithoutFiringTest: [String] {
    let fired = Set(results.filter { $0.alertCount > 0 }.map(\.ruleID))
    return rules.filter { !fired.contains($0) }
  }

  /// Ids of rules that no test expects to stay silent.
  public var rulesWithoutSilentTest: [String] {
    let silent = Set(results.filter { $0.alertCount == 0 && $0.outcome.hasRun }.map(\.ruleID))
    return rules.filter { !silent.contains($0) }
  }

  /// How many rules are tested both ways.
  ///
  /// - Parameter names: also says which are not.
  public func renderCoverage(names: Bool) -> String {
    var text =
      "Coverage: \(Self.rules(rules.count)), \(rulesWithoutFiringTest.count) without a firing test, "
      + "\(rulesWithoutSilentTest.count) without a silent test\n"
    guard names else { return text }
    for id in rulesWithoutFiringTest { text += "  no firing test: \(id)\n" }
    for id in rulesWithoutSilentTest { text += "  no silent test: \(id)\n" }
    return text
  }

  private static func rules(_ count: Int) -> String { count == 1 ? "1 rule" : "\(count) rules" }

  /// The failures and one line of figures.
  public func renderText() -> String {
    var text = ""
    for result in results {
      switch result.outcome {
      case .passed: continue
      case .failed(let lines):
        text += "\(result.file):\(result.line): rule \(result.ruleID), test \(result.name.quoted): failed\n"
        for line in lines { text += "    \(line)\n" }
      case .skipped(let reason):
        text +=
          "\(result.file):\(result.line): rule \(result.ruleID), test \(result.name.quoted): skipped: \(reason)\n"
      }
    }
    let untested = untestedRules.isEmpty ? "" : ", \(untestedRules.count) rules without a test"
    let order = shuffleSeed.map { " (events in a random order, seed \($0))" } ?? ""
    return text
      + "\(passedCount) passed, \(failedCount) failed, \(skippedCount) skipped\(untested)\(order)\n"
  }

  /// The results as JUnit XML, one suite a rule.
  public func renderJUnit() -> String {
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    xml += "<testsuites tests=\"\(results.count)\" failures=\"\(failedCount)\" skipped=\"\(skippedCount)\">\n"
    var index = 0
    while index < results.count {
      let end = results[index...].firstIndex { $0.rule != results[index].rule } ?? results.count
      xml += Self.suite(results[index..<end])
      index = end
    }
    return xml + "</testsuites>\n"
  }

  /// A JUnit document of rules that could not be loaded: one error, so that no older document is taken for theirs.
  public static func renderJUnit(ofUnloaded report: DiagnosticReport) -> String {
    let text = escaped(report.renderText())
    let message = escaped(report.diagnostics.first { $0.severity == .error }?.message ?? "")
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites tests="1" failures="0" errors="1" skipped="0">
        <testsuite name="rules" tests="1" failures="0" errors="1">
          <testcase classname="rules" name="loading">
            <error message="\(message)">\(text)</error>
          </testcase>
        </testsuite>
      </testsuites>

      """
  }

  private static func suite(_ results: ArraySlice<RuleTestResult>) -> String {
    guard let first = results.first else { return "" }
    let failures = results.count { if case .failed = $0.outcome { true } else { false } }
    let name = escaped(first.ruleID)
    var xml = "  <testsuite name=\"\(name)\" tests=\"\(results.count)\" failures=\"\(failures)\">\n"
    for result in results {
      xml += "    <testcase classname=\"\(name)\" name=\"\(escaped(result.name))\""
      xml += " file=\"\(escaped(result.file))\" line=\"\(result.line)\""
      switch result.outcome {
      case .passed: xml += "/>\n"
      case .failed(let lines):
        let text = escaped(lines.joined(separator: "\n"))
        xml +=
          ">\n      <failure message=\"\(escaped(lines.first ?? ""))\">\(text)</failure>\n    </testcase>\n"
      case .skipped(let reason):
        xml += ">\n      <skipped message=\"\(escaped(reason))\"/>\n    </testcase>\n"
      }
    }
    return xml + "  </testsuite>\n"
  }

  /// Text for XML 1.0, which has no place for most control characters.
  private static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "\n", "\t": result.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
        result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
