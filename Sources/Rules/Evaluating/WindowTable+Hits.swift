// The words of a hit: time, packet, and for distinct values the two halves of the identity.
let timeWord = 0
let packetWord = 1
/// Of a sample.
private let numberWord = 2
private let highWord = 2
private let lowWord = 3

// MARK: - Counting matches: hits in the order of time

extension WindowTable {
  mutating func addCounted(_ hit: WindowHit, _ slot: Int) {
    removeExpiredHits(slot)
    guard hit.isPresent else { return }
    if Int(states[slot].count) >= minimum {
      // Older than the last N: it cannot make a difference.
      guard hit.time >= firstTime(slot) else { return }
      removeFirst(slot)
    }
    append(hit, slot)
    moveLastIntoOrder(slot)
  }

  mutating func removeExpiredHits(_ slot: Int) {
    let bound = clock.bound(states[slot].span)
    while states[slot].count > 0, firstTime(slot) <= bound { removeFirst(slot) }
  }

  private func firstTime(_ slot: Int) -> Int64 {
    let state = states[slot]
    return Int64(bitPattern: pool[state.head, Int(state.offset), timeWord])
  }

  private mutating func removeFirst(_ slot: Int) {
    var state = states[slot]
    state.count -= 1
    state.offset += 1
    if state.count == 0 {
      pool.free(state.head)
      state = KeyState(span: state.span)
    } else if Int(state.offset) == ChunkPool.hitsPerChunk {
      let next = pool.chunk(after: state.head)
      pool.free(state.head)
      state.head = next
      state.offset = 0
    }
    states[slot] = state
  }

  /// Puts a hit behind the others; for a key without hits it is the first.
  mutating func append(_ hit: WindowHit, _ slot: Int) {
    var place = Int(states[slot].offset + states[slot].count) % ChunkPool.hitsPerChunk
    if states[slot].count == 0 {
      states[slot].head = allocateChunk(for: slot)
      states[slot].tail = states[slot].head
      states[slot].offset = 0
      place = 0
    } else if place == 0 {
      let chunk = allocateChunk(for: slot)
      pool.link(chunk, after: states[slot].tail)
      states[slot].tail = chunk
    }
    pool[states[slot].tail, place, timeWord] = UInt64(bitPattern: hit.time)
    pool[states[slot].tail, place, packetWord] = hit.packet
    if case .samples = contents { pool[states[slot].tail, place, numberWord] = hit.value.low }
    states[slot].count += 1
  }

  /// Moves the last hit forward past all that are later than it: one step for each of them.
  mutating func moveLastIntoOrder(_ slot: Int) {
    var chunk = states[slot].tail
    var place = (Int(states[slot].offset + states[slot].count) - 1) % ChunkPool.hitsPerChunk
    for _ in 1..<max(Int(states[slot].count), 1) {
      let earlierChunk = place == 0 ? pool.chunk(before: chunk) : chunk
      let earlierPlace = place == 0 ? ChunkPool.hitsPerChunk - 1 : place - 1
      let time = pool[chunk, place, timeWord]
      let earlier = pool[earlierChunk, earlierPlace, timeWord]
      guard Int64(bitPattern: earlier) > Int64(bitPattern: time) else { return }
      for word in 0..<pool.wordsPerHit {
        let moved = pool[chunk, place, word]
        pool[chunk, place, word] = pool[earlierChunk, earlierPlace, word]
        pool[earlierChunk, earlierPlace, word] = moved
      }
      chunk = earlierChunk
      place = earlierPlace
    }
  }
}

// MARK: - Counting distinct values: hits in no order

extension WindowTable {
  /// With so many values that matter, looking at all of them for each match would cost more than all else.
  private static let longSearch = 64

  /// Takes a value.
  ///
  /// - Parameter isExact: whether values that are over are removed at once. Otherwise, where there may be many,
  ///   they stay until there are as many as matter; the number of values is exact again then.
  mutating func addDistinct(_ hit: WindowHit, _ slot: Int, isExact: Bool) {
    let isSwept = isExact || minimum <= Self.longSearch
    if isSwept { removeExpiredValues(slot) }
    guard hit.isPresent else { return }
    if let (chunk, place) = find(hit.value, slot) {
      if hit.time >= Int64(bitPattern: pool[chunk, place, timeWord]) { write(hit, chunk, place) }
    } else {
      if !isSwept, Int(states[slot].count) >= minimum { removeExpiredValues(slot) }
      if Int(states[slot].count) < minimum { appendValue(hit, slot) } else { replaceOldest(hit, slot) }
    }
    if !isSwept, Int(states[slot].count) >= minimum { removeExpiredValues(slot) }
  }

  /// Where a value stands, looked for from the latest one on: who comes again mostly does so soon.
  private func find(_ value: KeyHash, _ slot: Int) -> (chunk: Int32, place: Int)? {
    var rest = Int(states[slot].count)
    var chunk = states[slot].tail
    while rest > 0 {
      let used = (rest - 1) % ChunkPool.hitsPerChunk + 1
      if let place = pool.place(of: value.low, lowWord, value.high, highWord, in: chunk, used) {
        return (chunk, place)
      }
      rest -= used
      chunk = pool.chunk(before: chunk)
    }
    return nil
  }

  /// N values are known that are all in the window: the oldest makes room, unless the new one is older.
  private mutating func replaceOldest(_ hit: WindowHit, _ slot: Int) {
    var oldest = (chunk: states[slot].head, place: 0, time: Int64.max)
    var (chunk, place) = (states[slot].head, 0)
    for _ in 0..<Int(states[slot].count) {
      let time = Int64(bitPattern: pool[chunk, place, timeWord])
      if time < oldest.time { oldest = (chunk, place, time) }
      advance(&chunk, &place)
    }
    if hit.time >= oldest.time { write(hit, oldest.chunk, oldest.place) }
  }

  /// Hits in the window of a key, without values that are over and were not removed yet.
  func liveCount(of key: KeyHash) -> Int {
    guard let slot = keys.slot(of: key) else { return 0 }
    guard case .values = contents else { return Int(states[slot].count) }
    let bound = clock.bound(states[slot].span)
    var (chunk, place, count) = (states[slot].head, 0, 0)
    for _ in 0..<Int(states[slot].count) {
      if Int64(bitPattern: pool[chunk, place, timeWord]) > bound { count += 1 }
      advance(&chunk, &place)
    }
    return count
  }

  func advance(_ chunk: inout Int32, _ place: inout Int) {
    place += 1
    guard place == ChunkPool.hitsPerChunk else { return }
    place = 0
    chunk = pool.chunk(after: chunk)
  }

  private mutating func write(_ hit: WindowHit, _ chunk: Int32, _ place: Int) {
    pool[chunk, place, timeWord] = UInt64(bitPattern: hit.time)
    pool[chunk, place, packetWord] = hit.packet
    pool[chunk, place, highWord] = hit.value.high
    pool[chunk, place, lowWord] = hit.value.low
  }

  private mutating func appendValue(_ hit: WindowHit, _ slot: Int) {
    let place = Int(states[slot].count) % ChunkPool.hitsPerChunk
    if states[slot].count == 0 {
      states[slot].head = allocateChunk(for: slot)
      states[slot].tail = states[slot].head
    } else if place == 0 {
      let chunk = allocateChunk(for: slot)
      pool.link(chunk, after: states[slot].tail)
      states[slot].tail = chunk
    }
    write(hit, states[slot].tail, place)
    states[slot].count += 1
  }

  private mutating func removeExpiredValues(_ slot: Int) {
    let start = clock.bound(states[slot].span)
    var chunk = states[slot].head
    var place = 0
    var index = 0
    while index < Int(states[slot].count) {
      guard Int64(bitPattern: pool[chunk, place, timeWord]) <= start else {
        advance(&chunk, &place)
        index += 1
        continue
      }
      fill(chunk, place, withLastOf: slot)
    }
  }

  /// Moves the last value into a place and forgets the one that was there.
  private mutating func fill(_ chunk: Int32, _ place: Int, withLastOf slot: Int) {
    let tail = states[slot].tail
    let last = (Int(states[slot].count) - 1) % ChunkPool.hitsPerChunk
    for word in 0..<pool.wordsPerHit { pool[chunk, place, word] = pool[tail, last, word] }
    states[slot].count -= 1
    guard last == 0 else { return }
    let previous = pool.chunk(before: tail)
    pool.free(tail)
    states[slot].tail = previous
    if previous == ChunkPool.none { states[slot].head = ChunkPool.none } else { pool.cut(after: previous) }
  }
}

// MARK: - Evidence

extension WindowTable {
  /// The packets of the most recent hits of a key, oldest first.
  func evidence(of key: KeyHash) -> Evidence {
    guard let slot = keys.slot(of: key) else { return Evidence() }
    var evidence = EvidenceCollector()
    var chunk = states[slot].head
    var place = Int(states[slot].offset)
    for _ in 0..<Int(states[slot].count) {
      evidence.add(
        time: Int64(bitPattern: pool[chunk, place, timeWord]), packet: pool[chunk, place, packetWord])
      advance(&chunk, &place)
    }
    return evidence.evidence
  }
}
