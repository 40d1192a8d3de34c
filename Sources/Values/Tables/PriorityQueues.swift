/// Records in classes of worth, each class in the order of use: says in O(1) which record a full table gives up.
///
/// The least worthy class pays first, and in it the record that was used longest ago. What a stranger can
/// make in numbers belongs into a low class, so a flood of it displaces only itself.
public struct PriorityQueues: Sendable {
  @usableFromInline
  struct Link: Sendable {
    @usableFromInline var before = PriorityQueues.none
    @usableFromInline var after = PriorityQueues.none
    /// What `moves` of the level was when it came to the end.
    @usableFromInline var move: UInt32 = 0
    @usableFromInline var level = UInt8.max

    @inlinable
    init() {}

    @inlinable
    init(before: UInt32, level: UInt8, move: UInt32) {
      (self.before, self.level, self.move) = (before, level, move)
    }
  }

  /// Something of each class.
  @usableFromInline typealias ByLevel = InlineArray<4, UInt32>

  @inlinable static var none: UInt32 { .max }

  @usableFromInline var links: [Link] = []
  @usableFromInline var oldest = ByLevel(repeating: Self.none)
  @usableFromInline var newest = ByLevel(repeating: Self.none)
  /// Records in each class.
  @usableFromInline var population = ByLevel(repeating: 0)
  /// How often a record came to the end of each class.
  @usableFromInline var moves = ByLevel(repeating: 0)

  /// Queues for four classes; class 0 is given up first.
  public init() {}

  /// Bytes that the queues take.
  public var byteCount: Int { links.count * MemoryLayout<Link>.stride }

  /// Puts a record at the end of a class; it may have been in another one.
  @inlinable
  public mutating func use(_ record: Int, level: Int) {
    while links.count <= record { links.append(Link()) }
    if links[record].level == UInt8(truncatingIfNeeded: level), newest[level] == UInt32(record) { return }
    remove(record)
    let number = UInt32(truncatingIfNeeded: record)
    population[level] &+= 1
    moves[level] &+= 1
    links[record] = Link(
      before: newest[level], level: UInt8(truncatingIfNeeded: level), move: moves[level])
    if newest[level] == Self.none {
      oldest[level] = number
    } else {
      links[Int(newest[level])].after = number
    }
    newest[level] = number
  }

  /// Puts a record near the end of a class: at it, unless it is among the newest eighth of the class anyway.
  ///
  /// So the record given up is one that was not used for as long as seven eighths of its class came to the end;
  /// and what is used all the time does not pull its neighbours into the cache each time.
  @inlinable
  public mutating func touch(_ record: Int, level: Int) {
    if record < links.count, links[record].level == UInt8(truncatingIfNeeded: level),
      moves[level] &- links[record].move < population[level] >> 3
    {
      return
    }
    use(record, level: level)
  }

  /// Takes a record out.
  @inlinable
  public mutating func remove(_ record: Int) {
    guard record < links.count, links[record].level != .max else { return }
    let link = links[record]
    let level = Int(link.level)
    population[level] &-= 1
    if link.before == Self.none {
      oldest[level] = link.after
    } else {
      links[Int(link.before)].after = link.after
    }
    if link.after == Self.none {
      newest[level] = link.before
    } else {
      links[Int(link.after)].before = link.before
    }
    links[record] = Link()
  }

  /// The record to give up; nil when there is none.
  @inlinable public var victim: Int? {
    for level in oldest.indices where oldest[level] != Self.none { return Int(oldest[level]) }
    return nil
  }
}
