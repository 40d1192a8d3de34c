/// A table of rows by their shape, with what is no column in a part that opens.
struct HTMLTable<Row: Sendable>: Sendable {
  let id: String
  let caption: String
  let shape: Shape<Row>
  let rows: [Row]
  /// What stands in place of an empty table.
  var empty = "None."
  /// Whether rows open.
  var opens = false
  /// Draws something behind the figures of an open row.
  var drawing: @Sendable (Row, inout HTMLText) -> Void = { _, _ in }
  /// The heading of an open row.
  var title: @Sendable (Row) -> String = { _ in "" }

  /// Members with a heading that have a value anywhere.
  private var columns: [Member<Row>] {
    shape.members.filter { member in
      member.heading != nil && (rows.contains { member.value($0) != nil })
    }
  }

  /// Writes the table, and behind it the parts that open.
  func write(to page: inout HTMLText) {
    guard !rows.isEmpty else { return page.element("p", class: "none", empty) }
    let columns = columns
    page.raw(
      "<div class=\"tablebox\" id=\"\(id)\"><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\""
    )
    page.text(caption)
    page.raw("\"><table><caption>")
    page.text(caption)
    page.raw("</caption><thead><tr>")
    if opens { page.raw("<th class=\"o\" scope=\"col\"><span class=\"sr\">Details</span></th>") }
    for column in columns { writeHead(column, to: &page) }
    page.raw("</tr></thead><tbody>\n")
    for (index, row) in rows.enumerated() { write(row, index, columns, to: &page) }
    page.raw("</tbody></table></div></div>\n")
    if opens { writeDetails(to: &page) }
  }

  private func writeHead(_ column: Member<Row>, to page: inout HTMLText) {
    page.raw("<th scope=\"col\"\(column.kind.isNumber ? " class=\"n\"" : "") title=\"")
    page.text(column.meaning)
    page.raw("\">")
    page.text(column.heading ?? "")
    page.raw("</th>")
  }

  private func write(_ row: Row, _ index: Int, _ columns: [Member<Row>], to page: inout HTMLText) {
    page.raw("<tr>")
    if opens {
      page.raw(
        "<td class=\"o\"><a href=\"#\(id)-\(index)\" class=\"open\" aria-label=\"Details of row \(index + 1)\">▸</a></td>"
      )
    }
    for column in columns { write(column.value(row), column, to: &page) }
    page.raw("</tr>\n")
  }

  private func write(_ value: ReportValue?, _ column: Member<Row>, to page: inout HTMLText) {
    guard let value else { return page.raw(column.kind.isNumber ? "<td class=\"n\"></td>" : "<td></td>") }
    let shown = CellText.shown(value, column.kind)
    switch (value, column.kind) {
    case (.text(let word), .text) where column.name == "severity" || column.name == "level":
      page.raw(
        "<td data-v=\"\(CellText.severityOrder(word))\"><span class=\"badge b-\(CellText.word(word))\">")
      page.text(word)
      page.raw("</span></td>")
    case (.integer(let number), _): page.raw("<td class=\"n\" data-v=\"\(number)\">\(shown)</td>")
    case (.decimal(let number), _):
      let isBad = column.name == "mos" && number < 3.6 || column.name == "loss" && number > 0.03
      page.raw("<td class=\"n\(isBad ? " bad" : "")\" data-v=\"\(number)\">\(shown)</td>")
    case (.text(let time), .time): page.raw("<td class=\"t\" data-v=\"\(time)\">\(shown)</td>")
    case (.flag(let flag), _):
      page.raw(flag ? "<td data-v=\"1\">yes</td>" : "<td data-v=\"0\" class=\"no\">no</td>")
    case (.array([]), _): page.element("td", class: "no", "–")
    case (.array, _): page.element("td", class: "w", shown)
    default: page.element("td", shown)
    }
  }

  private func writeDetails(to page: inout HTMLText) {
    page.raw("<div class=\"details\">\n")
    for (index, row) in rows.enumerated() {
      page.raw("<details id=\"\(id)-\(index)\"><summary>")
      page.text(title(row))
      page.raw("</summary><div class=\"inner\">")
      drawing(row, &page)
      HTMLFacts(shape: shape, row: row).write(to: &page)
      page.raw("</div></details>\n")
    }
    page.raw("</div>\n")
  }
}

/// The members of a row that have no column, as names and values.
struct HTMLFacts<Row: Sendable>: Sendable {
  let shape: Shape<Row>
  let row: Row
  /// Whether members with a heading stand here too.
  var isComplete = false

  func write(to page: inout HTMLText) {
    page.raw("<dl>")
    for member in shape.members where member.heading == nil || isComplete {
      guard let value = member.value(row) else { continue }
      let shown = CellText.shown(value, member.kind)
      guard !shown.isEmpty else { continue }
      page.raw("<div><dt title=\"")
      page.text(member.meaning)
      page.raw("\">")
      page.text(member.name.replacing("_", with: " ") + (member.isSeconds ? " (s)" : ""))
      page.raw("</dt><dd>")
      page.text(shown)
      page.raw("</dd></div>")
    }
    page.raw("</dl>")
  }
}

extension Member {
  fileprivate var isSeconds: Bool {
    if case .seconds = kind { true } else { false }
  }
}

/// Values as people read them.
enum CellText {
  /// The text of a value; empty for what does not fit into a line.
  static func shown(_ value: ReportValue, _ kind: MemberKind) -> String {
    switch (value, kind) {
    case (.text(let time), .time): moment(time)
    case (.text(let text), _): text
    case (.integer(let number), .identity): "\(number)"
    case (.integer(let number), _): NumberText.grouped(number)
    case (.decimal(let number), .share): NumberText.percent(number)
    case (.decimal(let number), .milliseconds): NumberText.decimal(number * 1000, digits: 1)
    case (.decimal(let number), .seconds): NumberText.decimal(number, digits: 3)
    case (.decimal(let number), _): NumberText.decimal(number, digits: 2)
    case (.flag(let flag), _): flag ? "yes" : "no"
    case (.array(let items), .texts): items.map { shown($0, .text) }.joined(separator: "; ")
    case (.array(let items), .integers) where items.count <= 64:
      items.map { shown($0, .identity) }.joined(separator: ", ")
    case (.array(let items), .nested): items.compactMap(pair).joined(separator: ", ")
    default: ""
    }
  }

  /// An instant to the millisecond; a full hour without minutes and seconds that say nothing.
  private static func moment(_ time: String) -> String {
    let text = String(time.prefix(23)).replacing("T", with: " ")
    return text.hasSuffix(":00:00.000") ? String(text.dropLast(7)) : text
  }

  /// `name value` of an object that is one; of one with more members `name value (member value, …)`.
  private static func pair(_ value: ReportValue) -> String? {
    guard case .object(let members) = value, members.count > 1, case .text(let name) = members[0].value
    else {
      return nil
    }
    let first = "\(name) \(brief(members[1].value))"
    if members.count == 2 { return first }
    let others = members.dropFirst(2).map { "\($0.name) \(brief($0.value))" }
    return "\(first) (\(others.joined(separator: ", ")))"
  }

  /// A value as it stands among others: whole numbers have no decimals.
  private static func brief(_ value: ReportValue) -> String {
    guard case .decimal(let number) = value, number == number.rounded(), abs(number) < 1e12 else {
      return shown(value, .text)
    }
    return NumberText.grouped(Int(number))
  }

  /// The words that style sheets know; others are `other`.
  static func word(_ text: String) -> String {
    ["high", "medium", "low", "info", "severe", "elevated"].contains(text) ? text : "other"
  }

  /// The worse, the greater.
  static func severityOrder(_ word: String) -> Int {
    ["info", "low", "medium", "elevated", "high", "severe"].firstIndex(of: word) ?? -1
  }
}
