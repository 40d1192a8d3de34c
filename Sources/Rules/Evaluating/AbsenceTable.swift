internal import Values

/// A match that nothing followed.
struct Absence {
  var key: KeyHash
  var suppressionKey: KeyHash
  /// When the match was.
  var start: Int64
  var packet: UInt64
  var lineage: AlertLineage
  /// The texts of its key, and behind them those of its silence where these are others.
  var group: [String]
}

/// The matches of one rule that wait for an event to follow (`absence`).
///
/// A match at T waits until T + w inclusive for an expected event of its key, one that comes after it. While
/// it waits, further matches of the key begin nothing. Hits are held back for the lateness bound and then
/// looked at in the order of time, so that the order in which they arrive makes no difference.
///
/// When there is no room, new matches are turned away and those that wait keep their place: who sends many
/// keys cannot push out the one that is about to fire.
struct AbsenceTable: SharingTable, Sendable {
  /// Bytes of the texts that an alert tells its key with; longer ones are cut.
  static let bytesPerGroup = 256

  private struct Waiting {
    var hit: AbsenceHit
    var deadline: Int64
  }

  private let length: Int64
  private let lateness: Int64
  private var keys: KeyTable
  private var waiting: [Waiting] = []
  private var queue: TimeQueue<AbsenceHit>
  private var texts: [[UInt8]] = []
  private var freeTexts: [Int32] = []
  /// Time of the last hit that was looked at.
  private var settled = Int64.min
  private(set) var evictions: UInt64 = 0
  /// Bytes that it may take.
  private(set) var budget: Int
  /// Matches of which a gap in the input hides what followed.
  private(set) var unknown: UInt64 = 0

  init(_ absence: CompiledAbsence, budget: Int, lateness: Int64) {
    length = absence.length
    self.lateness = lateness
    self.budget = budget
    let capacity = Self.capacity(budget)
    keys = KeyTable(capacity: capacity)
    queue = TimeQueue(capacity: capacity)
  }

  /// Bytes of a match that waits, and of one hit in the queue.
  private static var bytesPerKey: Int {
    KeyTable.bytesPerKey + MemoryLayout<Waiting>.stride + MemoryLayout<AbsenceHit>.stride
      + 2 * (bytesPerGroup + MemoryLayout<[UInt8]>.stride + 32)
  }

  private static func capacity(_ budget: Int) -> Int { max(16, budget / bytesPerKey) }

  /// The most bytes that the absences of a rule take.
  static func bound(budget: Int) -> Int { capacity(budget) * bytesPerKey }

  /// Bytes that the absences take.
  var byteCount: Int {
    keys.byteCount + waiting.count * MemoryLayout<Waiting>.stride + queue.byteCount
      + texts.reduce(0) { $0 + $1.count + MemoryLayout<[UInt8]>.stride }
  }

  /// Matches that wait.
  var pendingCount: Int { keys.count }

  /// From this packet time on there is something to do.
  var due: Int64 {
    let hit = queue.first?.time ?? .max
    let deadline = keys.oldest(rank: 0).map { waiting[$0].deadline } ?? .max
    return min(hit, deadline).saturatingAdd(lateness).saturatingAdd(1)
  }

  // MARK: Hits

  /// Takes an expected event.
  mutating func add(expected key: KeyHash, time: Int64, sequence: UInt64) {
    makeRoom()
    queue.push(AbsenceHit(time: time, sequence: sequence, key: key, isExpected: true))
  }

  /// Takes a match with the texts of its keys, each after its length in two bytes.
  mutating func add(match hit: AbsenceHit, group: [UInt8]) {
    makeRoom()
    var hit = hit
    hit.text = keep(group)
    queue.push(hit)
  }

  /// Whether less than an eighth of the room is left.
  var isNearlyFull: Bool { keys.isNearlyFull || queue.count * 8 >= queue.capacity * 7 }

  /// Takes another share of the memory. What waits keeps its place, so a smaller share is kept to only once
  /// enough of it is over.
  mutating func fit(budget: Int) {
    self.budget = budget
    let capacity = max(Self.capacity(budget), keys.count)
    queue.capacity = capacity
    guard let former = keys.resize(to: capacity) else { return }
    waiting = former.map { waiting[$0] }
  }

  /// Follows rules to other indices.
  ///
  /// - Parameter places: the new indices by the old ones.
  mutating func renumberRules(_ places: [Int?]) {
    for slot in waiting.indices { waiting[slot].hit.lineage = waiting[slot].hit.lineage.renumbered(places) }
    queue.update { $0.lineage = $0.lineage.renumbered(places) }
  }

  private mutating func makeRoom() {
    while queue.isFull, let hit = queue.popFirst() { settle(hit) }
  }

  private mutating func keep(_ group: [UInt8]) -> Int32 {
    guard let slot = freeTexts.popLast() else {
      // Not the caller's store, which may be much larger.
      var text: [UInt8] = []
      text.append(contentsOf: group)
      texts.append(text)
      return Int32(truncatingIfNeeded: texts.count - 1)
    }
    texts[Int(slot)].removeAll(keepingCapacity: true)
    texts[Int(slot)].append(contentsOf: group)
    return slot
  }

  // MARK: Time

  /// Looks at hits before one instant and takes out the first absence whose deadline is before another.
  mutating func next(hitsBefore hitLimit: Int64, deadlinesBefore limit: Int64) -> Absence? {
    while true {
      let hitTime = queue.first.map(\.time) ?? .max
      let isReady = hitTime < hitLimit
      if let slot = keys.oldest(rank: 0), waiting[slot].deadline < (isReady ? min(hitTime, limit) : limit) {
        return take(slot)
      }
      guard isReady, let hit = queue.popFirst() else { return nil }
      settle(hit)
    }
  }

  private mutating func settle(_ hit: AbsenceHit) {
    settled = max(settled, hit.time)
    let slot = keys.slot(of: hit.key)
    if hit.isExpected {
      // Beyond the deadline it comes too late; the absence is about to be taken out.
      guard let slot, hit.time <= waiting[slot].deadline else { return }
      freeTexts.append(waiting[slot].hit.text)
      keys.remove(slot)
    } else if slot == nil, keys.count < keys.capacity {
      insert(hit)
    } else {
      if slot == nil { evictions += 1 }
      freeTexts.append(hit.text)
    }
  }

  private mutating func insert(_ hit: AbsenceHit) {
    let slot = keys.insert(hit.key)
    // Deadlines never go back, so that the least recent key is the first to be due.
    let entry = Waiting(hit: hit, deadline: settled.saturatingAdd(length))
    waiting.place(entry, at: slot, within: keys.capacity)
  }

  private mutating func take(_ slot: Int) -> Absence {
    let hit = waiting[slot].hit
    let group = Self.values(texts[Int(hit.text)])
    freeTexts.append(hit.text)
    keys.remove(slot)
    return Absence(
      key: hit.key, suppressionKey: hit.suppressionKey, start: hit.time, packet: hit.packet,
      lineage: hit.lineage, group: group)
  }

  /// Texts that stand behind their lengths.
  private static func values(_ text: [UInt8]) -> [String] {
    var values: [String] = []
    var index = 0
    while index + 2 <= text.count {
      let end = min(text.count, index + 2 + Int(text[index]) << 8 + Int(text[index + 1]))
      values.append(String(decoding: text[index + 2..<end], as: UTF8.self))
      index = end
    }
    return values
  }

  /// Gives up what waits, and begins at any time.
  mutating func restart() {
    forgetAll()
    settled = .min
  }

  /// Gives up what waits: a gap in the input hides what followed.
  mutating func forgetAll() {
    while let hit = queue.popFirst() { settle(hit) }
    while let slot = keys.oldest(rank: 0) {
      freeTexts.append(waiting[slot].hit.text)
      keys.remove(slot)
      unknown += 1
    }
  }
}
