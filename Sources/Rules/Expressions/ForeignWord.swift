/// What people bring along from SQL, Kibana, Suricata and other languages.
enum ForeignWord {
  /// The fault of a word in the place of an operator; nil when nothing is known of it.
  static func fault(_ token: ExpressionToken, _ word: String) -> ExpressionFault? {
    guard token.kind == .name else { return nil }
    if let fault = capitals(token, word) { return fault }
    guard let help = operators[word.lowercased()] else { return nil }
    return ExpressionFault(
      code: .expressionSyntax, range: token.range, message: "\(word.quoted) is no operator", help: help)
  }

  /// The fault of a word in the place of a value; nil when nothing is known of it.
  static func valueFault(_ token: ExpressionToken, _ word: String) -> ExpressionFault? {
    if let fault = capitals(token, word) { return fault }
    guard ["null", "nil", "none"].contains(word.lowercased()) else { return nil }
    return ExpressionFault(
      code: .expressionSyntax, range: token.range,
      message: "there is no \(word.quoted): a field without a value is absent",
      help: "write missing(field), or exists(field)")
  }

  /// A word of the language in capital letters.
  private static func capitals(_ token: ExpressionToken, _ word: String) -> ExpressionFault? {
    let small = word.lowercased()
    guard small != word, ExpressionParser.reservedWords.contains(small) else { return nil }
    return ExpressionFault(
      code: .expressionSyntax, range: token.range,
      message: "\(word.quoted) is written in small letters; write '\(small)'")
  }

  private static let operators: [String: String] = [
    "like": "write contains, starts_with or ends_with, without '%'; or matches with a regular expression",
    "ilike": "write lower(field) contains \"text in small letters\"",
    "between": "write in 400..499",
    "is": "write ==; or exists(field), missing(field)",
    "nocase": "write lower(field), and the text in small letters",
    "rlike": "write matches",
    "regex": "write matches",
    "regexp": "write matches",
    "eq": "write ==",
    "ne": "write !=",
  ]
}
