internal import Values

/// The entities of one type: bounded, with those of the running hour at hand.
///
/// A full table gives up the entity that is worth least, and of those the one that was quiet longest: a flood of
/// forged senders displaces itself.
struct ActivityTable: Sendable, ~Copyable {
  private var records = Arena<ActivityRecord>()
  /// By the numbers of the records: a search that reads keys alone leaves the records be.
  private var keys: [WideKey] = []
  private var activities = Arena<CallActivity>()
  /// By the numbers of the activities; only where features are read that no score uses.
  private var habits = Arena<CallHabit>()
  /// Of entities that had several user agents in the running hour.
  private var spreads = Arena<EntropyCounter>()
  private var index = HashIndex()
  private var queues = PriorityQueues()
  /// The records that the running hour has something of.
  private var active: [UInt32] = []
  private let seed: UInt64
  /// Whether anybody reads the features that no score uses.
  let hasFurther: Bool
  /// The most entities.
  let capacity: Int
  /// The running hour.
  private(set) var hour = ActivityRecord.none
  private(set) var evictions: UInt64 = 0

  init(_ options: FeatureExtractor.Options, capacity: Int, seed: UInt64) {
    self.capacity = max(1, capacity)
    hasFurther = options.hasFurther
    self.seed = seed
  }

  var usage: TableUsage {
    TableUsage(
      entries: records.count, limit: capacity,
      bytes: records.byteCount + activities.byteCount + habits.byteCount + spreads.byteCount
        + index.byteCount + queues.byteCount + keys.count * MemoryLayout<WideKey>.stride + active.count
        * MemoryLayout<UInt32>.stride,
      evictions: evictions)
  }

  subscript(number: Int) -> ActivityRecord {
    @inline(__always) _read { yield records[number] }
    @inline(__always) _modify { yield &records[number] }
  }

  /// The key of an entity.
  func key(of number: Int) -> WideKey { keys[number] }

  /// The entity of a key, or nil.
  @inline(__always)
  func find(_ key: WideKey) -> Int? {
    let keys = keys.span
    return index.find(hash(key)) { keys[$0] == key }
  }

  /// The entity of a key, ready to count in the running hour; it is made when there is none.
  mutating func use(_ key: WideKey) -> (number: Int, isNew: Bool) {
    if let number = find(key) {
      enter(number)
      return (number, false)
    }
    if records.count >= capacity, let victim = queues.victim { evict(victim) }
    let number = records.insert(ActivityRecord())
    if number < keys.count { keys[number] = key } else { keys.append(key) }
    index.insert(hash(key), record: number)
    enter(number)
    return (number, true)
  }

  /// Asks for the memory of an entity.
  func prefetch(_ number: Int) { records.prefetch(number) }

  /// Readies a known entity to count in the running hour.
  mutating func enter(_ number: Int) {
    if records[number].hour != hour { begin(number) }
  }

  /// Says that an entity was used just now.
  mutating func touch(_ number: Int) {
    queues.touch(number, level: records[number].level)
  }

  /// Changes what is known of the calls of an entity.
  mutating func withCalls(of number: Int, _ body: (inout CallActivity) -> Void) {
    if records[number].calls < 0 {
      records[number].calls = Int32(activities.insert(CallActivity()))
      if hasFurther { _ = habits.insert(CallHabit()) }
    }
    body(&activities[Int(records[number].calls)])
  }

  /// What is known of the calls of an entity; nil when it made none so far.
  func calls(of number: Int) -> CallActivity? {
    records[number].calls < 0 ? nil : activities[Int(records[number].calls)]
  }

  /// Counts an attempt of an entity whose calls are known, for its habits.
  mutating func countAttempt(of number: Int) {
    if hasFurther { habits[Int(records[number].calls)].count(in: hour) }
  }

  /// When an entity calls; nil when it made no call so far, or nobody asks.
  func habit(of number: Int) -> CallHabit? {
    hasFurther && records[number].calls >= 0 ? habits[Int(records[number].calls)] : nil
  }

  /// Counts a request by the hash of its user agent.
  mutating func count(agent hash: UInt64, of number: Int) {
    guard hasFurther else { return }
    if records[number].agentSpread < 0 {
      let count = records[number].soleAgentCount
      guard count > 0, records[number].soleAgent != hash else {
        records[number].soleAgent = hash
        records[number].soleAgentCount.increment()
        return
      }
      var spread = EntropyCounter()
      spread.insert(records[number].soleAgent, times: Int(count))
      records[number].agentSpread = Int32(spreads.insert(spread))
    }
    spreads[Int(records[number].agentSpread)].insert(hash)
  }

  /// Entropy of the user agents of an entity's requests in bits; NaN when none named one.
  func agentEntropy(of number: Int) -> Double {
    let spread = records[number].agentSpread
    return spread >= 0 ? spreads[Int(spread)].bits : records[number].soleAgentCount > 0 ? 0 : .nan
  }

  private mutating func forgetAgents(of number: Int) {
    if records[number].agentSpread >= 0 { spreads.remove(Int(records[number].agentSpread)) }
    records[number].agentSpread = -1
    records[number].soleAgentCount = 0
  }

  private mutating func begin(_ number: Int) {
    records[number].hour = hour
    records[number].place = UInt32(active.count)
    active.append(UInt32(truncatingIfNeeded: number))
    records[number].counters = HourCounters()
    records[number].sources = DistinctCount()
    guard records[number].calls >= 0 else { return }
    activities[Int(records[number].calls)].hour = CallCounters()
  }

  private mutating func evict(_ number: Int) {
    evictions &+= 1
    forgetAgents(of: number)
    if records[number].hour == hour { removeActive(number) }
    if records[number].calls >= 0 {
      activities.remove(Int(records[number].calls))
      if hasFurther { habits.remove(Int(records[number].calls)) }
    }
    queues.remove(number)
    index.remove(hash(keys[number]), record: number)
    records.remove(number)
  }

  private mutating func removeActive(_ number: Int) {
    let place = Int(records[number].place)
    let last = active.removeLast()
    guard Int(last) != number else { return }
    active[place] = last
    records[Int(last)].place = UInt32(place)
  }

  @inline(__always)
  private func hash(_ key: WideKey) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(key.high)
    hash.combine(key.low)
    return hash.value
  }
}

// MARK: - Hours

extension ActivityTable {
  /// Entities that the running hour has something of.
  var activeCount: Int { active.count }

  /// Calls the body with each of them, in the order of their first event in the hour.
  func forEachActive(_ body: (Int) -> Void) {
    for number in active { body(Int(number)) }
  }

  /// Begins an hour, in which no entity did anything yet.
  mutating func begin(hour: Int) {
    self.hour = hour
    for number in active {
      records[Int(number)].hour = ActivityRecord.none
      forgetAgents(of: Int(number))
    }
    active.removeAll(keepingCapacity: true)
  }
}
