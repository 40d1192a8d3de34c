public import Events
internal import Values

/// Writes events as EVE lines: one compact JSON object a line, as EVENTS.md (docs/eve.md) says.
///
/// Lines gather in `pending` until the owner hands them to its sinks.
public struct EVEWriter: Sendable {
  var line = LineBuffer()
  private var timestampText = TimestampText()
  private let textLimit: Int
  private let common: EVELayout
  private let objects: [EVELayout]

  /// A writer.
  ///
  /// - Parameter textLimit: bytes after which a text from the wire is cut.
  public init(textLimit: Int = 1024) {
    self.textLimit = textLimit
    common = EVELayout(FieldCatalog.common)
    objects = EventType.allCases.map { type in
      EVELayout(FieldCatalog.fields(in: EventKindSet(type)), under: type.name + ".")
    }
  }

  /// Bytes of finished lines that wait to be taken.
  public var pendingCount: Int { line.count }

  /// Hands the finished lines over and forgets them.
  public mutating func takePending<E: Error>(_ body: (Span<UInt8>) throws(E) -> Void) throws(E) {
    guard line.count > 0 else { return }
    let count = line.count
    try body(line.storage.span.extracting(first: count))
    line.removeAll()
  }

  /// Writes one event as a line.
  public mutating func write(_ event: borrowing Event) {
    open(event, type: event.kind.type)
    writeObject(of: event)
    close()
  }

  /// Begins a line: the opening brace, the time, the type and the fields that all events share.
  mutating func open(_ event: borrowing Event, type: EventType) {
    line.append("{\"timestamp\":")
    timestampText.append(event.timestamp, to: &line)
    line.append(",\"event_type\":\"")
    line.append(Self.names[Int(type.rawValue)])
    line.append(UInt8(ascii: "\""))
    _ = write(event, common, 0..<common.steps.count, first: false)
  }

  /// Writes the object that bears the name of the event's type, if it has any value.
  mutating func writeObject(of event: borrowing Event) {
    let type = event.kind.type
    let mark = line.count
    line.append(",\"")
    line.append(Self.names[Int(type.rawValue)])
    line.append("\":{")
    let layout = objects[Int(type.rawValue)]
    if write(event, layout, 0..<layout.steps.count, first: true) {
      line.append(UInt8(ascii: "}"))
    } else {
      line.rewind(to: mark)
    }
  }

  /// Ends a line.
  mutating func close() {
    line.append("}\n")
  }

  /// Writes an instant in quotes.
  mutating func append(_ timestamp: Timestamp) {
    timestampText.append(timestamp, to: &line)
  }

  private static let names: [[UInt8]] = EventType.allCases.map { Array($0.name.utf8) }

  /// Writes the steps of a range and says whether there was anything to write.
  private mutating func write(
    _ event: borrowing Event, _ layout: EVELayout, _ range: Range<Int>, first: Bool
  ) -> Bool {
    var isFirst = first
    var index = range.lowerBound
    while index < range.upperBound {
      switch layout.steps[index] {
      case .field(let field, let style, let key):
        index += 1
        guard event.has(field) else { continue }
        if !isFirst { line.append(UInt8(ascii: ",")) }
        isFirst = false
        line.append(key)
        write(event[field], style, of: event)
      case .object(let key, let end):
        let mark = line.count
        if !isFirst { line.append(UInt8(ascii: ",")) }
        line.append(key)
        line.append(UInt8(ascii: "{"))
        if write(event, layout, index + 1..<end, first: true) {
          line.append(UInt8(ascii: "}"))
          isFirst = false
        } else {
          line.rewind(to: mark)
        }
        index = end
      }
    }
    return !isFirst || !first
  }

  private mutating func write(_ value: FieldValue, _ style: EVELayout.Style, of event: borrowing Event) {
    switch value {
    case .absent: line.append("null")
    case .text(let range):
      line.append(quoted: event.text.span.extracting(range.range), limit: textLimit)
    case .integer(let number):
      if case .quotedNumber = style {
        line.append(UInt8(ascii: "\""))
        line.append(integer: number)
        line.append(UInt8(ascii: "\""))
      } else {
        line.append(integer: number)
      }
    case .decimal(let number): line.append(decimal: number)
    case .ip(let address): line.append(quoted: address)
    case .time(let time): timestampText.append(time, to: &line)
    case .duration(let nanoseconds): line.append(seconds: nanoseconds)
    case .bool(let flag): line.append(flag ? "true" : "false")
    case .list(let range): write(items: range, style, of: event)
    }
  }

  private mutating func write(items range: ByteRange, _ style: EVELayout.Style, of event: borrowing Event) {
    line.append(UInt8(ascii: "["))
    for index in range.range {
      if index > range.start { line.append(UInt8(ascii: ",")) }
      if case .objects(let key) = style {
        line.append(UInt8(ascii: "{"))
        line.append(key)
        write(event.items[index], .plain, of: event)
        line.append(UInt8(ascii: "}"))
      } else {
        write(event.items[index], .plain, of: event)
      }
    }
    line.append(UInt8(ascii: "]"))
  }
}
