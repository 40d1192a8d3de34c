internal import Events
internal import Values

/// Lists of objects with several members.
extension EVELineReader {
  /// An object whose members become items in the order of the catalogue; unknown ones are skipped.
  mutating func readRecord(
    _ field: Field, _ line: Span<UInt8>, _ event: inout Event
  ) throws(EVELineFault) {
    guard scanner.peek(line) == UInt8(ascii: "{") else {
      noteUnreadable()
      return try scanner.skipValue(line)
    }
    let members = layout.places[Int(field.rawValue)].members
    let start = event.items.count
    for _ in members.range { event.appendItem(.absent) }
    var isFirst = true
    while let key = try scanner.key(line, isFirst: &isFirst) {
      let member = key.isEscaped ? nil : member(line.extracting(key.range.range), of: members)
      try readMember(member.map { start + $0 }, line, &event)
    }
  }

  private mutating func readMember(
    _ place: Int?, _ line: Span<UInt8>, _ event: inout Event
  ) throws(EVELineFault) {
    guard let place else { return try scanner.skipValue(line) }
    switch scanner.peek(line) {
    case UInt8(ascii: "\""): event.setItem(place, append(try scanner.text(line), line, &event))
    case UInt8(ascii: "-"), 0x30...0x39:
      event.setItem(place, convert(try scanner.number(line), .decimal, line))
    default:
      noteUnreadable()
      try scanner.skipValue(line)
    }
  }

  /// Which member a key is.
  private func member(_ key: Span<UInt8>, of members: ByteRange) -> Int? {
    for index in members.range {
      let quoted = layout.members[index]
      if key.isEqual(to: layout.text.span.extracting(quoted.start + 1..<quoted.end - 2)) {
        return index - members.start
      }
    }
    return nil
  }
}
