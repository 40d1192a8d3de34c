extension Array where Element == UInt8 {
  /// Overwrites bytes from an offset on; they must fit into what is there.
  mutating func overwrite(at offset: Int, with source: Bytes) {
    precondition(offset >= 0 && source.count <= count - offset)
    guard !source.isEmpty else { return }
    // Safety: source and destination were checked to have the bytes; they are different memory, for the
    // array is held exclusively.
    unsafe withUnsafeMutableBytes { destination in
      unsafe source.withUnsafeBytes { bytes in
        unsafe UnsafeMutableRawBufferPointer(rebasing: destination[offset...]).copyMemory(from: bytes)
      }
    }
  }

  /// Makes room for a number of bytes; what is new is zero.
  mutating func grow(to size: Int) {
    guard size > count else { return }
    append(contentsOf: repeatElement(0, count: size - count))
  }
}

extension Array where Element == UInt8 {
  /// Replaces all bytes and keeps the memory.
  mutating func replaceAll(with source: Bytes) {
    removeAll(keepingCapacity: true)
    append(copying: source)
  }

  /// Adds bytes at the end.
  public mutating func append(copying source: Bytes) {
    // Safety: the buffer is valid during the call, and `append` copies it.
    unsafe source.withUnsafeBufferPointer { buffer in
      unsafe append(contentsOf: buffer)
    }
  }
}
