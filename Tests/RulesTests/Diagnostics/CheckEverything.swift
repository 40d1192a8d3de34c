import Rules

/// Loads rule files and runs every check that needs no packet: what the golden files hold.
///
/// The fixtures are about other things than missing tests, so nothing is said about those.
func checkEverything(_ paths: [String]) -> DiagnosticReport {
  var lint = LintOptions()
  lint.wantsTests = false
  return RuleSetLoader.load(paths, lint: lint).report
}
