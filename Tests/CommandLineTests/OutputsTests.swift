import Foundation
import TestCaptures
import Testing

/// Outputs beside the log, as a run has them.
@Suite(.serialized) struct OutputsTests {
  private static func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test(arguments: ["1", "2"])
  func `each output gets the lines of its types, and the log is the same with them`(lanes: String)
    async throws
  {
    let program = try Program.prepared()
    try program.folder.write(
      """
      log:
        types: [alert, stats]
        outputs:
          - {filetype: regular, filename: alerts.json, types: [alert]}
          - {filetype: unix_dgram, filename: \(program.folder.path("dgram")), types: [sip, alert]}
          - {filetype: syslog, filename: \(program.folder.path("syslog")), types: [alert]}

      """, as: "settings.yaml")
    try program.folder.write("log: {types: [alert, stats]}\n", as: "plain.yaml")
    let all = try await program.run("run", "-q", "-r", "a.pcap", "-S", "rules.yaml", "-l", "all")
    let plain = try await program.run(
      "run", "-q", "-r", "a.pcap", "-S", "rules.yaml", "-l", "plain", "-c", "plain.yaml")
    #expect(all.status == 0 && plain.status == 0)
    let datagrams = try UnixReader(program.folder.path("dgram"), isStream: false)
    let syslog = try UnixReader(program.folder.path("syslog"), isStream: false)
    let outcome = try await program.runSample("-q", "-r", "a.pcap", "-c", "settings.yaml", "--lanes", lanes)
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)

    let log = try Self.lines(program.folder.path("logs/eve.json"))
    #expect(log == (try Self.lines(program.folder.path("plain/eve.json"))))
    let whole = try Self.lines(program.folder.path("all/eve.json"))
    let alerts = whole.filter { $0.contains("\"event_type\":\"alert\"") }
    #expect(alerts.count == 3)
    #expect(try Self.lines(program.folder.path("logs/alerts.json")) == alerts)
    let wanted = whole.filter {
      $0.contains("\"event_type\":\"alert\"") || $0.contains("\"event_type\":\"sip\"")
    }
    #expect(datagrams.datagrams() == wanted.map { $0 + "\n" })
    let messages = syslog.datagrams()
    #expect(messages.map { $0.drop { $0 != "{" } } == alerts.map { $0[...] })
    // local5, and the severity of the alert.
    #expect(messages.allSatisfy { $0.wholeMatch(of: /<172>ringwatch\[\d+\]: \{.*\}/) != nil })
  }

  @Test func `an output that is the log, or an input, is refused`() async throws {
    let program = try Program.prepared()
    try program.folder.write("an earlier log\n", as: "logs/eve.json")
    for names in [["eve.json"], ["../a.pcap"], ["b", "./b"]] {
      let outputs = names.map { "{filetype: regular, filename: \($0)}" }.joined(separator: ", ")
      try program.folder.write("log: {outputs: [\(outputs)]}\n", as: "settings.yaml")
      let outcome = try await program.runSample("-q", "-r", "a.pcap", "-c", "settings.yaml", "--overwrite")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("this run reads or writes it already; choose another name"))
    }
    #expect(try Self.lines(program.folder.path("logs/eve.json")) == ["an earlier log"])
    #expect(
      try Data(contentsOf: program.folder.url.appendingPathComponent("a.pcap"))
        == Data(Samples.requests().bytes))
  }

  @Test func `live a reader may come late, go away and come back, and stats count its lines`() async throws {
    let program = try Program.prepared()
    let path = program.folder.path("stream")
    try program.folder.write(
      """
      stats_interval: 1s
      log:
        outputs:
          - {filetype: unix_stream, filename: \(path), types: [alert]}
          - {filetype: regular, filename: more.json, types: [alert]}

      """, as: "settings.yaml")
    let (running, agent) = try await program.startListening(
      ["-q", "-S", "rules.yaml", "-c", "settings.yaml"])
    agent.send(callID: "one")
    #expect(try await running.waits { (try? program.log(of: "alert").count) == 1 })
    // By the time of the first counters the output has looked for its reader.
    #expect(try await running.waits { ((try? program.log(of: "stats").count) ?? 0) > 0 })
    var reader: UnixReader? = try UnixReader(path)
    var read = ""
    func waits(for name: String) async throws -> Bool {
      try await running.waits {
        read += String(decoding: reader?.readAll() ?? [], as: UTF8.self)
        return read.contains("\"call_id\":\"\(name)\"")
      }
    }
    #expect(try await waits(for: "one"))
    reader = nil
    let more = program.folder.path("logs/more.json")
    try FileManager.default.moveItem(atPath: more, toPath: more + ".1")
    running.signal(SIGHUP)
    #expect(try await running.waits { FileManager.default.fileExists(atPath: more) })
    agent.send(callID: "two")
    #expect(try await running.waits { (try? program.log(of: "alert").count) == 2 })
    reader = try UnixReader(path)
    #expect(try await waits(for: "two"))
    #expect(
      try await running.waits {
        let output = (try? program.stats())?["output"] as? [String: Any]
        let counts = output?["1"] as? [String: Int]
        return counts == ["lines": 2, "lost": 0, "too_long": 0, "connections": 2]
      })
    running.signal(SIGINT)
    let outcome = try await running.finish()
    #expect(outcome.status == 0)
    let notes = outcome.errors.split(separator: "\n")
    #expect(notes.count == 4, "\(outcome.errors)")
    #expect(read.split(separator: "\n").count == 2)
    #expect(read == (try Self.lines(more + ".1") + Self.lines(more)).map { $0 + "\n" }.joined())
  }

  @Test func `a refused run leaves the files that it would have begun anew`() async throws {
    let program = try Program.prepared()
    try program.folder.write(
      "log: {outputs: [{filetype: regular, filename: more.json}, {filetype: regular, filename: none/a.json}]}\n",
      as: "ringwatch.yaml")
    for name in ["logs/eve.json", "logs/more.json", "more.json"] {
      try program.folder.write("{}\n{", as: name)
    }
    let outcome = try await program.runSample("-q", "-r", "a.pcap", "-c", "ringwatch.yaml", "--overwrite")
    #expect(outcome.status == 2 && outcome.errors.contains("none/a.json"))
    let toOutput = try await program.run(
      "run", "-q", "-r", "a.pcap", "-S", "rules.yaml", "-l", "-", "-c", "ringwatch.yaml", "--overwrite")
    #expect(toOutput.status == 2 && toOutput.output.isEmpty)
    for name in ["logs/eve.json", "logs/more.json", "more.json"] {
      #expect(try String(contentsOfFile: program.folder.path(name), encoding: .utf8) == "{}\n{")
    }
  }

  @Test func `a pipe with a name is opened once, and a log without lines is begun anew`() async throws {
    let program = try Program.prepared()
    let pipe = program.folder.path("pipe")
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    try program.folder.write(
      "log: {types: [anomaly], outputs: [{filetype: regular, filename: \(pipe), types: [alert]}]}\n",
      as: "ringwatch.yaml")
    try program.folder.write("{}\n", as: "logs/eve.json")
    let reader = Process()
    reader.executableURL = URL(filePath: "/bin/sh")
    reader.arguments = ["-c", "exec timeout 60 cat '\(pipe)' > '\(pipe).read'"]
    try reader.run()
    let outcome = try await program.runSample("-q", "-r", "a.pcap", "-c", "ringwatch.yaml", "--overwrite")
    #expect(outcome.status == 0, "\(outcome.errors)")
    reader.waitUntilExit()
    #expect(try Self.lines(pipe + ".read").count == 3)
    #expect(try Self.lines(program.folder.path("logs/eve.json")) == [])
  }

  @Test(arguments: ["", "logs/", "logs", "/dev/null"])
  func `a model is written to a file`(place: String) async throws {
    let program = try Program.prepared()
    try program.folder.write("", as: "logs/x")
    let outcome = try await program.runSample("-q", "-r", "a.pcap", "--save-model", place)
    #expect(
      outcome.status == 2
        && outcome.errors == "ringwatch: '\(place)': a model is written to a file; name one\n")
  }

  @Test func `a model that cannot be written is refused before the run`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.runSample("-q", "-r", "a.pcap", "--save-model", "none/model")
    #expect(
      outcome.status == 2 && outcome.errors.contains("none/model: no file can be written in this folder"))
    #expect(!FileManager.default.fileExists(atPath: program.folder.path("logs")))
  }
}
