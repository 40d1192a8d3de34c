internal import Values

/// How many live calls each caller has: exact, and no greater than the number of live calls.
struct CallerCounts: Sendable, ~Copyable {
  struct Entry: Sendable {
    var caller: UInt64 = 0
    var count: Int32 = 0
  }

  private var entries = Arena<Entry>()
  private var index = HashIndex()

  /// Bytes that the counts take.
  var byteCount: Int { entries.byteCount + index.byteCount }

  /// Live calls of a caller.
  func count(_ caller: UInt64) -> Int {
    find(caller).map { Int(entries[$0].count) } ?? 0
  }

  /// One more call.
  mutating func add(_ caller: UInt64) {
    if let number = find(caller) {
      entries[number].count += 1
    } else {
      index.insert(caller, record: entries.insert(Entry(caller: caller, count: 1)))
    }
  }

  /// One call less.
  mutating func remove(_ caller: UInt64) {
    guard let number = find(caller) else { return }
    entries[number].count -= 1
    guard entries[number].count == 0 else { return }
    index.remove(caller, record: number)
    entries.remove(number)
  }

  private func find(_ caller: UInt64) -> Int? {
    index.find(caller) { entries[$0].caller == caller }
  }
}
