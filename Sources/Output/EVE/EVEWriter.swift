public import Events
internal import Values

/// Writes events as EVE lines: one compact JSON object a line, as `docs/eve.md` says.
///
/// Lines gather until the owner hands them to its sinks.
public struct EVEWriter: ~Copyable {
  var line: LineBuffer
  var timestampText = TimestampText()
  let textLimit: Int
  private let path: EVEPath

  /// A writer.
  ///
  /// - Parameter textLimit: bytes after which a text from the wire is cut.
  public init(textLimit: Int = 1024) {
    self.textLimit = textLimit
    path = EVEPath(EVELayout())
    line = LineBuffer(words: path.text)
  }

  /// Bytes of finished lines that wait to be taken.
  public var pendingCount: Int { line.count }

  /// Hands the finished lines over and forgets them.
  public mutating func takePending<Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    guard line.count > 0 else { return }
    defer { line.removeAll() }
    try line.withBytes(body)
  }

  /// Writes one event as a line.
  public mutating func write(_ event: borrowing Event) {
    open(at: event, type: event.kind.type)
    writeFields(of: event)
    close()
  }

  /// Begins a line with its time and type.
  mutating func open(at event: borrowing Event, type: EventType) {
    line.append("{\"timestamp\":")
    timestampText.append(event.timestamp, to: &line)
    line.append(",\"event_type\":\"")
    line.append(Self.name(of: type))
    line.append(UInt8(ascii: "\""))
  }

  /// Ends a line.
  mutating func close() {
    line.append("}\n")
  }

  /// Writes all fields of an event in the order of the catalogue, each behind a comma.
  ///
  /// Fields of one object stand together in the catalogue, so objects open and close as the walk goes on.
  mutating func writeFields(of event: borrowing Event) {
    var open = 0
    for word in 0..<Event.presenceWords {
      var bits = event.presence(word: word) & path.shown[word]
      while bits != 0 {
        let field = word << 6 | bits.trailingZeroBitCount
        bits &= bits &- 1
        let place = path.places[field]
        var key = place.key
        if place.object != open {
          let step = path.step(from: open, to: place.object)
          line.append(word: step.text)
          // The comma of the key belongs between members only.
          if step.opens { key.lower &+= 1 }
          open = place.object
        }
        line.append(word: key)
        if case .text(let range) = event.value(at: field) {
          line.append(quoted: range, of: event.text.span, limit: place.isOwnText ? .max : textLimit)
        } else {
          write(event.value(at: field), place, of: event)
        }
      }
    }
    line.append(word: path.step(from: open, to: 0).text)
  }

  private mutating func write(
    _ value: FieldValue, _ place: EVEPath.Place, of event: borrowing Event
  ) {
    switch value {
    case .absent: line.append("null")
    case .text(let range):
      let limit = place.isOwnText ? .max : textLimit
      line.append(quoted: range, of: event.text.span, limit: limit)
    case .integer(let number):
      let isQuoted = place.style == .quotedNumber
      if isQuoted { line.append(UInt8(ascii: "\"")) }
      line.append(integer: number)
      if isQuoted { line.append(UInt8(ascii: "\"")) }
    case .decimal(let number): line.append(decimal: number)
    case .ip(let address): line.append(quoted: address)
    case .time(let time): timestampText.append(time, to: &line)
    case .duration(let nanoseconds): line.append(seconds: nanoseconds)
    case .bool(let flag): flag ? line.append("true") : line.append("false")
    case .list(let range):
      switch place.style {
      case .map: write(pairs: range, of: event)
      case .records: write(records: range, place.members, of: event)
      default: write(items: range, place, of: event)
      }
    }
  }

  private mutating func write(
    items range: ByteRange, _ place: EVEPath.Place, of event: borrowing Event
  ) {
    line.append(UInt8(ascii: "["))
    for index in range.range {
      if index > range.start { line.append(UInt8(ascii: ",")) }
      if place.style == .objects {
        line.append(UInt8(ascii: "{"))
        line.append(word: place.member)
      }
      write(event.items[index], EVEPath.Place(isOwnText: place.isOwnText), of: event)
      if place.style == .objects { line.append(UInt8(ascii: "}")) }
    }
    line.append(UInt8(ascii: "]"))
  }

  /// Names and values, taken in turn, as one object.
  private mutating func write(pairs range: ByteRange, of event: borrowing Event) {
    line.append(UInt8(ascii: "{"))
    for index in range.range {
      let isName = (index - range.start) & 1 == 0
      if index > range.start { line.append(UInt8(ascii: isName ? "," : ":")) }
      write(event.items[index], EVEPath.Place(), of: event)
    }
    line.append(UInt8(ascii: "}"))
  }

  /// The members of objects in turn; those without a value are left out.
  private mutating func write(records range: ByteRange, _ members: ByteRange, of event: borrowing Event) {
    line.append(UInt8(ascii: "["))
    var isFirst = true
    for index in range.range {
      let member = (index - range.start) % members.count
      if member == 0 {
        if index > range.start { line.append("},") }
        line.append(UInt8(ascii: "{"))
        isFirst = true
      }
      guard event.items[index] != .absent else { continue }
      if !isFirst { line.append(UInt8(ascii: ",")) }
      isFirst = false
      line.append(word: path.members[members.start + member])
      write(event.items[index], EVEPath.Place(), of: event)
    }
    line.append("}]")
  }

  /// The name of a type without making a string.
  private static func name(of type: EventType) -> StaticString {
    switch type {
    case .packet: "packet"
    case .flow: "flow"
    case .sip: "sip"
    case .transaction: "transaction"
    case .call: "call"
    case .registration: "registration"
    case .rtp: "rtp"
    case .rtcp: "rtcp"
    case .tls: "tls"
    case .dtls: "dtls"
    case .stun: "stun"
    case .anomaly: "anomaly"
    case .score: "score"
    case .alert: "alert"
    case .stats: "stats"
    }
  }
}
