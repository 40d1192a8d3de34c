/// One element of the text of an expression.
struct ExpressionToken: Hashable, Sendable {
  /// What it is.
  enum Kind: Hashable, Sendable {
    /// A name of a field, a function or a keyword, dots included.
    case name
    /// A number, duration, size, status class, address or block, as written.
    case literal
    /// Text in double quotes, the quotes included.
    case text
    /// Bytes, `h"0d 0a"`.
    case bytes
    /// A list, `@name`.
    case list
    /// A macro, `$name`.
    case macro
    /// An operator or a bracket.
    case symbol
    case end
  }

  let kind: Kind
  /// UTF-8 offsets in the expression.
  let range: Range<Int>
}

/// What stops the reading of an expression: one fault, at a place in its text.
struct ExpressionFault: Error {
  let code: DiagnosticCode
  let range: Range<Int>
  let message: String
  var help: String?
}

extension DiagnosticCode {
  // Syntax of expressions.
  static let expressionSyntax = DiagnosticCode(rawValue: "expression-syntax")
  static let unclosedText = DiagnosticCode(rawValue: "unclosed-text")
  static let badEscape = DiagnosticCode(rawValue: "bad-escape")
  static let badLiteral = DiagnosticCode(rawValue: "bad-literal")
  static let badAddress = DiagnosticCode(rawValue: "bad-address")
  static let mixedOperators = DiagnosticCode(rawValue: "mixed-operators")
  static let expressionTooDeep = DiagnosticCode(rawValue: "expression-too-deep")
  static let expressionTooLong = DiagnosticCode(rawValue: "expression-too-long")
}
