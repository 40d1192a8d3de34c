public import Events

/// The field catalogue for people: a table for the terminal, or the reference page.
public enum FieldReport {
  /// The fields of some kinds of event as aligned columns.
  public static func text(_ kinds: EventKindSet) -> String {
    let rows = FieldCatalog.fields(in: kinds)
    let names = rows.map(label)
    let nameWidth = names.map(\.count).max() ?? 0
    let typeWidth = rows.map(\.type.name.count).max() ?? 0
    var lines: [String] = []
    for (row, name) in zip(rows, names) {
      let unit = row.unit.map { " (\($0))" } ?? ""
      lines.append("\(padded(name, nameWidth))  \(padded(row.type.name, typeWidth))  \(row.meaning)\(unit)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The reference page `docs/fields.md`.
  public static func markdown() -> String {
    var page = """
      # Fields

      Every field of every event, as rules name it and as the log prints it. This page is generated from the
      field catalogue (`make docs`). A field that has no value is absent, never zero. *Always* means that
      every event of the type has it. `header["Name"]` reads any SIP header by name, without case, compact
      form included. `sdp.…` may be written for `sip.sdp.…` and `alert.…` for
      `alert.context.…`. In a rule over alerts there are the fields of the event that fired the alert, too.

      """
    page += section("Every event about a packet", FieldCatalog.common)
    for type in EventType.allCases {
      let rows = FieldCatalog.fields(in: EventKindSet(type)).filter { $0.name.hasPrefix(type.name + ".") }
      guard !rows.isEmpty else { continue }
      let isEmitted = !EventKindSet.emitted.isDisjoint(with: EventKindSet(type))
      page += section("`\(type.name)`" + (isEmitted ? "" : " (not emitted by this version)"), rows)
    }
    return page
  }

  private static func section(_ title: String, _ rows: [FieldDefinition]) -> String {
    var text =
      "\n## \(title)\n\n| field | type | unit | always | meaning | source |\n|---|---|---|---|---|---|\n"
    for row in rows {
      let cells = [
        "`\(label(row))`", row.type.name, row.unit ?? "", row.isAlwaysPresent ? "yes" : "",
        row.meaning, row.source,
      ]
      text += "| " + cells.joined(separator: " | ") + " |\n"
    }
    return text
  }

  private static func label(_ row: FieldDefinition) -> String {
    if case .hidden = row.format { return row.name + " (rules only)" }
    return row.name
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
