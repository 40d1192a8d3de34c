internal import Numbering
internal import Values

/// Collects the entries of one list, item by item and line by line, and builds its look-up structure.
struct ListBuilder {
  /// More bad entries of one list are counted, not listed.
  private static let reportedEntries = 20

  private let declaration: ListDeclaration
  private let dialPlan: DialPlan
  private var networks: [(network: IPNetwork, expiry: Int64, entry: UInt32)] = []
  private var numbers: [(number: TelephoneNumber, expiry: Int64, entry: UInt32)] = []
  private var texts: TextSet
  private var globs: [(pattern: GlobPattern, expiry: Int64, entry: UInt32)] = []
  private var patterns: [ListPattern] = []
  private var ranges: [RangeSet.Item] = []
  private var countries: [(index: Int, expiry: Int64, entry: UInt32)] = []
  private var notes = ListNotes()
  private var entryCount: UInt32 = 0
  private var faultCount = 0
  private var lastFault: RuleDiagnostic?
  /// Entries that an override takes out, and those of them that were not met yet.
  private let removed: Set<String>
  private var unmet: Set<String>

  /// Whether it has taken no entry.
  var isEmpty: Bool { entryCount == 0 }

  init(_ declaration: ListDeclaration, dialPlan: DialPlan, hashSeed: UInt64) {
    self.declaration = declaration
    self.dialPlan = dialPlan
    texts = TextSet(foldsCase: declaration.foldsCase, seed: hashSeed)
    removed = Set(declaration.removed.map(\.value))
    unmet = removed
  }

  /// Takes the entries that stand in the rule file, and those of its override.
  mutating func addItems(_ sink: inout DiagnosticSink) {
    for item in declaration.items where !isRemoved(item.value) { add(item, &sink) }
    for item in declaration.added { add(item, &sink) }
  }

  private mutating func add(_ item: Spanned<String>, _ sink: inout DiagnosticSink) {
    let bytes = Array(item.value.utf8)
    add(bytes.span, 0..<bytes.count, unescaped: nil, neverExpires, at: item.span, &sink)
  }

  /// Whether an override takes an entry out.
  private mutating func isRemoved(_ entry: String) -> Bool {
    guard removed.contains(entry) else { return false }
    unmet.remove(entry)
    return true
  }

  /// Takes the lines of a list file.
  mutating func addLines(of file: SourceFileID, _ bytes: [UInt8], _ sink: inout DiagnosticSink) {
    let text = bytes.span
    // Some editors begin a file with the byte order mark of UTF-8.
    var start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    while start < text.count {
      var end = start
      while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
      let stop = end > start && text[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
      addLine(start..<stop, text, file, &sink)
      start = end + 1
    }
  }

  private mutating func addLine(
    _ line: Range<Int>, _ text: Span<UInt8>, _ file: SourceFileID, _ sink: inout DiagnosticSink
  ) {
    let place = { (range: Range<Int>) in
      SourceSpan(file: file, range: ByteRange(range.lowerBound, range.upperBound))
    }
    let parsed: ListLine?
    do throws(ListLine.Fault) {
      let isPattern = declaration.type == .regex
      parsed = try ListLine(line, in: text, isWord: !isText, canQuote: isText && !isPattern)
    } catch {
      report(error.message, error.help, at: place(error.range), &sink)
      return
    }
    guard let parsed else { return }
    let unescaped = parsed.isQuoted ? parsed.unescaped(text) : nil
    if !removed.isEmpty {
      let entry = unescaped ?? Self.copy(text.extracting(parsed.entry))
      if isRemoved(String(decoding: entry, as: UTF8.self)) { return }
    }
    var expiry = neverExpires
    if let expires = parsed.expires {
      guard let date = CalendarDate(text.extracting(expires)) else {
        report(
          "the date after expires= is no date", "write expires=2027-01-31", at: place(expires), &sink)
        return
      }
      expiry = date.endInUTC.nanoseconds
    }
    if let note = parsed.note {
      notes.append(Self.string(text.extracting(note)), of: entryCount)
    }
    add(text, parsed.entry, unescaped: unescaped, expiry, at: place(parsed.entry), &sink)
  }

  /// Whether entries may contain blanks.
  private var isText: Bool {
    declaration.type == .text || declaration.type == .glob || declaration.type == .regex
  }

  private static func string(_ bytes: Span<UInt8>) -> String {
    String(decoding: copy(bytes), as: UTF8.self)
  }

  private mutating func report(
    _ message: String, _ help: String?, at span: SourceSpan, _ sink: inout DiagnosticSink,
    severity: DiagnosticSeverity = .error
  ) {
    faultCount += 1
    let diagnostic = RuleDiagnostic(.badEntry, severity, at: span, message, help: help)
    if faultCount <= Self.reportedEntries {
      sink.report(diagnostic)
    } else if severity == .error || lastFault?.severity != .error {
      lastFault = diagnostic
    }
  }

  private func reportRemainingFaults(_ sink: inout DiagnosticSink) {
    guard let lastFault else { return }
    sink.report(
      RuleDiagnostic(
        .badEntry, lastFault.severity, at: lastFault.span,
        "\(lastFault.message); \(faultCount - Self.reportedEntries) further bad entries are not shown"))
  }
}

// MARK: - Entries by type

extension ListBuilder {
  private mutating func add(
    _ text: Span<UInt8>, _ range: Range<Int>, unescaped: [UInt8]?, _ expiry: Int64, at span: SourceSpan,
    _ sink: inout DiagnosticSink
  ) {
    let entry = entryCount
    entryCount += 1
    let word = text.extracting(range)
    switch declaration.type {
    case .cidr, .ip: addNetwork(word, expiry, entry, at: span, &sink)
    case .prefix: addPrefix(word, expiry, entry, at: span, &sink)
    case .text:
      if let unescaped {
        texts.insert(unescaped.span, expiry: expiry, entry: entry)
      } else {
        texts.insert(word, expiry: expiry, entry: entry)
      }
    case .glob:
      guard let pattern = GlobPattern(unescaped ?? Self.copy(word), foldsCase: declaration.foldsCase) else {
        report(
          "this glob is too long or ends in a backslash",
          "at most \(GlobPattern.maximumPiece) characters between two '*'", at: span, &sink)
        return
      }
      globs.append((pattern, expiry, entry))
    case .regex:
      patterns.append(
        ListPattern(
          text: Self.string(word), span: span, expiry: Timestamp(nanoseconds: expiry),
          entry: ListEntryID(number: entry)))
    case .number, .date: addRange(word, expiry, entry, at: span, &sink)
    case .country:
      guard let index = CountrySet.index(of: word) else {
        report(
          "\(Self.string(word).quoted) is no country code", "write two letters (ISO 3166-1 alpha-2): DE",
          at: span, &sink)
        return
      }
      countries.append((index, expiry, entry))
    }
  }

  private mutating func addNetwork(
    _ word: Span<UInt8>, _ expiry: Int64, _ entry: UInt32, at span: SourceSpan, _ sink: inout DiagnosticSink
  ) {
    let slash = word.indices.first { word[$0] == UInt8(ascii: "/") }
    guard let address = IPAddress(word.extracting(0..<(slash ?? word.count))) else {
      let isSingle = declaration.type == .ip
      report(
        "\(Self.string(word).quoted) is no \(isSingle ? "address" : "address block")",
        isSingle ? "write 192.0.2.1 or 2001:db8::1" : "write 192.0.2.0/28 or 2001:db8::/32", at: span, &sink)
      return
    }
    guard let slash else {
      networks.append((IPNetwork(address, prefixLength: address.bitWidth), expiry, entry))
      return
    }
    guard declaration.type == .cidr else {
      report("a list of type ip holds single addresses", "use type cidr for blocks", at: span, &sink)
      return
    }
    let digits = word.extracting(slash + 1..<word.count)
    guard let length = Self.decimal(digits), digits.count <= 3, length <= address.bitWidth else {
      report(
        "\(Self.string(word).quoted) has no prefix length from 0 to \(address.bitWidth)", nil, at: span,
        &sink)
      return
    }
    let network = IPNetwork(address, prefixLength: Int(length))
    if network.address != address {
      report(
        "\(Self.string(word).quoted) has host bits set", "the block is \(network)", at: span, &sink,
        severity: .warning)
    }
    networks.append((network, expiry, entry))
  }

  private mutating func addPrefix(
    _ word: Span<UInt8>, _ expiry: Int64, _ entry: UInt32, at span: SourceSpan, _ sink: inout DiagnosticSink
  ) {
    guard let number = dialPlan.normalize(word), number.count <= NumberPrefixTable.maximumDigits else {
      report(
        "\(Self.string(word).quoted) is no beginning of a telephone number",
        "write at most \(NumberPrefixTable.maximumDigits) digits, with or without a leading '+'", at: span,
        &sink)
      return
    }
    numbers.append((number, expiry, entry))
  }

  private mutating func addRange(
    _ word: Span<UInt8>, _ expiry: Int64, _ entry: UInt32, at span: SourceSpan, _ sink: inout DiagnosticSink
  ) {
    var dots: Int?
    for index in word.indices where index + 1 < word.count && dots == nil {
      if word[index] == UInt8(ascii: "."), word[index + 1] == UInt8(ascii: ".") { dots = index }
    }
    let lower = bound(word.extracting(0..<(dots ?? word.count)))
    let upper = dots.map { bound(word.extracting($0 + 2..<word.count)) } ?? lower
    guard let lower, let upper, lower <= upper else {
      let isDate = declaration.type == .date
      report(
        "\(Self.string(word).quoted) is no \(isDate ? "date" : "number") and no range",
        isDate ? "write 2026-12-24 or 2026-12-24..2026-12-31" : "write 404 or 400..499", at: span, &sink)
      return
    }
    ranges.append(RangeSet.Item(lower: lower, upper: upper, expiry: expiry, entry: entry))
  }

  private func bound(_ word: Span<UInt8>) -> Int64? {
    guard declaration.type == .number else {
      return CalendarDate(word).map { Int64($0.daysSinceEpoch) }
    }
    guard word.count > 1, word[0] == UInt8(ascii: "-") else { return Self.decimal(word) }
    return Self.decimal(word.extracting(1..<word.count)).map { -$0 }
  }

  private static func decimal(_ word: Span<UInt8>) -> Int64? {
    guard word.count > 0, word.count <= 18 else { return nil }
    var value: Int64 = 0
    for index in word.indices {
      let digit = word[index] &- 0x30
      guard digit <= 9 else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    var copy: [UInt8] = []
    copy.reserveCapacity(bytes.count)
    for index in bytes.indices { copy.append(bytes[index]) }
    return copy
  }

  /// The finished list.
  func build(_ sink: inout DiagnosticSink) -> RuleList {
    reportRemainingFaults(&sink)
    for entry in declaration.removed where unmet.contains(entry.value) {
      sink.warning(
        .badEntry, at: entry.span,
        "the list \(declaration.name.value.quoted) has no entry \(entry.value.quoted) that could be removed",
        help: "write it as it stands in the list")
    }
    let contents: RuleList.Contents =
      switch declaration.type {
      case .cidr, .ip: .networks(NetworkTable(networks))
      case .prefix: .prefixes(NumberPrefixTable(numbers, dialPlan: dialPlan))
      case .text: .texts(texts)
      case .glob: .globs(GlobSet(globs, foldsCase: declaration.foldsCase))
      case .regex: .patterns(patterns)
      case .number: .numbers(RangeSet(ranges))
      case .date: .dates(RangeSet(ranges))
      case .country: .countries(CountrySet(countries))
      }
    return RuleList(
      name: declaration.name, type: declaration.type, foldsCase: declaration.foldsCase, contents: contents,
      entryCount: Int(entryCount), notes: notes)
  }
}
