// The words of a hit: time, packet, and of a sample its number.
let timeWord = 0
let packetWord = 1
private let numberWord = 2

// MARK: - Counting matches: hits in the order of time

extension WindowTable {
  /// Adds a hit to a key.
  ///
  /// - Parameters:
  ///   - slot: of the key, which is not to make room.
  ///   - state: what is kept of the key.
  mutating func addCounted(_ hit: WindowHit, _ slot: Int, _ state: inout KeyState) {
    removeExpiredHits(&state)
    guard hit.isPresent else { return }
    if Int(state.count) >= minimum {
      // Older than the last N: it cannot make a difference.
      guard hit.time >= firstTime(state) else { return }
      removeFirst(&state)
    }
    append(hit, slot, &state)
    moveLastIntoOrder(state)
  }

  mutating func removeExpiredHits(_ state: inout KeyState) {
    guard state.count > 0 else { return }
    let bound = clock.bound(state.span)
    while state.count > 0, firstTime(state) <= bound { removeFirst(&state) }
  }

  private func firstTime(_ state: KeyState) -> Int64 {
    Int64(bitPattern: pool[state.head, Int(state.offset), timeWord])
  }

  private mutating func removeFirst(_ state: inout KeyState) {
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
  }

  /// Puts a hit behind the others; for a key without hits it is the first.
  mutating func append(_ hit: WindowHit, _ slot: Int, _ state: inout KeyState) {
    var place = Int(state.offset + state.count) % ChunkPool.hitsPerChunk
    if state.count == 0 {
      state.head = allocateChunk(for: slot)
      state.tail = state.head
      state.offset = 0
      place = 0
    } else if place == 0 {
      let chunk = allocateChunk(for: slot)
      pool.link(chunk, after: state.tail)
      state.tail = chunk
    }
    pool[state.tail, place, timeWord] = UInt64(bitPattern: hit.time)
    pool[state.tail, place, packetWord] = hit.packet
    if isSampled { pool[state.tail, place, numberWord] = hit.value.low }
    state.count += 1
  }

  /// Moves the last hit forward past all that are later than it: one step for each of them.
  mutating func moveLastIntoOrder(_ state: KeyState) {
    guard state.count > 1 else { return }
    var (chunk, place) = (state.tail, state.lastPlace)
    for _ in 1..<Int(state.count) {
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
  /// Adds a value to a key.
  ///
  /// - Parameters:
  ///   - slot: of the key, which is not to make room.
  ///   - state: what is kept of the key.
  mutating func addDistinct(_ hit: WindowHit, _ slot: Int, _ state: inout KeyState) {
    let bound = clock.bound(state.span)
    while state.count > 0, values.time(of: state.head) <= bound { removeOldest(&state) }
    guard hit.isPresent else { return }
    if let known = values.find(hit.value, of: slot) {
      guard hit.time >= values.time(of: known) else { return }
      return values.renew(known, at: hit.time, hit.packet, &state)
    }
    if Int(state.count) >= minimum {
      // N values are known that are all in the window: the oldest makes room, unless the new one is older.
      guard hit.time >= values.time(of: state.head) else { return }
      removeOldest(&state)
    }
    while !values.hasRoom { evict(except: slot) }
    values.insert(hit.value, at: hit.time, hit.packet, of: slot, &state)
    state.count += 1
  }

  private mutating func removeOldest(_ state: inout KeyState) {
    values.removeOldest(&state)
    state.count -= 1
  }
}

// MARK: - Evidence

extension WindowTable {
  /// The packets of the most recent hits of a key, oldest first.
  func evidence(of key: KeyHash) -> Evidence {
    guard let slot = keys.slot(of: key) else { return Evidence() }
    var evidence = EvidenceCollector()
    if isDistinct {
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
