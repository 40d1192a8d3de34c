import Foundation
import TestCaptures
import Testing

@testable import Anomaly

/// Tables of numbers in memory, and tables that are written.
@Suite struct TableTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func table(_ text: String, _ choose: (inout NumericTable.Choice) -> Void = { _ in }) throws
    -> NumericTable
  {
    var choice = NumericTable.Choice()
    choose(&choice)
    return try NumericTable(path: folder.write(text, as: "t.csv"), choice: choice)
  }

  @Test func `columns that say whose row it is are no features`() throws {
    let table = try table("src,hour,a,b,label\n192.0.2.1,0,1,2,0\n192.0.2.2,x,3,4,\n")
    #expect(table.columns == ["a", "b"])
    #expect(table.values == [1, 2, 3, 4])
    #expect(table.rowCount == 2)
  }

  @Test func `columns are chosen, left out and kept by name`() throws {
    let text = "src,hour,a,b\np,7,1,2\nq,8,3,4\n"
    #expect(try table(text) { $0.only = ["b", "hour"] }.values == [2, 7, 4, 8])
    #expect(try table(text) { $0.ignored = ["a"] }.values == [2, 4])
    #expect(try table(text) { $0.kept = ["hour", "src"] }.keptTexts == ["7", "p", "8", "q"])
  }

  @Test(arguments: [
    ("a,b\n1,2\n", ["x"], "there is no column 'x'; the columns are a, b"),
    (
      "src,label\nx,0\n", [],
      "no column is left to be a feature; name one with --columns; src, hour, label are none by themselves"
    ),
  ])
  func `a choice that cannot be is refused`(text: String, ignored: [String], message: String) {
    let error = #expect(throws: TableError.self) { try table(text) { $0.ignored = ignored } }
    #expect(
      error?.description.hasSuffix("t.csv:1: error: \(message)") == true, "\(String(describing: error))")
  }

  @Test func `what is undefined becomes the median of its column`() throws {
    var table = try table("a,b,c\n1,,\n2,5,\n10,7,\n,,\n")
    #expect(table.medians() == [2, 6, 0])
    table.fillUndefined(with: table.medians())
    #expect(table.values == [1, 6, 0, 2, 5, 0, 10, 7, 0, 2, 6, 0])
  }

  @Test func `a file that is not there or is a folder is named`() {
    for path in [folder.path("none.csv"), folder.url.path] {
      let error = #expect(throws: TableError.self) { try CSVReader(path: path) }
      #expect(error?.path == path)
    }
  }

  // MARK: - Writing

  @Test func `what is written is read again`() throws {
    let path = folder.path("out.csv")
    let writer = try TableWriter(path: path, columns: ["plain", "comma, \"quote\"", "n"])
    for (text, number) in [("a,b", 0.5), ("c\n\"d\"", -1), ("", Double.nan)] {
      writer.append(text: text)
      writer.append(text: "x")
      writer.append(number)
      try writer.endRow()
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    try writer.finish()
    #expect(folder.contents() == ["out.csv"])
    var reader = try CSVReader(path: path)
    #expect(reader.columns == ["plain", "comma, \"quote\"", "n"])
    #expect(try reader.next())
    #expect(reader.text(0) == "a,b" && reader.text(2) == "0.5")
    #expect(try reader.next())
    #expect(reader.text(0) == "c\n\"d\"" && reader.text(2) == "-1")
    #expect(try reader.next())
    #expect(reader.text(0).isEmpty && reader.text(2).isEmpty)
    #expect(try !reader.next())
  }

  @Test func `a writer that is given up leaves what was there`() throws {
    let path = try folder.write("old", as: "out.csv")
    do {
      let writer = try TableWriter(path: path, columns: ["a"])
      writer.append(1.0)
      try writer.endRow()
    }
    #expect(folder.contents() == ["out.csv"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }

  @Test func `a link is followed, and a device is no file to be replaced`() throws {
    let target = try folder.write("old", as: "target.csv")
    let link = folder.path("link.csv")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    try TableWriter(path: link, columns: ["a"]).finish()
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "a\n")
    try TableWriter(path: "/dev/null", columns: ["a"]).finish()
    let kind = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
    #expect(kind == .typeCharacterSpecial)
  }

  @Test func `a place that cannot be written to is named before the work`() {
    for path in [folder.path("no/such/folder.csv"), folder.url.path] {
      let error = #expect(throws: TableError.self) { _ = try TableWriter(path: path, columns: ["a"]) }
      #expect(error?.path == path)
    }
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1, "1"), (0.5, "0.5"), (0.123_456_4, "0.123456"), (0.123_456_6, "0.123457"),
    (-1e-9, "0"), (-2.25, "-2.25"), (123_456.789, "123456.789"), (0.000_001, "0.000001"), (0.999_999_9, "1"),
    (8_999_999_999_999, "8999999999999"), (1e18, "1e+18"), (-1.5e300, "-1.5e+300"), (.infinity, ""),
    (.nan, ""),
  ])
  func `numbers are written with six decimals at the most`(number: Double, text: String) throws {
    let path = folder.path("out.csv")
    let writer = try TableWriter(path: path, columns: ["a"])
    writer.append(number)
    try writer.endRow()
    try writer.finish()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a\n\(text)\n")
  }
}
