package import Values

extension NodeDecoder {
  /// A whole number in decimal digits inside a range; no sign, no leading zeros, no separators.
  package mutating func number(_ node: YAMLNode, of what: String, in range: ClosedRange<Int>) -> Spanned<Int>?
  {
    guard let scalar = resolved(scalar(node, of: what)) else { return nil }
    guard let value = Self.wholeNumber(scalar.text) else {
      sink.error(
        .badNumber, at: scalar.span, "\(what.quoted) must be a whole number, not \(scalar.text.quoted)")
      return nil
    }
    guard range.contains(value) else {
      sink.error(
        .badNumber, at: scalar.span,
        "\(what.quoted) must be from \(range.lowerBound) to \(range.upperBound), not \(scalar.text)")
      return nil
    }
    return Spanned(value, at: scalar.span)
  }

  /// `true` or `false`; YAML's other spellings are refused.
  package mutating func boolean(_ node: YAMLNode, of what: String) -> Bool? {
    guard let scalar = scalar(node, of: what) else { return nil }
    switch scalar.text {
    case "true": return true
    case "false": return false
    default:
      sink.error(
        .badBoolean, at: scalar.span, "\(what.quoted) must be true or false, not \(scalar.text.quoted)")
      return nil
    }
  }

  /// A duration in nanoseconds.
  package mutating func duration(_ node: YAMLNode, of what: String, allowsZero: Bool = false) -> Spanned<
    Int64
  >? {
    guard let scalar = resolved(scalar(node, of: what)) else { return nil }
    guard let value = Self.nanoseconds(scalar.text) else {
      sink.error(
        .badDuration, at: scalar.span, "\(what.quoted) must be a duration, not \(scalar.text.quoted)",
        help: "write a whole number with a unit: 250ms, 10s, 5m, 1h or 2d")
      return nil
    }
    guard value > 0 || allowsZero else {
      sink.error(.badDuration, at: scalar.span, "\(what.quoted) must be longer than 0")
      return nil
    }
    return Spanned(value, at: scalar.span)
  }

  /// A day.
  mutating func date(_ node: YAMLNode, of what: String) -> Spanned<CalendarDate>? {
    guard let scalar = scalar(node, of: what) else { return nil }
    guard let date = CalendarDate(scalar.text) else {
      sink.error(
        .badDate, at: scalar.span, "\(what.quoted) must be a date, not \(scalar.text.quoted)",
        help: "write year, month and day: 2027-01-31")
      return nil
    }
    return Spanned(date, at: scalar.span)
  }

  /// One of a few words.
  package mutating func choice(
    _ node: YAMLNode, of what: String, among words: [String], code: DiagnosticCode
  ) -> Spanned<String>? {
    guard let word = text(node, of: what) else { return nil }
    guard words.contains(word.value) else {
      let suggestion = Suggestion.phrase(for: word.value, among: words)
      sink.error(
        code, at: word.span, "unknown \(what) \(word.value.quoted)\(suggestion)",
        help: "known: \(words.joined(separator: ", "))")
      return nil
    }
    return word
  }

  /// A duration after the start of a test, or an instant.
  mutating func testTime(_ node: YAMLNode, of what: String) -> Spanned<TestTime>? {
    guard let scalar = scalar(node, of: what) else { return nil }
    if let offset = Self.nanoseconds(scalar.text) { return Spanned(.offset(offset), at: scalar.span) }
    if let instant = InstantText.parse(scalar.text) { return Spanned(.instant(instant), at: scalar.span) }
    sink.error(
      .badTime, at: scalar.span,
      "\(what.quoted) must be a duration or an instant, not \(scalar.text.quoted)",
      help: "write 45s after the start, or 2026-03-01T22:14:07+01:00")
    return nil
  }

  /// An instant with its zone.
  package mutating func instant(_ node: YAMLNode, of what: String) -> Spanned<Timestamp>? {
    guard let scalar = scalar(node, of: what) else { return nil }
    guard let instant = InstantText.parse(scalar.text) else {
      sink.error(
        .badTime, at: scalar.span, "\(what.quoted) must be an instant, not \(scalar.text.quoted)",
        help: "write date, time and zone: 2026-03-01T22:14:07+01:00")
      return nil
    }
    return Spanned(instant, at: scalar.span)
  }

  static func wholeNumber(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard bytes.count == 1 || bytes.first != 0x30 else { return nil }
    return Int(text)
  }

  /// The length of `250ms`, `10s`, `5m`, `1h` or `2d`, or nil.
  package static func nanoseconds(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = wholeNumber(String(digits)) else { return nil }
    let unit: Int64
    switch text.dropFirst(digits.count) {
    case "ms": unit = 1_000_000
    case "s": unit = 1_000_000_000
    case "m": unit = 60_000_000_000
    case "h": unit = 3_600_000_000_000
    case "d": unit = 86_400_000_000_000
    default: return nil
    }
    let (product, overflow) = Int64(number).multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }
}

/// Instants as RFC 3339 §5.6 writes them.
package enum InstantText {
  /// The instant of `2026-03-01T22:14:07.5+01:00` or `…Z`, or nil; a zone is required.
  package static func parse(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    return Timestamp(bytes.span)
  }

  /// An instant in UTC with as many decimals as it takes, `2026-03-01T22:14:07.5Z`.
  static func text(_ instant: Timestamp) -> String {
    let seconds = instant.nanoseconds.floorDivided(by: 1_000_000_000)
    let time = CivilTime(secondsSinceEpoch: seconds)
    let digits = { (value: Int, width: Int) -> String in
      let text = "\(value)"
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    var fraction = "." + digits(Int(instant.nanoseconds - seconds * 1_000_000_000), 9)
    while fraction.hasSuffix("0") { fraction.removeLast() }
    if fraction == "." { fraction = "" }
    return "\(digits(time.year, 4))-\(digits(time.month, 2))-\(digits(time.day, 2))T"
      + "\(digits(time.hour, 2)):\(digits(time.minute, 2)):\(digits(time.second, 2))\(fraction)Z"
  }
}
