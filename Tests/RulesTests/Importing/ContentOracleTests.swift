import Testing
import Values

@testable import Rules

/// One content of a signature, as its manual defines it.
private struct Content {
  var bytes: [UInt8]
  var isNegated = false
  var isFolded = false
  var offset: Int?
  var depth: Int?
  var distance: Int?
  var within: Int?
  /// `isdataat:N,relative` behind it.
  var dataAt: Int?

  var option: String {
    var text =
      "content:\(isNegated ? "!" : "")\"\(bytes.map { "|" + ConditionText.hexadecimal($0) + "|" }.joined())\";"
    if isFolded { text += " nocase;" }
    for (name, value) in [("offset", offset), ("depth", depth), ("distance", distance), ("within", within)] {
      if let value { text += " \(name):\(value);" }
    }
    if let dataAt { text += " isdataat:\(dataAt),relative;" }
    return text
  }

  /// The ends of all its matches, `last` being the end of the match before it.
  func ends(in text: [UInt8], after last: Int) -> [Int] {
    var low = offset ?? 0
    var high = depth.map { low + $0 } ?? text.count
    if distance != nil || within != nil {
      low = last + (distance ?? 0)
      high = within.map { low + $0 } ?? text.count
    }
    high = min(high, text.count)
    guard low >= 0, low + bytes.count <= high else { return [] }
    return (low...(high - bytes.count)).filter { start in
      zip(text[start...], bytes).allSatisfy { isFolded ? $0 | 0x20 == $1 | 0x20 : $0 == $1 }
    }.map { $0 + bytes.count }
  }
}

/// Whether contents match, by trying every place of each: the definition, at any cost.
private func matches(_ contents: ArraySlice<Content>, _ text: [UInt8], after last: Int = 0) -> Bool {
  guard let first = contents.first else { return true }
  let rest = contents.dropFirst()
  if first.isNegated { return first.ends(in: text, after: last).isEmpty && matches(rest, text, after: last) }
  return first.ends(in: text, after: last).contains { end in
    (first.dataAt.map { end + $0 <= text.count } ?? true) && matches(rest, text, after: end)
  }
}

@Suite struct ContentOracleTests {
  private static func contents(_ generator: inout SeededGenerator) -> [Content] {
    var contents: [Content] = []
    for index in 0..<Int.random(in: 1...3, using: &generator) {
      let letters = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
        Array("abA".utf8).randomElement(using: &generator) ?? 0
      }
      var content = Content(bytes: letters, isFolded: Int.random(in: 0..<4, using: &generator) == 0)
      if index == 0 || Int.random(in: 0..<4, using: &generator) == 0 {
        if Bool.random(using: &generator) { content.offset = Int.random(in: 0...3, using: &generator) }
        if Bool.random(using: &generator) {
          content.depth = Int.random(in: letters.count...5, using: &generator)
        }
        content.isNegated = Int.random(in: 0..<5, using: &generator) == 0
      } else {
        if Bool.random(using: &generator) { content.distance = Int.random(in: 0...3, using: &generator) }
        if content.distance == nil || Bool.random(using: &generator) {
          content.within = Int.random(in: letters.count...5, using: &generator)
        }
      }
      contents.append(content)
    }
    let last = contents.count - 1
    guard !contents[last].isNegated else { return contents }
    if Int.random(in: 0..<3, using: &generator) == 0 {
      contents[last].dataAt = Int.random(in: 1...4, using: &generator)
    }
    if Int.random(in: 0..<3, using: &generator) == 0 {
      var forbidden = Content(bytes: [0x0a], isNegated: true)
      forbidden.within = Int.random(in: 1...5, using: &generator)
      contents.append(forbidden)
    }
    return contents
  }

  @Test func `chains of contents match what their definition matches`() throws {
    let seed: UInt64 = 0x1f_2e3d
    var generator = SeededGenerator(seed: seed)
    var translated = 0
    var fired = 0
    for round in 0..<400 {
      let contents = Self.contents(&generator)
      // A negation that the next content would follow has no end to be relative to.
      let follows = zip(contents, contents.dropFirst()).contains {
        $0.isNegated && ($1.distance != nil || $1.within != nil)
      }
      if follows { continue }
      let options = contents.map(\.option).joined(separator: " ")
      guard let yaml = imported(options).yaml else { continue }
      translated += 1
      let rules = try compile(yaml)
      let texts = (0..<40).map { _ in
        (0..<Int.random(in: 1...10, using: &generator)).map { _ in
          Array("abAB\n".utf8).randomElement(using: &generator) ?? 0
        }
      }
      let events = texts.enumerated().map { index, text in
        ShortEvent(milliseconds: Int64(index), message: String(decoding: text, as: UTF8.self))
      }
      let alerts = run(rules, events).map { Int($0.timestamp.nanoseconds / 1_000_000) }
      let expected = texts.indices.filter { matches(contents[...], texts[$0]) }
      #expect(alerts == expected, "seed \(seed), round \(round): \(options)\n\(yaml)")
      fired += expected.count
    }
    #expect(translated > 250 && fired > 1000, "\(translated) \(fired)")
  }
}
