import Foundation
import Testing
import Values

@testable import Rules

private func rule(_ id: String, _ sid: Int) -> String {
  "rules:\n  - {id: \(id), sid: \(sid), title: T, event: sip}\n"
}

@Suite struct RuleLoaderTests {
  @Test func `a folder is read in sorted order with its subfolders`() throws {
    let folder = try TemporaryFolder()
    try folder.write(rule("c", 3), to: "b/c.yml")
    try folder.write(rule("d", 4), to: "c.yaml")
    try folder.write(rule("a", 1), to: "a.yaml")
    try folder.write(rule("b", 2), to: "b/b.yaml")
    try folder.write("no rule file", to: "b/readme.txt")
    try folder.write("rules: [", to: ".hidden.yaml")
    let loaded = RuleLoader().load([folder.path])
    #expect(messages(loaded) == [])
    #expect(loaded.rules.map(\.id.value) == ["a", "b", "c", "d"])
  }

  @Test func `a file that is reached twice is loaded once, and folder loops end`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(rule("a", 1), to: "sub/a.yaml")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/sub/loop", withDestinationPath: folder.path)
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/b.yaml", withDestinationPath: path)
    let loaded = RuleLoader().load([path, folder.path, folder.path + "/"])
    #expect(loaded.rules.map(\.id.value) == ["a"])
  }

  @Test func `paths that lead nowhere are reported in order with the rest`() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write(rule("a", 1), to: "a.yaml")
    let bad = try folder.write("rules: 1\n", to: "b.yaml")
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/empty", withIntermediateDirectories: false)
    let missing = "\(folder.path)/missing.yaml"
    let loaded = RuleLoader().load([missing, good, "\(folder.path)/empty", bad])
    #expect(
      loaded.report.diagnostics.map(\.code.rawValue) == ["file-not-found", "no-rule-files", "wrong-type"])
    #expect(loaded.report.renderText().hasPrefix("\(missing): error: there is no file '\(missing)'\n"))
  }

  @Test func `a pipe is refused without waiting for a writer`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/pipe.yaml"
    let process = try Process.run(URL(filePath: "/usr/bin/mkfifo"), arguments: [path])
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let loaded = RuleLoader().load([path])
    #expect(loaded.report.diagnostics.map(\.code.rawValue) == ["not-a-file"])
  }

  @Test func `a file without read permission says so`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(rule("a", 1), to: "a.yaml")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    // The superuser may read everything.
    guard !FileManager.default.isReadableFile(atPath: path) else { return }
    let loaded = RuleLoader().load([path])
    #expect(loaded.report.diagnostics.map(\.code.rawValue) == ["file-unreadable"])
  }

  @Test func `a line of 100 MB is one error with a place`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/big.yaml"
    var line = Data("when: ".utf8)
    line.append(Data(repeating: UInt8(ascii: "x"), count: 100_000_000))
    try line.write(to: URL(filePath: path))
    var loader = RuleLoader()
    let refused = loader.load([path]).report
    let expected = """
      big.yaml:1:4194305: error: the file has 100000006 bytes, which is more than the limit of 4194304
          1 | …\(String(repeating: "x", count: 106))
            | \(String(repeating: " ", count: 106))^
            = help: split the file, or move data to list files

      """
    #expect(refused.renderText().replacing("\(folder.path)/", with: "") == expected)
    // With a larger limit it is the line that is too long, and the excerpt stays small.
    try line.prefix(8_000_000).write(to: URL(filePath: path))
    loader.options.maximumRuleFileSize = 16 << 20
    let report = loader.load([path]).report
    #expect(report.diagnostics.map(\.code.rawValue) == ["line-too-long"])
    #expect(report.renderText().utf8.count < 1000)
    #expect(report.renderText().contains("big.yaml:1:65537: error: the line is longer than 65536 bytes"))
  }

  @Test func `ids, sids and names are unique over all files`() throws {
    let first = SourceFile(
      "a.yaml",
      text: rule("one", 1) + "macros: {m: a == 1}\nlists: {l: {type: ip, items: [192.0.2.1]}}\n"
        + "schedules: {s: {zone: UTC, any_of: [{days: [mon]}]}}\n")
    let second = SourceFile(
      "b.yaml",
      text: rule("one", 1) + "macros: {m: a == 2}\nlists: {l: {type: ip, items: [192.0.2.2]}}\n"
        + "schedules: {s: {zone: UTC, any_of: [{days: [tue]}]}}\n")
    let loaded = RuleLoader().load(files: [first, second])
    #expect(
      messages(loaded) == [
        "the rule id 'one' is already used at a.yaml:2:10", "the sid 1 is already used at a.yaml:2:20",
        "the macro 'm' is already used at a.yaml:3:10", "the list 'l' is already used at a.yaml:4:9",
        "the schedule 's' is already used at a.yaml:5:13",
      ])
    #expect(loaded.macros.map(\.body.text) == ["a == 1"])
  }

  @Test func `a list may stand in two files that say the same of it`() {
    func file(_ name: String, _ list: String) -> SourceFile {
      SourceFile(name, text: "lists: {l: \(list)}\n")
    }
    let list = "{type: text, items: [a, b]}"
    let same = RuleLoader().load(files: [file("a.yaml", list), file("b.yaml", list)])
    #expect(messages(same) == [] && same.lists.count == 1)
    for other in [
      "{type: glob, items: [a, b]}", "{type: text, items: [a]}",
      "{type: text, items: [a, b], fold_case: true}",
    ] {
      let loaded = RuleLoader().load(files: [file("a.yaml", list), file("b.yaml", other)])
      #expect(messages(loaded) == ["the list 'l' is already used at a.yaml:1:9"])
    }
  }

  @Test func `list files are found beside the rule file`() throws {
    let folder = try TemporaryFolder()
    try folder.write("192.0.2.0/24\n# comment\n\n198.51.100.7 note=x\n", to: "rules/lists/nets.txt")
    let path = try folder.write(
      "lists: {nets: {type: cidr, file: lists/nets.txt, items: [10.0.0.0/8]}}\n", to: "rules/a.yaml")
    let loaded = RuleLoader().load([path])
    #expect(messages(loaded) == [])
    let list = try #require(loaded.lists.first)
    #expect(list.entryCount == 3)
    let address = try #require(IPAddress("198.51.100.7"))
    let match = try #require(list.match(address, at: Timestamp(nanoseconds: 0)))
    #expect(match.number == 2)
    #expect(list.note(of: match) == "x")
  }

  @Test func `a reference to something broken is no second error`() {
    let loaded = loadText(
      """
      lists: {holidays: {type: dates, items: []}}
      schedules:
        a: {zone: UTC, any_of: [{dates: holidays}]}
        b: {zone: Nowhere, any_of: [{days: [mon]}]}
      rules:
        - {id: x, sid: 1, title: T, event: sip, during: b}
      """)
    #expect(
      messages(loaded) == [
        "unknown list type 'dates'; did you mean 'date'?", "unknown time zone 'Nowhere'",
      ])
  }

  @Test func `every truncation of a rule file is survived`() {
    let bytes = Array(exampleRules.utf8)
    for count in 0..<bytes.count {
      let file = SourceFile(path: "cut.yaml", bytes: Array(bytes[..<count]))
      let loaded = RuleLoader().load(files: [file])
      #expect(!loaded.report.renderText().contains("\u{1b}"))
    }
  }

  @Test func `random damage to a rule file is survived and every place is inside it`() {
    let seed: UInt64 = 42
    var random = SeededGenerator(seed: seed)
    let original = Array(exampleRules.utf8)
    let spice = Array("!&*#:-[]{}\"'|>%@`\\\n\t \0?,~<\u{e9}".utf8)
    for round in 0..<1000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        let value = spice.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[position] = value
        case 1: bytes.insert(value, at: position)
        case 2: bytes.remove(at: position)
        default: bytes.swapAt(position, Int.random(in: 0..<bytes.count, using: &random))
        }
      }
      let report = RuleLoader().load(files: [SourceFile(path: "damaged.yaml", bytes: bytes)]).report
      for diagnostic in report.diagnostics {
        #expect(diagnostic.span.range.end <= bytes.count + 1, "seed \(seed) round \(round)")
      }
      _ = report.renderText()
      _ = report.renderJSON()
    }
  }
}
