public import CMemory

extension Array {
  /// Asks for the memory of some elements that will be read soon, so that it is on its way while something else is
  /// computed.
  ///
  /// Tables of many parties are larger than caches, and each line of them that nobody asked for costs as much as
  /// hundreds of instructions.
  @inlinable @inline(__always)
  public func prefetch(_ range: Range<Int>) {
    unsafe withUnsafeBufferPointer { elements in
      // Safety: slicing checks that the elements are the array's own.
      unsafe UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: elements[range])).prefetch()
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Asks for all lines of this memory.
  @inlinable @inline(__always)
  func prefetch() {
    var offset = 0
    while offset < count {
      // Safety: the address lies inside the buffer, and asking for a line reads nothing.
      unsafe memory_prefetch(baseAddress.unsafelyUnwrapped + offset)
      offset += 64
    }
  }
}
