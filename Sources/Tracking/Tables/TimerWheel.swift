internal import Values

/// Which records may be due in which tick of time: a ring of buckets, each a chain of record numbers.
///
/// A record is put in once and asked when its bucket comes up; if it was used meanwhile, it is put in again.
/// So touching a record costs nothing, and expiry costs one step a record and time-out.
struct TimerWheel: Sendable {
  private var heads: [UInt32]
  private var next: [UInt32] = []
  /// The record before in the chain, or `headFlag` and the bucket for the first one.
  private var previous: [UInt32] = []
  private var currentTick: Int64?
  /// Nanoseconds of a tick.
  private let tick: Int64
  /// Nothing is due before this time: what is put in is due in a later tick at the earliest.
  private var nextLook = Int64.min

  private static let none = UInt32.max
  private static let headFlag: UInt32 = 1 << 31

  /// A wheel of a number of buckets; a deadline beyond them comes up early and is put in again.
  ///
  /// - Parameter tick: nanoseconds that a bucket stands for; nothing comes up later than two of them.
  init(buckets: Int = 4096, tick: Int64 = 1_000_000_000) {
    heads = Array(repeating: Self.none, count: buckets)
    self.tick = tick
  }

  /// Puts a record in for a deadline.
  mutating func schedule(_ record: Int, at deadline: Timestamp) {
    let wanted = number(of: deadline)
    let now = currentTick ?? wanted
    if currentTick == nil { currentTick = now }
    let due = min(max(wanted, now) + 1, now + Int64(heads.count) - 1)
    let bucket = self.bucket(due)
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
    let target = number(of: time)
    guard var current = currentTick else {
      currentTick = target
      return nil
    }
    guard target >= current else { return nil }
    // A jump of more than a turn passes every bucket once.
    current = max(current, target - Int64(heads.count) + 1)
    while true {
      currentTick = current
      let head = heads[bucket(current)]
      if head != Self.none {
        cancel(Int(head))
        return Int(head)
      }
      guard current < target else {
        let (look, overflow) = (target + 1).multipliedReportingOverflow(by: tick)
        nextLook = overflow ? .max : look
        return nil
      }
      current += 1
    }
  }

  /// Ticks before 1970 count on: a tick and its opposite would share a bucket otherwise.
  private func bucket(_ number: Int64) -> Int {
    let rest = Int(number % Int64(heads.count))
    return rest < 0 ? rest + heads.count : rest
  }

  /// The number of the tick that an instant lies in.
  private func number(of time: Timestamp) -> Int64 {
    time.nanoseconds.floorDivided(by: tick)
  }
}
