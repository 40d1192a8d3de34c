import Foundation
import TestCaptures
import Testing

/// What `check` finds before a run does, and how loud it is.
@Suite struct CheckTests {
  static let refused: [(settings: String, message: String)] = [
    ("geoip: {country_db: nope.mmdb}\n", "nope.mmdb: no country database can be read from it"),
    ("inputs: {files: [a.pcap], filter: udp prt 5060}\n", "the filter “udp prt 5060” is not accepted"),
    ("inputs: {interfaces: [lo], filter: udp prt 5060}\n", "the filter “udp prt 5060” is not accepted"),
    ("inputs: {files: [nope.pcap]}\n", "nope.pcap: No such file or directory"),
    ("log: {folder: a.pcap}\n", "a.pcap: the log folder cannot be made"),
    (
      "log: {outputs: [{filetype: regular, filename: ./eve.json}]}\n",
      "output regular ringwatch-out/./eve.json: this run reads or writes it already; choose another name"
    ),
    (
      "inputs: {files: [a.pcap], interfaces: [lo]}\n",
      "settings.yaml:1:17: error: 'files' are read and 'interfaces' and 'hep' are captured live, not both"
    ),
  ]

  @Test(arguments: refused.indices)
  func `check refuses what a run refuses`(index: Int) async throws {
    let program = try Program.prepared()
    try program.folder.write(Self.refused[index].settings + "rules: [rules.yaml]\n", as: "settings.yaml")
    let check = try await program.run("check", "-q", "-c", "settings.yaml")
    #expect(check.status == 2)
    #expect(check.errors.contains(Self.refused[index].message), "\(check.errors)")
    guard !Self.refused[index].settings.contains("interfaces: [lo], filter") else { return }
    let words = Self.refused[index].settings.contains("files") ? [] : ["-r", "a.pcap"]
    let run = try await program.run(["run", "-q", "-c", "settings.yaml"] + words)
    #expect(run.status == 2)
    #expect(run.errors.contains(Self.refused[index].message), "\(run.errors)")
  }

  @Test func `a right configuration passes, and nothing is captured or written`() async throws {
    let program = try Program.prepared()
    try program.folder.write(
      "inputs: {interfaces: [nosuch0], filter: udp port 5060}\nrules: [rules.yaml]\n", as: "settings.yaml")
    let before = program.folder.contents()
    #expect(try await program.run("check", "-q", "-c", "settings.yaml").status == 0)
    #expect(program.folder.contents() == before)
  }

  private func rules(_ count: Int) -> String {
    (1...count).reduce(into: "rules:\n") { text, number in
      text += "  - {id: r\(number), sid: \(number), title: t, event: sip.request, when: sip.in_dialog}\n"
    }
  }

  @Test func `many rules without tests are told in one line, and strictly are a failure`() async throws {
    let program = try Program.prepared()
    try program.folder.write(rules(5), as: "many.yaml")
    let many = try await program.run("check", "-q", "many.yaml")
    #expect(many.status == 0)
    #expect(many.errors == "warning: 5 rules have no tests: r1, r2, r3 and 2 more\n")
    #expect(try await program.run("check", "-q", "--strict", "many.yaml").status == 1)
    let json = try await program.run("check", "--format", "json", "many.yaml")
    #expect(json.output.components(separatedBy: "no-test").count == 6)
    try program.folder.write(rules(3), as: "few.yaml")
    let few = try await program.run("check", "-q", "few.yaml")
    #expect(few.errors.components(separatedBy: "has no test").count == 4)
    #expect(try await program.run("check", "-q", "--strict", "rules.yaml").status == 1)
  }

  @Test func `wrong rules leave no older JUnit file behind`() async throws {
    let program = try Program.prepared()
    try program.folder.write("<old/>", as: "tests.xml")
    try program.folder.write(Samples.badRules, as: "bad.yaml")
    #expect(try await program.run("test", "--junit", "tests.xml", "bad.yaml").status == 2)
    let xml = try String(contentsOfFile: program.folder.path("tests.xml"), encoding: .utf8)
    #expect(xml.contains("errors=\"1\"") && xml.contains("unknown field 'sip.status'"))
  }

  @Test func `a rule that is misspelt on the command line is suggested`() async throws {
    let program = try Program.prepared()
    try program.folder.write(rules(1).replacingOccurrences(of: "r1", with: "probing"), as: "one.yaml")
    let test = try await program.run("test", "--only", "probin", "one.yaml")
    #expect(test.status == 2)
    #expect(test.errors == "ringwatch: there is no rule 'probin'; did you mean 'probing'?\n")
    let explain = try await program.run("explain", "probin", "-S", "one.yaml", "-r", "a.pcap")
    #expect(explain.errors == test.errors)
  }

  @Test func `fields are found by a part of their names, time and headers too`() async throws {
    let program = try Program.prepared()
    let codecs = try await program.run("fields", "codec")
    #expect(codecs.status == 0)
    let names = codecs.output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    #expect(names == ["sip.sdp.codecs", "call.codec", "rtp.codec"])
    let one = try await program.run("fields", "sip.user_agent")
    #expect(one.output.split(separator: "\n").count == 1)
    #expect(try await program.run("fields", "timestamp").output.hasPrefix("timestamp  time"))
    #expect(try await program.run("fields", "header").output.contains("header[\"Name\"]"))
    #expect(try await program.run("fields", "call.ended").output.hasPrefix("timestamp"))
  }
}
