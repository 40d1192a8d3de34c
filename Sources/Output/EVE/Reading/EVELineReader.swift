public import Events
public import Values

/// What a line of the log turned out to be.
public enum EVELine: Hashable, Sendable {
  /// An event, which was filled in.
  case event
  /// A `stats` line: that time has passed.
  case stats
  /// A line of a type that is none of ours.
  case other
}

/// Turns the lines of a log back into events.
///
/// The catalogue says what stands where, so that a field which is logged is read. Unknown keys are skipped, and so
/// are values of a type that the field cannot have, which are counted. Profiles (`source`, `account`) are left
/// out: who runs events through rules makes them anew. Texts that the log cut stay cut.
public struct EVELineReader {
  /// Values that were left out because the field cannot have them.
  public private(set) var unreadableValues: UInt64 = 0
  /// Those counters of the last `stats` line that are wanted, by their dotted names.
  public private(set) var counters: [String: UInt64] = [:]
  /// The time of the last line.
  public private(set) var timestamp = Timestamp(nanoseconds: 0)
  var scanner = JSONScanner()
  let layout: EVELayout
  private let tree: EVEFieldTree
  private let kinds = EVEKinds()
  private let types: [FieldType]
  private var hasTimestamp = false
  private var type: EventType?
  private var hasType = false
  private let wantedCounters: Set<String>

  /// A reader.
  ///
  /// - Parameter counters: the dotted names of the counters that are wanted of `stats` lines.
  public init(counters: Set<String> = []) {
    wantedCounters = counters
    layout = EVELayout()
    tree = EVEFieldTree(layout)
    types = FieldCatalog.all.map(\.type)
  }

  /// Reads one line, without its line break.
  ///
  /// - Parameters:
  ///   - sequence: the place of the event in the order of the run.
  ///   - event: is refilled; holds nothing of use after a fault and after a line that is no event.
  public mutating func read(
    _ line: Span<UInt8>, sequence: UInt64, into event: inout Event
  ) throws(EVELineFault) -> EVELine {
    event.reset(.packet, at: Timestamp(nanoseconds: 0), sequence: sequence)
    (hasTimestamp, hasType, type) = (false, false, nil)
    scanner.begin()
    guard scanner.peek(line) == UInt8(ascii: "{") else { throw scanner.fault(.notJSON) }
    try readObject(0, line, &event)
    try scanner.expectEnd(line)
    guard hasTimestamp else { throw EVELineFault(.noTimestamp) }
    guard hasType else { throw EVELineFault(.noEventType) }
    switch type {
    case nil, .packet: return .other
    case .stats: return .stats
    case .some(let type):
      guard let kind = kinds.kind(of: type, event) else { throw EVELineFault(.unknownKind) }
      event.settle(kind, at: timestamp, sequence: sequence, keeping: kinds.presence[Int(kind.rawValue)])
      return .event
    }
  }

  /// An object of the layout, member by member.
  private mutating func readObject(
    _ object: Int, _ line: Span<UInt8>, _ event: inout Event
  ) throws(EVELineFault) {
    var isFirst = true
    while let key = try scanner.key(line, isFirst: &isFirst) {
      // Keys of ours need no escapes.
      let target = key.isEscaped ? .unknown : tree.find(line.extracting(key.range.range), in: object)
      switch target {
      case .field(let field): try readField(field, line, &event)
      case .object(let inner) where scanner.peek(line) == UInt8(ascii: "{"):
        try readObject(inner, line, &event)
      case .unknown where object == 0 && isStats(key, line):
        counters.removeAll(keepingCapacity: true)
        try readCounters("", line)
      case .unknown where object == 0 && !key.isEscaped:
        try readHead(line.extracting(key.range.range), line)
      case .object, .unknown: try scanner.skipValue(line)
      }
    }
  }

  /// The time and the type, which are no fields; everything else of the line itself is unknown.
  private mutating func readHead(_ key: Span<UInt8>, _ line: Span<UInt8>) throws(EVELineFault) {
    let isTime = key.spells("timestamp")
    guard isTime || key.spells("event_type"), scanner.peek(line) == UInt8(ascii: "\"") else {
      return try scanner.skipValue(line)
    }
    let text = try scanner.text(line)
    guard !text.isEscaped else { return }
    let bytes = line.extracting(text.range.range)
    if isTime {
      guard let time = Timestamp(bytes, isColonOptional: true) else { return }
      timestamp = time
      hasTimestamp = true
    } else {
      type = kinds.type(named: bytes)
      hasType = true
    }
  }

  /// Counts a value that the field cannot have.
  mutating func noteUnreadable() { unreadableValues &+= 1 }

  /// Whether a member of the line holds counters that are wanted.
  private mutating func isStats(_ key: JSONScanner.Text, _ line: Span<UInt8>) -> Bool {
    !wantedCounters.isEmpty && !key.isEscaped && line.extracting(key.range.range).spells("stats")
      && scanner.peek(line) == UInt8(ascii: "{")
  }

  /// An object of counters, and the objects in it; nothing of ours is deeper than four.
  private mutating func readCounters(
    _ prefix: String, _ line: Span<UInt8>, depth: Int = 0
  ) throws(EVELineFault) {
    var isFirst = true
    while let key = try scanner.key(line, isFirst: &isFirst) {
      guard !key.isEscaped, key.range.count <= 64 else {
        try scanner.skipValue(line)
        continue
      }
      let name = prefix + text(of: line.extracting(key.range.range))
      switch scanner.peek(line) {
      case UInt8(ascii: "{") where depth < 4: try readCounters(name + ".", line, depth: depth + 1)
      case 0x30...0x39:
        let value = try scanner.number(line).whole
        if let value, value >= 0, wantedCounters.contains(name) { counters[name] = UInt64(value) }
      default: try scanner.skipValue(line)
      }
    }
  }

  private func text(of bytes: Span<UInt8>) -> String {
    String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
  }

  // MARK: Fields

  private mutating func readField(
    _ number: Int, _ line: Span<UInt8>, _ event: inout Event
  ) throws(EVELineFault) {
    guard let field = Field(rawValue: UInt16(truncatingIfNeeded: number)) else { return }
    let style = layout.places[number].style
    let value: FieldValue
    switch scanner.peek(line) {
    case UInt8(ascii: "[") where types[number].isList:
      return try readList(field, style, line, &event)
    case UInt8(ascii: "{") where style == .map: return try readMap(field, line, &event)
    case UInt8(ascii: "\""):
      value = try readText(line, types[number], isQuotedNumber: style == .quotedNumber, &event)
    case UInt8(ascii: "-"), 0x30...0x39: value = convert(try scanner.number(line), types[number], line)
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      guard let flag = try scanner.word(line) else { return }
      value = types[number] == .bool ? .bool(flag) : .absent
    default:
      try scanner.skipValue(line)
      value = .absent
    }
    if case .absent = value { unreadableValues &+= 1 }
    event.set(field, value)
  }

  /// The value of a JSON string for a field.
  private mutating func readText(
    _ line: Span<UInt8>, _ type: FieldType, isQuotedNumber: Bool, _ event: inout Event
  ) throws(EVELineFault) -> FieldValue {
    let text = try scanner.text(line)
    if type == .text { return append(text, line, &event) }
    guard !text.isEscaped else { return .absent }
    let bytes = line.extracting(text.range.range)
    switch type {
    case .ip: return IPAddress(bytes).map { .ip($0) } ?? .absent
    case .time: return Timestamp(bytes, isColonOptional: true).map { .time($0) } ?? .absent
    case .integer where isQuotedNumber: return bytes.wholeNumber.map { .integer($0) } ?? .absent
    default: return .absent
    }
  }

  /// Copies a text into the event; the empty one is absent.
  func append(_ text: JSONScanner.Text, _ line: Span<UInt8>, _ event: inout Event) -> FieldValue {
    guard !text.range.isEmpty else { return .absent }
    return .text(
      text.isEscaped
        ? event.append(scanner.unescaped.span) : event.append(line.extracting(text.range.range)))
  }

  func convert(_ number: JSONNumber, _ type: FieldType, _ line: Span<UInt8>) -> FieldValue {
    switch type {
    case .integer: number.whole.map { .integer($0) } ?? .absent
    case .port: number.whole.flatMap { (0...65_535).contains($0) ? .integer($0) : nil } ?? .absent
    case .decimal: number.double(line).map { .decimal($0) } ?? .absent
    case .duration: number.nanoseconds(line).map { .duration($0) } ?? .absent
    default: .absent
    }
  }

  // MARK: Lists

  private mutating func readList(
    _ field: Field, _ style: EVELayout.Style, _ line: Span<UInt8>, _ event: inout Event
  ) throws(EVELineFault) {
    let start = event.items.count
    try scanner.expect(UInt8(ascii: "["), line)
    guard !scanner.skip(UInt8(ascii: "]"), line) else { return }
    repeat {
      switch style {
      case .objects: try readMember(field, line, &event)
      case .records: try readRecord(field, line, &event)
      default: try readItem(field, line, &event)
      }
    } while scanner.skip(UInt8(ascii: ","), line)
    try scanner.expect(UInt8(ascii: "]"), line)
    event.set(field, itemsFrom: start)
  }

  private mutating func readItem(
    _ field: Field, _ line: Span<UInt8>, _ event: inout Event
  ) throws(EVELineFault) {
    let type = types[Int(field.rawValue)]
    switch scanner.peek(line) {
    case UInt8(ascii: "\"") where type != .integerList:
      let text = try scanner.text(line)
      event.appendItem(
        .text(
          text.isEscaped
            ? event.append(scanner.unescaped.span) : event.append(line.extracting(text.range.range))))
    case UInt8(ascii: "-") where type == .integerList, 0x30...0x39 where type == .integerList:
      if let number = try scanner.number(line).whole {
        event.appendItem(.integer(number))
      } else {
        unreadableValues &+= 1
      }
    default:
      try scanner.skipValue(line)
      unreadableValues &+= 1
    }
  }

  /// An item that is an object with one member.
  private mutating func readMember(
    _ field: Field, _ line: Span<UInt8>, _ event: inout Event
  ) throws(EVELineFault) {
    guard scanner.peek(line) == UInt8(ascii: "{") else {
      unreadableValues &+= 1
      return try scanner.skipValue(line)
    }
    var isFirst = true
    while let key = try scanner.key(line, isFirst: &isFirst) {
      if !key.isEscaped, isMember(line.extracting(key.range.range), of: field) {
        try readItem(field, line, &event)
      } else {
        try scanner.skipValue(line)
      }
    }
  }

  private func isMember(_ key: Span<UInt8>, of field: Field) -> Bool {
    let member = layout.places[Int(field.rawValue)].member
    return key.isEqual(to: layout.text.span.extracting(member.start + 1..<member.end - 2))
  }

  /// An object of texts or numbers, whose names and values become items in turn.
  private mutating func readMap(
    _ field: Field, _ line: Span<UInt8>, _ event: inout Event
  ) throws(EVELineFault) {
    let start = event.items.count
    try scanner.expect(UInt8(ascii: "{"), line)
    guard !scanner.skip(UInt8(ascii: "}"), line) else { return }
    repeat {
      guard scanner.peek(line) == UInt8(ascii: "\"") else { throw scanner.fault(.notJSON) }
      try readItem(field, line, &event)
      try scanner.expect(UInt8(ascii: ":"), line)
      let isNumber = types[Int(field.rawValue)] == .numberMap
      switch scanner.peek(line) {
      case UInt8(ascii: "\"") where !isNumber: try readItem(field, line, &event)
      case UInt8(ascii: "-") where isNumber, 0x30...0x39 where isNumber:
        event.appendItem(convert(try scanner.number(line), .decimal, line))
      default:
        try scanner.skipValue(line)
        event.appendItem(isNumber ? .absent : .text(ByteRange()))
        unreadableValues &+= 1
      }
    } while scanner.skip(UInt8(ascii: ","), line)
    try scanner.expect(UInt8(ascii: "}"), line)
    event.set(field, itemsFrom: start)
  }
}
