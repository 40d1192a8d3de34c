/// Counters by their dotted names, as in the `stats` line of the log.
struct Counters: Sendable {
  private let values: [String: Int]
  /// In the order in which they were given.
  private let names: [String]

  init(_ counters: [(name: String, value: UInt64)]) {
    values = Dictionary(counters.map { ($0.name, Int(clamping: $0.value)) }) { $1 }
    names = counters.map(\.name)
  }

  /// Whether there are any, which is not so when a log without `stats` was read.
  var isEmpty: Bool { values.isEmpty }

  /// A counter; nil when there is none of that name.
  subscript(name: String) -> Int? { values[name] }

  /// The sum of some counters; nil when there is none of them.
  func sum(_ names: [String]) -> Int? {
    let present = names.compactMap { values[$0] }
    return present.isEmpty ? nil : present.reduce(0) { Int(clamping: UInt64($0) + UInt64($1)) }
  }

  /// Packets by protocol, those that there were.
  var layers: [Counted] {
    let other: Set = ["pkts", "bytes", "invalid", "avg_pkt_size", "max_pkt_size", "delivered"]
    return names.filter { $0.hasPrefix("decoder.") }.compactMap { name in
      let short = String(name.dropFirst("decoder.".count))
      guard let value = values[name], value > 0, !other.contains(short) else { return nil }
      return Counted(name: short, count: value)
    }
  }

  /// Tables that gave something up because they were full.
  var evictions: [Counted] {
    names.filter { $0.hasSuffix("evicted") }.compactMap { name in
      values[name].flatMap { $0 > 0 ? Counted(name: name, count: $0) : nil }
    }
  }
}
