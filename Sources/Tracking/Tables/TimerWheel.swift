internal import Values

/// Which records may be due in which second: a ring of buckets, each a chain of record numbers.
///
/// A record is put in once and asked when its bucket comes up; if it was used meanwhile, it is put in again.
/// So touching a record costs nothing, and expiry costs one step a record and time-out.
struct TimerWheel: Sendable {
  private var heads: [UInt32]
  private var next: [UInt32] = []
  /// The record before in the chain, or `headFlag` and the bucket for the first one.
  private var previous: [UInt32] = []
  private var currentSecond: Int64?
  /// Nothing is due before this time: what is put in is due in a later second at the earliest.
  private var nextLook = Int64.min

  private static let none = UInt32.max
  private static let headFlag: UInt32 = 1 << 31

  /// A wheel of a number of one-second buckets; a later deadline comes up early and is put in again.
  init(seconds: Int = 4096) {
    heads = Array(repeating: Self.none, count: seconds)
  }

  /// Puts a record in for a second.
  mutating func schedule(_ record: Int, at deadline: Timestamp) {
    let now = currentSecond ?? Self.second(of: deadline)
    if currentSecond == nil { currentSecond = now }
    let second = min(max(Self.second(of: deadline) + 1, now + 1), now + Int64(heads.count) - 1)
    let bucket = self.bucket(second)
    while next.count <= record {
      next.append(Self.none)
      previous.append(Self.none)
    }
    let follower = heads[bucket]
    let number = UInt32(truncatingIfNeeded: record)
    next[record] = follower
    previous[record] = Self.headFlag | UInt32(truncatingIfNeeded: bucket)
    if follower != Self.none { previous[Int(follower)] = number }
    heads[bucket] = number
  }

  /// Takes a record out before it is due.
  mutating func cancel(_ record: Int) {
    guard record < previous.count, previous[record] != Self.none else { return }
    let before = previous[record]
    let after = next[record]
    if before & Self.headFlag != 0 {
      heads[Int(before & ~Self.headFlag)] = after
    } else {
      next[Int(before)] = after
    }
    if after != Self.none { previous[Int(after)] = before }
    previous[record] = Self.none
  }

  /// The next record that is due at an instant, taken out of the wheel; nil when there is none left.
  ///
  /// The caller may schedule it again at once. Time that runs backward changes nothing.
  mutating func popDue(at time: Timestamp) -> Int? {
    guard time.nanoseconds >= nextLook else { return nil }
    let target = Self.second(of: time)
    guard var second = currentSecond else {
      currentSecond = target
      return nil
    }
    guard target >= second else { return nil }
    // A jump of more than a turn passes every bucket once.
    second = max(second, target - Int64(heads.count) + 1)
    while true {
      currentSecond = second
      let head = heads[bucket(second)]
      if head != Self.none {
        cancel(Int(head))
        return Int(head)
      }
      guard second < target else {
        nextLook = Timestamp(seconds: target + 1, nanoseconds: 0).nanoseconds
        return nil
      }
      second += 1
    }
  }

  private func bucket(_ second: Int64) -> Int {
    Int(second.magnitude % UInt64(heads.count))
  }

  private static func second(of time: Timestamp) -> Int64 {
    time.nanoseconds.floorDivided(by: 1_000_000_000)
  }
}
