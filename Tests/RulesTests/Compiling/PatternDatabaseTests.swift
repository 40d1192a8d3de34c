import Testing

@testable import Rules

struct PatternDatabaseTests {
  /// Beginnings, ends, words, bytes that are no text, and what matches nothing at all.
  private static let patterns = [
    "^$", "end$", "^begin", #"\bword\b"#, #"a\z"#, ".{3}x", #"\xff\x00"#, "(?i)lOuD",
  ]
  private static let texts: [[UInt8]] =
    [
      "", "\n", "end", "end\n", "the end\r\n", "begin", " begin", "a word.", "swords", "a", "ba", "ab",
      "123x", "12x", "loud and LOUD", String(repeating: "long ", count: 40) + "word end",
    ].map { Array($0.utf8) } + [[0xff, 0x00], [0xff], [0x31, 0xff, 0x0a, 0x78]]

  private func matches(_ texts: [String], _ bytes: [UInt8]) throws -> [Int] {
    let database = try PatternDatabase(texts.map { Pattern(text: $0, isCaseFolded: false, span: .nowhere) })
    var bits: [UInt64] = [0]
    PatternScratch(for: [database]).scan(bytes.span, with: database, into: &bits, at: 0)
    return texts.indices.filter { bits[0] >> UInt64($0) & 1 == 1 }
  }

  @Test(arguments: texts) func `few patterns and many find the same`(text: [UInt8]) throws {
    // Many are compiled in another way.
    let others = (0..<24).map { "nobody says this \($0)" }
    #expect(try matches(Self.patterns, text) == matches(Self.patterns + others, text))
  }

  @Test func `the patterns find what they are made for`() throws {
    let found = try Self.texts.map { try matches(Self.patterns, $0) }
    #expect(found[0] == [0])
    #expect(Set(found.joined()) == Set(Self.patterns.indices))
  }
}
