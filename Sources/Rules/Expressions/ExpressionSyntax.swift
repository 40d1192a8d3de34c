internal import Values

/// An expression as it is written, before names and types are looked at.
indirect enum ExpressionSyntax: Hashable, Sendable {
  case literal(Literal, Range<Int>)
  /// Text with the place of each decoded form: escapes are undone, except in a regular expression.
  case text([UInt8], Range<Int>)
  /// The right side of `matches`: a regular expression as it stands between the quotes.
  case pattern(String, Range<Int>)
  /// A dotted name.
  case name(String, Range<Int>)
  /// `header["Name"]`.
  case header(String, Range<Int>)
  case list(String, Range<Int>)
  case macro(String, Range<Int>)
  case items([ExpressionSyntax], Range<Int>)
  case call(String, nameRange: Range<Int>, [ExpressionSyntax], Range<Int>)
  case arithmetic(ArithmeticOperator, ExpressionSyntax, ExpressionSyntax)
  case comparison(ComparisonSyntax)
  case not(ExpressionSyntax, Range<Int>)
  case all([ExpressionSyntax])
  case any([ExpressionSyntax])

  /// UTF-8 offsets of the whole expression.
  var range: Range<Int> {
    switch self {
    case .literal(_, let range), .text(_, let range), .pattern(_, let range), .name(_, let range),
      .header(_, let range), .list(_, let range), .macro(_, let range), .items(_, let range),
      .call(_, _, _, let range), .not(_, let range):
      range
    case .arithmetic(_, let left, let right): left.range.lowerBound..<right.range.upperBound
    case .comparison(let comparison):
      comparison.left.range.lowerBound..<comparison.right.range.upperBound
    case .all(let parts), .any(let parts):
      (parts.first?.range.lowerBound ?? 0)..<(parts.last?.range.upperBound ?? 0)
    }
  }
}

/// A comparison as it is written.
struct ComparisonSyntax: Hashable, Sendable {
  let left: ExpressionSyntax
  let comparison: ComparisonOperator
  /// `not in`.
  let isNegated: Bool
  let right: ExpressionSyntax
  let operatorRange: Range<Int>
}

/// A value that stands in an expression.
enum Literal: Hashable, Sendable {
  case integer(Int64)
  case decimal(Double)
  /// Nanoseconds.
  case duration(Int64)
  case bool(Bool)
  case ip(IPAddress)
  case network(IPNetwork)
  /// `4xx` or `400..499`.
  case range(Int64, Int64)
}

/// `+ - * /`.
enum ArithmeticOperator: String, Hashable, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
}

/// What compares two values.
enum ComparisonOperator: String, Hashable, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case contains
  case startsWith = "starts_with"
  case endsWith = "ends_with"
  case matches

  /// Whether it orders values, which only numbers, durations and times allow.
  var isOrdering: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  /// Whether it looks inside text.
  var isTextSearch: Bool {
    switch self {
    case .contains, .startsWith, .endsWith, .matches: true
    default: false
    }
  }
}
