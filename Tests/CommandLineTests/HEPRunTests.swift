import Foundation
import TestCaptures
import Testing

/// Listening for HEP, from start to signal.
@Suite(.serialized) struct HEPRunTests {
  /// Starts the program on a free port and waits until it listens.
  private func start(_ program: Program, configuration: String? = nil) async throws -> (
    RunningProgram, UInt16
  ) {
    let port = try TestSocket.freePort()
    var words = ["run", "-S", "rules.yaml", "-l", "logs"]
    if let configuration {
      let text = configuration.replacingOccurrences(of: "PORT", with: "\(port)")
      _ = try program.folder.write(text, as: "ringwatch.yaml")
      words += ["-c", "ringwatch.yaml"]
    } else {
      words += ["--hep", "udp:127.0.0.1:\(port)", "--hep", "tcp:127.0.0.1:\(port)"]
    }
    let running = try program.start(words)
    // The log is opened after the inputs.
    let log = program.folder.path("logs/eve.json")
    #expect(try await running.waits { FileManager.default.fileExists(atPath: log) })
    return (running, port)
  }

  private func message(
    _ name: String, transport: UInt8 = 17, isCompressed: Bool = false
  ) -> [UInt8] {
    let sip = SIPText.request("OPTIONS", callID: name, branch: "z9hG4bK\(name)").bytes
    return Mirrored.message(
      isCompressed ? Mirrored.stored(sip) : sip, transport: transport, isCompressed: isCompressed)
  }

  private func counter(_ program: Program, _ group: String, _ name: String) throws -> Int? {
    (try program.stats()[group] as? [String: Any])?[name] as? Int
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `messages over UDP and TCP are logged as the packets that were mirrored`(number: Int32) async throws {
    let program = try Program.prepared()
    let (running, port) = try await start(program)
    let datagrams = try TestSocket.datagrams(to: port, from: "127.0.0.2")
    datagrams.send(message("plain"))
    datagrams.send(Array("garbage".utf8))
    datagrams.send(SIPText.request("OPTIONS", callID: "bare").bytes)
    datagrams.send(message("packed", isCompressed: true))
    let stream = try TestSocket.stream(to: port, from: "127.0.0.3")
    let two = message("split", transport: 6) + message("split-packed", isCompressed: true)
    for start in stride(from: 0, to: two.count, by: 97) {
      stream.send(Array(two[start..<min(start + 97, two.count)]))
    }
    stream.send(message("last") + Array("garbage".utf8) + message("lost"))
    #expect(stream.waitsForClose())
    #expect(try await running.waits { (try? program.log(of: "sip").count) == 5 })
    running.signal(number)
    let outcome = try await running.finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.contains("HEP: 5 messages received, 5 mirrored packets read.\n"))
    #expect(outcome.output.contains("Not looked into: 2 sent to a HEP port without being HEP.\n"))
    try check(program, port)
  }

  private func check(_ program: Program, _ port: UInt16) throws {
    let places = [
      "plain": ("udp", "127.0.0.2", "UDP"), "packed": ("udp", "127.0.0.2", "UDP"),
      "split": ("tcp", "127.0.0.3", "TCP"), "split-packed": ("tcp", "127.0.0.3", "UDP"),
      "last": ("tcp", "127.0.0.3", "UDP"),
    ]
    var found: Set<String> = []
    for line in try program.log(of: "sip") {
      let sip = try #require(line["sip"] as? [String: Any])
      let name = try #require(sip["call_id"] as? String)
      found.insert(name)
      let (listener, agent, transport) = try #require(places[name])
      #expect(line["in_iface"] as? String == "\(listener):127.0.0.1:\(port)")
      #expect(line["timestamp"] as? String == "2026-03-01T22:14:00.250000+0000")
      #expect(line["src_ip"] as? String == "203.0.113.5")
      #expect(line["src_port"] as? Int == 5070)
      #expect(line["dest_ip"] as? String == "203.0.113.6")
      #expect(line["dest_port"] as? Int == 5080)
      #expect(line["proto"] as? String == transport)
      let tunnel = try #require(line["tunnel"] as? [String: Any])
      #expect(tunnel["proto"] as? String == "hep")
      #expect(tunnel["src_ip"] as? String == agent)
      #expect(tunnel["dest_ip"] as? String == "127.0.0.1")
      #expect(tunnel["depth"] as? Int == 1)
    }
    #expect(found == Set(places.keys))
    #expect(try program.log(of: "alert").count == 5)
    let carriers = try program.log(of: "flow").filter { $0["app_proto"] as? String == "hep" }
    #expect(Set(carriers.compactMap { $0["src_ip"] as? String }) == ["127.0.0.2", "127.0.0.3"])
    #expect(try counter(program, "capture", "hep_messages") == 5)
    #expect(try counter(program, "capture", "hep_rejected") == 2)
    #expect(try counter(program, "capture", "hep_connections_broken") == 1)
    #expect(try counter(program, "decoder", "hep") == 5)
    #expect(try counter(program, "decoder", "pkts") == 0)
  }

  @Test func `the configuration file says where to listen and whom to trust`() async throws {
    let program = try Program.prepared()
    let text = """
      inputs:
        hep: [udp:127.0.0.1:PORT, tcp:127.0.0.1:PORT]
        hep_agents: [127.0.0.2]

      """
    let (running, port) = try await start(program, configuration: text)
    try TestSocket.datagrams(to: port, from: "127.0.0.1").send(message("stranger"))
    let stream = try TestSocket.stream(to: port, from: "127.0.0.1")
    #expect(stream.waitsForClose())
    try TestSocket.datagrams(to: port, from: "127.0.0.2").send(message("agent"))
    #expect(try await running.waits { (try? program.log(of: "sip").count) == 1 })
    running.signal(SIGTERM)
    #expect(try await running.finish().status == 0)
    let calls = try program.log(of: "sip").compactMap { ($0["sip"] as? [String: Any])?["call_id"] as? String }
    #expect(calls == ["agent"])
    #expect(try counter(program, "capture", "hep_untrusted") == 2)
    #expect(try counter(program, "capture", "hep_connections") == 0)
  }

  @Test func `a port that is taken ends with 2 and writes nothing`() async throws {
    let program = try Program.prepared()
    let (running, port) = try await start(try Program.prepared())
    let outcome = try await program.runSample("--hep", "udp:127.0.0.1:\(port)")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.hasPrefix("ringwatch: udp:127.0.0.1:\(port): Address already in use; stop what listens"))
    #expect(program.folder.contents() == ["a.pcap", "rules.yaml"])
    running.signal(SIGTERM)
    #expect(try await running.finish().status == 0)
  }

  @Test(.enabled(if: NetworkNamespace.isPossible, LiveRunTests.reason))
  func `an interface and a listener are read in one run`() async throws {
    let program = try Program.prepared()
    let namespace = try NetworkNamespace()
    let running = try program.start(
      [
        "run", "-i", "lo", "--hep", "udp:127.0.0.1:9060", "-S", "rules.yaml", "-l", "logs", "udp", "dst",
        "port", "5060",
      ], launcher: namespace.launcher)
    let log = program.folder.path("logs/eve.json")
    #expect(try await running.waits { FileManager.default.fileExists(atPath: log) })
    let captured = SIPText.request("OPTIONS", callID: "captured", branch: "z9hG4bKcaptured").bytes
    try namespace.send(try program.folder.write(captured, as: "captured"))
    try namespace.send(try program.folder.write(message("mirrored"), as: "mirrored"), port: 9060)
    #expect(try await running.waits { (try? program.log(of: "sip").count) == 2 })
    running.signal(SIGTERM)
    #expect(try await running.finish().status == 0)
    let inputs = try program.log(of: "sip").map { line in
      [(line["sip"] as? [String: Any])?["call_id"] as? String, line["in_iface"] as? String]
    }
    #expect(Set(inputs) == [["captured", "lo"], ["mirrored", "udp:127.0.0.1:9060"]])
  }
}
