internal import Values

/// All patterns over one value, searched in one scan.
///
/// A class, so that handing it around copies no tables.
final class PatternGroup: Sendable {
  let source: ValueSource
  /// Whether the value is a list, whose items are scanned one by one.
  let isList: Bool
  /// It searches for all patterns.
  let database: PatternDatabase
  let patternCount: Int
  /// First word of the group's bits in the engine's store: patterns that match some item (or the value).
  let firstWord: Int
  /// When each pattern ends (the expiry of a list entry); empty when none does.
  let expiries: [Int64]

  init(
    source: ValueSource, isList: Bool, database: PatternDatabase, patternCount: Int, firstWord: Int,
    expiries: [Int64]
  ) {
    self.source = source
    self.isList = isList
    self.database = database
    self.patternCount = patternCount
    self.firstWord = firstWord
    self.expiries = expiries
  }

  var wordCount: Int { (patternCount + 63) / 64 }
}

/// Collects patterns by the value they look at.
struct PatternCollector {
  /// A value with its patterns.
  struct Group {
    var patterns: [Pattern] = []
    var expiries: [Int64] = []
    /// Where single patterns stand.
    var indices: [Pattern: Int] = [:]
    /// Where the patterns of lists stand.
    var lists: [Int: Range<Int>] = [:]
  }

  /// What a group is about.
  struct Key: Hashable {
    var source: ValueSource
    var isList: Bool
  }

  private(set) var keys: [Key] = []
  private(set) var groups: [Group] = []
  private var numbers: [Key: Int] = [:]

  private mutating func number(of key: Key) -> Int {
    if let number = numbers[key] { return number }
    numbers[key] = groups.count
    keys.append(key)
    groups.append(Group())
    return groups.count - 1
  }

  /// The place of one pattern: its group and its place in it.
  mutating func add(_ pattern: Pattern, _ key: Key) -> (group: Int, patterns: Range<Int>) {
    let number = number(of: key)
    if let index = groups[number].indices[pattern] { return (number, index..<index + 1) }
    let index = groups[number].patterns.count
    groups[number].patterns.append(pattern)
    groups[number].expiries.append(.max)
    groups[number].indices[pattern] = index
    return (number, index..<index + 1)
  }

  /// The place of all patterns of a list.
  mutating func add(
    list: Int, _ patterns: [(pattern: Pattern, expiry: Int64)], _ key: Key
  ) -> (group: Int, patterns: Range<Int>) {
    let number = number(of: key)
    if let range = groups[number].lists[list] { return (number, range) }
    let start = groups[number].patterns.count
    for item in patterns {
      groups[number].patterns.append(item.pattern)
      groups[number].expiries.append(item.expiry)
    }
    groups[number].lists[list] = start..<start + patterns.count
    return (number, start..<start + patterns.count)
  }

  /// The compiled groups; a pattern that the matcher refuses as a whole is reported at its place.
  ///
  /// The same patterns over several values are compiled once.
  func build(_ sink: inout DiagnosticSink) -> [PatternGroup] {
    var result: [PatternGroup] = []
    var compiled: [[Pattern]: PatternDatabase] = [:]
    var word = 0
    for (key, group) in zip(keys, groups) {
      guard let database = compiled[group.patterns] ?? compile(group.patterns, &sink) else { continue }
      compiled[group.patterns] = database
      let hasExpiries = group.expiries.contains { $0 != .max }
      let built = PatternGroup(
        source: key.source, isList: key.isList, database: database, patternCount: group.patterns.count,
        firstWord: word, expiries: hasExpiries ? group.expiries : [])
      // A list needs the bits twice: matched by some item, matched by every item.
      word += built.wordCount * (key.isList ? 2 : 1)
      result.append(built)
    }
    return result
  }

  private func compile(_ patterns: [Pattern], _ sink: inout DiagnosticSink) -> PatternDatabase? {
    do throws(PatternFault) {
      return try PatternDatabase(patterns)
    } catch {
      let place = error.index.flatMap { patterns.indices.contains($0) ? patterns[$0].span : nil }
      sink.error(
        .badPattern, at: place ?? patterns.first?.span ?? .nowhere,
        "the pattern matcher refuses the expression: \(error.message)")
      return nil
    }
  }
}
