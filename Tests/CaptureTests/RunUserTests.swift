import Capture
import Foundation
import TestCaptures
import Testing

/// Users by name, and the folders that are made for them.
@Suite struct RunUserTests {
  private static func problem(_ name: String) -> String? {
    do throws(RunUserError) {
      _ = try RunUser(name)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `a user has the numbers of the user database`() throws {
    let lines = try String(contentsOfFile: "/etc/passwd", encoding: .utf8).split(separator: "\n")
    let entries = lines.map { $0.split(separator: ":", omittingEmptySubsequences: false) }
    let users = entries.filter { $0.count == 7 && $0[2] != "0" }
    try #require(!users.isEmpty)
    for entry in users {
      let user = try RunUser(String(entry[0]))
      #expect(user.name == entry[0])
      #expect(String(user.userID) == entry[2])
      #expect(String(user.groupID) == entry[3])
    }
  }

  @Test(arguments: ["nosuch-user-here", "", "no such user", "nobody\0", "../passwd", "65534"])
  func `an unknown user is told with a remedy`(name: String) {
    #expect(
      Self.problem(name)
        == "user '\(name)': there is no such user; make it ('useradd --system ringwatch') or name another one"
    )
  }

  @Test func `a name that is longer than any room is unknown`() {
    #expect(Self.problem(String(repeating: "n", count: 1 << 21))?.contains("there is no such user") == true)
  }

  @Test func `root is refused, since nothing would be given away`() {
    #expect(
      Self.problem("root") == "user 'root': it is root, whose rights would stay; name a user without rights")
  }

  @Test(.enabled(if: getuid() != 0, "root may become another user"))
  func `only root can become another user`() throws {
    let user = try RunUser("nobody")
    #expect(throws: RunUserError.self) { try user.requireRoot() }
    #expect(throws: RunUserError.self) { try user.assume() }
  }

  static let needsRoot: Comment = "only root can give folders away"

  private static func owner(of path: String) throws -> UInt32? {
    let owner = try FileManager.default.attributesOfItem(atPath: path)[.ownerAccountID] as? NSNumber
    return owner?.uint32Value
  }

  @Test(.enabled(if: getuid() == 0, needsRoot))
  func `missing folders are made for the user, those that are there stay as they are`() throws {
    let user = try RunUser("nobody")
    let folder = try TestCaptures.TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("old"), withIntermediateDirectories: false)
    try user.makeFolder(folder.path("old"))
    try user.makeFolder(folder.path("old/new/er"))
    try user.makeFolder(folder.path("old//new/./er/../er/"))
    #expect(try Self.owner(of: folder.path("old")) == 0)
    #expect(try Self.owner(of: folder.path("old/new")) == user.userID)
    #expect(try Self.owner(of: folder.path("old/new/er")) == user.userID)
    #expect(folder.contents() == ["old", "old/new", "old/new/er"])
  }

  @Test(.enabled(if: getuid() == 0, needsRoot))
  func `a link is followed and what it leads to stays as it is, a broken one and a file are errors`() throws {
    let user = try RunUser("nobody")
    let folder = try TestCaptures.TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("real"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: folder.path("real"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("broken"), withDestinationPath: folder.path("nowhere"))
    try folder.write("", as: "file")
    try user.makeFolder(folder.path("link"))
    #expect(try Self.owner(of: folder.path("real")) == 0)
    for name in ["broken", "broken/deep", "file", "file/deep"] {
      #expect(throws: RunUserError.self) { try user.makeFolder(folder.path(name)) }
    }
    #expect(folder.contents() == ["broken", "file", "link", "real"])
  }
}
