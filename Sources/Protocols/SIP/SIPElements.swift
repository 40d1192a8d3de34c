public import Packets
public import Values

/// Walks through the elements of a comma-separated header value, one after the other.
///
/// Commas in quoted strings and in angle brackets do not separate. A quote or bracket that is never
/// closed is looked for once only, so the whole walk is linear in the length of the value.
public struct SIPElements: Sendable {
  private var position: Int
  private let end: Int
  private var quotesMayClose = true
  private var bracketsMayClose = true

  /// The elements of a header value.
  public init(_ value: ByteRange) {
    position = value.start
    end = value.end
  }

  /// The next element without outer white space, possibly empty; nil at the end.
  public mutating func next(in bytes: Bytes) -> ByteRange? {
    guard position <= end else { return nil }
    let start = position
    let stop = elementEnd(bytes)
    position = stop + 1
    return bytes.trimmed(start, stop)
  }

  private mutating func elementEnd(_ bytes: Bytes) -> Int {
    guard bytes.firstIndex(of: UInt8(ascii: ","), in: position..<end) != nil else { return end }
    var index = position
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: ","):
        return index
      case UInt8(ascii: "\"") where quotesMayClose:
        let close = bytes.skipQuotedString(index, end)
        quotesMayClose = close != nil
        index = close ?? index + 1
      case UInt8(ascii: "<") where bracketsMayClose:
        let close = bytes.firstIndex(of: UInt8(ascii: ">"), in: index..<end)
        bracketsMayClose = close != nil
        index = close ?? index + 1
      default:
        index += 1
      }
    }
    return end
  }
}

/// One `name=value` of a header or URI parameter list; a quoted value is given without its quotes.
public struct SIPParameter: Sendable, Equatable {
  /// The name.
  public var name = ByteRange()
  /// The value, empty when there is none.
  public var value = ByteRange()
  /// Whether an equals sign follows the name.
  public var hasValue = false
}

/// Walks through parameters separated by semicolons (or commas, as in credentials), linear in length.
public struct SIPParameters: Sendable {
  private var position: Int
  private let end: Int
  private let separator: UInt8
  private var quotesMayClose = true
  /// Whether an empty parameter, an unclosed quote or a value without a name was met.
  public private(set) var isMalformed = false

  /// The parameters in a range that begins behind the first separator.
  public init(_ range: ByteRange, separator: UInt8 = UInt8(ascii: ";")) {
    position = range.start
    end = range.end
    self.separator = separator
  }

  /// The next parameter that is not empty; nil at the end.
  public mutating func next(in bytes: Bytes) -> SIPParameter? {
    while position < end {
      let parameter = scan(bytes)
      if parameter.name.isEmpty {
        isMalformed = true
        continue
      }
      return parameter
    }
    return nil
  }

  private mutating func scan(_ bytes: Bytes) -> SIPParameter {
    var parameter = SIPParameter()
    let start = bytes.skipWhitespace(position, end)
    var index = start
    while index < end, bytes[index] != separator, bytes[index] != UInt8(ascii: "=") { index += 1 }
    parameter.name = bytes.trimmed(start, index)
    if index < end, bytes[index] == UInt8(ascii: "=") {
      parameter.hasValue = true
      index = bytes.skipWhitespace(index + 1, end)
      if index < end, bytes[index] == UInt8(ascii: "\""), quotesMayClose {
        if let close = bytes.skipQuotedString(index, end) {
          parameter.value = ByteRange(index + 1, close - 1)
          index = close
          let rest = index
          while index < end, bytes[index] != separator { index += 1 }
          if !bytes.trimmed(rest, index).isEmpty { isMalformed = true }
          position = index + 1
          return parameter
        }
        quotesMayClose = false
        isMalformed = true
      }
      let valueStart = index
      while index < end, bytes[index] != separator { index += 1 }
      parameter.value = bytes.trimmed(valueStart, index)
    }
    // A separator with nothing behind it announces a parameter that is not there.
    if index + 1 == end { isMalformed = true }
    position = index + 1
    return parameter
  }
}
