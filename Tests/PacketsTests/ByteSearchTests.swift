import Packets
import Testing

/// The searches that look at eight bytes at a time find what a look at each byte finds.
struct ByteSearchTests {
  private static let seed: UInt64 = 23

  /// Bytes of which a quarter is what is looked for, its neighbours in the alphabet, or not printable.
  private static func bytes(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
    let odd: [UInt8] = [0x00, 0x0d, 0x0a, 0x1f, 0x20, 0x3a, 0x3b, 0x3c, 0x7e, 0x7f, 0x80, 0xba, 0xbb, 0xff]
    return (0..<count).map { _ in
      Int.random(in: 0..<32, using: &random) == 0 ? odd.randomElement(using: &random) ?? 0 : 0x61
    }
  }

  /// Calls back with bytes of every length up to 149, and for each beginning with a range that has it.
  private static func forEachRange(_ body: ([UInt8], Range<Int>) -> Void) {
    var random = SeededRandom(seed: seed)
    for count in 0..<150 {
      let bytes = bytes(count, &random)
      for start in 0...count { body(bytes, start..<Int.random(in: start...count, using: &random)) }
    }
  }

  @Test func `the first byte of a value is found wherever it stands`() {
    Self.forEachRange { bytes, range in
      let (start, end) = (range.lowerBound, range.upperBound)
      for byte: UInt8 in [0x3b, 0x00, 0x80, 0xff] {
        let expected = bytes[range].firstIndex(of: byte) ?? end
        #expect(bytes.span.firstOffset(of: byte, start, end) == expected, "seed \(Self.seed): \(bytes)")
      }
    }
  }

  @Test func `the first byte that is not printable ends a text`() {
    Self.forEachRange { bytes, range in
      let (start, end) = (range.lowerBound, range.upperBound)
      let expected = bytes[range].firstIndex { $0 < 0x20 || $0 > 0x7e } ?? end
      #expect(bytes.span.printableEnd(start, end) == expected, "seed \(Self.seed): \(bytes)")
    }
  }

  @Test func `of every byte it is told whether it is printable, among bytes of every value`() {
    for neighbour in UInt8.min...UInt8.max {
      for byte in UInt8.min...UInt8.max {
        let bytes = [0x61, byte] + Array(repeating: neighbour, count: 8)
        let expected = bytes.firstIndex { $0 < 0x20 || $0 > 0x7e } ?? 10
        #expect(bytes.span.printableEnd(0, 10) == expected)
      }
    }
  }

  @Test func `a range that is empty or reversed holds nothing`() {
    let bytes: [UInt8] = [1, 2, 3]
    #expect(bytes.span.firstOffset(of: 1, 3, 2) == 2)
    #expect(bytes.span.firstOffset(of: 1, 0, 0) == 0)
    #expect(bytes.span.printableEnd(3, 3) == 3)
  }
}
