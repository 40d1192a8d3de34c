internal import Events
internal import Values

/// Gathers calls and their ladders by Call-ID.
struct CallGathering: Sendable {
  /// All that bears one Call-ID.
  private struct Thread: Ranked, Sendable {
    var calls: [CallEntry] = []
    var ladder = Ladder()
    /// Scatters threads of the same worth, so that the sample that is kept is fair.
    var lot: Int

    var rank: Int { (calls.map(\.rank).max() ?? -1) << 32 | lot }
  }

  private var threads: RankedTable<UInt64, Thread>
  private let limits: ReportLimits
  private var ordinal: UInt64 = 0
  /// Calls that were seen.
  private(set) var total = 0

  /// Calls with one Call-ID at the most.
  private static let callsOfThread = 16

  init(_ limits: ReportLimits) {
    self.limits = limits
    threads = RankedTable(limit: limits.calls)
  }

  /// Takes note of a SIP message; the copy of a packet that was captured twice is no message.
  mutating func note(message event: borrowing Event) {
    guard let key = event.hash(.sipCallID), event.flag(.sipDuplicate) != true else { return }
    if event.kind == .sipRequest, event.text(.sipMethod, limit: 8) == "INVITE" {
      let lot = nextLot()
      let limit = limits.ladderMessages
      threads.update(key, default: Thread(lot: lot)) { $0.ladder.add(event, limit: limit) }
    } else if threads[key] != nil {
      let limit = limits.ladderMessages
      threads.change(key) { $0.ladder.add(event, limit: limit) }
    }
  }

  /// Takes note of a change of a call.
  mutating func note(call event: borrowing Event) {
    guard let key = event.hash(.callCallID) else { return }
    let (lot, limit) = (nextLot(), limits.textLength)
    let id = event.text(.callID, limit: limit) ?? ""
    var isNew = false
    threads.update(key, default: Thread(lot: lot)) { thread in
      if let index = thread.calls.lastIndex(where: { $0.id == id }) {
        thread.calls[index].update(event, limit: limit)
      } else {
        isNew = true
        if thread.calls.count < Self.callsOfThread { thread.calls.append(CallEntry(event, limit: limit)) }
      }
    }
    if isNew { total += 1 }
  }

  /// Takes note of an alert about a call.
  mutating func note(alert event: borrowing Event, rule: String) {
    guard let key = event.hash(.callCallID) ?? event.hash(.sipCallID) ?? event.hash(.rtpCallID) else {
      return
    }
    threads.change(key) { thread in
      guard let last = thread.calls.indices.last else { return }
      thread.calls[last].alerts += 1
      if thread.calls[last].rules.count < 8, !thread.calls[last].rules.contains(rule) {
        thread.calls[last].rules.append(rule)
      }
    }
  }

  private mutating func nextLot() -> Int {
    ordinal &+= 1
    var hash = SeededHash(seed: 0x6c6f_7473)
    hash.combine(ordinal)
    return Int(hash.value >> 32)
  }

  /// The calls that are kept, by their start.
  var calls: [CallEntry] {
    var calls: [CallEntry] = []
    for (_, thread) in threads.ranked {
      for (index, call) in thread.calls.enumerated() {
        var call = call
        let next = index + 1 < thread.calls.count ? thread.calls[index + 1].start : nil
        call.ladder = thread.ladder.part(
          from: index == 0 ? .init(nanoseconds: .min) : call.start, before: next)
        calls.append(call)
      }
    }
    let sorted = calls.sorted { ($0.start, $0.id, $0.callID) < ($1.start, $1.id, $1.callID) }
    return Array(sorted.prefix(limits.calls))
  }
}
