/// One rule in the language of Suricata and Snort, as it stands: header and options, nothing interpreted.
struct Signature {
  /// A word with its place, an offset in the file.
  struct Word {
    let text: String
    let place: Int
  }

  /// `name:value;` or `name;`.
  struct Option {
    let name: String
    /// The value without blanks around it; empty without one.
    let value: [UInt8]
    /// Where the name stands.
    let place: Int

    /// The value as text, repaired where it is not UTF-8.
    var text: String { String(decoding: value, as: UTF8.self) }
  }

  /// One side of the header.
  struct Side {
    let addresses: Word
    let ports: Word
  }

  let action: Word
  /// Absent in a rule of Snort 3 about files.
  let protocolName: Word?
  /// Source and destination; absent in a service rule of Snort 3.
  let sides: (source: Side, destination: Side)?
  let isBidirectional: Bool
  let options: [Option]

  /// The first option of a name.
  func option(_ name: String) -> Option? { options.first { $0.name == name } }
}

/// What is wrong with a signature, or cannot be said in the rule language.
struct SignatureFault: Error {
  /// Offset in the file.
  let place: Int
  let message: String
}

/// Reads one signature out of a file.
struct SignatureParser {
  /// The longest signature, in bytes.
  static let maximumLength = 65_536
  /// The most options of one signature.
  static let maximumOptions = 512

  private let bytes: [UInt8]
  private var index: Int
  private let end: Int

  /// The signature in a range of a file.
  static func parse(_ bytes: [UInt8], _ range: Range<Int>) throws(SignatureFault) -> Signature {
    guard range.count <= maximumLength else {
      throw SignatureFault(
        place: range.lowerBound, message: "the rule is longer than \(maximumLength) bytes")
    }
    var parser = SignatureParser(bytes: bytes, index: range.lowerBound, end: range.upperBound)
    return try parser.signature()
  }

  private init(bytes: [UInt8], index: Int, end: Int) {
    self.bytes = bytes
    self.index = index
    self.end = end
  }

  private mutating func signature() throws(SignatureFault) -> Signature {
    let start = index
    let words = try header()
    guard words.count == 7 || (1...2).contains(words.count) else {
      throw SignatureFault(
        place: start,
        message: "the header has \(words.count) words; it has an action, a protocol, addresses, ports, a "
          + "direction, addresses and ports")
    }
    var sides: (Signature.Side, Signature.Side)?
    if words.count == 7 {
      guard ["->", "<>"].contains(words[4].text) else {
        throw SignatureFault(
          place: words[4].place, message: "the direction is '->' or '<>', not \(words[4].text.quoted)")
      }
      sides = (
        Signature.Side(addresses: words[2], ports: words[3]),
        Signature.Side(addresses: words[5], ports: words[6])
      )
    }
    return Signature(
      action: words[0], protocolName: words.count > 1 ? words[1] : nil, sides: sides,
      isBidirectional: words.count == 7 && words[4].text == "<>", options: try options())
  }

  /// The words in front of the bracket that opens the options; blanks inside `[…]` belong to a word.
  private mutating func header() throws(SignatureFault) -> [Signature.Word] {
    var words: [Signature.Word] = []
    while true {
      skipBlanks()
      guard index < end else {
        throw SignatureFault(place: end, message: "the options in '(…)' are missing")
      }
      if bytes[index] == UInt8(ascii: "(") {
        index += 1
        return words
      }
      let start = index
      var depth = 0
      while index < end, depth > 0 || !(Self.isBlank(bytes[index]) || bytes[index] == UInt8(ascii: "(")) {
        if bytes[index] == UInt8(ascii: "[") { depth += 1 }
        if bytes[index] == UInt8(ascii: "]") { depth -= 1 }
        index += 1
      }
      let text = String(
        decoding: bytes[start..<index].filter { !Self.isBlank($0) && $0 != UInt8(ascii: "\\") },
        as: UTF8.self)
      words.append(Signature.Word(text: text, place: start))
    }
  }

  private mutating func options() throws(SignatureFault) -> [Signature.Option] {
    var options: [Signature.Option] = []
    while true {
      skipBlanks()
      guard index < end else { throw SignatureFault(place: end, message: "the closing ')' is missing") }
      if bytes[index] == UInt8(ascii: ")") {
        index += 1
        skipBlanks()
        guard index == end else {
          throw SignatureFault(place: index, message: "text follows behind the closing ')'")
        }
        return options
      }
      options.append(try option())
      guard options.count <= Self.maximumOptions else {
        throw SignatureFault(place: index, message: "more than \(Self.maximumOptions) options")
      }
    }
  }

  private mutating func option() throws(SignatureFault) -> Signature.Option {
    let start = index
    while index < end, bytes[index].isWordByte || bytes[index] == UInt8(ascii: ".") || bytes[index] == 0x2d {
      index += 1
    }
    let name = String(decoding: bytes[start..<index], as: UTF8.self)
    skipBlanks()
    guard !name.isEmpty, index < end, bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: ";")
    else {
      throw SignatureFault(
        place: min(index, end),
        message: name.isEmpty ? "the name of an option is missing" : "':' or ';' is missing behind '\(name)'")
    }
    let hasValue = bytes[index] == UInt8(ascii: ":")
    index += 1
    guard hasValue else { return Signature.Option(name: name, value: [], place: start) }
    return Signature.Option(name: name, value: try value(of: name), place: start)
  }

  /// Everything up to the next `;` that is neither escaped nor in quotes.
  private mutating func value(of name: String) throws(SignatureFault) -> [UInt8] {
    skipBlanks()
    var value: [UInt8] = []
    var quote: Int?
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\"), index + 1 < end {
        if let next = continuation(at: index) {
          index = next
          continue
        }
        value += [byte, bytes[index + 1]]
        index += 2
        continue
      }
      if byte == UInt8(ascii: "\"") { quote = quote == nil ? index : nil }
      if byte == UInt8(ascii: ";"), quote == nil {
        index += 1
        while let last = value.last, Self.isBlank(last) { value.removeLast() }
        return value
      }
      value.append(byte)
      index += 1
    }
    throw SignatureFault(
      place: quote ?? end,
      message: quote == nil ? "';' is missing behind '\(name)'" : "the quote that opens here is not closed")
  }

  // MARK: Blanks

  /// Where text goes on when a line ends here with a backslash.
  private func continuation(at place: Int) -> Int? {
    var next = place + 1
    if next < end, bytes[next] == UInt8(ascii: "\r") { next += 1 }
    guard next < end, bytes[next] == UInt8(ascii: "\n") else { return nil }
    next += 1
    while next < end, Self.isBlank(bytes[next]) { next += 1 }
    return next
  }

  private mutating func skipBlanks() {
    while index < end {
      if Self.isBlank(bytes[index]) {
        index += 1
      } else if bytes[index] == UInt8(ascii: "\\"), let next = continuation(at: index) {
        index = next
      } else {
        return
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }
}
