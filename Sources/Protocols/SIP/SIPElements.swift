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
    guard bytes.index(of: UInt8(ascii: ","), position, end) != nil else { return end }
    var index = position
    defer { Work.count(index - position) }
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: ","):
        return index
      case UInt8(ascii: "\"") where quotesMayClose:
        let close = bytes.skipQuotedString(index, end)
        quotesMayClose = close != nil
        index = close ?? index + 1
      case UInt8(ascii: "<") where bracketsMayClose:
        let close = bytes.index(of: UInt8(ascii: ">"), index, end)
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

  /// Whether a value that a list gave stood in quotes, so that a backslash in it is none (RFC 3261 §25.1).
  public static func isQuoted(_ value: ByteRange, in bytes: Bytes) -> Bool {
    value.start > 0 && !value.isEmpty && bytes[value.start - 1] == UInt8(ascii: "\"")
  }
}

/// Walks through parameters separated by semicolons (or commas, as in credentials), linear in length.
public struct SIPParameters: Sendable {
  private var position: Int
  private let end: Int
  private let separator: UInt8
  /// Whether an empty parameter, an unclosed quote or a value without a name was met.
  public private(set) var isMalformed: Bool

  /// The parameters in a range that begins behind the first separator.
  public init(_ range: ByteRange, separator: UInt8 = UInt8(ascii: ";")) {
    position = range.start
    end = range.end
    self.separator = separator
    isMalformed = range.isEmpty
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
    var stop = bytes.find(separator, start, end)
    let equals = bytes.find(UInt8(ascii: "="), start, stop)
    parameter.name = bytes.trimmed(start, equals)
    if equals < stop {
      parameter.hasValue = true
      let valueStart = bytes.skipWhitespace(equals + 1, end)
      if valueStart < end, bytes[valueStart] == UInt8(ascii: "\"") {
        stop = scanQuoted(bytes, valueStart, stop, &parameter)
      } else {
        parameter.value = bytes.trimmed(min(valueStart, stop), stop)
      }
    }
    // A separator with nothing behind it announces a parameter that is not there.
    if stop + 1 == end { isMalformed = true }
    position = stop + 1
    return parameter
  }

  /// A quoted value may contain separators, so its own end decides; gives the separator behind it.
  private mutating func scanQuoted(
    _ bytes: Bytes, _ start: Int, _ stop: Int, _ parameter: inout SIPParameter
  ) -> Int {
    // This fails once at most: the quote of any later value would have closed this string.
    guard let close = bytes.skipQuotedString(start, end) else {
      isMalformed = true
      parameter.value = bytes.trimmed(start, max(start, stop))
      return max(start, stop)
    }
    parameter.value = ByteRange(start + 1, close - 1)
    let next = bytes.find(separator, close, end)
    if bytes.skipWhitespace(close, next) != next { isMalformed = true }
    return next
  }
}
