import Packets
import Values

/// Walks through the parts of a multipart body (RFC 2046 §5.1), linear in its length.
struct MultipartBody {
  /// One part: its content type, and where its content is.
  struct Part {
    var mediaType = ByteRange()
    var contentType = ByteRange()
    var isEncoded = false
    var content = ByteRange()
  }

  private let boundary: ByteRange
  private var position: Int
  private let end: Int
  private var isDone = false

  /// The parts of `body`; nil when the content type names no boundary or the body does not have it.
  init?(_ bytes: Bytes, contentType: ByteRange, body: ByteRange) {
    guard let boundary = Self.boundary(bytes, contentType) else { return nil }
    self.boundary = boundary
    position = body.start
    end = body.end
    guard let first = nextDelimiter(bytes) else { return nil }
    position = first.next
    isDone = first.isLast
  }

  /// The next part; nil at the end. A last part without its closing delimiter is given all the same.
  mutating func next(in bytes: Bytes) -> Part? {
    guard !isDone, position < end else { return nil }
    let start = position
    let delimiter = nextDelimiter(bytes)
    isDone = delimiter?.isLast ?? true
    position = delimiter?.next ?? end
    return Self.part(bytes, ByteRange(start, delimiter?.start ?? end))
  }

  private static func boundary(_ bytes: Bytes, _ contentType: ByteRange) -> ByteRange? {
    let semicolon = bytes.find(UInt8(ascii: ";"), contentType.start, contentType.end)
    guard semicolon < contentType.end else { return nil }
    var list = SIPParameters(ByteRange(semicolon + 1, contentType.end))
    while let parameter = list.next(in: bytes) {
      guard parameter.name.count == 8, bytes.word(parameter.name) == SIPWord.boundary.rawValue else {
        continue
      }
      return parameter.value.count >= 1 && parameter.value.count <= 70 ? parameter.value : nil
    }
    return nil
  }

  /// The next line that begins with two hyphens and the boundary; nil when there is none.
  private func nextDelimiter(_ bytes: Bytes) -> (start: Int, next: Int, isLast: Bool)? {
    var line = position
    while line < end {
      let lineFeed = bytes.find(0x0a, line, end)
      let first = line + 2
      let last = first + boundary.count
      if last <= end, bytes[line] == 0x2d, bytes[line + 1] == 0x2d,
        bytes.isEqual(ByteRange(first, last), boundary)
      {
        let isLast = last + 2 <= end && bytes[last] == 0x2d && bytes[last + 1] == 0x2d
        return (contentEnd(bytes, line), min(lineFeed + 1, end), isLast)
      }
      line = lineFeed + 1
    }
    return nil
  }

  /// The line end before a delimiter belongs to the delimiter.
  private func contentEnd(_ bytes: Bytes, _ line: Int) -> Int {
    var stop = line
    if stop > position, bytes[stop - 1] == 0x0a { stop -= 1 }
    if stop > position, bytes[stop - 1] == 0x0d { stop -= 1 }
    return stop
  }

  private static func part(_ bytes: Bytes, _ range: ByteRange) -> Part {
    var part = Part()
    var line = range.start
    while line < range.end {
      let lineFeed = bytes.find(0x0a, line, range.end)
      let text = bytes.trimmed(line, lineFeed)
      line = min(lineFeed + 1, range.end)
      if text.isEmpty { break }
      readHeader(bytes, text, &part)
    }
    part.content = ByteRange(line, range.end)
    return part
  }

  private static func readHeader(_ bytes: Bytes, _ line: ByteRange, _ part: inout Part) {
    let colon = bytes.find(UInt8(ascii: ":"), line.start, line.end)
    let name = bytes.trimmed(line.start, colon)
    guard colon < line.end, !name.isEmpty else { return }
    let value = bytes.trimmed(colon + 1, line.end)
    switch SIPNameTable.shared.resolve(SIPNameDigest(bytes, name)).name {
    case .contentType:
      part.contentType = value
      part.mediaType = bytes.trimmed(value.start, bytes.find(UInt8(ascii: ";"), value.start, value.end))
    case .contentEncoding: part.isEncoded = !SIPMessage.isIdentity(bytes, value)
    default: break
    }
  }
}
