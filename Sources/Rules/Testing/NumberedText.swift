/// A text in a test's event that differs from one repetition to the next: `{n}` stands for the number of the
/// repetition, from 1, and `{n%15}` for what dividing that by 15 leaves, so that fifteen values take turns.
struct NumberedText: Hashable, Sendable {
  private enum Part: Hashable {
    case text(String)
    /// The number of the repetition; with a modulus, what is left of it.
    case number(modulus: Int?)
  }

  /// Of longer turns the beginning is looked at.
  private static let longestTurn = 4096

  private var parts: [Part] = []
  /// What begins like a place for the number and is none, such as `{n+1}`.
  private(set) var stray: String?

  /// Understands a text of a rule file.
  init(_ text: String) {
    var rest = text[...]
    // Most texts have none, and are not searched.
    while rest.utf8.contains(UInt8(ascii: "{")), let opening = rest.firstRange(of: "{n") {
      // No number is longer.
      let place = rest[opening.lowerBound...].prefix(32)
      let closing = place.firstIndex(of: "}")
      let inside = closing.map { place[opening.upperBound..<$0] }
      if let closing, let inside, let number = Self.number(inside) {
        append(rest[..<opening.lowerBound])
        parts.append(number)
        rest = rest[place.index(after: closing)...]
      } else {
        // {name} is a text like any other.
        if let closing, inside?.first?.isLetter == false, stray == nil { stray = String(place[...closing]) }
        append(rest[..<opening.upperBound])
        rest = rest[opening.upperBound...]
      }
    }
    append(rest)
  }

  /// Whether the number of the repetition is in it.
  var isNumbered: Bool {
    parts.contains { if case .number = $0 { true } else { false } }
  }

  /// The text of a repetition.
  func text(_ number: Int) -> String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .text(let words): text += words
      case .number(let modulus): text += String(modulus.map { number % $0 } ?? number)
      }
    }
  }

  /// Numbers of repetitions among which any is that gives a value of another type: the first and the last, or one
  /// turn of what takes turns.
  ///
  /// - Parameter repetitions: how many there are, from 1.
  func samples(of repetitions: Int) -> [Int] {
    var turn = 1
    for case .number(let modulus?) in parts where turn <= Self.longestTurn {
      var (divisor, rest) = (turn, modulus)
      while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
      let (product, overflow) = turn.multipliedReportingOverflow(by: modulus / divisor)
      turn = overflow ? .max : product
    }
    return Array(1...min(turn, repetitions, Self.longestTurn)) + [repetitions]
  }

  /// What is between `{n` and `}`, or nil for anything else.
  private static func number(_ inside: Substring) -> Part? {
    if inside.isEmpty { return .number(modulus: nil) }
    let digits = inside.dropFirst()
    guard inside.first == "%", digits.first != "0", digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      return nil
    }
    return Int(digits).map { .number(modulus: $0) }
  }

  private mutating func append(_ words: Substring) {
    if !words.isEmpty { parts.append(.text(String(words))) }
  }
}
