internal import Values

/// What of one direction was given and not yet acknowledged: an ordered list of pages.
struct TCPTail: Sendable {
  var first: Int32 = -1
  var last: Int32 = -1
  var count = 0
  /// The list of directions that it is in while it has pages.
  var age: UInt8 = 0

  var isEmpty: Bool { first < 0 }
}

/// Copies of given bytes, to tell a retransmission from another text in its place.
///
/// The pages of all streams lie in one buffer, which grows to a limit as they are needed. Bytes themselves are
/// kept and no sums of them, since a retransmission may be cut anywhere.
struct TCPTails: Sendable {
  private var pages: [Page] = []
  private var free: [Int32] = []
  private var storage: [UInt8] = []
  private let limit: Int

  private struct Page: Sendable {
    var sequence: UInt32
    var count = 0
    var next: Int32 = -1
  }

  static let pageSize = 1024

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether one more page can be had.
  var hasRoom: Bool { !free.isEmpty || pages.count < limit }

  /// Pages in use.
  var count: Int { pages.count - free.count }

  /// Bytes that the pages take, those included that are free.
  var byteCount: Int { storage.count }

  /// Whether bytes at a sequence number go on where the last page ends, with room in it.
  func continues(_ tail: TCPTail, at sequence: UInt32) -> Bool {
    guard tail.last >= 0 else { return false }
    let page = pages[Int(tail.last)]
    return page.count < Self.pageSize && page.sequence &+ UInt32(truncatingIfNeeded: page.count) == sequence
  }

  /// Adds as many bytes as the last page holds; returns how many.
  mutating func extend(_ tail: TCPTail, with data: Bytes) -> Int {
    let index = Int(tail.last)
    let count = min(data.count, Self.pageSize - pages[index].count)
    storage.overwrite(at: index * Self.pageSize + pages[index].count, with: data.extracting(0..<count))
    pages[index].count += count
    return count
  }

  /// Adds an empty page; there must be room.
  mutating func addPage(at sequence: UInt32, to tail: inout TCPTail) {
    let page = Page(sequence: sequence)
    let index: Int32
    if let used = free.popLast() {
      index = used
      pages[Int(index)] = page
    } else {
      index = Int32(truncatingIfNeeded: pages.count)
      pages.append(page)
      storage.grow(to: pages.count * Self.pageSize)
    }
    if tail.last >= 0 { pages[Int(tail.last)].next = index } else { tail.first = index }
    tail.last = index
    tail.count += 1
  }

  /// Takes the first page off.
  mutating func removeFirst(from tail: inout TCPTail) {
    let index = tail.first
    tail.first = pages[Int(index)].next
    if tail.first < 0 { tail.last = -1 }
    tail.count -= 1
    free.append(index)
  }

  /// Takes off the pages that lie before a sequence number as a whole.
  mutating func remove(before number: UInt32, from tail: inout TCPTail) {
    while tail.first >= 0 {
      let page = pages[Int(tail.first)]
      let end = page.sequence &+ UInt32(truncatingIfNeeded: page.count)
      guard TCPPieces.distance(from: end, to: number) >= 0 else { return }
      removeFirst(from: &tail)
    }
  }

  /// How many bytes differ from those that were given for the same sequence numbers; what is not kept does not.
  func differences(_ data: Bytes, at sequence: UInt32, in tail: TCPTail) -> Int {
    var differences = 0
    var current = tail.first
    while current >= 0 {
      let page = pages[Int(current)]
      let offset = TCPPieces.distance(from: sequence, to: page.sequence)
      guard offset < data.count else { break }
      let lower = max(0, -offset)
      let upper = min(page.count, data.count - offset)
      Work.count(1 + max(0, upper - lower))
      if lower < upper {
        let start = Int(current) * Self.pageSize
        differences += Self.differences(
          storage.span.extracting(start + lower..<start + upper),
          data.extracting(offset + lower..<offset + upper))
      }
      current = page.next
    }
    return differences
  }

  /// How many bytes of two texts of one length differ; mostly none does.
  private static func differences(_ kept: Bytes, _ data: Bytes) -> Int {
    var count = 0
    var index = 0
    while index < kept.count {
      let width = min(8, kept.count - index)
      var word =
        kept.littleEndianWord(at: index, width: width) ^ data.littleEndianWord(at: index, width: width)
      while word != 0 {
        if word & 0xff != 0 { count += 1 }
        word >>= 8
      }
      index += width
    }
    return count
  }
}
