/// Doubly linked lists over the slots of a table, oldest first, so that expiry and eviction take the head.
///
/// Each slot is in at most one of the lists.
struct SlotLists: Sendable {
  private var links: [Links] = []
  private var ends: [Ends]

  private struct Links: Sendable {
    var older: Int32 = -1
    var newer: Int32 = -1
  }

  private struct Ends: Sendable {
    var oldest: Int32 = -1
    var newest: Int32 = -1
    var count = 0
  }

  init(count: Int) {
    ends = Array(repeating: Ends(), count: count)
  }

  /// The slot that has been in a list longest, or nil.
  func oldest(in list: Int) -> Int? {
    ends[list].oldest >= 0 ? Int(ends[list].oldest) : nil
  }

  /// Slots in a list.
  func count(of list: Int) -> Int { ends[list].count }

  /// Adds a slot at the new end of a list.
  mutating func append(_ slot: Int, to list: Int) {
    while links.count <= slot { links.append(Links()) }
    let number = Int32(truncatingIfNeeded: slot)
    let previous = ends[list].newest
    links[slot] = Links(older: previous, newer: -1)
    if previous >= 0 {
      links[Int(previous)].newer = number
    } else {
      ends[list].oldest = number
    }
    ends[list].newest = number
    ends[list].count += 1
  }

  /// Takes a slot out of the list that it is in.
  mutating func remove(_ slot: Int, from list: Int) {
    let own = links[slot]
    if own.older >= 0 {
      links[Int(own.older)].newer = own.newer
    } else {
      ends[list].oldest = own.newer
    }
    if own.newer >= 0 {
      links[Int(own.newer)].older = own.older
    } else {
      ends[list].newest = own.older
    }
    ends[list].count -= 1
  }

  /// Moves a slot to the new end of a list, out of the one that it is in.
  mutating func move(_ slot: Int, from list: Int, to other: Int) {
    guard list != other || ends[list].newest != Int32(truncatingIfNeeded: slot) else { return }
    remove(slot, from: list)
    append(slot, to: other)
  }
}
