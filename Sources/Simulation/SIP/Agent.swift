internal import Values

/// A program that speaks SIP, with the habits by which one tells it from others.
struct Agent: Sendable {
  /// How identifiers are made.
  enum Style: String, CaseIterable, Sendable {
    /// Decimal numbers behind the cookie, `number@host` as Call-ID.
    case decimal
    /// Hexadecimal words without a host.
    case hexadecimal
    /// Mixed letters and `word@host`.
    case mixed
    /// A server: hexadecimal words with a dotted counter.
    case server
    /// The scanner SIPVicious: decimal numbers alone.
    case sipvicious
  }

  /// The value of User-Agent; empty for programs that do not send one.
  var name: String
  /// Its habits.
  var style: Style

  /// A branch with the magic cookie: RFC 3261 §8.1.1.7.
  func branch(_ random: inout RandomSource) -> String {
    switch style {
    case .decimal: "z9hG4bK\(random.decimal(10))"
    case .hexadecimal: "z9hG4bK\(random.hexadecimal(16))"
    case .mixed: "z9hG4bK.\(random.word(9))"
    case .server: "z9hG4bK\(random.hexadecimal(4)).\(random.hexadecimal(32)).0"
    case .sipvicious: "z9hG4bK-\(random.decimal(10))"
    }
  }

  /// A Call-ID.
  func callID(_ random: inout RandomSource, host: String) -> String {
    switch style {
    case .decimal: "0_\(random.decimal(10))@\(host)"
    case .hexadecimal: "\(random.hexadecimal(8))-\(random.hexadecimal(12))"
    case .mixed: "\(random.word(10))@\(host)"
    case .server: "\(random.hexadecimal(32))@\(host)"
    case .sipvicious: random.decimal(24)
    }
  }

  /// A tag.
  func tag(_ random: inout RandomSource) -> String {
    switch style {
    case .decimal: random.decimal(10)
    case .hexadecimal, .server: random.hexadecimal(16)
    case .mixed: random.word(9)
    case .sipvicious: random.hexadecimal(30)
    }
  }
}
