import Foundation
import Testing

@testable import Rules

/// Writes a document anyhow: indentation, brackets, quotes and the order of keys by chance.
private struct RandomLayout {
  var generator: SeededGenerator

  mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &generator) == 0 }

  mutating func document(_ root: YAMLNode) -> String {
    block(root, .root, "", indentation: 0)
  }

  /// The entries in another order, but those whose order is the author's.
  private mutating func entries(_ mapping: YAMLMapping, _ context: LayoutContext) -> [YAMLEntry] {
    guard let order = context.order else { return mapping.entries }
    var free = mapping.entries.filter { !order.contains($0.key.text) }[...]
    return mapping.entries.shuffled(using: &generator).map { entry in
      order.contains(entry.key.text) ? entry : free.removeFirst()
    }
  }

  /// A value behind `key:` or a dash, with the line break in front of it when it needs one.
  private mutating func block(_ node: YAMLNode, _ context: LayoutContext, _ section: String, indentation: Int)
    -> String
  {
    if case .scalar(let scalar) = node { return " " + text(scalar, .block, indentation) + "\n" }
    if !chance(3), let flow = flow(node, context, section) { return " \(flow)\n" }
    let inner = indentation + Int.random(in: 1...4, using: &generator)
    let margin = LayoutWriter.blanks(indentation)
    var result = "\n"
    switch node {
    case .mapping(let mapping):
      guard !mapping.entries.isEmpty else { return " {}\n" }
      for entry in entries(mapping, context) {
        let next = context == .names ? context.value(ofName: section) : context.value(of: entry.key.text)
        result += "\(margin)\(key(entry.key)):\(block(entry.value, next, entry.key.text, indentation: inner))"
      }
    case .sequence(let sequence):
      guard !sequence.items.isEmpty else { return " []\n" }
      for item in sequence.items {
        result += "\(margin)-\(block(item, context.item, "", indentation: inner))"
      }
    case .scalar: break
    }
    return result
  }

  private mutating func flow(_ node: YAMLNode, _ context: LayoutContext, _ section: String) -> String? {
    let gap = chance(4) ? "\n          " : " "
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain && (scalar.isEmpty || YAMLText.isPlain(scalar.text, in: .flow))
      return isPlain || scalar.style == .singleQuoted || scalar.style == .doubleQuoted
        ? text(scalar, .flow, 0) : nil
    case .sequence(let sequence):
      var parts: [String] = []
      for item in sequence.items {
        guard let part = flow(item, context.item, "") else { return nil }
        parts.append(part)
      }
      return "[" + parts.joined(separator: ",\(gap)") + "]"
    case .mapping(let mapping):
      var parts: [String] = []
      for entry in entries(mapping, context) {
        let next = context == .names ? context.value(ofName: section) : context.value(of: entry.key.text)
        guard let part = flow(entry.value, next, entry.key.text) else { return nil }
        parts.append("\(key(entry.key)): \(part)")
      }
      return "{" + parts.joined(separator: ",\(gap)") + "}"
    }
  }

  private mutating func key(_ key: YAMLScalar) -> String {
    key.text.utf8.first?.isLetter == true && !key.text.contains("\"") && chance(3)
      ? "\"\(key.text)\"" : YAMLText.isPlain(key.text, in: .flow) ? key.text : YAMLText.quoted(key.text)
  }

  private mutating func text(_ scalar: YAMLScalar, _ context: YAMLText.Context, _ indentation: Int) -> String
  {
    if scalar.isEmpty { return "" }
    if scalar.style == .literal {
      let margin = LayoutWriter.blanks(indentation + Int.random(in: 1...3, using: &generator))
      let rows = scalar.text.split(separator: "\n", omittingEmptySubsequences: false)
      let body = rows.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
      // The line break at the end is written with the value.
      return scalar.text.hasSuffix("\n") ? "|\n" + body.dropLast() : "|-\n" + body
    }
    guard scalar.style != .plain else { return scalar.text }
    let isSimple = !scalar.text.unicodeScalars.contains { $0 == "\"" || $0 == "\\" || $0.value < 0x20 }
    return isSimple && chance(2)
      ? "'" + scalar.text.replacing("'", with: "''") + "'" : YAMLText.quoted(scalar.text)
  }
}

/// A document of a text.
private func document(_ text: String) throws -> YAMLNode {
  var sources = SourceFiles()
  var sink = DiagnosticSink()
  let id = sources.add(SourceFile(text: text))
  return try #require(
    StrictYAML().read(id, of: sources, diagnostics: &sink), "\(sink.diagnostics.map(\.message))")
}

private let samples = [
  "rules/night.yaml", "rules/malformed.yaml", "rules/scanners.yaml", "Fixtures/Import/suricata.yaml",
]

@Suite struct LayoutMutationTests {
  @Test(arguments: samples)
  func `every layout of a document has one canonical form`(_ name: String) throws {
    let text = try String(contentsOfFile: "\(packageRoot)/\(name)", encoding: .utf8)
    let root = try document(text)
    var forms: Set<String> = []
    for seed in UInt64(1)...8 {
      var layout = RandomLayout(generator: SeededGenerator(seed: seed))
      let mutated = layout.document(root)
      let form = try formatted(mutated)
      #expect(try formatted(form) == form, "seed \(seed)")
      forms.insert(form)
    }
    #expect(forms.count == 1, "\(forms.sorted().joined(separator: "\n=====\n").prefix(4000))")
  }

  @Test(arguments: samples + ["Fixtures/Formatting/messy.yaml"])
  func `comments and blank lines anywhere are kept and settle at once`(_ name: String) throws {
    let lines = try String(contentsOfFile: "\(packageRoot)/\(name)", encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var formattedCount = 0
    for seed in UInt64(1)...20 {
      var generator = SeededGenerator(seed: seed)
      var mutated = lines
      for number in 0..<Int.random(in: 1...8, using: &generator) {
        let place = Int.random(in: 0..<mutated.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: mutated.insert("", at: place)
        case 1: mutated[place] += "  # comment \(number)"
        default:
          let depth = Int.random(in: 0...10, using: &generator)
          mutated.insert(LayoutWriter.blanks(depth) + "# comment \(number)", at: place)
        }
      }
      let text = mutated.joined(separator: "\n")
      switch RuleFormatter().format(SourceFile(text: text)) {
      case .unchanged: formattedCount += 1
      case .changed(let bytes):
        formattedCount += 1
        let once = String(decoding: bytes, as: UTF8.self)
        #expect(try formatted(once) == once, "\(name), seed \(seed)")
      case .refused(let report):
        // A comment behind a condition is an error, wherever it comes from.
        #expect(!report.diagnostics.contains { $0.code == .notFormatted }, "\(name), seed \(seed)\n\(text)")
      }
    }
    #expect(formattedCount > 5, "\(name)")
  }
}
