/// Finds what is legal and yet surely not meant (RULES.md section 7).
struct RuleLint {
  init(_ loaded: LoadedRules, _ scope: ExpressionScope, _ options: LintOptions) {}
  func check(_ rules: [CheckedRule], _ sink: inout DiagnosticSink) {}
}
