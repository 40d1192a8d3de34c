/// Records in classes of worth, each class in the order of use: says in O(1) which record a full table gives up.
///
/// The least worthy class pays first, and in it the record that was used longest ago. What a stranger can
/// make in numbers belongs into a low class, so a flood of it displaces only itself.
public struct PriorityQueues: Sendable {
  @usableFromInline
  struct Link: Sendable {
    @usableFromInline var before = PriorityQueues.none
    @usableFromInline var after = PriorityQueues.none
    @usableFromInline var level = UInt8.max

    @inlinable
    init(before: UInt32 = PriorityQueues.none, after: UInt32 = PriorityQueues.none, level: UInt8 = .max) {
      (self.before, self.after, self.level) = (before, after, level)
    }
  }

  @inlinable static var none: UInt32 { .max }

  @usableFromInline var links: [Link] = []
  @usableFromInline var oldest: [UInt32]
  @usableFromInline var newest: [UInt32]

  /// Queues for a number of classes; class 0 is given up first.
  public init(levels: Int) {
    oldest = Array(repeating: Self.none, count: levels)
    newest = oldest
  }

  /// Bytes that the queues take.
  public var byteCount: Int { links.count * MemoryLayout<Link>.stride }

  /// Puts a record at the end of a class; it may have been in another one.
  @inlinable
  public mutating func use(_ record: Int, level: Int) {
    while links.count <= record { links.append(Link()) }
    if links[record].level == UInt8(truncatingIfNeeded: level), newest[level] == UInt32(record) { return }
    remove(record)
    let number = UInt32(truncatingIfNeeded: record)
    links[record] = Link(before: newest[level], after: Self.none, level: UInt8(truncatingIfNeeded: level))
    if newest[level] == Self.none {
      oldest[level] = number
    } else {
      links[Int(newest[level])].after = number
    }
    newest[level] = number
  }

  /// Takes a record out.
  @inlinable
  public mutating func remove(_ record: Int) {
    guard record < links.count, links[record].level != .max else { return }
    let link = links[record]
    let level = Int(link.level)
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
    for first in oldest where first != Self.none { return Int(first) }
    return nil
  }
}
