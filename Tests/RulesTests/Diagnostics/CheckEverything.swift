import Rules

/// Loads rule files and runs every check that needs no packet: what the golden files hold.
func checkEverything(_ paths: [String]) -> DiagnosticReport {
  RuleLoader().load(paths).report
}
