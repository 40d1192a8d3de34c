/// Checks that a page is well-formed and refers to nothing outside of it.
enum MarkupCheck {
  private static let voids: Set = ["meta", "br", "input", "link", "img", "hr"]
  private static let known: Set = [
    "html", "head", "meta", "title", "style", "body", "a", "header", "div", "b", "span", "nav", "main",
    "section", "h2",
    "h3", "h4", "p", "ul", "li", "small", "figure", "figcaption", "svg", "path", "text", "circle", "g",
    "table",
    "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "dl", "dt", "dd", "meter", "footer",
    "script",
  ]
  private static let attributes: Set = [
    "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "role", "tabindex",
    "aria-label",
    "scope", "title", "data-v", "viewBox", "width", "height", "d", "x", "y", "cx", "cy", "r", "min", "max",
    "value",
  ]

  /// What is wrong, at most ten faults.
  static func faults(in page: String) -> [String] {
    var check = Check(rest: Array(page.utf8)[...])
    return Array(check.run().prefix(10))
  }

  private struct Check {
    var rest: ArraySlice<UInt8>
    var open: [String] = []
    var faults: [String] = []

    mutating func run() -> [String] {
      let doctype = Array("<!DOCTYPE html>".utf8)
      guard rest.starts(with: doctype) else { return ["no doctype"] }
      rest = rest.dropFirst(doctype.count)
      while let byte = rest.first, faults.count < 10 {
        if byte == UInt8(ascii: "<") { tag() } else { text() }
      }
      if !open.isEmpty { faults.append("never closed: \(open)") }
      return faults
    }

    private mutating func text() {
      let end = rest.firstIndex(of: UInt8(ascii: "<")) ?? rest.endIndex
      for byte in rest[rest.startIndex..<end] where byte < 0x20 && byte != 0x0a {
        faults.append("control \(byte)")
      }
      let words = String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
      for scalar in words.unicodeScalars
      where (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value) {
        faults.append("turned writing")
      }
      rest = rest[end...]
    }

    private mutating func tag() {
      guard let end = tagEnd() else {
        faults.append("a tag that does not end")
        rest = []
        return
      }
      let inside = String(decoding: rest[rest.startIndex + 1..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      if inside.hasPrefix("/") { return close(String(inside.dropFirst())) }
      let isEmpty = inside.hasSuffix("/")
      let name = String(inside.prefix { $0 != " " && $0 != "/" })
      guard known.contains(name) else { return faults.append("element \(name)") }
      read(attributes: inside.dropFirst(name.count), of: name)
      guard !isEmpty, !voids.contains(name) else { return }
      if name == "style" || name == "script" { return skipRaw(name) }
      open.append(name)
    }

    private mutating func close(_ name: String) {
      if open.last == name { open.removeLast() } else { faults.append("</\(name)> within \(open.suffix(3))") }
    }

    /// The `>` that is in no quotation marks.
    private func tagEnd() -> Int? {
      var isQuoted = false
      for index in rest.indices {
        if rest[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
        if rest[index] == UInt8(ascii: ">"), !isQuoted { return index }
      }
      return nil
    }

    private mutating func skipRaw(_ name: String) {
      let closing = Array("</\(name)>".utf8)
      while !rest.isEmpty, !rest.starts(with: closing) { rest = rest.dropFirst() }
      rest = rest.dropFirst(closing.count)
    }

    private mutating func read(attributes text: Substring, of element: String) {
      var text = text.drop { $0 == " " }
      while let first = text.first, first != "/" {
        let name = String(text.prefix { $0 != "=" && $0 != " " })
        guard attributes.contains(name) else { return faults.append("attribute \(name) of \(element)") }
        text = text.dropFirst(name.count)
        guard text.hasPrefix("=\"") else { return faults.append("attribute \(name) without quotes") }
        text = text.dropFirst(2)
        let value = text.prefix { $0 != "\"" }
        if name == "href", !value.hasPrefix("#") { faults.append("a link to \(value)") }
        text = text.dropFirst(value.count + 1).drop { $0 == " " }
      }
    }
  }
}
