internal import Events

/// Where each field stands in a JSON object: the tree that the dotted names of the catalogue spell.
struct EVELayout: Sendable {
  /// One step of writing an object, in order.
  enum Step: Sendable {
    /// `"key":value`, when the event has the field.
    case field(Field, Style, key: [UInt8])
    /// `"key":{…}`, when anything in it has a value; `end` is the index of the step behind it.
    case object(key: [UInt8], end: Int)
  }

  /// How a value prints.
  enum Style: Sendable {
    case plain
    case quotedNumber
    /// Each item of a list as an object with one member, whose `"name":` is given.
    case objects(key: [UInt8])
  }

  private(set) var steps: [Step] = []

  /// The layout of fields whose names share a prefix, which is left out (`sip.` gives the `sip` object).
  init(_ definitions: [FieldDefinition], under prefix: String = "") {
    append(definitions.filter { !$0.isHidden && $0.name.hasPrefix(prefix) }, depth: prefix.count)
  }

  private mutating func append(_ definitions: [FieldDefinition], depth: Int) {
    var index = 0
    while index < definitions.count {
      let definition = definitions[index]
      let rest = definition.name.dropFirst(depth)
      guard let dot = rest.firstIndex(of: "."), !definition.holdsObjects(below: depth) else {
        let name = definition.holdsObjects(below: depth) ? String(rest.prefix { $0 != "." }) : String(rest)
        steps.append(.field(definition.field, Self.style(of: definition), key: Self.key(name)))
        index += 1
        continue
      }
      let name = rest[..<dot]
      let inner = definition.name.prefix(depth + name.count + 1)
      let end = definitions[index...].firstIndex { !$0.name.hasPrefix(inner) } ?? definitions.count
      let place = steps.count
      steps.append(.object(key: Self.key(String(name)), end: 0))
      append(Array(definitions[index..<end]), depth: inner.count)
      steps[place] = .object(key: Self.key(String(name)), end: steps.count)
      index = end
    }
  }

  private static func style(of definition: FieldDefinition) -> Style {
    switch definition.format {
    case .plain, .hidden: .plain
    case .quotedNumber: .quotedNumber
    case .objects(let member): .objects(key: key(member))
    }
  }

  /// `"name":` as bytes; names of the catalogue need no escaping.
  private static func key(_ name: String) -> [UInt8] {
    Array("\"\(name)\":".utf8)
  }
}

extension FieldDefinition {
  fileprivate var isHidden: Bool {
    if case .hidden = format { true } else { false }
  }

  /// Whether the next part of the name is the array of objects that the field prints as.
  fileprivate func holdsObjects(below depth: Int) -> Bool {
    guard case .objects(let member) = format else { return false }
    let rest = name.dropFirst(depth)
    return rest.hasSuffix("." + member) && rest.filter { $0 == "." }.count == 1
  }
}
