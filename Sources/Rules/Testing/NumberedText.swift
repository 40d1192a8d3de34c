/// A text in a test's event that differs from one repetition to the next: `{n}` stands for the number of the
/// repetition, from 1, and `{n%15}` for what dividing that by 15 leaves, so that fifteen values take turns.
struct NumberedText: Hashable, Sendable {
  private enum Part: Hashable {
    case text(String)
    /// The number of the repetition; with a modulus, what is left of it.
    case number(modulus: Int?)
  }

  private var parts: [Part] = []
  /// What begins like a place for the number and is none, such as `{n+1}`.
  private(set) var stray: String?

  /// Understands a text of a rule file.
  init(_ text: String) {
    var rest = text[...]
    // Most texts have none, and are not searched.
    while rest.utf8.contains(UInt8(ascii: "{")), let opening = rest.firstRange(of: "{n") {
      let place = rest[opening.lowerBound...]
      guard let closing = place.firstIndex(of: "}") else { break }
      let inside = place[opening.upperBound..<closing]
      let end = place.index(after: closing)
      if let number = Self.number(inside) {
        append(rest[..<opening.lowerBound])
        parts.append(number)
      } else {
        // {name} is a text like any other.
        if inside.first?.isLetter == false, stray == nil { stray = String(place[..<end]) }
        append(rest[..<end])
      }
      rest = rest[end...]
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

  /// Numbers of repetitions, the least and the greatest of which every value of it lies between.
  ///
  /// - Parameter repetitions: how many there are, from 1.
  func extremes(of repetitions: Int) -> [Int] {
    let moduli = parts.compactMap { if case .number(let modulus?) = $0 { modulus } else { nil } }
    let turns = moduli.flatMap { [$0 - 1, $0] }.filter { $0 > 0 }
    return [1, repetitions] + turns.map { min($0, repetitions) }
  }

  /// What is between `{n` and `}`, or nil for anything else.
  private static func number(_ inside: Substring) -> Part? {
    if inside.isEmpty { return .number(modulus: nil) }
    guard inside.first == "%", let modulus = Int(inside.dropFirst()), modulus > 0 else { return nil }
    return .number(modulus: modulus)
  }

  private mutating func append(_ words: Substring) {
    if !words.isEmpty { parts.append(.text(String(words))) }
  }
}
