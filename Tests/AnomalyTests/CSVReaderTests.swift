import Testing
import Values

@testable import Anomaly

/// Tables as they come in.
@Suite struct CSVReaderTests {
  /// A source that hands out pieces of a text that end at the given places.
  private static func source(_ bytes: [UInt8], cuts: [Int] = []) -> ByteSource {
    var pieces: [[UInt8]] = []
    var first = 0
    for cut in cuts + [bytes.count] where cut > first {
      pieces.append(Array(bytes[first..<cut]))
      first = cut
    }
    var next = 0
    return ByteSource(name: "t.csv") {
      defer { next += 1 }
      return next < pieces.count ? pieces[next] : []
    }
  }

  private static func rows(_ source: ByteSource) throws -> [[String]] {
    var reader = try CSVReader(source)
    var rows = [reader.columns]
    while try reader.next() { rows.append(reader.columns.indices.map { reader.text($0) }) }
    return rows
  }

  private static func rows(_ text: String, cuts: [Int] = []) throws -> [[String]] {
    try rows(source(Array(text.utf8), cuts: cuts))
  }

  static let tables: [(text: String, rows: [[String]])] = [
    ("a,b\n1,2\n3,4\n", [["a", "b"], ["1", "2"], ["3", "4"]]),
    ("a,b\r\n1,2\r\n3,4", [["a", "b"], ["1", "2"], ["3", "4"]]),
    ("a,b\n,\n\"\",x\n", [["a", "b"], ["", ""], ["", "x"]]),
    ("\u{feff}a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("\"a\",\"b \"\"c\"\"\"\n\"1,5\",\"two\nlines\r\n\"\n", [["a", "b \"c\""], ["1,5", "two\nlines\r\n"]]),
    (" a ,\tb\n 1 , 2\n", [["a", "b"], [" 1 ", " 2"]]),
    ("a\n1\n\n3\n", [["a"], ["1"], [""], ["3"]]),
    ("a\r\n\r\n\"\"\r\n", [["a"], [""], [""]]),
    ("a,b\n1,2\n\n\r\n\n", [["a", "b"], ["1", "2"]]),
    ("a,b\n", [["a", "b"]]),
    ("a,b", [["a", "b"]]),
    ("a,b\r", [["a", "b"]]),
    ("0,1,2\n5,6,7\n", [["0", "1", "2"], ["5", "6", "7"]]),
    ("naïve,ключ\né,ж\n", [["naïve", "ключ"], ["é", "ж"]]),
    ("a,b\n1,\n2,", [["a", "b"], ["1", ""], ["2", ""]]),
  ]

  @Test(arguments: tables.indices)
  func `a table is its rows, wherever its chunks end`(index: Int) throws {
    let (text, expected) = Self.tables[index]
    #expect(try Self.rows(text) == expected)
    let count = text.utf8.count
    for cut in 1..<count { #expect(try Self.rows(text, cuts: [cut]) == expected, "cut at \(cut)") }
    #expect(try Self.rows(text, cuts: Array(1..<count)) == expected, "byte by byte")
  }

  static let faults: [(text: String, message: String)] = [
    ("", "t.csv: error: the file is empty; a table begins with a line of column names"),
    ("\u{feff}", "t.csv: error: the file is empty; a table begins with a line of column names"),
    ("\n", "t.csv:1:1: error: column 1 has no name; name it, or write the table without its index"),
    (",a\n", "t.csv:1:1: error: column 1 has no name; name it, or write the table without its index"),
    ("a,b,a\n", "t.csv:1:5: error: there is a column 'a' already; give each column a name of its own"),
    (
      "1.5,2\n3,4\n",
      "t.csv:1:1: error: the first line is no header but numbers; begin the table with a line of column names"
    ),
    ("a\u{0},b\n", "t.csv:1: error: the header is no text; name a CSV file"),
    (
      "a,b\n1\n",
      "t.csv:2:2: error: this row has 1 cell, the header 2; give each row one cell a column; a comma in a text needs quotes around the text"
    ),
    (
      "a,b\n1,2\n1,2,3\n",
      "t.csv:3:5: error: this row has 3 cells, the header 2; give each row one cell a column; a comma in a text needs quotes around the text"
    ),
    (
      "a,b\n\n1,2\n",
      "t.csv:2:1: error: this row has 0 cells, the header 2; give each row one cell a column; a comma in a text needs quotes around the text"
    ),
    (
      "a,b\n1,\"x",
      "t.csv:2:3: error: the quotes of this cell never close; close them, and double the quotes within a text"
    ),
    (
      "a,b\n1,\"x\"y\n",
      "t.csv:2:6: error: text behind the closing quote of a cell; double the quotes within a text"
    ),
    (
      "a,b\n1,x\"y\"\n",
      "t.csv:2:4: error: a quote within a cell that does not begin with one; put the whole text in quotes and double those within"
    ),
    ("a,b\r1,2\r", "t.csv:1:5: error: a carriage return without a line feed; end lines in LF or CRLF"),
  ]

  @Test(arguments: faults.indices)
  func `a fault names its place, its cause and the remedy, wherever its chunks end`(index: Int) {
    let (text, message) = Self.faults[index]
    for cuts in [[], Array(stride(from: 1, to: text.utf8.count, by: 1))] {
      let error = #expect(throws: TableError.self) { _ = try Self.rows(text, cuts: cuts) }
      #expect(error?.description == message)
    }
  }

  @Test(arguments: [
    ("x", "is no number"), ("1;2", "is no number"), ("inf", "is not finite"), ("1e999", "is not finite"),
  ])
  func `a cell that is no number is shown with its column`(cell: String, fault: String) throws {
    var reader = try CSVReader(Self.source(Array("first,second\n\"a\nb\",\(cell)\n".utf8)))
    #expect(try reader.next())
    let error = #expect(throws: TableError.self) { try reader.number(1) }
    #expect(error?.description.hasPrefix("t.csv:3:4: error: '\(cell)' in column 'second' \(fault); ") == true)
  }

  @Test func `a row without an end is given up`() throws {
    var given = 0
    let endless = ByteSource(name: "t.csv") {
      given += 1
      return given == 1 ? Array("a,b\n1,\"".utf8) : Array(repeating: 0x41, count: 1 << 16)
    }
    var reader = try CSVReader(endless)
    let error = #expect(throws: TableError.self) { try reader.next() }
    #expect(
      error?.description
        == "t.csv:2: error: a row of more than 1048576 bytes; is this a CSV file, and do its quotes close?")
    #expect(given < 20)
  }

  @Test func `a row of nothing but commas is given up too`() throws {
    var given = 0
    let endless = ByteSource(name: "t.csv") {
      given += 1
      return given == 1 ? Array("a,b\n".utf8) : Array(repeating: UInt8(ascii: ","), count: 1 << 16)
    }
    var reader = try CSVReader(endless)
    #expect(throws: TableError.self) { try reader.next() }
    #expect(given < 40)
  }

  @Test func `any bytes are read or refused, the same byte by byte`() {
    let seed: UInt64 = 41_804
    var random = RandomSource(seed: seed)
    let alphabet = Array("a1,,\"\"\n\n\r\u{feff}é .-e".utf8) + [0, 0xff]
    for round in 0..<3000 {
      let bytes = (0..<random.below(40)).map { _ in alphabet[random.below(alphabet.count)] }
      let table = Array("a,b\n".utf8) + bytes
      #expect(
        Self.told(table, cuts: []) == Self.told(table, cuts: Array(1..<table.count)),
        "seed \(seed), round \(round): \(table)")
    }
  }

  /// The rows or the error, as text.
  private static func told(_ bytes: [UInt8], cuts: [Int]) -> String {
    do {
      return "\(try rows(source(bytes, cuts: cuts)))"
    } catch {
      return "\(error)"
    }
  }
}
