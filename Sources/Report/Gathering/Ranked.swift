internal import Values

/// What is worth more when not all of it can be kept.
protocol Ranked {
  /// More is worth more.
  var rank: Int { get }
}

/// Entries by key, of which a limited number is kept: when there are too many, the least in rank go.
///
/// A flood of new keys therefore displaces itself. What goes is decided by rank and key alone, never by the order
/// of a dictionary.
struct RankedTable<Key: Hashable & Comparable & Sendable, Entry: Ranked & Sendable>: Sendable {
  /// Entries that are kept in the end.
  let limit: Int
  /// Entries that were given up.
  private(set) var evictions = 0
  private var entries: [Key: Entry] = [:]

  init(limit: Int) { self.limit = limit }

  /// How many entries there are.
  var count: Int { entries.count }

  /// An entry that is there.
  subscript(key: Key) -> Entry? { entries[key] }

  /// Changes the entry of a key, a new one when there is none.
  mutating func update(_ key: Key, default entry: @autoclosure () -> Entry, _ change: (inout Entry) -> Void) {
    change(&entries[key, default: entry()])
    if entries.count > 2 * limit { cut() }
  }

  /// Changes the entry of a key if there is one.
  mutating func change(_ key: Key, _ body: (inout Entry) -> Void) {
    guard let index = entries.index(forKey: key) else { return }
    body(&entries.values[index])
  }

  /// The entries that are kept, by rank, the greatest first, and by key.
  var ranked: [(key: Key, entry: Entry)] {
    let sorted = entries.map { (key: $0.key, entry: $0.value) }.sorted {
      ($1.entry.rank, $0.key) < ($0.entry.rank, $1.key)
    }
    return Array(sorted.prefix(limit))
  }

  /// Entries that are not among those that are kept.
  var leftOut: Int { evictions + max(0, entries.count - limit) }

  private mutating func cut() {
    let kept = ranked
    evictions += entries.count - kept.count
    entries = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.entry) })
  }
}

/// Elements of which a limited number is kept, those of the greatest rank and among equals the first.
struct RankedList<Element: Ranked & Sendable>: Sendable {
  /// Elements that are kept in the end.
  let limit: Int
  /// All that were added.
  private(set) var total = 0
  private var elements: [(order: Int, element: Element)] = []

  init(limit: Int) { self.limit = limit }

  /// Adds one.
  mutating func append(_ element: Element) {
    elements.append((total, element))
    total += 1
    if elements.count > 2 * limit { elements = best }
  }

  /// What is kept, in the order in which it came.
  var kept: [Element] { best.sorted { $0.order < $1.order }.map(\.element) }

  /// Elements that are not kept.
  var leftOut: Int { max(0, total - limit) }

  private var best: [(order: Int, element: Element)] {
    guard elements.count > limit else { return elements }
    let sorted = elements.sorted { ($1.element.rank, $0.order) < ($0.element.rank, $1.order) }
    return Array(sorted.prefix(limit))
  }
}

/// A name with how often it came.
struct Counted: Hashable, Sendable {
  let name: String
  let count: Int

  static let shape = Shape<Counted>([
    .text("name", "Name", "What is counted") { $0.name },
    .count("count", "Count", "How often") { $0.count },
  ])
}

/// How often each of a limited number of names came.
struct Tally: Sendable {
  private struct Count: Ranked, Sendable {
    var rank = 0
  }

  private var counts: RankedTable<String, Count>
  /// All that was counted.
  private(set) var total = 0

  init(limit: Int) { counts = RankedTable(limit: limit) }

  /// Counts a name.
  mutating func add(_ name: String, _ count: Int = 1) {
    total += count
    counts.update(name, default: Count()) { $0.rank += count }
  }

  /// Different names.
  var distinct: Int { counts.count }

  /// The most frequent names; the others together are `(others)`.
  func top(_ number: Int) -> [Counted] {
    var top = counts.ranked.prefix(number).map { Counted(name: $0.key, count: $0.entry.rank) }
    let rest = total - top.reduce(0) { $0 + $1.count }
    if rest > 0 { top.append(Counted(name: "(others)", count: rest)) }
    return top
  }
}

/// Quantiles of many values in bounded memory: all of them up to a limit, beyond that each second, fourth, …
struct QuantileSample: Sendable {
  private static let limit = 1 << 16
  private var values: [Double] = []
  private var stride = 1
  /// Values that were added.
  private(set) var count = 0
  private(set) var sum = 0.0

  /// Adds a value.
  mutating func add(_ value: Double) {
    defer { count += 1 }
    sum += value
    guard count.isMultiple(of: stride) else { return }
    values.append(value)
    guard values.count == Self.limit else { return }
    values = Swift.stride(from: 0, to: values.count, by: 2).map { values[$0] }
    stride *= 2
  }

  /// The mean; nil without values.
  var mean: Double? { count == 0 ? nil : sum / Double(count) }

  /// The quantiles at some probabilities (nearest rank); nil without values.
  func quantiles(_ probabilities: [Double]) -> [Double]? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return probabilities.map {
      sorted[min(sorted.count - 1, max(0, Int(($0 * Double(sorted.count)).rounded(.up)) - 1))]
    }
  }

  /// What was kept.
  var sample: [Double] { values }
}
