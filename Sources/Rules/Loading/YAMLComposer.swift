internal import Values

/// Builds nodes from events and refuses what strict reading refuses.
struct YAMLComposer: ~Copyable {
  /// Ends the reading of a file; the reason is in the sink.
  struct Stop: Error {}

  var sink = DiagnosticSink()
  private var parser: YAMLEventParser
  private var offsets: CharacterOffsets
  private let file: SourceFileID
  private let source: SourceFile
  private let bytes: [UInt8]
  private let limits: StrictYAML
  private var nodeCount = 0
  private var refusedAliases: Set<[UInt8]> = []

  init(_ parser: consuming YAMLEventParser, file: SourceFileID, source: SourceFile, limits: StrictYAML) {
    self.parser = parser
    self.file = file
    self.source = source
    bytes = source.bytes
    self.limits = limits
    offsets = CharacterOffsets(source.bytes)
  }

  /// The one document of the stream.
  mutating func document() -> YAMLNode? {
    do throws(Stop) {
      return try composeDocument()
    } catch {
      return nil
    }
  }

  private mutating func composeDocument() throws(Stop) -> YAMLNode {
    _ = try next()
    let start = try next()
    guard case .documentStart(let hasDirectives) = start.kind else {
      throw stop(
        .emptyFile, 0..<0, "the file is empty",
        help: "a rule file has at least one of the keys lists, schedules, macros and rules")
    }
    if hasDirectives {
      let place = directivePlace(upTo: byteRange(start).lowerBound)
      sink.error(.yamlDirective, at: place, "YAML directives are not allowed", help: "remove the line")
    }
    let root = try compose(try next(), depth: 1)
    _ = try next()
    let more = try next()
    if case .documentStart = more.kind {
      throw stop(
        .multipleDocuments, byteRange(more), "a file holds one document",
        help: "move what follows '---' to a file of its own")
    }
    return root
  }

  private mutating func compose(_ event: YAMLEvent, depth: Int) throws(Stop) -> YAMLNode {
    nodeCount += 1
    let range = byteRange(event)
    guard nodeCount <= limits.maximumNodes else {
      throw stop(
        .tooManyNodes, range, "more than \(limits.maximumNodes) values in one file",
        help: "split the file, or move data to list files")
    }
    if case .alias = event.kind {
      refuseAlias(range)
      return .scalar(faulty(range))
    }
    let isRefused = refuseProperties(range)
    switch event.kind {
    case .scalar(let text, let style):
      return .scalar(scalar(text, style, range, isFaulty: isRefused))
    case .sequenceStart:
      try checkDepth(depth, range)
      return try composeSequence(range, depth: depth)
    case .mappingStart:
      try checkDepth(depth, range)
      return try composeMapping(range, depth: depth)
    default:
      throw stop(.yamlSyntax, range, "expected a value")
    }
  }

  private mutating func composeSequence(_ range: Range<Int>, depth: Int) throws(Stop) -> YAMLNode {
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if case .sequenceEnd = event.kind {
        let end = collectionEnd(range, event, last: items.last)
        return .sequence(YAMLSequence(items: items, span: span(range.lowerBound..<end)))
      }
      items.append(try compose(event, depth: depth + 1))
    }
  }

  private mutating func composeMapping(_ range: Range<Int>, depth: Int) throws(Stop) -> YAMLNode {
    var entries: [YAMLEntry] = []
    var keys = KeyIndex()
    while true {
      let event = try next()
      if case .mappingEnd = event.kind {
        let end = collectionEnd(range, event, last: entries.last?.value)
        return .mapping(YAMLMapping(entries: entries, span: span(range.lowerBound..<end)))
      }
      let keyNode = try compose(event, depth: depth + 1)
      let value = try compose(try next(), depth: depth + 1)
      guard let key = checkedKey(keyNode) else { continue }
      if let earlier = keys.insert(key.text, at: entries.count) {
        let line = source.line(of: entries[earlier].key.span.range.start)
        sink.error(
          .duplicateKey, at: key.span, "the key \(key.text.quoted) is already on line \(line)",
          help: "merge the two values, or remove one")
        continue
      }
      entries.append(YAMLEntry(key: key, value: value))
    }
  }

  private mutating func checkedKey(_ node: YAMLNode) -> YAMLScalar? {
    guard case .scalar(let key) = node else {
      sink.error(
        .complexKey, at: node.span, "a key must be text, not \(node.kindName)",
        help: "write 'key: value'")
      return nil
    }
    guard !key.isFaulty else { return nil }
    if key.style == .plain, key.text == "<<" {
      sink.error(
        .mergeKey, at: key.span, "merge keys are not allowed", help: "write the shared entries out")
      return nil
    }
    guard !key.text.isEmpty else {
      sink.error(.complexKey, at: key.span, "a key is missing before ':'", help: "write 'key: value'")
      return nil
    }
    return key
  }

  /// Reports an anchor or a tag in front of a value; a plain value cannot begin with these characters.
  private mutating func refuseProperties(_ range: Range<Int>) -> Bool {
    guard range.lowerBound < bytes.count, !range.isEmpty else { return false }
    let first = bytes[range.lowerBound]
    guard first == UInt8(ascii: "!") || first == UInt8(ascii: "&") else { return false }
    var end = range.lowerBound
    while end < bytes.count, bytes[end] > 0x20 { end += 1 }
    let place = span(range.lowerBound..<end)
    if first == UInt8(ascii: "!") {
      sink.error(
        .yamlTag, at: place, "'!' starts a YAML tag, and tags are not allowed",
        help: "if '!' belongs to the value, put the whole value in single quotes")
    } else {
      sink.error(
        .yamlAnchor, at: place, "'&' starts a YAML anchor, and anchors are not allowed",
        help: "write the value out where it is needed, or quote the text if it begins with '&'")
    }
    return true
  }

  /// Reports an alias, the first of each name only: a bomb is made of them.
  private mutating func refuseAlias(_ range: Range<Int>) {
    guard refusedAliases.insert(Array(bytes[range])).inserted else { return }
    sink.error(
      .yamlAlias, at: span(range), "'*' refers to an anchor, and there are no anchors here",
      help: "write the value out, or quote the text if it begins with '*'")
  }

  private mutating func checkDepth(_ depth: Int, _ range: Range<Int>) throws(Stop) {
    guard depth > limits.maximumDepth else { return }
    throw stop(
      .tooDeep, range.lowerBound..<range.lowerBound + 1,
      "values are nested more than \(limits.maximumDepth) deep", help: "a rule file needs about ten levels")
  }
}

// MARK: - Places

extension YAMLComposer {
  private mutating func next() throws(Stop) -> YAMLEvent {
    do throws(YAMLParserError) {
      return try parser.next()
    } catch {
      let advice = YAMLErrorAdvice(
        error, at: offsets.byteOffset(of: error.offset),
        context: offsets.byteOffset(of: error.contextOffset), in: bytes)
      throw stop(advice.code, advice.range, advice.message, help: advice.help)
    }
  }

  private mutating func stop(
    _ code: DiagnosticCode, _ range: Range<Int>, _ message: String, help: String? = nil
  ) -> Stop {
    sink.error(code, at: span(range), message, help: help)
    return Stop()
  }

  private func span(_ range: Range<Int>) -> SourceSpan {
    SourceSpan(file: file, range: ByteRange(range.lowerBound, range.upperBound))
  }

  private mutating func byteRange(_ event: YAMLEvent) -> Range<Int> {
    let start = offsets.byteOffset(of: event.start)
    return start..<max(start, offsets.byteOffset(of: event.end))
  }

  /// A flow collection ends at its bracket; a block collection is closed by whatever comes next, so it
  /// ends with its last value.
  private mutating func collectionEnd(
    _ start: Range<Int>, _ event: YAMLEvent, last: YAMLNode?
  ) -> Int {
    let range = byteRange(event)
    return range.isEmpty ? max(last?.span.range.end ?? start.upperBound, start.lowerBound) : range.upperBound
  }

  private func scalar(
    _ text: String, _ style: YAMLScalar.Style, _ range: Range<Int>, isFaulty: Bool
  ) -> YAMLScalar {
    var end = range.upperBound
    if style == .literal || style == .folded {
      while end > range.lowerBound, bytes[end - 1] <= 0x20 { end -= 1 }
    }
    return YAMLScalar(
      text: text, style: style, span: span(range.lowerBound..<end),
      trailingComment: style == .plain ? comment(after: end) : nil, isFaulty: isFaulty)
  }

  private func faulty(_ range: Range<Int>) -> YAMLScalar {
    YAMLScalar(text: "", style: .plain, span: span(range), trailingComment: nil, isFaulty: true)
  }

  private func comment(after end: Int) -> SourceSpan? {
    var start = end
    while start < bytes.count, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
      start += 1
    }
    guard start > end, start < bytes.count, bytes[start] == UInt8(ascii: "#") else { return nil }
    var stop = start
    while stop < bytes.count, bytes[stop] != UInt8(ascii: "\n"), bytes[stop] != UInt8(ascii: "\r") {
      stop += 1
    }
    return span(start..<stop)
  }

  private func directivePlace(upTo end: Int) -> SourceSpan {
    let start = bytes[..<end].firstIndex(of: UInt8(ascii: "%")) ?? 0
    let stop = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    return span(start..<stop)
  }
}

/// The keys of one mapping: a scan while there are few, a table from then on.
private struct KeyIndex {
  private var few: [String] = []
  private var many: [String: Int] = [:]

  /// Takes a key in, or gives the position of the same key before it.
  mutating func insert(_ key: String, at position: Int) -> Int? {
    if many.isEmpty {
      if let earlier = few.firstIndex(of: key) { return earlier }
      few.append(key)
      guard few.count > 16 else { return nil }
      for (index, key) in few.enumerated() { many[key] = index }
      return nil
    }
    if let earlier = many[key] { return earlier }
    many[key] = position
    return nil
  }
}

/// Turns libyaml's character offsets into byte offsets, cheaply because events come almost in order.
private struct CharacterOffsets {
  private let bytes: [UInt8]
  private let isASCII: Bool
  private var character = 0
  private var byte = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    isASCII = bytes.allSatisfy { $0 < 0x80 }
  }

  mutating func byteOffset(of wanted: Int) -> Int {
    guard !isASCII else { return min(wanted, bytes.count) }
    while character < wanted, byte < bytes.count {
      byte += 1
      while byte < bytes.count, bytes[byte] & 0xc0 == 0x80 { byte += 1 }
      character += 1
    }
    while character > wanted, byte > 0 {
      byte -= 1
      while byte > 0, bytes[byte] & 0xc0 == 0x80 { byte -= 1 }
      character -= 1
    }
    return byte
  }
}
