/// Lines that wait, in their order, no more bytes of them than there is room for.
struct LineQueue {
  private var bytes: [UInt8] = []
  /// Where the first line begins.
  private var start = 0
  /// Bytes of each line; those before `first` are gone.
  private var lengths: [Int] = []
  private var first = 0
  private let capacity: Int

  /// An empty queue.
  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Lines that wait.
  var count: Int { lengths.count - first }

  /// Whether there is nothing.
  var isEmpty: Bool { count == 0 }

  /// The line that has waited longest; empty when there is none.
  var front: ArraySlice<UInt8> { bytes[start..<start + frontLength] }

  /// Bytes of that line; 0 when there is none.
  var frontLength: Int { isEmpty ? 0 : lengths[first] }

  /// Bytes of lines as they wait, without the first of them.
  func bytes(from offset: Int, upTo limit: Int) -> ArraySlice<UInt8> {
    bytes.dropFirst(start + offset).prefix(limit)
  }

  /// Takes a line with what stands before it; false when there is no room. An empty queue has room for any line.
  mutating func append(_ header: [UInt8], _ line: Span<UInt8>) -> Bool {
    let length = header.count + line.count
    guard isEmpty || bytes.count - start + length <= capacity else { return false }
    bytes += header
    // Safety: the memory is the span's own, and is copied during the call.
    unsafe line.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    lengths.append(length)
    return true
  }

  /// Forgets the first line.
  mutating func removeFirst() {
    start += lengths[first]
    first += 1
    if isEmpty {
      removeAll()
    } else if start >= capacity / 2 {
      bytes.removeSubrange(..<start)
      lengths.removeSubrange(..<first)
      (start, first) = (0, 0)
    }
  }

  /// Forgets all.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    (start, first) = (0, 0)
  }
}
