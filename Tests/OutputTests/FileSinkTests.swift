import Foundation
import Output
import TestCaptures
import Testing

/// Log files.
@Suite struct FileSinkTests {
  @Test func `a line that a crash cut is ended before the next one`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("{\"a\":1}\n{\"b".utf8), as: "eve.json")
    let sink = try FileSink(path: path, overwrite: false)
    try sink.write(Array("{\"c\":3}\n".utf8).span)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"a\":1}\n{\"b\n{\"c\":3}\n")
  }

  @Test func `whole lines, an empty file and one that begins anew get nothing in between`() throws {
    let folder = try TemporaryFolder()
    for (before, overwrite, after) in [
      ("{}\n", false, "{}\nx\n"), ("", false, "x\n"), ("{", true, "x\n"),
    ] {
      let path = try folder.write(Array(before.utf8), as: "eve.json")
      let sink = try FileSink(path: path, overwrite: overwrite)
      try sink.write(Array("x\n".utf8).span)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == after)
    }
  }

  @Test func `a file that is moved away keeps its lines, and the new one begins with the next`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([], as: "eve.json")
    let sink = try FileSink(path: path, overwrite: false)
    try sink.write(Array("a\n".utf8).span)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try sink.reopen()
    try sink.write(Array("b\n".utf8).span)
    #expect(try String(contentsOfFile: path + ".1", encoding: .utf8) == "a\n")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "b\n")
  }
}
