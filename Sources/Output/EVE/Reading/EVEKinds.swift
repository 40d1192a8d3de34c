internal import Events
internal import Values

/// Tells which kind of event a line is.
struct EVEKinds {
  /// A kind that a field of the line names.
  private struct Named {
    var kind: EventKind
    var label: [UInt8]
  }

  /// The fields that a line of a kind may have, by the raw value of the kind. Profiles are not among them.
  let presence: [[UInt64]]
  private let names: [(name: [UInt8], type: EventType)]
  private let named: [[Named]]

  init() {
    presence = EventKind.allCases.map { kind in
      var words = Event.presence(of: kind)
      for row in FieldCatalog.all where row.name.hasPrefix("source.") || row.name.hasPrefix("account.") {
        words[Int(row.field.rawValue >> 6)] &= ~(1 << UInt64(row.field.rawValue & 63))
      }
      return words
    }
    names = EventType.allCases.map { (Array($0.name.utf8), $0) }
    named = EventType.allCases.map { type in
      EventKind.allCases.filter { $0.type == type }.map { kind in
        Named(kind: kind, label: Array(kind.name.dropFirst(type.name.count + 1).utf8))
      }
    }
  }

  /// The type that an `event_type` names.
  func type(named name: Span<UInt8>) -> EventType? {
    for entry in names where name.isEqual(to: entry.name.span) { return entry.type }
    return nil
  }

  /// The kind of an event whose fields are filled in; nil when they do not say.
  func kind(of type: EventType, _ event: borrowing Event) -> EventKind? {
    switch type {
    // Starts are not logged.
    case .flow: .flowEnded
    case .sip: event.has(.sipCode) || event.has(.sipResponseLine) ? .sipResponse : .sipRequest
    case .call: kind(of: type, saidBy: .callEvent, event)
    case .registration: kind(of: type, saidBy: .registrationEvent, event)
    case .rtp: kind(of: type, saidBy: .rtpEvent, event)
    default: named[Int(type.rawValue)].first?.kind
    }
  }

  private func kind(of type: EventType, saidBy field: Field, _ event: borrowing Event) -> EventKind? {
    guard case .text(let range) = event[field] else { return nil }
    let text = event.text.span.extracting(range.range)
    for entry in named[Int(type.rawValue)] where text.isEqual(to: entry.label.span) { return entry.kind }
    return nil
  }
}

extension Span<UInt8> {
  func isEqual(to other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }

  /// Whether it is a word of ours.
  func spells(_ word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    // Safety: a static string's bytes live as long as the process.
    return word.withUTF8Buffer { bytes in
      for index in indices where unsafe bytes[index] != self[index] { return false }
      return true
    }
  }

  /// The whole number that decimal digits spell, nil for anything else.
  var wholeNumber: Int64? {
    guard count > 0, count <= 18 else { return nil }
    var value: Int64 = 0
    for index in indices {
      let digit = self[index] &- 0x30
      guard digit <= 9 else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }
}
