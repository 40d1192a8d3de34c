/// Something that happened at a time and comes in a little out of order.
public protocol TimeOrdered {
  /// Whether it comes before another one in the order of time.
  func precedes(_ other: Self) -> Bool
}

/// Puts what comes a little out of order into the order of time: a binary heap of bounded size.
public struct TimeQueue<Element: TimeOrdered & Sendable>: Sendable {
  @usableFromInline var heap: [Element] = []
  /// The most elements that it should have; who pushes looks at `isFull` first.
  public var capacity: Int

  /// An empty queue.
  public init(capacity: Int) {
    self.capacity = capacity
  }

  /// The earliest element.
  @inlinable public var first: Element? { heap.first }
  /// Whether there should be no more.
  @inlinable public var isFull: Bool { heap.count >= capacity }
  /// How many elements there are.
  @inlinable public var count: Int { heap.count }
  /// Bytes of the elements.
  @inlinable public var byteCount: Int { heap.count * MemoryLayout<Element>.stride }

  /// Puts an element in.
  @inlinable
  public mutating func push(_ element: Element) {
    heap.append(element)
    var index = heap.count - 1
    while index > 0, heap[index].precedes(heap[(index - 1) / 2]) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Changes what is said about each element; when it happened must stay.
  @inlinable
  public mutating func update(_ change: (inout Element) -> Void) {
    for index in heap.indices { change(&heap[index]) }
  }

  /// Takes the earliest element out.
  @inlinable
  public mutating func popFirst() -> Element? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var index = 0
    while true {
      var least = index
      for child in index * 2 + 1..<index * 2 + 3
      where child < heap.count && heap[child].precedes(heap[least]) {
        least = child
      }
      guard least != index else { return first }
      heap.swapAt(index, least)
      index = least
    }
  }
}
