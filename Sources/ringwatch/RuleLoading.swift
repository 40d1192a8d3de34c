import ArgumentParser
import Foundation
import Rules

/// Loads the rules of a command line and tells the user what is wrong with them.
enum RuleLoading {
  /// The rules of some paths; ends with exit code 2 when there is an error.
  static func load(
    _ paths: [String], options: RuleLoadingOptions
  ) throws -> (outcome: RuleSetLoader.Outcome, rules: CompiledRuleSet) {
    let outcome = RuleSetLoader.load(paths, options: options)
    if outcome.report.errorCount > 0 { show(outcome.report, format: .text) }
    guard let rules = outcome.ruleSet else { throw ExitCode(2) }
    return (outcome, rules)
  }

  /// The paths given, or the folder of the shipped rules, and the files with overrides.
  static func resolved(_ paths: [String], overrides: [String] = []) throws -> [String] {
    if !paths.isEmpty { return paths + overrides }
    guard let shipped = RuleFolder.shipped() else {
      Terminal.complain(
        "ringwatch: the shipped rules were not found beside the program; name rules with -S, or run 'make install'"
      )
      throw ExitCode(2)
    }
    return [shipped] + overrides
  }

  /// How diagnostics are shown.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, sarif
  }

  /// Shows diagnostics: text for people on standard error, other formats on standard output.
  static func show(_ report: DiagnosticReport, format: Format) {
    switch format {
    case .text:
      let text = report.renderText()
      if !text.isEmpty { FileHandle.standardError.write(Data(text.utf8)) }
    case .json: print(report.renderJSON())
    case .sarif: print(report.renderSARIF(toolVersion: Ringwatch.version))
    }
  }
}
