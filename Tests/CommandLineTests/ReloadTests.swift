import Foundation
import TestCaptures
import Testing

/// Rules that change while a run goes on: at SIGHUP, when files change, through the control socket.
@Suite(.serialized) struct ReloadTests {
  /// A run that listens for HEP with rules of its own.
  private struct LiveRun {
    let program: Program
    let running: RunningProgram
    private let agent: TestSocket

    init(
      _ rules: String, _ words: String..., name: String = "rules/a.yaml", program: Program? = nil
    ) async throws {
      self.program = try program ?? Program()
      let program = self.program
      try program.folder.write(rules, as: name)
      (running, agent) = try await program.startListening(["-S", "rules"] + words)
    }

    /// Sends a request and waits until it is logged.
    func send(_ name: String, _ method: String = "OPTIONS") async throws {
      agent.send(method, callID: name)
      #expect(
        try await running.waits {
          (try? program.log(of: "sip").contains {
            ($0["sip"] as? [String: Any])?["call_id"] as? String == name
          })
            ?? false
        })
    }

    /// Waits for an event of the sensor itself and gives its detail.
    func detail(of name: String, count: Int = 1) async throws -> String {
      func found() -> [String] {
        ((try? program.log(of: "anomaly")) ?? []).compactMap { $0["anomaly"] as? [String: Any] }
          .filter { $0["event"] as? String == name }.compactMap { $0["detail"] as? String }
      }
      #expect(try await running.waits { found().count == count }, "\(name), \(found())")
      return found().last ?? ""
    }

    /// The titles of the alerts so far.
    func alerts() throws -> [String] {
      try program.log(of: "alert").compactMap { ($0["alert"] as? [String: Any])?["signature"] as? String }
    }

    func ask(_ request: String, _ words: String...) async throws -> Program.Outcome {
      try await program.run(["control", "control.sock", request] + words)
    }

    func answer(_ request: String) async throws -> [String: Any] {
      let outcome = try await ask(request, "--json")
      return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    func end() async throws -> Program.Outcome {
      running.signal(SIGTERM)
      let outcome = try await running.finish()
      #expect(outcome.status == 0)
      return outcome
    }
  }

  private static let pair = """
    rules:
      - {id: pair, sid: 1, title: Two, event: sip.request, threshold: {by: [client.ip], within: 1h, count: {at_least: 2}}}

    """

  @Test func `SIGHUP loads the rules again and opens the log again, and counters go on`() async throws {
    let run = try await LiveRun(Self.pair)
    try await run.send("one")
    try run.program.folder.write(
      Self.pair.replacing("title: Two", with: "title: Two of them")
        + "  - {id: any, sid: 2, title: Any, event: sip.request}\n", as: "rules/a.yaml")
    let log = run.program.folder.path("logs/eve.json")
    try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
    run.running.signal(SIGHUP)
    #expect(
      try await run.detail(of: "rules.reloaded") == "2 rules: 1 added (any), 1 kept")
    try await run.send("two")
    #expect(try run.alerts() == ["Two of them", "Any"])
    let outcome = try await run.end()
    #expect(outcome.errors == "ringwatch: rules reloaded: 2 rules: 1 added (any), 1 kept\n")
    #expect(outcome.output.contains("Alerts: 2 from 2 of 2 rules\n"))
    #expect((try run.program.stats()["rules"] as? [String: Any])?["reloads"] as? Int == 1)
  }

  @Test func `bad rules change nothing and say which line`() async throws {
    let run = try await LiveRun(Self.pair)
    try await run.send("one")
    try run.program.folder.write(Self.pair.replacing("client.ip", with: "client.ib"), as: "rules/a.yaml")
    run.running.signal(SIGHUP)
    let cause = "rules/a.yaml:2:73: unknown field 'client.ib'; did you mean 'client.ip'?"
    #expect(try await run.detail(of: "rules.rejected") == cause)
    try await run.send("two")
    #expect(try run.alerts() == ["Two"])
    let outcome = try await run.end()
    #expect(outcome.errors.hasPrefix("rules/a.yaml:2:73: error: unknown field"))
    #expect(
      outcome.errors.hasSuffix(
        "ringwatch: rules not reloaded, the old ones stay: 1 error, the first \(cause)\n"))
  }

  @Test func `a list that is emptied is told, also by a quiet run`() async throws {
    let program = try Program()
    try program.folder.write("192.0.2.0/24\n", as: "rules/nets.txt")
    let rules = """
      lists: {nets: {type: cidr, file: nets.txt}}
      rules:
        - {id: listed, sid: 1, title: Listed, event: sip.request, when: client.ip in @nets}

      """
    let run = try await LiveRun(rules, "-q", "--control", "control.sock", program: program)
    try await run.send("one")
    try run.program.folder.write("", as: "rules/nets.txt")
    #expect(try await run.detail(of: "rules.list_emptied") == "nets")
    #expect(try await run.answer("reload")["emptied"] as? [String] == [], "it was empty before")
    #expect(
      try await run.end().errors
        == "ringwatch: rules reloaded: 1 rule: 1 kept; the list 'nets' is empty now\n")
  }

  @Test func `a watched folder is loaded again for a changed, a new and a removed file`() async throws {
    let run = try await LiveRun(Self.pair, "--watch", "-q")
    try await run.send("one")
    try run.program.folder.write(
      "rules:\n  - {id: header, sid: 2, title: Subject, event: sip.request, when: 'header[\"Call-ID\"] contains \"two\"'}\n",
      as: "rules/b.yaml")
    #expect(try await run.detail(of: "rules.reloaded") == "2 rules: 1 added (header), 1 kept")
    try await run.send("two")
    #expect(try run.alerts() == ["Two", "Subject"], "a header that nobody asked for before is looked for")
    try run.program.folder.write(Self.pair.replacing("1h", with: "2h"), as: "rules/a.yaml")
    #expect(try await run.detail(of: "rules.reloaded", count: 2) == "2 rules: 1 reset (pair), 1 kept")
    try await run.send("three")
    #expect(try run.alerts().count == 2, "the window began anew")
    try FileManager.default.removeItem(atPath: run.program.folder.path("rules/b.yaml"))
    #expect(try await run.detail(of: "rules.reloaded", count: 3) == "1 rule: 1 removed (header), 1 kept")
    #expect(try await run.end().errors.isEmpty)
  }

  @Test func `the control socket answers what it is asked`() async throws {
    let run = try await LiveRun(Self.pair, "--control", "control.sock", "-q")
    let attributes = try FileManager.default.attributesOfItem(atPath: run.program.folder.path("control.sock"))
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    try await run.send("one")
    try await run.send("two")
    let status = try await run.answer("status")
    #expect(status["ok"] as? Bool == true && status["rules"] as? Int == 1)
    #expect(status["capture.hep_messages"] as? Int == 2 && status["detect.alert"] as? Int == 1)
    #expect((try await run.answer("stats")["stats"] as? [String: Any])?["sip.requests"] as? Int == 2)
    let rules = try #require(try await run.answer("rules")["rules"] as? [[String: Any]])
    #expect(rules.map { $0["id"] as? String } == ["pair"] && rules[0]["alerts"] as? Int == 1)
    #expect(rules[0]["matches"] as? Int == 2 && rules[0]["alerts_suppressed"] as? Int == 0)
    #expect(rules[0]["missing_key"] as? Int == 0 && rules[0]["late"] as? Int == 0)
    #expect(try await run.ask("reopen").output == "the log is opened again\n")

    try run.program.folder.write(Self.pair.replacing("1h", with: "2h"), as: "rules/a.yaml")
    let reload = try await run.answer("reload")
    #expect(reload["ok"] as? Bool == true && reload["reset"] as? [String] == ["pair"])
    #expect(reload["kept"] as? Int == 0 && reload["added"] as? [String] == [])
    try run.program.folder.write(Self.pair.replacing("1h", with: "2x"), as: "rules/a.yaml")
    let refused = try await run.ask("reload")
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(refused.errors.hasPrefix("rules/a.yaml:2:"))
    let diagnostics = try await run.answer("reload")["diagnostics"] as? [[String: Any]]
    #expect(diagnostics?.first?["line"] as? Int == 2)

    #expect(try await run.ask("shutdown").output == "the run ends\n")
    #expect(try await run.running.finish().status == 0)
    #expect(!FileManager.default.fileExists(atPath: run.program.folder.path("control.sock")))
  }

  @Test func `a log that cannot be opened again goes on where it is, and whoever asked is told`() async throws
  {
    let run = try await LiveRun(Self.pair, "--control", "control.sock", "-q")
    let folder = run.program.folder
    try await run.send("one")
    try FileManager.default.moveItem(atPath: folder.path("logs"), toPath: folder.path("moved"))
    let answer = try await run.ask("reopen")
    let fault = "the log goes on in its old file: logs/eve.json: No such file or directory; "
    #expect(answer.status == 1 && answer.errors.contains(fault), "\(answer.errors)")
    try FileManager.default.moveItem(atPath: folder.path("moved"), toPath: folder.path("logs"))
    try await run.send("two")
    #expect(try run.alerts() == ["Two"])
    #expect(try await run.ask("reopen").output == "the log is opened again\n")
    try FileManager.default.moveItem(atPath: folder.path("logs"), toPath: folder.path("moved"))
    run.running.signal(SIGHUP)
    let outcome = try await run.end()
    #expect(outcome.status == 0 && outcome.errors.contains("ringwatch: " + fault))
  }

  @Test func `a control socket takes what it can and refuses the rest`() async throws {
    let run = try await LiveRun(Self.pair, "--control", "control.sock", "-q")
    let taken = try await run.program.run(
      "run", "-S", "rules", "-r", "none.pcap", "-l", "other", "--control", "control.sock")
    #expect(taken.status == 2 && taken.errors.contains("another ringwatch answers there"))
    #expect(!FileManager.default.fileExists(atPath: run.program.folder.path("other")))
    let unknown = try await run.ask("relaod")
    #expect(
      unknown.status == 2 && unknown.errors.contains("unknown command 'relaod'; did you mean 'reload'?"))
    let path = run.program.folder.path("control.sock")
    func ask(_ bytes: [UInt8]) throws -> (socket: TestSocket, answer: String?) {
      let socket = try TestSocket.local(path)
      socket.send(bytes)
      return (socket, socket.line())
    }
    #expect(
      try ask(Array("relaod\n".utf8)).answer
        == #"{"ok":false,"message":"unknown command 'relaod'; did you mean 'reload'?"}"#)
    #expect(
      try ask(Array(repeating: 0x78, count: 4000)).answer
        == #"{"ok":false,"message":"a command has at most 256 bytes"}"#)
    #expect(
      try ask([0xff, 0xfe, 0x0a]).answer?.hasPrefix(#"{"ok":false,"message":"unknown command"#) == true)
    let held = try (0..<8).map { _ in try ask(Array("sta".utf8) + Array("tus\nstatus\n".utf8)) }
    #expect(held.allSatisfy { $0.answer?.hasPrefix(#"{"ok":true,"rules":1,"#) == true })
    #expect(held.allSatisfy { $0.socket.line() == $0.answer })
    #expect(
      try ask(Array("status\n".utf8)).answer == #"{"ok":false,"message":"there are 8 clients already"}"#)
    _ = try await run.end()
  }

  @Test func `a socket that an earlier run left behind is replaced, another file is not`() async throws {
    let program = try Program.prepared()
    try program.folder.write("keep", as: "file")
    let refused = try await program.runSample("-r", "a.pcap", "--control", "file")
    #expect(refused.status == 2 && refused.errors.contains("something that is no socket is there"))
    #expect(try String(contentsOfFile: program.folder.path("file"), encoding: .utf8) == "keep")
    let left = try await program.runSample("-r", "a.pcap", "--control", "control.sock")
    #expect(left.status == 0)
    let nobody = try await program.run("control", "control.sock", "status")
    #expect(
      nobody.status == 2 && nobody.errors.contains("is a ringwatch running with --control control.sock"))
  }
}
