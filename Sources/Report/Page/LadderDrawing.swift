/// Draws the messages of a call between their ends.
///
/// Two ends fit on a telephone; with more the drawing scrolls sideways.
struct LadderDrawing {
  private let ladder: Ladder
  private static let left = 118
  private static let gap = 176
  private static let head = 34
  private static let step = 36

  init(_ ladder: Ladder) { self.ladder = ladder }

  private var width: Int { Self.left + Self.gap * max(1, ladder.endpoints.count - 1) + 66 }
  private var height: Int { Self.head + Self.step * ladder.messages.count + 16 }

  private func x(_ end: Int) -> Int { Self.left + Self.gap * end }

  func write(to page: inout HTMLText) {
    guard !ladder.messages.isEmpty else {
      return page.element("p", class: "none", "Its messages were not seen.")
    }
    page.raw("<div class=\"scroll ladderbox\" role=\"region\" tabindex=\"0\" aria-label=\"SIP ladder\">")
    page.raw(
      "<svg class=\"ladder\" role=\"img\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\">"
    )
    page.element(
      "title", "SIP messages between \(ladder.endpoints.map(\.description).joined(separator: ", "))")
    for (index, endpoint) in ladder.endpoints.enumerated() {
      page.raw("<text class=\"end\" x=\"\(x(index))\" y=\"14\">")
      page.text(endpoint.description)
      page.raw("</text><path class=\"life\" d=\"M\(x(index)) 22V\(height)\"/>")
    }
    for (index, row) in ladder.rows.enumerated() { write(row, index, to: &page) }
    page.raw("</svg></div>")
    if ladder.leftOut > 0 {
      page.element("p", class: "note", "\(ladder.leftOut) more messages are beyond the limit of a ladder.")
    }
  }

  private func write(_ row: Ladder.Row, _ index: Int, to page: inout HTMLText) {
    let message = row.message
    let y = Self.head + Self.step * index + 22
    let (from, to) = (x(message.from), x(message.to))
    page.raw("<g class=\"m \(style(message))\"><text class=\"at\" x=\"2\" y=\"\(y - 4)\">")
    page.raw("+\(NumberText.decimal(row.offset, digits: 3))</text>")
    if let packet = message.packet { page.raw("<text class=\"pk\" x=\"2\" y=\"\(y + 9)\">#\(packet)</text>") }
    if from == to {
      page.raw(
        "<path d=\"M\(from) \(y - 8)h22v12h-18\"/><path class=\"tip\" d=\"M\(from + 4) \(y + 4)l7 -4v8z\"/>")
    } else {
      let tip = to > from ? -7 : 7
      page.raw("<path d=\"M\(from) \(y)H\(to + tip)\"/><path class=\"tip\" d=\"M\(to) \(y)l\(tip) -4v8z\"/>")
    }
    let middle = from == to ? from + 26 : min(from, to) + Self.gap / 2
    page.raw("<text class=\"lb\(from == to ? " st" : "")\" x=\"\(middle)\" y=\"\(y - 5)\">")
    page.text(label(message))
    page.raw("</text><title>")
    page.text("\(row.from) → \(row.to): \(message.label) (\(message.method))")
    page.raw("</title></g>")
  }

  private func label(_ message: Ladder.Message) -> String {
    var words = message.label.count > 24 ? message.label.prefix(23) + "…" : message.label
    if message.hasDescription { words += " · SDP" }
    if message.isRetransmission { words += " · again" }
    return words
  }

  private func style(_ message: Ladder.Message) -> String {
    guard let code = message.code else { return message.isRetransmission ? "rq re" : "rq" }
    let kind = (1...6).contains(code / 100) ? "r\(code / 100)" : "r9"
    return message.isRetransmission ? kind + " re" : kind
  }
}
