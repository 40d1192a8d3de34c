internal import Events
internal import Values

extension SequenceTable {
  // MARK: Candidates

  /// Finds the chains of a key that an event of a step can prolong; what is out of the window is forgotten.
  mutating func collect(_ key: KeyHash, step: Int, at time: Int64) {
    candidates.removeAll(keepingCapacity: true)
    guard let slot = keys.slot(of: key) else { return }
    let limit = time.saturatingSubtract(sequence.length)
    let (first, last) = (Int32(sequence.steps[step].first), Int32(sequence.steps[step].last))
    var previous = Self.none
    var chain = states[slot].head
    while chain != Self.none {
      let next = chains[Int(chain)].next
      if chains[Int(chain)].start <= limit {
        unlink(chain, after: previous, slot)
      } else {
        previous = chain
        if (first..<last).contains(chains[Int(chain)].stage) { candidates.append(chain) }
      }
      chain = next
    }
    if step > 0 { rate(slot, at: time) }
  }

  /// Drops a candidate: the event does not belong to it.
  mutating func dropCandidate(at index: Int) {
    candidates.swapAt(index, candidates.count - 1)
    candidates.removeLast()
  }

  /// The candidate that is complete with the event and began last, before another one.
  func completing(before other: Int32?) -> Int32? {
    var best: Int32?
    for chain in candidates where Int(chains[Int(chain)].stage) + 1 == sequence.total {
      if let other, !isFirst(other, chain) { continue }
      if let best, !isFirst(chain, best) { continue }
      best = chain
    }
    return best
  }

  private func isFirst(_ chain: Int32, _ other: Int32) -> Bool {
    chains[Int(chain)].isYounger(than: chains[Int(other)])
      || chain < other && !chains[Int(other)].isYounger(than: chains[Int(chain)])
  }

  /// Whether the event adds to chains, or to a new one.
  func canAdvance(step: Int) -> Bool { step == 0 || !candidates.isEmpty }

  // MARK: Steps

  /// Adds an event of a step to the candidates, and begins a chain with one of the first step.
  ///
  /// A chain inside a step that is to match several times moves on, because a younger one follows it; one
  /// before the step stays where it is too. One that is complete is gone, or stays before the last step.
  mutating func advance(_ key: KeyHash, step: Int, at time: Int64, sequence number: UInt64, packet: UInt64) {
    let (first, last) = (sequence.steps[step].first, sequence.steps[step].last)
    guard let slot = keys.slot(of: key) ?? (first == 0 ? insert(key, at: time) : nil) else { return }
    arrivals.removeAll(keepingCapacity: true)
    for chain in candidates {
      let index = Int(chain)
      let stage = Int(chains[index].stage) + 1
      if stage - 1 == first {
        guard stage < sequence.total else { continue }
        let copy = copy(chain, slot)
        proceed(copy, to: stage, packet, last)
      } else if stage == sequence.total {
        remove(chain, slot)
      } else {
        proceed(chain, to: stage, packet, last)
      }
    }
    if first == 0 {
      let chain = add(Chain(stage: 0, start: time, startSequence: number), slot)
      clearCaptures(chain)
      proceed(chain, to: 1, packet, last)
    }
    for chain in arrivals { keepIncoming(chain, step) }
    for chain in arrivals where chains[Int(chain)].stage > 0 { arrive(chain, slot) }
    trim(slot)
    rate(slot, at: time)
  }

  private mutating func proceed(_ chain: Int32, to stage: Int, _ packet: UInt64, _ last: Int) {
    chains[Int(chain)].stage = Int32(truncatingIfNeeded: stage)
    chains[Int(chain)].evidence.push(packet)
    if stage == last { arrivals.append(chain) }
  }

  /// Keeps the youngest of chains at the end of a step that are equal for later ones; of too many others the one
  /// that began first goes, and of those that began at once the one that came here first.
  private mutating func arrive(_ chain: Int32, _ slot: Int) {
    var count = 0
    var oldest = Self.none
    var previous = Self.none
    var other = states[slot].head
    while other != Self.none {
      let next = chains[Int(other)].next
      if other != chain, chains[Int(other)].stage == chains[Int(chain)].stage, hasSameCaptures(chain, other) {
        guard !chains[Int(other)].isYounger(than: chains[Int(chain)]) else { return remove(chain, slot) }
        unlink(other, after: previous, slot)
      } else {
        if chains[Int(other)].stage == chains[Int(chain)].stage {
          count += 1
          // Later ones stand in front.
          let isLast = oldest == Self.none || !chains[Int(other)].isYounger(than: chains[Int(oldest)])
          if other != chain, isLast { oldest = other }
        }
        previous = other
      }
      other = next
    }
    guard count > Self.maximumChains else { return }
    remove(chains[Int(oldest)].isYounger(than: chains[Int(chain)]) ? chain : oldest, slot)
    evictions += 1
  }

  // MARK: Captures

  /// Notes what the event has for later steps.
  mutating func note(_ loaded: LoadedValue, for capture: Int, _ eventText: [UInt8]) {
    guard case .text(let range) = loaded.value, let place = sequence.captures[capture].text else {
      incoming[capture] = loaded.value
      return
    }
    guard range.count <= Self.maximumText else {
      // Present, and every comparison with it is unknown.
      incoming[capture] = .list(ByteRange(0, 0))
      return
    }
    let start = place * Self.maximumText
    for offset in 0..<range.count { incomingText[start + offset] = eventText[range.start + offset] }
    incoming[capture] = .text(ByteRange(0, range.count))
  }

  /// Gives the evaluator what the earlier events of a chain had.
  func load(_ chain: Int32, into evaluator: inout PredicateEvaluator) {
    for (index, capture) in sequence.captures.enumerated() {
      var value = values[Int(chain) * sequence.captures.count + index]
      if case .text(let range) = value, let place = capture.text {
        let start = evaluator.computedText.count
        let text = textStart(chain, place)
        for offset in 0..<range.count { evaluator.computedText.append(texts[text + offset]) }
        value = .text(ByteRange(start, start + range.count))
      }
      evaluator.captured[capture.place] = value
    }
  }

  private func textStart(_ chain: Int32, _ place: Int) -> Int {
    (Int(chain) * sequence.textCount + place) * Self.maximumText
  }

  private mutating func clearCaptures(_ chain: Int32) {
    let count = sequence.captures.count
    for index in 0..<count { values[Int(chain) * count + index] = .absent }
  }

  private mutating func copy(_ chain: Int32, _ slot: Int) -> Int32 {
    let copy = add(chains[Int(chain)], slot)
    let count = sequence.captures.count
    for index in 0..<count { values[Int(copy) * count + index] = values[Int(chain) * count + index] }
    for offset in 0..<sequence.textCount * Self.maximumText {
      texts[textStart(copy, 0) + offset] = texts[textStart(chain, 0) + offset]
    }
    return copy
  }

  /// Puts in what the step has for later ones, and drops what only it and earlier ones read.
  private mutating func keepIncoming(_ chain: Int32, _ step: Int) {
    let start = Int(chain) * sequence.captures.count
    for index in sequence.steps[step].captures {
      values[start + index] = incoming[index]
      guard case .text(let range) = incoming[index], let place = sequence.captures[index].text else {
        continue
      }
      let (from, to) = (place * Self.maximumText, textStart(chain, place))
      for offset in 0..<range.count { texts[to + offset] = incomingText[from + offset] }
    }
    for (index, capture) in sequence.captures.enumerated() where capture.lastReader <= step {
      values[start + index] = .absent
    }
  }

  /// Whether later steps cannot tell two chains apart.
  private func hasSameCaptures(_ chain: Int32, _ other: Int32) -> Bool {
    let count = sequence.captures.count
    for (index, capture) in sequence.captures.enumerated() {
      let value = values[Int(chain) * count + index]
      guard value == values[Int(other) * count + index] else { return false }
      guard case .text(let range) = value, let place = capture.text else { continue }
      for offset in 0..<range.count
      where texts[textStart(chain, place) + offset] != texts[textStart(other, place) + offset] {
        return false
      }
    }
    return true
  }
}
