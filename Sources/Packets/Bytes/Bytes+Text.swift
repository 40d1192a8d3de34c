/// What a look at every byte of a text finds.
public struct TextTraits: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8

  /// Traits of bits.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A byte that is neither printable ASCII nor a line end nor a tab.
  public static var special: TextTraits { TextTraits(rawValue: 1) }
  /// A carriage return that no line feed follows.
  public static var bareReturn: TextTraits { TextTraits(rawValue: 2) }
}

/// Questions about text that look at every byte.
extension Span where Element == UInt8 {
  /// What is unusual in a range of text; a return at its very end is not bare, for it may be cut there.
  ///
  /// A range that is not inside the span is special. The loop has no branch, so that the compiler takes
  /// sixteen bytes at a time.
  public func textTraits(in range: Range<Int>) -> TextTraits {
    guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty else { return .special }
    // Safety: the range was checked to lie inside the span, and the pointer does not leave the closure.
    return unsafe withUnsafeBufferPointer { buffer -> TextTraits in
      guard let start = buffer.baseAddress else { return .special }
      let first = unsafe start + range.lowerBound
      let last = range.upperBound &- range.lowerBound &- 1
      // Safety: the last index is below the length of the checked range, which is not empty.
      var odd = unsafe Self.oddness(first[last])
      var bare: UInt8 = 0
      var index = 0
      while index < last {
        // Safety: the index and the one behind it are below the length of the checked range.
        let (byte, next) = unsafe (first[index], first[index &+ 1])
        let isReturn: UInt8 = byte == 0x0d ? 1 : 0
        let isEnded: UInt8 = next == 0x0a ? 1 : 0
        odd |= Self.oddness(byte)
        bare |= isReturn & (1 ^ isEnded)
        index &+= 1
      }
      return TextTraits(rawValue: odd | bare &<< 1)
    }
  }

  /// 1 for a byte that is neither printable ASCII nor a line end nor a tab.
  @inline(__always)
  private static func oddness(_ byte: UInt8) -> UInt8 {
    let isPrintable: UInt8 = byte &- 0x20 < 0x5f ? 1 : 0
    let isLayout: UInt8 = byte &- 0x09 < 2 ? 1 : 0
    let isReturn: UInt8 = byte == 0x0d ? 1 : 0
    return 1 ^ (isPrintable | isLayout | isReturn)
  }
}
