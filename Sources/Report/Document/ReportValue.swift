internal import Rules
internal import Values

/// A value of the JSON report.
indirect enum ReportValue: Hashable, Sendable {
  case text(String)
  case integer(Int)
  case decimal(Double)
  case flag(Bool)
  case array([ReportValue])
  /// Members in the order in which they are written.
  case object([Pair])

  /// One member of an object.
  struct Pair: Hashable, Sendable {
    let name: String
    let value: ReportValue
  }

  /// An object of names and values.
  static func object(of pairs: KeyValuePairs<String, ReportValue>) -> ReportValue {
    .object(pairs.map { Pair(name: $0.key, value: $0.value) })
  }

  /// An instant as RFC 3339 writes it, in UTC with six decimals.
  static func time(_ time: Timestamp) -> ReportValue { .text(TimeText.machine(time)) }

  /// A number rounded to six decimals; what is not finite has no value.
  static func rounded(_ value: Double) -> ReportValue? {
    guard value.isFinite else { return nil }
    guard abs(value) < 1e12 else { return .decimal(value) }
    let rounded = (value * 1_000_000).rounded() / 1_000_000
    return .decimal(rounded == 0 ? 0 : rounded)
  }

  /// Writes the value as compact JSON.
  func write(_ name: String? = nil, to json: inout JSONText) {
    switch self {
    case .text(let text): json.string(name, text)
    case .integer(let number): json.number(name, number)
    case .decimal(let number): json.decimal(name, number)
    case .flag(let flag): json.boolean(name, flag)
    case .array(let items): json.array(name) { json in for item in items { item.write(to: &json) } }
    case .object(let pairs):
      json.object(name) { json in for pair in pairs { pair.value.write(pair.name, to: &json) } }
    }
  }
}
