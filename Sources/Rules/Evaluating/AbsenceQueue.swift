internal import Values

/// A match, or an expected event, on its way into an absence table.
struct AbsenceHit: Sendable {
  var time: Int64
  var sequence: UInt64
  var key: KeyHash
  /// Whether it is the expected event.
  var isExpected: Bool
  /// Of a match: the key of its silence.
  var suppressionKey = KeyHash(high: 0, low: 0)
  /// Of a match: number of the packet, 0 when it has none.
  var packet: UInt64 = 0
  /// Of a match: where the texts of its key are kept.
  var text: Int32 = -1

  /// The order of time; an event that is both ends what was before and then begins anew.
  func precedes(_ other: AbsenceHit) -> Bool {
    if time != other.time { return time < other.time }
    if sequence != other.sequence { return sequence < other.sequence }
    return isExpected && !other.isExpected
  }
}

/// Puts hits that come a little out of order into the order of time: a binary heap of bounded size.
struct AbsenceQueue: Sendable {
  private var heap: [AbsenceHit] = []
  var capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
  }

  var first: AbsenceHit? { heap.first }
  var isFull: Bool { heap.count >= capacity }
  var count: Int { heap.count }
  var byteCount: Int { heap.count * MemoryLayout<AbsenceHit>.stride }

  mutating func push(_ hit: AbsenceHit) {
    heap.append(hit)
    var index = heap.count - 1
    while index > 0, heap[index].precedes(heap[(index - 1) / 2]) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func popFirst() -> AbsenceHit? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var index = 0
    while true {
      var least = index
      for child in [index * 2 + 1, index * 2 + 2]
      where child < heap.count && heap[child].precedes(heap[least]) {
        least = child
      }
      guard least != index else { return first }
      heap.swapAt(index, least)
      index = least
    }
  }
}
