// The words of a hit: time, packet, and of a sample its number.
let timeWord = 0
let packetWord = 1
private let numberWord = 2

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

// MARK: - Counting distinct values

extension WindowTable {
  mutating func addDistinct(_ hit: WindowHit, _ slot: Int) {
    let bound = clock.bound(states[slot].span)
    while states[slot].count > 0, values.time(of: states[slot].head) <= bound { removeOldest(slot) }
    guard hit.isPresent else { return }
    if let known = values.find(hit.value, of: slot) {
      guard hit.time >= values.time(of: known) else { return }
      return values.renew(known, at: hit.time, hit.packet, &states[slot])
    }
    if Int(states[slot].count) >= minimum {
      // N values are known that are all in the window: the oldest makes room, unless the new one is older.
      guard hit.time >= values.time(of: states[slot].head) else { return }
      removeOldest(slot)
    }
    while !values.hasRoom { evict(except: slot) }
    values.insert(hit.value, at: hit.time, hit.packet, of: slot, &states[slot])
    states[slot].count += 1
  }

  private mutating func removeOldest(_ slot: Int) {
    values.removeOldest(&states[slot])
    states[slot].count -= 1
  }
}

// MARK: - Evidence

extension WindowTable {
  /// The packets of the most recent hits of a key, oldest first.
  func evidence(of key: KeyHash) -> Evidence {
    guard let slot = keys.slot(of: key) else { return Evidence() }
    var evidence = EvidenceCollector()
    if case .values = contents {
      var number = states[slot].tail
      while number != ValuePool.none, evidence.wants(time: values.time(of: number)) {
        evidence.add(time: values.time(of: number), packet: values.packet(of: number))
        number = values.older(than: number)
      }
      return evidence.evidence
    }
    var (chunk, place) = (states[slot].head, Int(states[slot].offset))
    for _ in 0..<Int(states[slot].count) {
      evidence.add(
        time: Int64(bitPattern: pool[chunk, place, timeWord]), packet: pool[chunk, place, packetWord])
      advance(&chunk, &place)
    }
    return evidence.evidence
  }

  func advance(_ chunk: inout Int32, _ place: inout Int) {
    place += 1
    guard place == ChunkPool.hitsPerChunk else { return }
    place = 0
    chunk = pool.chunk(after: chunk)
  }
}
