import Numbering
import Testing
import Values

@testable import Rules

/// A list from the text of a list file.
private func load(_ type: String, _ text: String, fold: Bool = false) throws -> LoadedRules {
  let folder = try TemporaryFolder()
  try folder.write(text, to: "list.txt")
  let path = try folder.write(
    "lists: {l: {type: \(type), file: list.txt\(fold ? ", fold_case: true" : "")}}\n", to: "rules.yaml")
  return RuleLoader().load([path])
}

private func time(_ text: String) throws -> Timestamp {
  try #require(InstantText.parse(text))
}

@Suite struct ListFileTests {
  @Test func `an entry expires by packet time at the end of its day in UTC`() throws {
    let loaded = try load(
      "cidr", "192.0.2.0/24 expires=2027-01-31\n192.0.2.0/28 expires=2026-06-30\n10.0.0.1\n")
    try #require(messages(loaded) == [])
    let list = loaded.lists[0]
    let address = try #require(IPAddress("192.0.2.1"))
    #expect(list.match(address, at: try time("2026-06-30T23:59:59Z"))?.number == 1)
    // The longest block has expired, the one around it has not.
    #expect(list.match(address, at: try time("2026-07-01T00:00:00Z"))?.number == 0)
    #expect(list.match(address, at: try time("2027-01-31T23:59:59Z"))?.number == 0)
    #expect(list.match(address, at: try time("2027-02-01T00:00:00Z")) == nil)
  }

  @Test func `of equal entries the one that expires last counts`() throws {
    let late = try time("2026-12-01T00:00:00Z")
    let lines = ["b expires=2026-01-01", "b", "b expires=2026-06-01"]
    for rotation in 0..<3 {
      let text = (0..<3).map { lines[($0 + rotation) % 3] + "\n" }.joined()
      let list = try load("text", text).lists[0]
      let bytes = Array("b".utf8)
      #expect(list.match(bytes, at: late) != nil)
    }
    let networks = "10.0.0.0/8 expires=2026-01-01\n10.0.0.0/8\n10.0.0.0/8 expires=2026-06-01\n"
    let address = try #require(IPAddress("10.1.1.1"))
    #expect(try load("cidr", networks).lists[0].match(address, at: late)?.number == 1)
  }

  @Test(
    arguments: [
      ("friendly scanner", "friendly scanner", nil, nil), ("  a b  # comment", "a b", nil, nil),
      ("a#b", "a#b", nil, nil), ("# only a comment", nil, nil, nil), ("   ", nil, nil, nil),
      ("a b expires=2026-01-01 note=some words # c", "a b", "2026-01-01", "some words"),
      ("a note=expires=never", "a", nil, "expires=never"), ("\"a # b\" note=x", "a # b", nil, "x"),
      ("\"a note=\\\"x\\\" \\\\\"", "a note=\"x\" \\", nil, nil), ("\"\" # empty", "", nil, nil),
      ("a\"b", "a\"b", nil, nil), ("say \"hi # there", "say \"hi", nil, nil),
      ("\texpires=x", "expires=x", nil, nil),
    ] as [(String, String?, String?, String?)])
  func `a line of texts is taken apart`(
    _ line: String, _ entry: String?, _ expires: String?, _ note: String?
  ) throws {
    let bytes = Array(line.utf8)
    let parsed = try ListLine(0..<bytes.count, in: bytes.span, isWord: false, canQuote: true)
    let text = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
    #expect(parsed.map { $0.unescaped(bytes) } == entry)
    #expect(parsed?.expires.map(text) == expires)
    #expect(parsed?.note.map(text) == note)
  }

  @Test func `regular expressions keep their text and place`() throws {
    let loaded = try load("regex", "^sip(vicious|sak)\\b # scanners\n\n\"quoted\" note=n\n", fold: true)
    try #require(messages(loaded) == [])
    guard case .patterns(let patterns) = loaded.lists[0].contents else {
      throw Unexpected("expected patterns")
    }
    #expect(patterns.map(\.text) == ["^sip(vicious|sak)\\b", "\"quoted\""])
    #expect(patterns.map { loaded.sources.text(at: $0.span) } == patterns.map(\.text))
    #expect(loaded.lists[0].note(of: patterns[1].entry) == "n")
    #expect(loaded.lists[0].foldsCase)
  }

  @Test func `every type reads its file, with Windows line ends and without a last one`() throws {
    for (type, text, count) in [
      ("cidr", "10.0.0.0/8\r\n2001:db8::/32", 2), ("ip", "10.0.0.1\r\n::1\r\n", 2),
      ("prefix", "+49\r\n0044", 2),
      ("text", "a b\r\nc", 2), ("glob", "*.a\r\nb?", 2), ("regex", "a+\r\nb", 2), ("number", "1\r\n2..3", 2),
      ("date", "2026-01-01\r\n2026-01-02..2026-01-05", 2), ("country", "DE\r\nfr", 2),
      ("ip", "# nobody\r\n", 0),
    ] {
      let loaded = try load(type, text)
      #expect(messages(loaded) == [], "\(type)")
      #expect(loaded.lists.first?.entryCount == count, "\(type)")
    }
  }

  @Test func `control characters are no entries, and a byte order mark may begin the file`() throws {
    #expect(messages(try load("text", "a\u{0}b\n")) == ["a control character in a list"])
    #expect(try load("ip", "\u{feff}10.0.0.1\n").lists.first?.entryCount == 1)
    #expect(messages(try load("ip", "10.0.0.1\n\u{feff}10.0.0.2\n")).count == 1)
  }

  @Test func `random bytes in a list file are survived`() throws {
    let seed: UInt64 = 99
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("0123456789./:#\"\\ \t\n-+*?=expiresnote,abc\u{e9}\0".utf8)
    for type in ListType.allCases {
      for round in 0..<200 {
        let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
          alphabet.randomElement(using: &random) ?? 0
        }
        let declaration = ListDeclaration(
          name: Spanned("l", at: SourceSpan(file: SourceFileID(index: 0), range: ByteRange())), type: type,
          items: [], path: nil, foldsCase: type.canFoldCase)
        var sink = DiagnosticSink()
        var builder = ListBuilder(
          declaration, dialPlan: DialPlan(countryCode: "49", nationalPrefix: "0"), hashSeed: 1)
        builder.addLines(of: SourceFileID(index: 0), bytes, &sink)
        let list = builder.build(&sink)
        _ = list.match(bytes, at: Timestamp(nanoseconds: 0))
        for diagnostic in sink.diagnostics {
          #expect(diagnostic.span.range.end <= bytes.count, "seed \(seed) round \(round)")
        }
      }
    }
  }
}
