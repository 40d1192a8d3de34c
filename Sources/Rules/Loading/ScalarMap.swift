internal import Values

/// Finds out where each byte of a scalar's text stands in its file, by reading the scalar a second time.
struct ScalarMap {
  private(set) var segments: [ExpressionSource.Segment] = []
  private let bytes: [UInt8]
  private var decoded: [UInt8] = []

  /// The map of a scalar, or one segment that points at its start when it cannot be mapped exactly.
  static func segments(of scalar: YAMLScalar, in bytes: [UInt8]) -> [ExpressionSource.Segment] {
    var map = ScalarMap(bytes: bytes)
    let range = scalar.span.range.range
    switch scalar.style {
    case .plain: map.readFlow(range, quote: nil)
    case .singleQuoted: map.readFlow(Self.inner(range), quote: UInt8(ascii: "'"))
    case .doubleQuoted: map.readFlow(Self.inner(range), quote: UInt8(ascii: "\""))
    case .literal: map.readLiteral(scalar)
    case .folded: break
    }
    guard map.decoded.elementsEqual(scalar.text.utf8) else {
      return [.init(textOffset: 0, fileOffset: range.lowerBound, isVerbatim: false)]
    }
    return map.segments
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private static func inner(_ range: Range<Int>) -> Range<Int> {
    range.count >= 2 ? range.lowerBound + 1..<range.upperBound - 1 : range
  }

  private mutating func appendVerbatim(_ offset: Int) {
    if let last = segments.last, last.isVerbatim,
      last.fileOffset + decoded.count - last.textOffset == offset
    {
      decoded.append(bytes[offset])
      return
    }
    segments.append(.init(textOffset: decoded.count, fileOffset: offset, isVerbatim: true))
    decoded.append(bytes[offset])
  }

  private mutating func appendDecoded(_ text: some Sequence<UInt8>, at offset: Int) {
    segments.append(.init(textOffset: decoded.count, fileOffset: offset, isVerbatim: false))
    decoded.append(contentsOf: text)
  }

  // MARK: Flow scalars (YAML 1.1 §5.7, §9.1)

  private mutating func readFlow(_ range: Range<Int>, quote: UInt8?) {
    var index = range.lowerBound
    while index < range.upperBound {
      if let next = foldEnd(from: index, to: range.upperBound) {
        index = next
        continue
      }
      let byte = bytes[index]
      if byte == UInt8(ascii: "'"), quote == byte {
        appendDecoded([byte], at: index)
        index += 2
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        index = readEscape(at: index, to: range.upperBound)
      } else {
        appendVerbatim(index)
        index += 1
      }
    }
  }

  /// When a line ends here, blanks before the break included: appends what it folds to.
  private mutating func foldEnd(from start: Int, to end: Int) -> Int? {
    var index = start
    while index < end, isBlank(index) { index += 1 }
    guard index < end, isBreak(index) else { return nil }
    let (next, breaks) = skipBreaks(from: index, to: end)
    let folded = breaks == 1 ? [UInt8(ascii: " ")] : [UInt8](repeating: UInt8(ascii: "\n"), count: breaks - 1)
    appendDecoded(folded, at: start)
    return next
  }

  private func skipBreaks(from start: Int, to end: Int) -> (next: Int, breaks: Int) {
    var index = start
    var breaks = 0
    while index < end, isBlank(index) || isBreak(index) {
      if bytes[index] == UInt8(ascii: "\n") { breaks += 1 }
      index += 1
    }
    return (index, breaks)
  }

  private mutating func readEscape(at start: Int, to end: Int) -> Int {
    guard start + 1 < end else { return end }
    if isBreak(start + 1) {
      let (next, breaks) = skipBreaks(from: start + 1, to: end)
      if breaks > 1 {
        appendDecoded([UInt8](repeating: UInt8(ascii: "\n"), count: breaks - 1), at: start)
      }
      return next
    }
    let letter = bytes[start + 1]
    let digits = letter == UInt8(ascii: "x") ? 2 : letter == UInt8(ascii: "u") ? 4 : 8
    switch letter {
    case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
      let stop = min(start + 2 + digits, end)
      let text = String(decoding: bytes[start + 2..<stop], as: UTF8.self)
      guard let value = UInt32(text, radix: 16), let scalar = UnicodeScalar(value) else { return end }
      appendDecoded(String(scalar).utf8, at: start)
      return stop
    default:
      guard let scalar = Self.simpleEscape(letter) else { return end }
      appendDecoded(String(scalar).utf8, at: start)
      return start + 2
    }
  }

  private static func simpleEscape(_ letter: UInt8) -> UnicodeScalar? {
    switch UnicodeScalar(letter) {
    case "0": "\0"
    case "a": "\u{7}"
    case "b": "\u{8}"
    case "t", "\t": "\t"
    case "n": "\n"
    case "v": "\u{b}"
    case "f": "\u{c}"
    case "r": "\r"
    case "e": "\u{1b}"
    case " ": " "
    case "\"": "\""
    case "/": "/"
    case "\\": "\\"
    case "N": "\u{85}"
    case "_": "\u{a0}"
    case "L": "\u{2028}"
    case "P": "\u{2029}"
    default: nil
    }
  }

  private func isBlank(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t")
  }

  private func isBreak(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r")
  }

  // MARK: Literal blocks (YAML 1.1 §9.3.3)

  /// Lines of the text are lines of the file with the indentation taken off.
  private mutating func readLiteral(_ scalar: YAMLScalar) {
    let lines = scalar.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var start = lineEnd(from: scalar.span.range.start)
    var indentation: Int?
    for (number, line) in lines.enumerated() {
      if number > 0 { appendDecoded([UInt8(ascii: "\n")], at: start) }
      let lineStart = min(start + 1, bytes.count)
      start = lineEnd(from: lineStart)
      guard !line.isEmpty else { continue }
      let found = Self.leadingSpaces(bytes[lineStart..<start]) - Self.leadingSpaces(line)
      let skip = indentation ?? found
      indentation = skip
      guard skip >= 0, lineStart + skip + line.count <= bytes.count else { return }
      for offset in 0..<line.count { appendVerbatim(lineStart + skip + offset) }
    }
  }

  private static func leadingSpaces(_ line: some Collection<UInt8>) -> Int {
    line.prefix { $0 == UInt8(ascii: " ") }.count
  }

  private func lineEnd(from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    return end
  }
}
