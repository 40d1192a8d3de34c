internal import CVectorscan

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

extension Span where Element == UInt8 {
  /// Whether other bytes stand anywhere in a range, in linear time whatever both are.
  func contains(_ other: Span<UInt8>, _ needle: Range<Int>, in range: Range<Int>) -> Bool {
    guard needle.count <= range.count, range.upperBound <= count, needle.upperBound <= other.count,
      range.lowerBound >= 0, needle.lowerBound >= 0
    else { return false }
    // Safety: both ranges were checked to lie inside their spans; `memmem` is linear (two-way search).
    return unsafe withUnsafeBufferPointer { hay in
      unsafe other.withUnsafeBufferPointer { pin in
        guard let hay = hay.baseAddress, let pin = pin.baseAddress else { return needle.isEmpty }
        return unsafe memmem(hay + range.lowerBound, range.count, pin + needle.lowerBound, needle.count)
          != nil
      }
    }
  }

  /// Whether other bytes stand at an offset.
  func holds(_ other: Span<UInt8>, _ range: Range<Int>, at offset: Int) -> Bool {
    guard offset >= 0, range.count <= count - offset, range.lowerBound >= 0, range.upperBound <= other.count
    else { return false }
    // Safety: so many bytes from the offset on were checked to lie inside this span, the range inside the other one.
    return unsafe withUnsafeBufferPointer { bytes in
      unsafe other.withUnsafeBufferPointer { wanted in
        guard let bytes = bytes.baseAddress, let wanted = wanted.baseAddress else { return range.isEmpty }
        return unsafe memcmp(bytes + offset, wanted + range.lowerBound, range.count) == 0
      }
    }
  }
}
