/// Records in classes of worth, each class in the order of use: says in O(1) which record a full table gives up.
///
/// The least worthy class pays first, and in it the record that was used longest ago. What a stranger can
/// make in numbers belongs into a low class, so a flood of it displaces only itself.
struct PriorityQueues: Sendable {
  private struct Link: Sendable {
    var before = PriorityQueues.none
    var after = PriorityQueues.none
    var level = UInt8.max
  }

  private static let none = UInt32.max

  private var links: [Link] = []
  private var oldest: [UInt32]
  private var newest: [UInt32]

  /// Queues for a number of classes; class 0 is given up first.
  init(levels: Int) {
    oldest = Array(repeating: Self.none, count: levels)
    newest = oldest
  }

  /// Bytes that the queues take.
  var byteCount: Int { links.count * MemoryLayout<Link>.stride }

  /// Puts a record at the end of a class; it may have been in another one.
  mutating func use(_ record: Int, level: Int) {
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
  mutating func remove(_ record: Int) {
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
  var victim: Int? {
    for first in oldest where first != Self.none { return Int(first) }
    return nil
  }
}
