import Testing
import Values

struct SeededHashTests {
  @Test func `bytes are hashed as their words, the last one filled up, and their number`() {
    let text = Array(UInt8(1)...200)
    for count in 0..<100 {
      let bytes = Array(text[count..<2 * count])
      var expected = SeededHash(seed: 9)
      var words = (0..<count / 8).map { bytes[8 * $0..<8 * $0 + 8] }
      words.append(bytes[(count / 8 * 8)...])
      for word in words { expected.combine(word.reduce(0) { $0 << 8 | UInt64($1) }) }
      expected.combine(UInt64(count))
      var hash = SeededHash(seed: 9)
      hash.combine(bytes.span)
      #expect(hash.value == expected.value, "\(count) bytes")
    }
  }
}
