/// The values that a field can have, where they are fewer than those of its type.
public enum FieldDomain: Sendable, Equatable {
  /// Any value of the type.
  case any
  /// One of these words.
  case words([String])
  /// One of these words, or a number, decimal with at least so many digits or hexadecimal, where it stands for what
  /// has no name.
  case wordsOrNumbers([String], digits: Int = 1)
  /// A country code: two capital letters, ISO 3166-1 alpha-2.
  case countries
  /// A whole number from here to there.
  case numbers(ClosedRange<Int64>)

  /// The words; none where others can occur.
  public var words: [String] {
    switch self {
    case .words(let words), .wordsOrNumbers(let words, _): words
    case .any, .countries, .numbers: []
    }
  }

  /// What can occur beside the words, to be said behind them; empty where nothing can.
  public var supplement: String {
    guard case .wordsOrNumbers(_, let digits) = self else { return "" }
    return ", or the number of what has no name" + (digits > 1 ? ", of \(digits) digits" : "")
  }

  /// Whether a text can occur.
  public func contains(_ text: String) -> Bool {
    switch self {
    case .any, .numbers: true
    case .words(let words): words.contains(text)
    case .wordsOrNumbers(let words, let digits): words.contains(text) || Self.isNumber(text, atLeast: digits)
    case .countries: text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5a).contains($0) }
    }
  }

  /// Whether a number can occur.
  public func contains(_ number: Int64) -> Bool {
    guard case .numbers(let range) = self else { return true }
    return range.contains(number)
  }

  /// The domain of the values in lower case.
  public var lowercased: FieldDomain {
    switch self {
    case .words(let words): .words(words.map { $0.lowercased() })
    case .wordsOrNumbers(let words, let digits):
      .wordsOrNumbers(words.map { $0.lowercased() }, digits: digits)
    case .any, .countries, .numbers: .any
    }
  }

  /// Decimal digits, or hexadecimal ones behind `0x`.
  private static func isNumber(_ text: String, atLeast fewest: Int) -> Bool {
    let isHexadecimal = text.hasPrefix("0x")
    let digits = isHexadecimal ? text.dropFirst(2) : text[...]
    return digits.count >= (isHexadecimal ? 1 : fewest)
      && digits.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (isHexadecimal && (0x61...0x66).contains($0))
      }
  }
}

extension FieldDefinition {
  /// The values that it can have.
  public var domain: FieldDomain { FieldCatalog.domain(of: field) }
}
