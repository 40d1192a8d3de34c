import Testing
import Values

@testable import Rules

/// Reads a text; gives the root and the codes of what was reported.
private func read(_ text: String, _ yaml: StrictYAML = StrictYAML()) -> (root: YAMLNode?, codes: [String]) {
  var sources = SourceFiles()
  var sink = DiagnosticSink()
  let id = sources.add(SourceFile(text: text))
  let root = yaml.read(id, of: sources, diagnostics: &sink)
  return (root, sink.diagnostics.map(\.code.rawValue))
}

@Suite struct StrictYAMLTests {
  @Test(arguments: [
    "22:00", "NO", "no", "yes", "on", "011", "0900", "0x1F", "+44", "null", "~", "1_000", ".inf", "1e3",
    "2026-01-01", "2026-03-01T22:14:07Z", "12:30:45", "<", "=", "true", "client.ip", "a:b", "a#b",
  ])
  func `a scalar is the text that stands there`(_ text: String) throws {
    let (root, codes) = read("key: \(text)\n")
    #expect(codes == [])
    guard case .mapping(let mapping)? = root, case .scalar(let scalar)? = mapping.value(of: "key") else {
      throw Unexpected("expected a scalar")
    }
    #expect(scalar.text == text)
    #expect(scalar.style == .plain)
  }

  @Test func `every node knows its place, behind wide characters too`() throws {
    let text = "größe: [eins, 'zwei', \"drei\"]\nblock: |\n  x\n\nnext: {a: {}, b: }\n"
    var sources = SourceFiles()
    var sink = DiagnosticSink()
    let id = sources.add(SourceFile(text: text))
    let root = try #require(StrictYAML().read(id, of: sources, diagnostics: &sink))
    var seen: [String] = []
    func walk(_ node: YAMLNode) {
      seen.append(sources.text(at: node.span))
      switch node {
      case .scalar: break
      case .sequence(let sequence): sequence.items.forEach(walk)
      case .mapping(let mapping):
        for entry in mapping.entries {
          seen.append(sources.text(at: entry.key.span))
          walk(entry.value)
        }
      }
    }
    walk(root)
    #expect(
      seen == [
        String(text.dropLast()), "größe", "[eins, 'zwei', \"drei\"]", "eins", "'zwei'", "\"drei\"", "block",
        "|\n  x", "next", "{a: {}, b: }", "a", "{}", "b", "",
      ])
  }

  @Test(arguments: [
    ("", "empty-file"), ("# comment\n", "empty-file"), ("a: &x 1\n", "yaml-anchor"),
    ("a: *x\n", "yaml-alias"),
    ("a: !!str 1\n", "yaml-tag"), ("a: !x 1\n", "yaml-tag"), ("a: ! 1\n", "yaml-tag"),
    ("!x a: 1\n", "yaml-tag"), ("a: !<tag:yaml.org,2002:str> 1\n", "yaml-tag"), ("a: !u!v 1\n", "yaml-tag"),
    ("<<: {a: 1}\n", "merge-key"), ("? [a]\n: 1\n", "complex-key"), ("a: 1\na: 2\n", "duplicate-key"),
    ("a: 1\n'a': 2\n", "duplicate-key"), ("a: 1\n---\nb: 1\n", "multiple-documents"),
    ("%YAML 1.1\n---\na: 1\n", "yaml-directive"), ("%TAG ! x:\n---\na: 1\n", "yaml-directive"),
    ("%FOO\n---\na: 1\n", "yaml-directive"), ("a: [\n", "yaml-syntax"), ("a: 'b\n", "yaml-syntax"),
    ("a: b: c\n", "yaml-syntax"), ("a: @b\n", "yaml-syntax"), ("a: `b\n", "yaml-syntax"),
    ("a: %b\n", "yaml-syntax"), ("a: \"\\q\"\n", "yaml-syntax"), ("\u{feff}a: 1\n", "invalid-encoding"),
    ("a: \u{1b}\n", "control-character"), ("a: \u{85}\n", "control-character"),
    ("a: b\rc: d\n", "control-character"), ("a:\n\tb: 1\n", "tab-indentation"),
  ])
  func `what strict reading refuses has a code`(_ text: String, _ code: String) {
    #expect(read(text).codes == [code])
  }

  @Test func `many keys are told apart in linear time, and repeated ones are found`() {
    let lines = (0..<20_000).map { "key\($0): 1\n" }.joined()
    #expect(read(lines).codes == [])
    #expect(read(lines + "key5: 2\nkey19999: 3\n").codes == ["duplicate-key", "duplicate-key"])
  }

  @Test func `depth and number of values are capped`() {
    var yaml = StrictYAML()
    yaml.maximumDepth = 3
    yaml.maximumNodes = 10
    #expect(read("a: [[1]]\n", yaml).codes == [])
    #expect(read("a: [[[1]]]\n", yaml).codes == ["too-deep"])
    #expect(read("[1, 2, 3, 4, 5, 6, 7, 8, 9]\n", yaml).codes == [])
    #expect(read("[1, 2, 3, 4, 5, 6, 7, 8, 9, 0]\n", yaml).codes == ["too-many-nodes"])
    #expect(read(String(repeating: "[", count: 1_000_000), StrictYAML()).codes == ["line-too-long"])
    #expect(read(String(repeating: "[\n", count: 1_000_000), StrictYAML()).codes == ["too-deep"])
    #expect(read(String(repeating: "- ", count: 30_000), StrictYAML()).codes == ["too-deep"])
    #expect(read(String(repeating: "{a: ", count: 15_000), StrictYAML()).codes == ["too-deep"])
  }

  @Test func `an alias bomb is refused without being expanded`() {
    var text = "a0: &a0 [x]\n"
    for level in 1..<40 {
      let alias = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(alias)]\n"
    }
    let codes = read(text).codes
    #expect(codes.count { $0 == "yaml-anchor" } == 40)
    #expect(codes.count { $0 == "yaml-alias" } == 39)
  }

  @Test(
    arguments: [
      ([0xc0, 0x80], false), ([0xc3, 0xa4], true), ([0xc3], false), ([0xed, 0xa0, 0x80], false),
      ([0xe2, 0x82, 0xac], true), ([0xf0, 0x9f, 0x98, 0x80], true), ([0xf4, 0x90, 0x80, 0x80], false),
      ([0xf8, 0x88, 0x80, 0x80], false), ([0xe0, 0x80, 0x80], false), ([0x80], false),
    ] as [([UInt8], Bool)])
  func `UTF-8 is checked as RFC 3629 says`(_ bytes: [UInt8], _ isValid: Bool) {
    let text = Array("a: x".utf8) + bytes + Array("\n".utf8)
    let fault = YAMLTextCheck(maximumLineLength: 100).firstFault(in: text.span)
    #expect((fault == nil) == isValid)
    if let fault {
      #expect(fault.code == .invalidEncoding)
      #expect(fault.range.lowerBound == 4)
    }
  }
}
