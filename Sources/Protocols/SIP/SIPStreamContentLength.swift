import Packets
import Values

/// Finds the Content-Length while the header lines of a message go by.
struct SIPStreamContentLength: Sendable {
  private(set) var value: Int?
  private var hasContentType = false
  private var isPending = false

  /// Whether the message announces a body without saying how long it is.
  var isBodyUnframed: Bool { value == nil && hasContentType }

  /// Takes the next header line, without its end.
  mutating func read(_ bytes: Bytes, _ start: Int, _ end: Int) {
    guard start < end else { return }
    if bytes[start] == 0x20 || bytes[start] == 0x09 {
      // A folded Content-Length has its number on the next line.
      if isPending { readNumber(bytes, start, end) }
      return
    }
    isPending = false
    // Only names with these letters are looked at any further.
    let letter = bytes[start] | 0x20
    guard letter == UInt8(ascii: "c") || letter == UInt8(ascii: "l") else { return }
    let colon = bytes.find(UInt8(ascii: ":"), start, end)
    let name = bytes.trimmed(start, colon)
    guard colon < end, !name.isEmpty else { return }
    switch SIPNameTable.shared.resolve(SIPNameDigest(bytes, name)).name {
    case .contentLength: readNumber(bytes, colon + 1, end)
    case .contentType: hasContentType = true
    default: break
    }
  }

  /// The first number counts, as it does for the parser; a negative or odd one is none.
  private mutating func readNumber(_ bytes: Bytes, _ start: Int, _ end: Int) {
    let digits = bytes.trimmed(start, end)
    isPending = digits.isEmpty
    guard value == nil else { return }
    value = bytes.decimal(digits, upTo: UInt64(UInt32.max)).map { Int($0) }
  }
}
