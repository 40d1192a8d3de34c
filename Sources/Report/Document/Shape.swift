internal import Values

/// What an object of the report looks like: one table from which JSON, JSON Schema and columns are made.
struct Shape<Row>: Sendable {
  /// The members, in the order of the JSON.
  let members: [Member<Row>]

  /// A shape of members.
  init(_ members: [Member<Row>]) { self.members = members }

  /// The JSON object of a row; members without a value are left out.
  func value(of row: Row) -> ReportValue {
    .object(
      members.compactMap { member in
        member.value(row).map { ReportValue.Pair(name: member.name, value: $0) }
      })
  }

  /// The JSON Schema of such an object.
  var schema: ReportValue {
    let properties = members.map { ReportValue.Pair(name: $0.name, value: $0.schema) }
    let required = members.filter(\.isRequired).map { ReportValue.text($0.name) }
    return .object(of: [
      "type": .text("object"), "additionalProperties": .flag(false), "required": .array(required),
      "properties": .object(properties),
    ])
  }
}

/// What kind of value a member has: how it is written, checked and shown.
enum MemberKind: Sendable {
  case text, integer, decimal, seconds, share, flag, time
  /// A whole number that names something, such as a packet or a rule.
  case identity
  /// Seconds that people read in milliseconds.
  case milliseconds
  case texts, integers
  /// Anything else, with its JSON Schema; it has no column.
  case nested(ReportValue)

  /// Whether columns are aligned right.
  var isNumber: Bool {
    switch self {
    case .integer, .identity, .decimal, .seconds, .milliseconds, .share: true
    default: false
    }
  }

  var schema: [ReportValue.Pair] {
    let pairs: KeyValuePairs<String, ReportValue> =
      switch self {
      case .text: ["type": .text("string")]
      case .integer, .identity: ["type": .text("integer")]
      case .decimal, .seconds, .milliseconds: ["type": .text("number")]
      case .share: ["type": .text("number"), "minimum": .integer(0), "maximum": .integer(1)]
      case .flag: ["type": .text("boolean")]
      case .time:
        ["type": .text("string"), "pattern": .text(#"^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"#)]
      case .texts: ["type": .text("array"), "items": .object(of: ["type": .text("string")])]
      case .integers: ["type": .text("array"), "items": .object(of: ["type": .text("integer")])]
      case .nested: [:]
      }
    if case .nested(.object(let members)) = self { return members }
    return pairs.map { ReportValue.Pair(name: $0.key, value: $0.value) }
  }
}

/// One member of an object of the report.
struct Member<Row>: Sendable {
  /// Its name in JSON.
  let name: String
  let kind: MemberKind
  /// The heading of its column, with the unit; nil when it has none.
  let heading: String?
  /// What it means, for the schema and for who points at the heading.
  let meaning: String
  /// Whether every row has it.
  let isRequired: Bool
  let value: @Sendable (Row) -> ReportValue?

  var schema: ReportValue {
    .object([ReportValue.Pair(name: "description", value: .text(meaning))] + kind.schema)
  }
}

extension Member {
  static func text(
    _ name: String, _ heading: String?, _ meaning: String,
    _ get: @escaping @Sendable (Row) -> String?
  ) -> Member {
    Member(name: name, kind: .text, heading: heading, meaning: meaning, isRequired: false) {
      get($0).map { .text($0) }
    }
  }

  static func integer(
    _ name: String, _ heading: String?, _ meaning: String, _ get: @escaping @Sendable (Row) -> Int?
  ) -> Member {
    Member(name: name, kind: .integer, heading: heading, meaning: meaning, isRequired: false) {
      get($0).map { .integer($0) }
    }
  }

  static func identity(
    _ name: String, _ heading: String?, _ meaning: String, _ get: @escaping @Sendable (Row) -> Int?
  ) -> Member {
    Member(name: name, kind: .identity, heading: heading, meaning: meaning, isRequired: false) {
      get($0).map { .integer($0) }
    }
  }

  static func milliseconds(
    _ name: String, _ heading: String?, _ meaning: String, _ get: @escaping @Sendable (Row) -> Double?
  ) -> Member {
    Member(
      name: name, kind: .milliseconds, heading: heading, meaning: meaning + " (s)", isRequired: false
    ) {
      get($0).flatMap { .rounded($0) }
    }
  }

  static func count(
    _ name: String, _ heading: String?, _ meaning: String, _ get: @escaping @Sendable (Row) -> Int
  ) -> Member {
    Member(name: name, kind: .integer, heading: heading, meaning: meaning, isRequired: true) {
      .integer(get($0))
    }
  }

  static func decimal(
    _ name: String, _ heading: String?, _ meaning: String,
    _ get: @escaping @Sendable (Row) -> Double?
  ) -> Member {
    Member(name: name, kind: .decimal, heading: heading, meaning: meaning, isRequired: false) {
      get($0).flatMap { .rounded($0) }
    }
  }

  static func seconds(
    _ name: String, _ heading: String?, _ meaning: String,
    _ get: @escaping @Sendable (Row) -> Double?
  ) -> Member {
    Member(name: name, kind: .seconds, heading: heading, meaning: meaning + " (s)", isRequired: false) {
      get($0).flatMap { .rounded($0) }
    }
  }

  static func share(
    _ name: String, _ heading: String?, _ meaning: String,
    _ get: @escaping @Sendable (Row) -> Double?
  ) -> Member {
    Member(name: name, kind: .share, heading: heading, meaning: meaning + " (0–1)", isRequired: false) {
      get($0).flatMap { .rounded(min(1, max(0, $0))) }
    }
  }

  static func flag(
    _ name: String, _ heading: String?, _ meaning: String, _ get: @escaping @Sendable (Row) -> Bool?
  ) -> Member {
    Member(name: name, kind: .flag, heading: heading, meaning: meaning, isRequired: false) {
      get($0).map { .flag($0) }
    }
  }

  static func time(
    _ name: String, _ heading: String?, _ meaning: String,
    _ get: @escaping @Sendable (Row) -> Timestamp?
  ) -> Member {
    Member(name: name, kind: .time, heading: heading, meaning: meaning + " (UTC)", isRequired: false) {
      get($0).map { .time($0) }
    }
  }

  static func texts(
    _ name: String, _ heading: String?, _ meaning: String, _ get: @escaping @Sendable (Row) -> [String]
  ) -> Member {
    Member(name: name, kind: .texts, heading: heading, meaning: meaning, isRequired: false) {
      let texts = get($0)
      return texts.isEmpty ? nil : .array(texts.map { .text($0) })
    }
  }

  static func integers(
    _ name: String, _ heading: String?, _ meaning: String, _ get: @escaping @Sendable (Row) -> [Int]
  ) -> Member {
    Member(name: name, kind: .integers, heading: heading, meaning: meaning, isRequired: true) {
      .array(get($0).map { .integer($0) })
    }
  }

  /// Objects of another shape, always there, perhaps none.
  static func rows<Inner>(
    _ name: String, _ meaning: String, _ shape: Shape<Inner>,
    _ get: @escaping @Sendable (Row) -> [Inner]
  ) -> Member {
    let schema = ReportValue.object(of: ["type": .text("array"), "items": shape.schema])
    return Member(name: name, kind: .nested(schema), heading: nil, meaning: meaning, isRequired: true) {
      .array(get($0).map { shape.value(of: $0) })
    }
  }

  /// One object of another shape.
  static func object<Inner>(
    _ name: String, _ meaning: String, _ shape: Shape<Inner>,
    _ get: @escaping @Sendable (Row) -> Inner?
  ) -> Member {
    Member(name: name, kind: .nested(shape.schema), heading: nil, meaning: meaning, isRequired: false) {
      get($0).map { shape.value(of: $0) }
    }
  }

  /// Names with numbers.
  static func tally(
    _ name: String, _ meaning: String, _ get: @escaping @Sendable (Row) -> [Counted]
  ) -> Member {
    .rows(name, meaning, Counted.shape, get)
  }
}
