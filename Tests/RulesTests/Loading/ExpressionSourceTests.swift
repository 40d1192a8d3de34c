import Testing
import Values

@testable import Rules

@Suite struct ExpressionSourceTests {
  private func expression(_ yaml: String) throws -> (ExpressionSource, SourceFile) {
    let file = SourceFile(text: yaml)
    var sources = SourceFiles()
    var sink = DiagnosticSink()
    let id = sources.add(file)
    let root = try #require(StrictYAML().read(id, of: sources, diagnostics: &sink))
    guard case .mapping(let mapping) = root, case .scalar(let scalar)? = mapping.value(of: "when") else {
      throw Unexpected("no expression")
    }
    let expression = ExpressionSource(scalar, in: file, diagnostics: &sink)
    return (try #require(expression), file)
  }

  /// Every word of the text is found in the file at the place that the map names.
  @Test(arguments: [
    "when: sip.code == 401 and größe > 5\n",
    "when: sip.code\n   ==  401\n\n  and x\n",
    "when: 'it''s == \"a\" and b'\n",
    "when: 'one\n  two  \n\n\n  three''s'\n",
    "when: \"one \\\"two\\\" \\u00e4 \\x41 three\"\n",
    "when: \"one\n   two \\\n   three\\\n\n   four\"\n",
    "when: \"tab\\there \\U0001F600 smile \\N end\"\n",
    "when: |\n  sip.code == 401\n    and deeper\n\n  and last\n",
    "when: |2\n    indented by hand\n  more\n",
    "when: |-\n\n\n  after blanks\nnext: 1\n",
    "when: |+\r\n  windows\r\n  lines\r\n",
    "top: 1\nwhen: |   # a comment\n      a == 1\n      b == 2",
  ])
  func `every character of the text maps to its place`(_ yaml: String) throws {
    let (expression, file) = try expression(yaml)
    let text = Array(expression.text.utf8)
    var offset = 0
    var words = 0
    for word in expression.text.split(whereSeparator: { " \n\t\"'\u{e4}\u{85}\u{1F600}".contains($0) }) {
      let bytes = Array(word.utf8)
      while !text[offset...].starts(with: bytes) { offset += 1 }
      let span = expression.span(of: offset..<offset + bytes.count)
      let found = String(decoding: file.bytes[span.range.range], as: UTF8.self)
      #expect(found == String(word) || found.hasPrefix("\\x41"))
      offset += bytes.count
      words += 1
    }
    #expect(words > 1)
  }

  @Test func `an escape is one place`() throws {
    let (expression, _) = try expression("when: \"a \\u00e4 b\"\n")
    #expect(expression.text == "a ä b")
    #expect(expression.span(of: 2..<4).range == ByteRange(9, 15))
    #expect(expression.span(of: 5..<6).range == ByteRange(16, 17))
    #expect(expression.span(of: 6..<6).range == ByteRange(17, 17))
    #expect(expression.span(of: 0..<6).range == ByteRange(7, 17))
  }

  @Test func `offsets behind the end point at the end`() throws {
    let (expression, _) = try expression("when: sip.code ==\n")
    #expect(expression.span(of: 11..<11).range == ByteRange(17, 17))
  }

  @Test func `random quoted texts map byte for byte`() throws {
    let seed: UInt64 = 20_260_301
    var random = SeededGenerator(seed: seed)
    let parts = [
      "a", "b", " ", "  ", "ä", "\\n", "\\x42", "\\\"", "''", "\n  ", " \n \n  ", "\\\n  ", "\\\\", "z",
      "\\u00fc",
    ]
    for round in 0..<2000 {
      let isDouble = Bool.random(using: &random)
      let usable = parts.filter { isDouble ? $0 != "''" : !$0.hasPrefix("\\") }
      var body = "x"
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        body += usable.randomElement(using: &random) ?? ""
      }
      body += "y"
      let quote = isDouble ? "\"" : "'"
      let (expression, file) = try expression("when: \(quote)\(body)\(quote)\n")
      // The last letter is written as it is; everything before it must have been counted rightly.
      let count = expression.text.utf8.count
      let place = expression.span(of: count - 1..<count).range
      let found = Array(file.bytes[place.range])
      #expect(found == [UInt8(ascii: "y")], "seed \(seed) round \(round): \(body)")
      #expect(place.end == file.bytes.count - 2, "seed \(seed) round \(round): \(body)")
    }
  }
}
