internal import Values

/// Finds what makes a text unfit for strict reading before YAML sees it.
///
/// Doing it here gives each fault its own words, and afterwards lines end in LF or CR LF only, so that
/// libyaml and `SourceFile` count the same lines.
struct YAMLTextCheck {
  struct Fault {
    let code: DiagnosticCode
    let range: Range<Int>
    let message: String
    let help: String
  }

  let maximumLineLength: Int

  /// The first fault, or nil for a fit text.
  func firstFault(in text: Span<UInt8>) -> Fault? {
    if let fault = byteOrderMark(text) { return fault }
    var index = 0
    var lineStart = 0
    var isIndentation = true
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "\n") {
        lineStart = index + 1
        isIndentation = true
        index += 1
        continue
      }
      if index - lineStart >= maximumLineLength { return tooLong(text, at: index) }
      if byte >= 0x20 && byte < 0x7f {
        if byte != UInt8(ascii: " ") { isIndentation = false }
        index += 1
        continue
      }
      if byte == UInt8(ascii: "\t") && !isIndentation {
        index += 1
        continue
      }
      if let fault = rareFault(text, at: index, isIndentation: isIndentation) { return fault }
      isIndentation = false
      index += byte < 0x80 ? 1 : UTF8Scalar.decode(text, at: index)?.length ?? 1
    }
    return nil
  }

  private func rareFault(_ text: Span<UInt8>, at index: Int, isIndentation: Bool) -> Fault? {
    let byte = text[index]
    if byte == UInt8(ascii: "\t") {
      return Fault(
        code: .tabIndentation, range: index..<index + 1, message: "a line is indented with a tab",
        help: "indent with spaces")
    }
    if byte == UInt8(ascii: "\r"), index + 1 < text.count, text[index + 1] == UInt8(ascii: "\n") {
      return nil
    }
    guard let (scalar, length) = UTF8Scalar.decode(text, at: index) else {
      return Fault(
        code: .invalidEncoding, range: index..<index + 1, message: "the text is not valid UTF-8",
        help: "save the file as UTF-8")
    }
    guard UTF8Scalar.isForbidden(scalar) else { return nil }
    let hexadecimal = String(scalar, radix: 16, uppercase: true)
    let number = String(repeating: "0", count: max(0, 4 - hexadecimal.count)) + hexadecimal
    return Fault(
      code: .controlCharacter, range: index..<index + length,
      message: "the character U+\(number) is not allowed",
      help: "remove it; inside double quotes it can be written as an escape")
  }

  private func byteOrderMark(_ text: Span<UInt8>) -> Fault? {
    guard text.count >= 2 else { return nil }
    if text.count >= 3, text[0] == 0xef, text[1] == 0xbb, text[2] == 0xbf {
      return Fault(
        code: .invalidEncoding, range: 0..<3, message: "the file starts with a byte order mark",
        help: "save the file as UTF-8 without a byte order mark")
    }
    guard (text[0] == 0xff && text[1] == 0xfe) || (text[0] == 0xfe && text[1] == 0xff) else { return nil }
    return Fault(
      code: .invalidEncoding, range: 0..<2, message: "the file is UTF-16", help: "save the file as UTF-8")
  }

  private func tooLong(_ text: Span<UInt8>, at index: Int) -> Fault {
    Fault(
      code: .lineTooLong, range: index..<index + 1,
      message: "the line is longer than \(maximumLineLength) bytes",
      help: "break the line, or move the data to a list file")
  }
}

/// Decoding of single scalars out of bytes.
enum UTF8Scalar {
  /// The scalar at an offset and its length in bytes; nil when there is no valid one (RFC 3629).
  static func decode(_ text: Span<UInt8>, at index: Int) -> (scalar: UInt32, length: Int)? {
    let first = text[index]
    guard first >= 0x80 else { return (UInt32(first), 1) }
    let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    guard first >= 0xc2, first <= 0xf4, index + length <= text.count else { return nil }
    var scalar = UInt32(first) & (0xff >> UInt32(length + 1))
    for next in index + 1..<index + length {
      guard text[next] & 0xc0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(text[next] & 0x3f)
    }
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard scalar >= smallest, scalar <= 0x10ffff, !(0xd800...0xdfff).contains(scalar) else { return nil }
    return (scalar, length)
  }

  /// Whether YAML or a reader's eye would take a scalar for something else: controls, other line breaks,
  /// byte order marks, non-characters.
  static func isForbidden(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09, 0x0a: false
    case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff: true
    default: false
    }
  }
}
