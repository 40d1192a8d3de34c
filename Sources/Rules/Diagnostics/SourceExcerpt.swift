/// One source line made fit for a terminal: every column escaped where needed, with its display width.
struct SourceExcerpt {
  /// What one Unicode scalar, or one byte that is no UTF-8, looks like.
  private struct Cell {
    var text: String
    var width: Int
    var byteOffset: Int
  }

  /// The text to show, cut at the ends where it is long.
  private(set) var text = ""
  /// Display columns before the marked part.
  private(set) var markStart = 0
  /// Display columns of the marked part, at least 1.
  private(set) var markWidth = 1

  /// Columns that a terminal of 120 has left behind the gutter.
  static let maximumWidth = 108
  /// Columns of a long line that stay visible before the mark.
  private static let lead = 30

  /// The line with a marked byte range, both in the same bytes.
  init(line: Range<Int>, mark: Range<Int>, in bytes: [UInt8]) {
    // Only the surroundings of the mark can be visible, whatever the length of the line.
    let reach = 4 * Self.maximumWidth
    let from = max(line.lowerBound, mark.lowerBound - reach)
    let to = min(line.upperBound, max(mark.lowerBound, line.lowerBound) + reach)
    let cells = Self.cells(bytes, from..<max(from, to), isCut: from > line.lowerBound)
    let first = cells.firstIndex { $0.byteOffset >= mark.lowerBound } ?? cells.count
    let last = cells.firstIndex { $0.byteOffset >= mark.upperBound } ?? cells.count
    let window = Self.window(cells, around: first)
    let isCutBefore = window.lowerBound > 0 || from > line.lowerBound
    let isCutAfter = window.upperBound < cells.count || to < line.upperBound
    if isCutBefore { text = "…" }
    for cell in cells[window] { text += cell.text }
    if isCutAfter { text += "…" }
    markStart = (isCutBefore ? 1 : 0) + Self.width(cells[window.lowerBound..<first])
    let visibleEnd = max(first, min(last, window.upperBound))
    markWidth = max(1, Self.width(cells[first..<visibleEnd]))
  }

  private static func window(_ cells: [Cell], around mark: Int) -> Range<Int> {
    if width(cells[...]) <= maximumWidth { return 0..<cells.count }
    var start = mark
    var used = 0
    while start > 0, used + cells[start - 1].width <= lead {
      start -= 1
      used += cells[start].width
    }
    var end = mark
    while end < cells.count, used + cells[end].width <= maximumWidth - 2 {
      used += cells[end].width
      end += 1
    }
    // Near the end of the line there is room to show more of what comes before.
    while end == cells.count, start > 0, used + cells[start - 1].width <= maximumWidth - 2 {
      start -= 1
      used += cells[start].width
    }
    return start..<end
  }

  private static func width(_ cells: ArraySlice<Cell>) -> Int {
    cells.reduce(0) { $0 + $1.width }
  }

  private static func cells(_ bytes: [UInt8], _ range: Range<Int>, isCut: Bool) -> [Cell] {
    var cells: [Cell] = []
    var index = range.lowerBound
    let span = bytes.span
    // A window that starts inside a character starts at the next one.
    while isCut, index < range.upperBound, span[index] & 0xc0 == 0x80, index - range.lowerBound < 3 {
      index += 1
    }
    while index < range.upperBound {
      guard let (value, length) = UTF8Scalar.decode(span, at: index), let scalar = UnicodeScalar(value) else {
        let hexadecimal = String(span[index], radix: 16)
        cells.append(Cell(text: "\\x\(hexadecimal)", width: 4, byteOffset: index))
        index += 1
        continue
      }
      let (text, width) = TerminalText.display(scalar)
      cells.append(Cell(text: text, width: width, byteOffset: index))
      index += length
    }
    return cells
  }
}

/// Text from files on its way to a terminal.
enum TerminalText {
  /// The text with everything escaped that could move the cursor, change colours or reorder what is read.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      result += scalar == "\t" ? "\\t" : display(scalar).text
    }
    return result
  }

  /// What to print for a scalar, and how many columns that takes.
  static func display(_ scalar: UnicodeScalar) -> (text: String, width: Int) {
    switch scalar.value {
    case 0x20..<0x7f: return (String(scalar), 1)
    case 0x09: return ("    ", 4)
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      let escaped = "\\u{\(String(scalar.value, radix: 16))}"
      return (escaped, escaped.utf8.count)
    case .nonspacingMark, .enclosingMark:
      return (String(scalar), 0)
    default:
      return (String(scalar), isWide(scalar.value) ? 2 : 1)
    }
  }

  /// The blocks that Unicode's East Asian Width calls wide, and emoji.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff,
      0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff,
      0x1f900...0x1f9ff, 0x20000...0x3fffd:
      true
    default: false
    }
  }
}
