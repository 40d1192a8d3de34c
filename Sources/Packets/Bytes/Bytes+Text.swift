/// Questions about text that look at every byte, written so that the compiler can take sixteen at a time.
extension Span where Element == UInt8 {
  /// Whether a range holds nothing but printable ASCII, line ends and tabs.
  ///
  /// A range that is not inside the span holds nothing printable.
  public func isPlainText(in range: Range<Int>) -> Bool {
    guard range.lowerBound >= 0, range.upperBound <= count else { return false }
    // Safety: the range was checked to lie inside the span, and the pointer does not leave the closure.
    return unsafe withUnsafeBufferPointer { buffer -> Bool in
      var odd: UInt8 = 0
      for index in range {
        let byte = unsafe buffer[unchecked: index]
        let printable = byte &- 0x20 < 0x5f
        let layout = byte &- 0x09 < 2 || byte == 0x0d
        odd |= printable || layout ? 0 : 1
      }
      return odd == 0
    }
  }
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// An element whose index was checked by the caller.
  fileprivate subscript(unchecked index: Int) -> UInt8 {
    // Safety: only called with indices inside a range that was compared with the count.
    unsafe baseAddress.unsafelyUnwrapped[index]
  }
}
