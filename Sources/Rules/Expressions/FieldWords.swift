internal import Events

/// What can be said of the values of a field: the catalogue's word, and that of who loads the rules.
struct FieldWords: Sendable {
  /// The only words of fields whose words the catalogue does not know.
  var words: [Field: [String]] = [:]

  /// The values that a field can have.
  func domain(of field: Field) -> FieldDomain {
    words[field].map { .words($0) } ?? FieldCatalog.definition(of: field).domain
  }

  /// The values that an operand can have.
  func domain(of operand: Operand) -> FieldDomain {
    switch operand {
    case .field(let field): domain(of: field)
    case .captured(let value): value.field.map { domain(of: $0) } ?? .any
    case .function(.lower, let argument): domain(of: argument).lowercased
    default: .any
    }
  }
}

/// What to say of a value that a field never has.
struct ImpossibleValue {
  var message: String
  var help: String?

  /// The fault of a text that a field is set to or compared with; nil when it can occur.
  init?(_ text: String, of name: String, in domain: FieldDomain) {
    guard !domain.contains(text) else { return nil }
    message = "'\(name)' is never \"\(text)\""
    if case .countries = domain {
      let capitals = text.uppercased()
      if domain.contains(capitals) { message += "; did you mean '\(capitals)'?" }
      help = "a country is two capital letters (ISO 3166-1 alpha-2): DE"
    } else {
      message += Suggestion.phrase(for: text, among: domain.words)
      help = Self.listed(name, domain)
    }
  }

  /// The fault of a part of a text that no value of a field has; nil when one has it.
  init?(
    _ part: String, of name: String, in domain: FieldDomain, _ comparison: String,
    _ isPart: (_ word: String, _ part: String) -> Bool
  ) {
    guard case .words(let words) = domain, !words.contains(where: { isPart($0, part) }) else { return nil }
    message = "no value of '\(name)' \(comparison) \"\(part)\""
    help = Self.listed(name, domain)
  }

  /// The fault of numbers that a field is set to or compared with; nil when one of them can occur.
  init?(_ numbers: ClosedRange<Int64>, _ text: String, of name: String, in domain: FieldDomain) {
    guard case .numbers(let range) = domain, !range.overlaps(numbers) else { return nil }
    message = "'\(name)' is never \(text)"
    help = "it is from \(range.lowerBound) to \(range.upperBound)"
  }

  /// The fault of a value that a test gives a field; nil when it can occur. For any country stands what two bytes say.
  init?(_ value: TestValue, _ text: String, of row: FieldDefinition) {
    let fault: ImpossibleValue? =
      switch (value, row.domain) {
      case (_, .countries): nil
      case (.text, _): ImpossibleValue(text, of: row.name, in: row.domain)
      case (.integer(let number), _): ImpossibleValue(number...number, text, of: row.name, in: row.domain)
      default: nil
      }
    guard let fault else { return nil }
    self = fault
  }

  private static func listed(_ name: String, _ domain: FieldDomain) -> String {
    guard domain.words.count <= 24 else {
      return "'ringwatch fields \(name)' says where its values are listed"
    }
    return "it is one of \(domain.words.joined(separator: ", "))" + domain.supplement
  }
}

extension DiagnosticCode {
  static let impossibleValue = DiagnosticCode(rawValue: "impossible-value")
}
