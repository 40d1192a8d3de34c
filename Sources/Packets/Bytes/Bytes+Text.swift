/// Questions about text that look at every byte.
extension Span where Element == UInt8 {
  /// Whether a range holds nothing but printable ASCII, line ends and tabs.
  ///
  /// A range that is not inside the span holds nothing printable. The loop has no branch, so that the
  /// compiler takes sixteen bytes at a time.
  public func isPlainText(in range: Range<Int>) -> Bool {
    guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty else { return false }
    // Safety: the range was checked to lie inside the span, and the pointer does not leave the closure.
    return unsafe withUnsafeBufferPointer { buffer -> Bool in
      guard let start = buffer.baseAddress else { return false }
      let first = unsafe start + range.lowerBound
      let length = range.upperBound &- range.lowerBound
      var odd: UInt8 = 0
      var index = 0
      while index < length {
        // Safety: the index is below the length of the checked range.
        let byte = unsafe first[index]
        let isPrintable: UInt8 = byte &- 0x20 < 0x5f ? 1 : 0
        let isLayout: UInt8 = byte &- 0x09 < 2 ? 1 : 0
        let isReturn: UInt8 = byte == 0x0d ? 1 : 0
        odd |= 1 ^ (isPrintable | isLayout | isReturn)
        index &+= 1
      }
      return odd == 0
    }
  }
}
