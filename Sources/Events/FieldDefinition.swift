/// How a field looks in the JSON of the log where that is not given by its type.
public enum FieldFormat: Sendable {
  /// As the type says.
  case plain
  /// A number that prints as a string (`sip.code`, as in Suricata).
  case quotedNumber
  /// A list that prints as an array of objects with one member (`sdp.media_descriptions`, as in Suricata).
  case objects(member: String)
  /// A list that prints as an array of objects with these members; the items are the members of the first record,
  /// then those of the next. An absent item leaves its member out.
  case records(members: [String])
  /// In rules only, never in the log.
  case hidden
  /// In the log only: it is made when a line is written.
  case logOnly
}

/// All that is known of one field: the row of the field catalogue.
public struct FieldDefinition: Sendable {
  /// The identity in code.
  public let field: Field
  /// The dotted name in rules and the path in the log.
  public let name: String
  /// The type of its values.
  public let type: FieldType
  /// The unit of numbers and durations.
  public let unit: String?
  /// One line on what it means.
  public let meaning: String
  /// Where the meaning is defined (RFC section, Suricata's EVE).
  public let source: String
  /// The kinds of event that can have it.
  public let kinds: EventKindSet
  /// Whether every event of these kinds has it.
  public let isAlwaysPresent: Bool
  /// Whether the sender of a packet chooses the value freely.
  public let isSenderChosen: Bool
  /// How it prints.
  public let format: FieldFormat

  /// Whether texts in it are the program's own and those of its rules, not of the wire.
  public var isOwnText: Bool {
    switch field {
    case .anomalyDetail, .alertContextGroup, .alertContextKey, .scoreEntity, .rtpCodec: false
    default: !isSenderChosen
    }
  }

  /// Whether events of some of these kinds can have it; an alert has the fields of what fired it.
  public func occurs(in kinds: EventKindSet) -> Bool {
    !self.kinds.isDisjoint(with: kinds) || kinds.contains(EventKind.alert.set)
  }

  init(
    _ field: Field, _ name: String, _ type: FieldType, _ meaning: String, source: String = "Ringwatch",
    in kinds: EventKindSet, unit: String? = nil, always: Bool = false, senderChosen: Bool = false,
    format: FieldFormat = .plain
  ) {
    self.field = field
    self.name = name
    self.type = type
    self.unit = unit
    self.meaning = meaning
    self.source = source
    self.kinds = kinds
    isAlwaysPresent = always
    isSenderChosen = senderChosen
    self.format = format
  }
}
