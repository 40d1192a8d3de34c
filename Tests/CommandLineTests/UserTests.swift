import Foundation
import TestCaptures
import Testing

/// Runs that root starts and that go on as a user without rights.
@Suite(.serialized) struct UserTests {
  static let reason: Comment = "only root can become another user, and there must be one called nobody"
  /// The number of the user, when the tests may become it.
  static let nobody: UInt32? = {
    guard getuid() == 0, let user = try? String(contentsOfFile: "/etc/passwd", encoding: .utf8) else {
      return nil
    }
    let line = user.split(separator: "\n").first { $0.hasPrefix("nobody:") }
    return line.flatMap { UInt32($0.split(separator: ":", omittingEmptySubsequences: false)[2]) }
  }()

  static let refused: [(words: [String], message: String)] = [
    (
      ["run", "-r", "a.pcap", "-S", "rules.yaml", "--user", "nosuch-user"],
      "ringwatch: user 'nosuch-user': there is no such user; make it ('useradd --system ringwatch') or name another one\n"
    ),
    (
      ["run", "-r", "a.pcap", "-S", "rules.yaml", "--user", "root"],
      "ringwatch: user 'root': it is root, whose rights would stay; name a user without rights\n"
    ),
    (
      ["run", "-r", "a.pcap", "-S", "rules.yaml", "-c", "settings.yaml"],
      "ringwatch: user 'nosuch-user': there is no such user; make it ('useradd --system ringwatch') or name another one\n"
    ),
    (
      ["check", "-q", "-c", "settings.yaml"],
      "ringwatch: user 'nosuch-user': there is no such user; make it ('useradd --system ringwatch') or name another one\n"
    ),
  ]

  @Test(arguments: refused.indices)
  func `a user that a run cannot become ends it with 2 and nothing written`(index: Int) async throws {
    let program = try Program.prepared()
    try program.folder.write("user: nosuch-user\nrules: [rules.yaml]\n", as: "settings.yaml")
    let before = program.folder.contents()
    let outcome = try await program.run(Self.refused[index].words)
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasSuffix(Self.refused[index].message), "\(outcome.errors)")
    #expect(program.folder.contents() == before)
  }

  @Test(.enabled(if: getuid() != 0, "the tests run as root"))
  func `without root a user is an error of usage`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.runSample("-r", "a.pcap", "--user", "nobody")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors == """
        ringwatch: user 'nobody': only root can become another user; start as root, or leave the user out: the run then keeps the rights that it has

        """)
  }

  private func owner(_ program: Program, _ path: String) throws -> UInt32? {
    let attributes = try FileManager.default.attributesOfItem(atPath: program.folder.path(path))
    return (attributes[.ownerAccountID] as? NSNumber)?.uint32Value
  }

  @Test(.enabled(if: nobody != nil, reason), arguments: ["1", "2"])
  func `a file gives the same log, which is the user's`(lanes: String) async throws {
    let program = try Program.prepared()
    #expect(try await program.runSample("-q", "-r", "a.pcap").status == 0)
    let words = ["run", "-q", "-S", "rules.yaml", "-r", "a.pcap", "--user", "nobody", "--lanes", lanes]
    let outcome = try await program.run(words + ["-l", "own/logs"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    let logs = try ["logs", "own/logs"].map {
      try Data(contentsOf: program.folder.url.appendingPathComponent("\($0)/eve.json"))
    }
    #expect(logs[0] == logs[1] && !logs[0].isEmpty)
    for path in ["own", "own/logs", "own/logs/eve.json"] { #expect(try owner(program, path) == Self.nobody) }
    #expect(try owner(program, "logs/eve.json") == 0)
  }

  @Test(.enabled(if: nobody != nil, reason))
  func `logs are read and models written as the user, too`() async throws {
    let program = try Program.prepared()
    try program.folder.write("user: nobody\n", as: "settings.yaml")
    #expect(try await program.runSample("-q", "-r", "a.pcap", "--user", "nobody").status == 0)
    let replay = try await program.run(
      "run", "-q", "-c", "settings.yaml", "--eve", "logs/eve.json", "-S", "rules.yaml", "-l", "tried",
      "--save-model", "logs/model")
    #expect(replay.status == 0)
    #expect(replay.errors.isEmpty)
    #expect(try owner(program, "tried/eve.json") == Self.nobody)
    #expect(try owner(program, "logs/model") == Self.nobody)
  }

  @Test(.enabled(if: nobody != nil, reason))
  func `all that the user may not do is told before anything is captured`() async throws {
    let program = try Program.prepared()
    let files = FileManager.default
    try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: program.folder.path("a.pcap"))
    try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: program.folder.path("rules.yaml"))
    for name in ["logs", "shut/deep"] {
      try files.createDirectory(atPath: program.folder.path(name), withIntermediateDirectories: true)
    }
    try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.folder.path("shut"))
    let further = program.folder.path("shut/alerts.json")
    try program.folder.write(
      "log: {outputs: [{filetype: regular, filename: \(further)}]}\n", as: "settings.yaml")
    let before = program.folder.contents()
    let outcome = try await program.runSample(
      "-r", "a.pcap", "-c", "settings.yaml", "--user", "nobody", "--watch", "--control", "control.sock",
      "--save-model",
      "shut/deep/model")
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    func line(_ what: String, _ right: String, _ place: String, _ end: String = "") -> String {
      let place = place.isEmpty ? program.folder.url.path : program.folder.path(place)
      return
        "ringwatch: user 'nobody': \(what): grant '\(right)' on \(place) (chown, chmod, setfacl -m u:nobody:\(right))\(end)\n"
    }
    #expect(
      outcome.errors
        == line("a.pcap cannot be read", "r", "a.pcap", ", or name '-' and let the shell open it: < a.pcap")
        + line("rules.yaml cannot be read, so rules could not be loaded again", "r", "rules.yaml")
        + line("\(further) cannot be made", "wx", "shut")
        + line("logs/eve.json cannot be made", "w", "logs")
        + line("the control socket control.sock cannot be made", "w", "")
        + line("the model shut/deep/model cannot be written", "x", "shut"))
    #expect(program.folder.contents() == before)
    let number = try #require(Self.nobody)
    // What is read once need not be readable later; a shell opens what it may.
    try files.setAttributes([.ownerAccountID: number], ofItemAtPath: program.folder.path("logs"))
    let piped = try await program.runSample(
      "-q", "-r", "-", "--user", "nobody", input: program.folder.path("a.pcap"))
    #expect(piped.status == 0)
    #expect(try program.log(of: "alert").count == 3)
  }

  @Test(.enabled(if: nobody != nil, reason))
  func `a log of root is not written by the user, and stays as it is`() async throws {
    let program = try Program.prepared()
    #expect(try await program.runSample("-q", "-r", "a.pcap").status == 0)
    let before = try program.log().count
    let outcome = try await program.runSample("-q", "-r", "a.pcap", "--user", "nobody", "--overwrite")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("logs/eve.json cannot be written: grant 'w' on "))
    #expect(try program.log().count == before)
  }

  @Test(.enabled(if: nobody != nil, reason))
  func `a log that the user could not make again is warned of`() async throws {
    let program = try Program.prepared()
    let number = try #require(Self.nobody)
    try program.folder.write("", as: "logs/eve.json")
    try FileManager.default.setAttributes(
      [.ownerAccountID: number], ofItemAtPath: program.folder.path("logs/eve.json"))
    let outcome = try await program.runSample("-q", "-r", "a.pcap", "--user", "nobody")
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.hasPrefix(
        "ringwatch: user 'nobody': warning: logs/eve.json can be written, but not made again once it was moved away: grant 'w' on "
      ))
    #expect(try program.log(of: "alert").count == 3)
  }

  /// What the kernel says of each thread of a process: the words behind a name.
  private func status(_ process: Int32, _ name: String) throws -> Set<[String]> {
    let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
    return Set(
      tasks.compactMap { task in
        let text = try? String(contentsOfFile: "/proc/\(process)/task/\(task)/status", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.dropFirst(name.count + 1).split(whereSeparator: \.isWhitespace).map(String.init)
      })
  }

  @Test(.enabled(if: nobody != nil, reason))
  func `a live run has no right left in any thread, and goes on with new rules and a new log`() async throws {
    let program = try Program.prepared()
    // Ports below 1024 are root's.
    let port = UInt16.random(in: 700..<1023)
    let (running, agent) = try await program.startListening(
      ["-q", "-S", "rules.yaml", "--user", "nobody"], port: port)
    let log = program.folder.path("logs/eve.json")
    agent.send(callID: "one")
    #expect(try await running.waits { (try? program.log(of: "alert").count) == 1 })

    let user = try #require(Self.nobody.map(String.init))
    #expect(try status(running.identifier, "Uid") == [[user, user, user, user]])
    #expect(try status(running.identifier, "Gid").first.map { Set($0).count } == 1)
    #expect(try status(running.identifier, "Groups").allSatisfy { !$0.contains("0") })
    for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
      #expect(try status(running.identifier, set) == [["0000000000000000"]])
    }
    #expect(try status(running.identifier, "NoNewPrivs") == [["1"]])

    try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
    try program.folder.write(
      Samples.rules.replacingOccurrences(of: "A message", with: "Another"), as: "rules.yaml")
    running.signal(SIGHUP)
    #expect(
      try await running.waits {
        (try? program.log(of: "anomaly").contains {
          ($0["anomaly"] as? [String: Any])?["event"] as? String == "rules.reloaded"
        }) ?? false
      })
    agent.send(callID: "two")
    #expect(try await running.waits { (try? program.log(of: "alert").count) == 1 })
    running.signal(SIGINT)
    let outcome = try await running.finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    let alert = try #require(try program.log(of: "alert").first?["alert"] as? [String: Any])
    #expect(alert["signature"] as? String == "Another")
    #expect(try program.log(of: "stats").count == 1)
    #expect(try owner(program, "logs/eve.json") == Self.nobody)
  }
}
