internal import Values

/// A silence after an alert.
struct Suppression: Sendable {
  /// First instant, in nanoseconds, at which the rule may fire again.
  var until: Int64
  /// When the alert fired.
  var start: Int64
  /// Matches that were kept silent.
  var suppressed: UInt64 = 0
}

/// The keys of a rule that are silent after an alert (RULES.md section 6.3).
///
/// All silences of a rule are equally long and begin in the order of time, so the oldest ends first; when
/// there is no room, that one is given up.
struct SuppressionTable: SharingTable, Sendable {
  let duration: Int64
  let hasSummary: Bool
  /// How long after the end of a silence a match in it may still be found, in nanoseconds.
  private let delay: Int64
  /// Whether matches are found with a delay.
  let isDelayed: Bool
  private var keys: KeyTable
  private var silences: [Suppression] = []
  /// The texts of the keys, for summaries only.
  private var groups: [[String]] = []
  private(set) var evictions: UInt64 = 0
  /// Bytes that it may take.
  private(set) var budget: Int

  init(_ suppression: CompiledSuppression, budget: Int, lateness: Int64 = 0) {
    duration = suppression.duration
    isDelayed = suppression.isDelayed
    delay = isDelayed ? lateness : 0
    hasSummary = suppression.hasSummary
    self.budget = budget
    keys = KeyTable(capacity: Self.capacity(budget, hasSummary: hasSummary))
  }

  private static var bytesPerKey: Int { KeyTable.bytesPerKey + MemoryLayout<Suppression>.stride }

  /// Bytes of the texts that a summary tells its key with; longer ones are cut.
  static let bytesPerGroup = 256

  private static func capacity(_ budget: Int, hasSummary: Bool) -> Int {
    max(16, budget / (bytesPerKey + (hasSummary ? bytesPerGroup : 0)))
  }

  /// The most bytes that the suppressions of a rule take.
  static func bound(budget: Int) -> Int {
    max(budget, 16 * (bytesPerKey + bytesPerGroup))
  }

  /// Bytes that the suppressions take.
  var byteCount: Int {
    let texts = groups.reduce(0) { $0 + $1.reduce(0) { $0 + $1.utf8.count } }
    return keys.byteCount + silences.count * MemoryLayout<Suppression>.stride + texts
  }

  /// The texts of a key as they are kept.
  private static func kept(_ group: [String]) -> [String] {
    let limit = bytesPerGroup / max(1, group.count)
    return group.map { text in
      text.utf8.count <= limit ? text : String(decoding: text.utf8.prefix(limit - 3), as: UTF8.self) + "…"
    }
  }

  var count: Int { keys.count }

  /// When the first silence is over for good; nil when there is none.
  var due: Int64? { keys.oldest(rank: 0).map { silences[$0].until.saturatingAdd(delay) } }

  /// Whether a key is silent; the match is counted then.
  mutating func suppress(_ key: KeyHash, at now: Int64) -> Bool {
    guard let slot = keys.slot(of: key), now < silences[slot].until else { return false }
    silences[slot].suppressed += 1
    return true
  }

  /// Begins the silence of a key.
  mutating func begin(_ key: KeyHash, at now: Int64, group: [String]) {
    if let slot = keys.slot(of: key) { keys.remove(slot) }
    if !hasSummary { removeExpired(at: now) }
    if keys.count == keys.capacity, let slot = keys.oldest(rank: 0) {
      keys.remove(slot)
      evictions += 1
    }
    let slot = keys.insert(key)
    let silence = Suppression(until: now.saturatingAdd(duration), start: now)
    silences.place(silence, at: slot, within: keys.capacity)
    if hasSummary { groups.place(Self.kept(group), at: slot, within: keys.capacity) }
  }

  /// Whether less than an eighth of the room is left.
  var isNearlyFull: Bool { keys.isNearlyFull }

  /// Takes another share of the memory; when it is smaller, the oldest silences end.
  mutating func fit(budget: Int) {
    self.budget = budget
    let capacity = Self.capacity(budget, hasSummary: hasSummary)
    while keys.count > capacity, let slot = keys.oldest(rank: 0) {
      keys.remove(slot)
      evictions += 1
    }
    guard let former = keys.resize(to: capacity) else { return }
    silences = former.map { silences[$0] }
    if hasSummary { groups = former.map { groups[$0] } }
  }

  /// Ends all silences.
  mutating func removeAll() {
    keys = KeyTable(capacity: keys.capacity)
    silences = []
    groups = []
  }

  private mutating func removeExpired(at now: Int64) {
    for _ in 0..<2 {
      guard let slot = keys.oldest(rank: 0), silences[slot].until <= now else { return }
      keys.remove(slot)
    }
  }

  /// Takes out the first silence if it is over for good.
  mutating func removeFirst(dueBy now: Int64) -> (silence: Suppression, group: [String])? {
    guard let slot = keys.oldest(rank: 0), silences[slot].until.saturatingAdd(delay) <= now else {
      return nil
    }
    keys.remove(slot)
    return (silences[slot], hasSummary ? groups[slot] : [])
  }
}
