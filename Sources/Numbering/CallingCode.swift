/// What a country code of ITU-T E.164, or the beginning of the numbers of a territory that shares one, stands for.
///
/// `kinds` are words of the beginnings of national numbers. In a word `x` is any digit, `n` is 1–9, `15-17` is a
/// range of beginnings of equal length, and `/9,10` says that it holds for national numbers of 9 and 10 digits only. The
/// longest beginning wins; numbers that no word covers are of unknown kind.
struct CallingCode: Sendable {
  /// The digits behind `+`.
  let digits: String
  /// ISO 3166-1 alpha-2 letters; empty when the code belongs to several countries or to none.
  let country: String
  /// How many digits national numbers have; nil where this table does not say.
  let lengths: ClosedRange<Int>?
  /// Whether national numbers may begin with 0.
  let hasLeadingZero: Bool
  /// The emergency numbers that are dialled there.
  let emergency: String
  /// Beginnings of national numbers by kind.
  let kinds: [Kind]

  /// Beginnings of one kind.
  struct Kind: Sendable {
    let kind: NumberKind
    let words: String

    static func mobile(_ words: String) -> Kind { Kind(kind: .mobile, words: words) }
    static func fixed(_ words: String) -> Kind { Kind(kind: .fixed, words: words) }
    static func premium(_ words: String) -> Kind { Kind(kind: .premium, words: words) }
    static func tollFree(_ words: String) -> Kind { Kind(kind: .tollFree, words: words) }
    static func satellite(_ words: String) -> Kind { Kind(kind: .satellite, words: words) }
    static func unknown(_ words: String) -> Kind { Kind(kind: .unknown, words: words) }
  }

  init(
    _ digits: String, _ country: String, _ lengths: ClosedRange<Int>? = nil, leadingZero: Bool = false,
    emergency: String = "", _ kinds: [Kind] = []
  ) {
    self.digits = digits
    self.country = country
    self.lengths = lengths
    hasLeadingZero = leadingZero
    self.emergency = emergency
    self.kinds = kinds
  }
}

/// The beginnings of numbers of territories that share a country code with a larger country.
struct SharedTerritory: Sendable {
  /// ISO 3166-1 alpha-2 letters; empty when the numbers belong to several countries.
  let country: String
  /// Beginnings, with the country code; words as in `CallingCode`.
  let words: String

  init(_ country: String, _ words: String) {
    self.country = country
    self.words = words
  }
}
