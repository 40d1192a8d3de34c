public import Events

/// The field catalogue for people: a table for the terminal, or the reference page.
public enum FieldReport {
  /// The fields of some kinds of event as aligned columns.
  public static func text(_ kinds: EventKindSet) -> String {
    var lines = [timestamp]
    if !kinds.isDisjoint(with: EventKindSet(.sip)) { lines.append(header) }
    return columns(lines + FieldCatalog.fields(in: kinds).map(Line.init))
  }

  /// The fields whose names contain a word, in either case, as aligned columns; nil when there are none.
  public static func text(containing word: String) -> String? {
    let wanted = word.lowercased()
    let lines = [timestamp, header] + FieldCatalog.all.map(Line.init)
    let found = lines.filter { $0.name.lowercased().contains(wanted) }
    return found.isEmpty ? nil : columns(found)
  }

  /// What is said of one field.
  private struct Line {
    var name: String
    var type: String
    var meaning: String
    var unit: String?

    init(name: String, type: String, meaning: String) {
      (self.name, self.type, self.meaning) = (name, type, meaning)
    }

    init(_ row: FieldDefinition) {
      (name, type, meaning, unit) = (label(row), row.type.name, FieldReport.meaning(row), row.unit)
    }
  }

  /// Of every event; no row of the catalogue, since no event is without it.
  private static let timestamp = Line(
    name: "timestamp", type: "time", meaning: "When it happened, by the packet's time")

  /// Of SIP messages; no row of the catalogue, since there is one for each name.
  private static let header = Line(
    name: "header[\"Name\"] (rules only)", type: "text",
    meaning:
      "What the headers of this name say, in either case and form, joined by \", \"; also sip.header[\"Name\"]"
  )

  /// What is known of the source and of the account of an event, by the beginnings of the fields.
  private static let profiles = [
    ("source", "What is known of the source address"), ("account", "What is known of the account"),
  ]

  private static func columns(_ lines: [Line]) -> String {
    let nameWidth = lines.map(\.name.count).max() ?? 0
    let typeWidth = lines.map(\.type.count).max() ?? 0
    let texts = lines.map { line in
      let unit = line.unit.map { " (\($0))" } ?? ""
      return "\(padded(line.name, nameWidth))  \(padded(line.type, typeWidth))  \(line.meaning)\(unit)"
    }
    return texts.joined(separator: "\n") + "\n"
  }

  /// The reference page `docs/fields.md`.
  public static func markdown() -> String {
    var page = """
      # Fields

      Every field of every event, as rules name it and as the log prints it. This page is generated from the
      field catalogue (`make docs`). A field that has no value is absent, never zero. *Always* means that
      every event of the type, or of the kinds that are named, has it unless the capture has cut the packet.
      `header["Name"]`, or `sip.header["Name"]`, reads any SIP header by name, without case, compact form
      included. `sdp.…` may be written for `sip.sdp.…` and `alert.…` for `alert.context.…`. In a rule over
      alerts there are the fields of the event that fired the alert, too.

      """
    page += section("Every event about a packet", FieldCatalog.common, above: [timestamp])
    for (name, title) in profiles {
      page += section(title, FieldCatalog.all.filter { $0.name.hasPrefix(name + ".") })
    }
    for type in EventType.allCases {
      let rows = FieldCatalog.fields(in: EventKindSet(type)).filter { $0.name.hasPrefix(type.name + ".") }
      guard !rows.isEmpty else { continue }
      let isEmitted = !EventKindSet.emitted.isDisjoint(with: EventKindSet(type))
      page += section(
        "`\(type.name)`" + (isEmitted ? "" : " (not emitted by this version)"), rows,
        above: type == .sip ? [header] : [])
    }
    return page
  }

  private static func section(_ title: String, _ rows: [FieldDefinition], above lines: [Line] = []) -> String
  {
    var text =
      "\n## \(title)\n\n| field | type | unit | always | meaning | source |\n|---|---|---|---|---|---|\n"
    for line in lines {
      let always = line.name == timestamp.name ? "yes" : ""
      text += "| `\(line.name)` | \(line.type) |  | \(always) | \(line.meaning) | Ringwatch |\n"
    }
    for row in rows {
      let cells = [
        "`\(label(row))`", row.type.name, row.unit ?? "", presence(row), meaning(row), row.source,
      ]
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    return text
  }

  /// Where it is always: in all events of its type, or in those of some kinds.
  private static func presence(_ row: FieldDefinition) -> String {
    guard row.isAlwaysPresent else { return "" }
    let types = EventType.allCases.filter { !EventKindSet($0).isDisjoint(with: row.kinds) }
    let isWhole = types.allSatisfy { EventKindSet($0).subtracting(row.kinds).isEmpty }
    return isWhole ? "yes" : row.kinds.kinds.map { "`\($0.name)`" }.joined(separator: ", ")
  }

  /// What a field means, with the values that it can have where that does not say them.
  private static func meaning(_ row: FieldDefinition) -> String {
    let words = row.domain.words
    switch row.domain {
    case .any: return row.meaning
    case .countries:
      return row.meaning.contains("alpha-2") ? row.meaning : row.meaning + ", ISO 3166-1 alpha-2"
    case .numbers(let range):
      let isSaid = ["\(range.lowerBound) ", "\(range.upperBound) "].allSatisfy { row.meaning.contains($0) }
      return row.type == .port || isSaid
        ? row.meaning : "\(row.meaning), \(range.lowerBound) to \(range.upperBound)"
    case .words where words.allSatisfy { row.meaning.contains($0) }: return row.meaning
    case .words, .wordsOrNumbers:
      return "\(row.meaning): \(words.joined(separator: ", "))" + row.domain.supplement
    }
  }

  private static func label(_ row: FieldDefinition) -> String {
    switch row.format {
    case .hidden: row.name + " (rules only)"
    case .logOnly: row.name + " (log only)"
    default: row.name
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
