import Numbering
import Testing
import Values

@testable import Rules

private let never = Timestamp(nanoseconds: 0)

/// A text as bytes, for look-ups.
private func match(_ list: RuleList, _ text: String, at time: Timestamp = never) -> UInt32? {
  let bytes = Array(text.utf8)
  return list.match(bytes, at: time)?.number
}

/// One list with entries in a rule file.
private func list(
  _ type: String, _ items: [String], foldCase: Bool = false, plan: DialPlan = DialPlan()
) throws -> RuleList {
  let quoted = items.map { "\"\($0.replacing("\\", with: "\\\\"))\"" }.joined(separator: ", ")
  let fold = foldCase ? ", fold_case: true" : ""
  var loader = RuleLoader()
  loader.options.dialPlan = plan
  let file = SourceFile(text: "lists: {l: {type: \(type), items: [\(quoted)]\(fold)}}\n")
  let loaded = loader.load(files: [file])
  try #require(messages(loaded) == [])
  return try #require(loaded.lists.first)
}

@Suite struct LookupTests {
  @Test(
    arguments: [
      ("192.0.2.77", 1), ("192.0.2.1", 3), ("192.0.3.1", 0), ("11.0.0.1", nil), ("255.255.255.255", 5),
      ("255.255.255.254", 4), ("2001:db8::1", 6), ("2001:db9::1", nil), ("::ffff:192.0.2.1", nil),
    ] as [(String, UInt32?)])
  func `the longest block wins`(_ text: String, _ expected: UInt32?) throws {
    let list = try list(
      "cidr",
      [
        "192.0.0.0/8", "192.0.2.0/24", "192.0.2.0/28", "192.0.2.1", "255.0.0.0/8", "255.255.255.255",
        "2001:db8::/32",
      ])
    let address = try #require(IPAddress(text))
    #expect(list.match(address, at: never)?.number == expected)
  }

  @Test func `a block of length 0 holds its whole family`() throws {
    let v4 = try list("cidr", ["0.0.0.0/0"])
    let v6 = try list("cidr", ["::/0"])
    for text in ["0.0.0.0", "255.255.255.255", "127.0.0.1"] {
      let address = try #require(IPAddress(text))
      #expect(v4.match(address, at: never) != nil)
      #expect(v6.match(address, at: never) == nil)
    }
    let all = try #require(IPAddress("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))
    #expect(v6.match(all, at: never) != nil)
  }

  @Test func `prefix intervals agree with brute force, with and without the radix table`() {
    let seed: UInt64 = 7
    var random = SeededGenerator(seed: seed)
    for (count, spread) in [(1, 8), (40, 12), (40, 32), (3000, 18), (3000, 32)] {
      let prefixes = (0..<count).map { number -> PrefixIntervals<UInt32>.Prefix in
        let length = Int.random(in: 0...32, using: &random)
        let bits = UInt32.random(in: 0...(.max), using: &random) & (.max << UInt32(32 - spread))
        let key = length == 0 ? 0 : bits & (.max << UInt32(32 - length))
        let expiry: Int64 = Bool.random(using: &random) ? neverExpires : .random(in: 0...10, using: &random)
        return .init(key: key, length: length, expiry: expiry, entry: UInt32(number))
      }
      let table = PrefixIntervals(prefixes)
      for _ in 0..<3000 {
        var key = UInt32.random(in: 0...(.max), using: &random) & (.max << UInt32(32 - spread))
        if let near = prefixes.randomElement(using: &random), Bool.random(using: &random) {
          key =
            Bool.random(using: &random) ? near.key : Bool.random(using: &random) ? near.last : near.key &- 1
        }
        let time = Int64.random(in: 0...10, using: &random)
        let covering = prefixes.filter { $0.key <= key && key <= $0.last && $0.expiry > time }
        let longest = covering.map(\.length).max()
        let found = table.longestPrefix(of: key, at: time)
        let expected = covering.filter { $0.length == longest }.map(\.entry)
        #expect(found.map { expected.contains($0) } ?? expected.isEmpty, "seed \(seed) count \(count)")
      }
    }
  }

  @Test func `addresses of version 6 agree with brute force`() throws {
    let seed: UInt64 = 11
    var random = SeededGenerator(seed: seed)
    let networks = (0..<2000).map { _ in
      IPNetwork(
        IPAddress(
          v6High: 0x2001_0db8_0000_0000 | .random(in: 0...0xff, using: &random),
          low: .random(in: 0...0xff, using: &random) << 56),
        prefixLength: .random(in: 20...128, using: &random))
    }
    let table = NetworkTable(networks.enumerated().map { ($1, neverExpires, UInt32($0)) })
    for _ in 0..<3000 {
      let address = IPAddress(
        v6High: 0x2001_0db8_0000_0000 | .random(in: 0...0x1ff, using: &random),
        low: .random(in: 0...0xff, using: &random) << 56)
      let covering = networks.filter { $0.contains(address) }
      let longest = covering.map(\.prefixLength).max()
      let found = table.match(address, at: never).map { networks[Int($0.number)].prefixLength }
      #expect(found == longest, "seed \(seed)")
    }
  }

  @Test(
    arguments: [
      ("+4990012345", 1), ("004990012345", 1), ("4990012345", 1), ("+4930", 0), ("+49", nil), ("+48", nil),
      ("0", nil), ("+44 871-123.4(5)", 2), ("+4490", nil), ("alice", nil), ("", nil), ("+", nil),
      ("4990;phone-context=x", 1), ("+449", nil), ("+44871" + String(repeating: "9", count: 100), 2),
    ] as [(String, UInt32?)])
  func `the longest beginning of a number wins`(_ text: String, _ expected: UInt32?) throws {
    #expect(match(try list("prefix", ["493", "+4990", "0044871"]), text) == expected)
  }

  @Test(arguments: [
    ("030123", "4930123"), ("0030123", "30123"), ("+030", "030"), ("+49 (30) 1-2.3", "493012"),
    ("004930", "4930"), ("49301", "49301"), ("00", nil), ("1+2", nil), ("++1", nil), ("*43#", nil),
    ("0", "49"),
  ])
  func `numbers are normalised by the dial plan`(_ text: String, _ expected: String?) {
    let plan = DialPlan(countryCode: "49", nationalPrefix: "0", internationalPrefixes: ["00"])
    let bytes = Array(text.utf8)
    let digits = plan.normalize(bytes.span)?.description
    #expect(digits == (text == "+49 (30) 1-2.3" ? "4930123" : expected))
  }

  @Test func `entries of a list are normalised like numbers`() throws {
    let plan = DialPlan(countryCode: "1", nationalPrefix: "1", internationalPrefixes: ["011"])
    let list = try list("prefix", ["1900", "01144"], plan: plan)
    #expect(match(list, "+1900555") == 0)
    #expect(match(list, "1900555") == 0)
    #expect(match(list, "011445") == 1)
    #expect(match(list, "+445") == 1)
  }

  @Test func `texts are found whole, and in either case when asked`() throws {
    let exact = try list("text", ["friendly-scanner", "", "Grüße"].filter { !$0.isEmpty })
    #expect(match(exact, "friendly-scanner") == 0)
    #expect(match(exact, "Friendly-Scanner") == nil)
    #expect(match(exact, "friendly-scanne") == nil)
    #expect(match(exact, "friendly-scanner ") == nil)
    #expect(match(exact, "Grüße") == 1)
    #expect(match(exact, "") == nil)
    let folded = try list("text", ["Friendly-SCANNER", "eightlet", "EIGHTLET", "[", "{"], foldCase: true)
    #expect(match(folded, "fRIENDLY-scanner") == 0)
    #expect(match(folded, "Eightlet") == 1)
    #expect(match(folded, "[") == 3)
    #expect(match(folded, "{") == 4)
  }

  @Test func `a large set of texts has no false answers`() {
    let texts = (0..<20_000).map { Array("agent-\($0 * 7919)".utf8) }
    var set = TextSet(foldsCase: false, seed: 3)
    for (number, text) in texts.enumerated() {
      set.insert(text.span, expiry: neverExpires, entry: UInt32(number))
    }
    #expect(set.count == 20_000)
    for (number, text) in texts.enumerated() where number % 7 == 0 {
      #expect(set.match(text, at: never)?.number == UInt32(number))
      let other = text + [UInt8(ascii: "x")]
      #expect(set.match(other, at: never) == nil)
    }
  }

  @Test(arguments: [
    ("*.example.com", "a.example.com", true), ("*.example.com", "example.com", false), ("a*b*c", "abc", true),
    ("a*b*c", "aXbXbXc", true), ("a*b*c", "acb", false), ("a?c", "abc", true), ("a?c", "ac", false),
    ("*", "", true), ("**", "x", true), ("", "", true), ("a\\*", "a*", true), ("a\\*", "ab", false),
    ("*?*", "", false), ("*?*", "x", true), ("*aab*", "aaab", true), ("ab*ba", "aba", false),
    ("ab*ba", "abba", true), ("\\\\", "\\", true), ("*abc", "abcabc", true),
  ])
  func `globs match whole texts`(_ pattern: String, _ text: String, _ expected: Bool) throws {
    let glob = try #require(GlobPattern(Array(pattern.utf8), foldsCase: false))
    let bytes = Array(text.utf8)
    #expect(glob.matches(bytes, foldsCase: false) == expected)
  }

  @Test func `globs agree with a backtracking matcher`() throws {
    func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if first == UInt8(ascii: "*") {
        return (text.startIndex...text.endIndex).contains { matches(pattern.dropFirst(), text[$0...]) }
      }
      guard let byte = text.first, first == UInt8(ascii: "?") || first == byte else { return false }
      return matches(pattern.dropFirst(), text.dropFirst())
    }
    let seed: UInt64 = 5
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let pattern = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        Array("ab?**".utf8).randomElement(using: &random) ?? 0
      }
      let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        Array("ab".utf8).randomElement(using: &random) ?? 0
      }
      let glob = try #require(GlobPattern(pattern, foldsCase: false))
      let expected = matches(pattern[...], text[...])
      #expect(glob.matches(text, foldsCase: false) == expected, "seed \(seed)")
    }
  }

  @Test func `a glob made to backtrack takes one pass`() throws {
    let pattern = Array((String(repeating: "*a", count: 60) + "*b").utf8)
    let glob = try #require(GlobPattern(pattern, foldsCase: false))
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
    #expect(!glob.matches(text, foldsCase: false))
    #expect(GlobPattern(Array(("*" + String(repeating: "a", count: 65) + "*").utf8), foldsCase: false) == nil)
  }

  @Test func `a glob may name every byte`() throws {
    let bytes = (0...255).map { UInt8($0) }.filter { !Array("*?\\".utf8).contains($0) }
    var pattern: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 50) {
      pattern += [UInt8(ascii: "*")] + bytes[start..<min(start + 50, bytes.count)]
    }
    pattern += Array("*\\**\\?*\\\\*".utf8)
    let glob = try #require(GlobPattern(pattern, foldsCase: false))
    let whole = bytes + Array("*?\\".utf8)
    #expect(glob.matches(whole, foldsCase: false))
    for index in whole.indices {
      var changed = whole
      changed[index] = whole[(index + 1) % whole.count]
      #expect(!glob.matches(changed, foldsCase: false))
    }
  }

  @Test func `numbers and ranges are found`() throws {
    let list = try list("number", ["404", "500..599", "-5..-1", "550"])
    guard case .numbers(let set) = list.contents else { throw Unexpected("expected numbers") }
    for (number, expected) in [
      (404, 0), (405, nil), (500, 1), (550, 3), (599, 1), (600, nil), (-3, 2), (0, nil),
    ]
      as [(Int64, UInt32?)]
    {
      #expect(list.match(number, at: never)?.number == expected)
      #expect(set.match(Double(number), at: never)?.number == expected)
    }
    #expect(set.match(550.5, at: never)?.number == 1)
    #expect(set.match(404.5, at: never) == nil)
    #expect(set.match(Double.nan, at: never) == nil)
  }

  @Test func `ranges agree with brute force`() {
    let seed: UInt64 = 9
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let items = (0..<Int.random(in: 0...12, using: &random)).map { number -> RangeSet.Item in
        let lower = Int64.random(in: 0...30, using: &random)
        let upper = lower + .random(in: 0...20, using: &random)
        let expiry = Int64.random(in: 0...10, using: &random)
        return .init(lower: lower, upper: upper, expiry: expiry, entry: UInt32(number))
      }
      let set = RangeSet(items)
      for number in -1...55 {
        let value = Int64(number)
        let time = Int64.random(in: 0...10, using: &random)
        let covering = items.filter { $0.lower <= value && value <= $0.upper && $0.expiry > time }
        let found = set.match(value, at: Timestamp(nanoseconds: time))
        let isRight = found.map { id in covering.contains { $0.entry == id.number } } ?? covering.isEmpty
        #expect(isRight, "seed \(seed)")
      }
    }
  }

  @Test func `country codes match in either case`() throws {
    let list = try list("country", ["DE", "us", "zz"])
    #expect(match(list, "de") == 0)
    #expect(match(list, "US") == 1)
    #expect(match(list, "ZZ") == 2)
    #expect(match(list, "FR") == nil)
    #expect(match(list, "D") == nil)
    #expect(match(list, "DEU") == nil)
    #expect(match(list, "@[") == nil)
  }
}
