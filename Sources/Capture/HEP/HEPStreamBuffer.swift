internal import Packets

/// Cuts one TCP connection into HEP version 3 messages, each of which says its length.
///
/// It keeps at most 64 KiB, and moves each byte once at the most. The first byte that belongs to no message
/// breaks the connection: its sender speaks something else, and can connect again.
struct HEPStreamBuffer {
  /// What the bytes so far are.
  enum Step: Equatable {
    /// A whole message, which stays where it is until the next `fill`.
    case message(Range<Int>)
    /// The beginning of a message, or nothing.
    case incomplete
    /// No HEP.
    case broken
  }

  private static let headerCount = 6
  private static let usualCount = 8192
  private static let largestCount = 65_536

  /// The bytes; only those of messages that `next` gave have a meaning.
  private(set) var bytes = [UInt8](repeating: 0, count: usualCount)
  private var start = 0
  private var end = 0

  /// Whether a message has begun and not ended.
  var isInsideMessage: Bool { start < end }

  /// The next message.
  mutating func next() -> Step {
    let count = end - start
    for (index, byte) in "HEP3".utf8.enumerated() where index < count && bytes[start + index] != byte {
      return .broken
    }
    guard count >= Self.headerCount else { return .incomplete }
    guard messageCount >= Self.headerCount else { return .broken }
    guard count >= messageCount else { return .incomplete }
    let range = start..<start + messageCount
    start = range.upperBound
    return .message(range)
  }

  /// What the header says; it must be there.
  private var messageCount: Int { Int(bytes[start + 4]) << 8 | Int(bytes[start + 5]) }

  /// Makes room, lets somebody write into it and takes as many bytes as that returns.
  ///
  /// - Returns: What the body returned: bytes written, at most the room's count; 0 or less for none.
  mutating func fill(_ body: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
    makeRoom()
    // Safety: the pointer is used inside the closure only, and what it says to have filled is cut to the room.
    let count = unsafe bytes.withUnsafeMutableBytes { room in
      unsafe body(UnsafeMutableRawBufferPointer(rebasing: room[end...]))
    }
    end += max(0, min(count, bytes.count - end))
    return count
  }

  /// Moves the beginning of a message to the front when its end would not fit.
  private mutating func makeRoom() {
    let needed = end - start >= Self.headerCount ? messageCount : Self.headerCount
    if start == end {
      start = 0
      end = 0
    } else if start + needed > bytes.count {
      for index in start..<end { bytes[index - start] = bytes[index] }
      end -= start
      start = 0
    }
    guard needed > bytes.count else { return }
    bytes.append(contentsOf: repeatElement(0, count: Self.largestCount - bytes.count))
  }
}
