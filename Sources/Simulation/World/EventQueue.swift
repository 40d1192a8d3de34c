/// What is yet to happen, earliest first; of two things at one instant the one that was planned first.
struct EventQueue<Action> {
  private struct Entry {
    let time: Int64
    let order: UInt64
    let action: Action

    func precedes(_ other: Entry) -> Bool {
      time != other.time ? time < other.time : order < other.order
    }
  }

  private var entries: [Entry] = []
  private var nextOrder: UInt64 = 0

  /// When the next thing happens, in nanoseconds since the epoch; nil when nothing is left.
  var nextTime: Int64? { entries.first?.time }

  /// Plans something.
  mutating func add(_ action: Action, at time: Int64) {
    entries.append(Entry(time: time, order: nextOrder, action: action))
    nextOrder += 1
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].precedes(entries[parent]) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes the next thing out.
  mutating func takeNext() -> (time: Int64, action: Action)? {
    guard let last = entries.popLast() else { return nil }
    guard let first = entries.first else { return (last.time, last.action) }
    entries[0] = last
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
      guard entries[child].precedes(entries[parent]) else { break }
      entries.swapAt(child, parent)
      parent = child
    }
    return (first.time, first.action)
  }
}
