// The words of totals: time and packet as of a hit, the number of matches, then each total.
private let matchesWord = 2
private let firstTotalWord = 3

extension WindowTable {
  /// Adds a match to the totals of its mark; the number of matches in the window.
  ///
  /// `totals` has the totals of the whole window afterwards.
  ///
  /// - Parameters:
  ///   - slot: of the key, which is not to make room.
  ///   - state: what is kept of the key.
  mutating func addToTotals(
    _ hit: WindowHit, _ inputs: [Double], _ slot: Int, _ state: inout KeyState
  ) -> Int {
    removeExpiredHits(&state)
    if let (chunk, place) = place(marked: hit.time, state) {
      join(hit, inputs, chunk, place)
    } else {
      append(hit, slot, &state)
      let (chunk, place) = (state.tail, state.lastPlace)
      pool[chunk, place, matchesWord] = 0
      for index in kinds.indices {
        pool[chunk, place, firstTotalWord + index] = kinds[index].neutral.bitPattern
      }
      join(hit, inputs, chunk, place)
      moveLastIntoOrder(state)
    }
    return addUp(state)
  }

  /// Where the totals of a mark stand, or nil; most often they are the last ones.
  @inline(__always)
  private func place(marked time: Int64, _ state: KeyState) -> (Int32, Int)? {
    var (chunk, place) = (state.tail, state.lastPlace)
    for _ in 0..<Int(state.count) {
      let mark = Int64(bitPattern: pool[chunk, place, timeWord])
      if mark <= time { return mark == time ? (chunk, place) : nil }
      if place == 0 { chunk = pool.chunk(before: chunk) }
      place = place == 0 ? ChunkPool.hitsPerChunk - 1 : place - 1
    }
    return nil
  }

  private mutating func join(_ hit: WindowHit, _ inputs: [Double], _ chunk: Int32, _ place: Int) {
    pool[chunk, place, packetWord] = hit.packet
    pool[chunk, place, matchesWord] &+= 1
    for index in kinds.indices where index < inputs.count {
      let total = Double(bitPattern: pool[chunk, place, firstTotalWord + index])
      pool[chunk, place, firstTotalWord + index] = kinds[index].join(total, inputs[index]).bitPattern
    }
  }

  private mutating func addUp(_ state: KeyState) -> Int {
    for index in kinds.indices { totals[index] = total(index, of: state) }
    var matches: UInt64 = 0
    var (chunk, place) = (state.head, Int(state.offset))
    for _ in 0..<Int(state.count) {
      matches &+= pool[chunk, place, matchesWord]
      advance(&chunk, &place)
    }
    self.matches = Int(clamping: matches)
    return self.matches
  }

  private func total(_ index: Int, of state: KeyState) -> Double {
    let kind = kinds[index]
    var total = kind.neutral
    var (chunk, place) = (state.head, Int(state.offset))
    for _ in 0..<Int(state.count) {
      total = kind.join(total, Double(bitPattern: pool[chunk, place, firstTotalWord + index]))
      advance(&chunk, &place)
    }
    return total
  }
}

// MARK: - What a window holds

extension WindowTable {
  /// Hits that are kept of a key: the distinct values, where those are counted.
  func count(of key: KeyHash) -> Int { keys.slot(of: key).map { Int(states[$0].count) } ?? 0 }

  /// The window of a key is after this instant; a tumbling one and a session begin with it.
  func start(of key: KeyHash) -> Int64? { keys.slot(of: key).map { clock.start(states[$0].span) } }

  /// The newest time of a key.
  func end(of key: KeyHash) -> Int64? { keys.slot(of: key).map { states[$0].newest } }

  /// The sample that 95 % of those of a key do not exceed, by nearest rank; nil without samples.
  mutating func percentile95(of key: KeyHash) -> Double? {
    guard let slot = keys.slot(of: key), states[slot].count > 0 else { return nil }
    scratch.removeAll(keepingCapacity: true)
    var chunk = states[slot].head
    var place = Int(states[slot].offset)
    for _ in 0..<Int(states[slot].count) {
      scratch.append(Double(bitPattern: pool[chunk, place, matchesWord]))
      advance(&chunk, &place)
    }
    return Self.largest(scratch.count - (scratch.count * 95 + 99) / 100, of: &scratch)
  }

  /// The number that so many others are above; a heap, so that no input makes it slow.
  private static func largest(_ rank: Int, of numbers: inout [Double]) -> Double {
    var count = numbers.count
    for root in stride(from: count / 2 - 1, through: 0, by: -1) { sink(root, count, &numbers) }
    for _ in 0..<rank {
      count -= 1
      numbers[0] = numbers[count]
      sink(0, count, &numbers)
    }
    return numbers[0]
  }

  /// Moves a number of a heap below all that are larger.
  private static func sink(_ root: Int, _ count: Int, _ numbers: inout [Double]) {
    var parent = root
    while 2 * parent + 1 < count {
      var child = 2 * parent + 1
      if child + 1 < count, numbers[child + 1] > numbers[child] { child += 1 }
      guard numbers[child] > numbers[parent] else { return }
      numbers.swapAt(child, parent)
      parent = child
    }
  }
}
