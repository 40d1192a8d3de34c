internal import Values

/// What happened when: counts in equal intervals whose length grows with the time that is covered.
struct Timeline: Sendable {
  /// What is counted.
  enum Kind: Int, CaseIterable, Sendable {
    case messages, calls, anomalies, alerts
  }

  /// Intervals at the most.
  static let limit = 240

  private(set) var start: Timestamp?
  /// Seconds of an interval.
  private(set) var seconds = 1
  private(set) var counts: [[Int]] = Array(repeating: [], count: Kind.allCases.count)

  /// Counts one; what is earlier than the first event falls into the first interval.
  mutating func add(_ kind: Kind, at time: Timestamp) {
    let origin =
      start ?? Timestamp(nanoseconds: time.nanoseconds.floorDivided(by: 60_000_000_000) &* 60_000_000_000)
    if start == nil { start = origin }
    let offset = Int(max(0, time.nanoseconds(since: origin)) / 1_000_000_000)
    while offset / seconds >= Self.limit { widen() }
    let index = offset / seconds
    while counts[kind.rawValue].count <= index { counts[kind.rawValue].append(0) }
    counts[kind.rawValue][index] += 1
  }

  private mutating func widen() {
    seconds *= 2
    counts = counts.map { row in
      stride(from: 0, to: row.count, by: 2).map { row[$0] + ($0 + 1 < row.count ? row[$0 + 1] : 0) }
    }
  }

  /// Counts of a kind, as many as there are intervals.
  func row(_ kind: Kind) -> [Int] {
    let length = counts.map(\.count).max() ?? 0
    return counts[kind.rawValue] + Array(repeating: 0, count: length - counts[kind.rawValue].count)
  }

  static let shape = Shape<Timeline>([
    .time("start", nil, "Begin of the first interval") { $0.start },
    .count("interval_seconds", nil, "Length of an interval (s)") { $0.seconds },
    .integers("messages", nil, "SIP messages, repeats not counted") { $0.row(.messages) },
    .integers("calls", nil, "Calls that started") { $0.row(.calls) },
    .integers("anomalies", nil, "Protocol faults") { $0.row(.anomalies) },
    .integers("alerts", nil, "Alerts") { $0.row(.alerts) },
  ])
}
