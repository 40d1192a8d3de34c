/// Cuts bytes into rows and cells by the rules of RFC 4180, wherever the chunks of the source end.
struct CSVScanner {
  /// The longest row in bytes.
  static let rowLimit = 1 << 20

  /// A place in the file, from line 1 and byte 1.
  struct Place: Equatable {
    var line = 1
    var column = 1
  }

  /// One cell of the row: where its bytes end in `bytes`, and where it begins in the file.
  struct Cell {
    var end: Int
    var place: Place
  }

  private enum State {
    case cellStart, plain, quoted, quoteInQuoted, carriageReturn
  }

  /// The bytes of the cells of the current row, one behind the other, without their quotes.
  private(set) var bytes: [UInt8] = []
  /// The cells of the current row.
  private(set) var cells: [Cell] = []
  /// Whether the current row is a line without anything.
  private(set) var isBlank = false
  /// Where the current row ends.
  private(set) var rowEnd = Place()

  /// The name of the source.
  let name: String
  private let source: ByteSource
  private var chunk: [UInt8] = []
  private var position = 0
  /// The place of the byte at `position`.
  private var place = Place()
  private var cellPlace = Place()
  private var state = State.cellStart

  init(_ source: ByteSource) throws(TableError) {
    self.source = source
    name = source.name
    chunk = try source.read()
    // A pipe may hand out the first bytes one by one.
    while chunk.count < 3, chunk.first == 0xef {
      let more = try source.read()
      if more.isEmpty { break }
      chunk += more
    }
    // The byte order mark of UTF-8.
    if chunk.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
  }

  /// Reads the next row; false at the end.
  mutating func next() throws(TableError) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    state = .cellStart
    cellPlace = place
    isBlank = false
    while true {
      if position == chunk.count {
        chunk = try source.read()
        position = 0
        if chunk.isEmpty { return try finish() }
      }
      if try scanChunk() { return true }
      if bytes.count > Self.rowLimit || cells.count > Self.rowLimit { throw tooLong() }
    }
  }

  /// Goes through the chunk up to the end of the row, of the chunk, or of what a row may be; says whether the
  /// row is complete.
  private mutating func scanChunk() throws(TableError) -> Bool {
    while position < chunk.count {
      let byte = chunk[position]
      switch state {
      case .cellStart, .plain:
        if byte == UInt8(ascii: ",") {
          endCell()
        } else if byte == UInt8(ascii: "\n") {
          return endRow()
        } else if byte == UInt8(ascii: "\r") {
          step()
          state = .carriageReturn
        } else if byte == UInt8(ascii: "\"") {
          guard state == .cellStart else { throw strayQuote() }
          step()
          state = .quoted
        } else {
          state = .plain
          takeRun()
        }
      case .quoted:
        if byte == UInt8(ascii: "\"") {
          step()
          state = .quoteInQuoted
        } else {
          takeQuotedRun()
        }
      case .quoteInQuoted:
        switch byte {
        case UInt8(ascii: "\""):
          bytes.append(byte)
          step()
          state = .quoted
        case UInt8(ascii: ","): endCell()
        case UInt8(ascii: "\n"): return endRow()
        case UInt8(ascii: "\r"):
          step()
          state = .carriageReturn
        default: throw fault("text behind the closing quote of a cell", "double the quotes within a text")
        }
      case .carriageReturn:
        guard byte == UInt8(ascii: "\n") else {
          throw fault("a carriage return without a line feed", "end lines in LF or CRLF")
        }
        return endRow()
      }
      if bytes.count > Self.rowLimit { return false }
    }
    return false
  }

  /// Takes bytes up to one that means something.
  private mutating func takeRun() {
    var end = position
    while end < chunk.count {
      let byte = chunk[end]
      // Comma 2c, quote 22, LF 0a and CR 0d are all at or below the comma, which digits are not.
      if byte <= 0x2c, byte == 0x2c || byte == 0x22 || byte == 0x0a || byte == 0x0d { break }
      end += 1
    }
    bytes.append(contentsOf: chunk[position..<end])
    place.column += end - position
    position = end
  }

  private mutating func takeQuotedRun() {
    var end = position
    while end < chunk.count, chunk[end] != UInt8(ascii: "\"") {
      place.column += 1
      if chunk[end] == UInt8(ascii: "\n") { place = Place(line: place.line + 1) }
      end += 1
    }
    bytes.append(contentsOf: chunk[position..<end])
    position = end
  }

  private mutating func step() {
    position += 1
    place.column += 1
  }

  private mutating func endCell() {
    cells.append(Cell(end: bytes.count, place: cellPlace))
    step()
    cellPlace = place
    state = .cellStart
  }

  private mutating func endRow() -> Bool {
    rowEnd = place
    isBlank =
      cells.isEmpty && bytes.isEmpty && cellPlace.line == place.line && place.column <= 2
      && state != .quoteInQuoted
    cells.append(Cell(end: bytes.count, place: cellPlace))
    position += 1
    place = Place(line: place.line + 1)
    return true
  }

  /// The end of the file: the last line need not end in a line break.
  private mutating func finish() throws(TableError) -> Bool {
    if state == .quoted {
      throw TableError(
        path: name, line: cellPlace.line, column: cellPlace.column,
        cause: "the quotes of this cell never close",
        remedy: "close them, and double the quotes within a text")
    }
    if state == .cellStart, cells.isEmpty { return false }
    rowEnd = place
    cells.append(Cell(end: bytes.count, place: cellPlace))
    return true
  }

  private func fault(_ cause: String, _ remedy: String) -> TableError {
    TableError(path: name, line: place.line, column: place.column, cause: cause, remedy: remedy)
  }

  private func strayQuote() -> TableError {
    fault(
      "a quote within a cell that does not begin with one",
      "put the whole text in quotes and double those within")
  }

  private func tooLong() -> TableError {
    TableError(
      path: name, line: rowEnd == Place() ? 1 : rowEnd.line + 1,
      cause: "a row of more than \(Self.rowLimit) bytes",
      remedy: "is this a CSV file, and do its quotes close?")
  }
}
