import Testing
import Values

/// User parts in all their forms (RFC 3261 §19.1.4).
struct PlainUserTests {
  private func plain(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var reader = PlainUser(ByteRange(0, bytes.count))
    var result: [UInt8] = []
    while let byte = reader.next(in: bytes.span) { result.append(byte) }
    return String(decoding: result, as: UTF8.self)
  }

  private func hash(_ text: String, in frame: String = "") -> UInt64 {
    let bytes = Array((frame + text + frame).utf8)
    var hash = SeededHash(seed: 3)
    hash.combine(user: ByteRange(frame.utf8.count, bytes.count - frame.utf8.count), of: bytes.span)
    return hash.value
  }

  @Test(arguments: [
    ("%320%33", "203"), ("%32%30%33", "203"), ("203", "203"), ("%61l%69ce", "alice"), ("%41lice", "Alice"),
    ("%2D%5f%2e%21%7E%2a%27%28%29", "-_.!~*'()"), ("a%40b%3Bc", "a%40b%3Bc"), ("a%3bc", "a%3Bc"),
    ("%2b49", "%2B49"), ("%2531", "%2531"), ("%0d%0A%00", "%0D%0A%00"), ("I%20am", "I%20am"),
    ("%c3%bc", "%C3%BC"),
    ("%", "%"), ("%3", "%3"), ("12%", "12%"), ("%zz", "%zz"), ("%%33", "%3"), ("%3x", "%3x"), ("", ""),
  ])
  func `what need not be escaped is not, and the rest stays`(written: String, expected: String) {
    #expect(plain(written) == expected)
    #expect(hash(written) == hash(expected) || expected.contains("%"))
  }

  @Test func `a reader stays within its part`() {
    let bytes = Array("%3203%33".utf8)
    for end in 0...bytes.count {
      var reader = PlainUser(ByteRange(0, end))
      var result: [UInt8] = []
      while let byte = reader.next(in: bytes.span) { result.append(byte) }
      #expect(result.count <= end)
    }
    #expect(hash("%33", in: "%") == hash("3"))
    #expect(hash("3%", in: "3") == hash("3%"))
  }

  @Test func `long users have keys, too`() {
    let long = String(repeating: "%41", count: 1000)
    #expect(hash(long) != hash(long + "a"))
    #expect(hash(String(repeating: "%41", count: 256)) == hash(String(repeating: "A", count: 256)))
  }
}
