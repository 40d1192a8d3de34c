import Foundation
import TestCaptures
import Testing

/// A live capture, in a network namespace of its own so that nothing else is on the wire.
@Suite(.serialized) struct LiveRunTests {
  static let reason: Comment = "a live capture needs root, ip(8) with network namespaces, and bash"

  @Test(.enabled(if: NetworkNamespace.isPossible, reason), arguments: [SIGTERM, SIGINT])
  func `a live capture alerts at once and ends at a signal with everything flushed`(number: Int32)
    async throws
  {
    let program = try Program.prepared()
    let namespace = try NetworkNamespace()
    let running = try program.start(
      ["run", "-i", "lo", "-S", "rules.yaml", "-l", "logs", "udp", "dst", "port", "5060"],
      launcher: namespace.launcher)
    let log = program.folder.path("logs/eve.json")
    #expect(try await running.waits { FileManager.default.fileExists(atPath: log) })
    for index in 0..<3 {
      let message = SIPText.request("OPTIONS", callID: "live-\(index)", branch: "z9hG4bKlive\(index)")
      try namespace.send(try program.folder.write(message.bytes, as: "message-\(index)"))
    }
    // The lines of a live capture come while it goes on.
    #expect(try await running.waits { (try? program.log(of: "alert").count) == 3 })
    #expect(running.isRunning)
    running.signal(number)
    let outcome = try await running.finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.contains("Read 3 packets, "))
    #expect(outcome.output.contains("Alerts: 3 from 1 of 1 rules\n"))
    try check(program)
  }

  @Test(.enabled(if: NetworkNamespace.isPossible, reason))
  func `a log that was moved away goes on under its name after SIGHUP`() async throws {
    let program = try Program.prepared()
    let namespace = try NetworkNamespace()
    let running = try program.start(
      ["run", "-q", "-i", "lo", "-S", "rules.yaml", "-l", "logs", "udp", "dst", "port", "5060"],
      launcher: namespace.launcher)
    let log = program.folder.path("logs/eve.json")
    #expect(try await running.waits { FileManager.default.fileExists(atPath: log) })
    let message = try program.folder.write(SIPText.request("OPTIONS").bytes, as: "message")
    try namespace.send(message)
    #expect(try await running.waits { (try? program.log(of: "alert").count) == 1 })
    try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
    running.signal(SIGHUP)
    #expect(try await running.waits { FileManager.default.fileExists(atPath: log) })
    try namespace.send(message)
    #expect(try await running.waits { (try? program.log(of: "alert").count) == 1 })
    running.signal(SIGTERM)
    #expect(try await running.finish().status == 0)
    #expect(try program.log(of: "stats").count == 1)
    let moved = try String(contentsOfFile: log + ".1", encoding: .utf8)
    #expect(moved.contains("\"event_type\":\"alert\"") && !moved.contains("\"event_type\":\"stats\""))
  }

  @Test(.enabled(if: NetworkNamespace.isPossible, reason))
  func `a changed list takes effect at once, a bad one is an event and changes nothing`() async throws {
    let program = try Program.prepared()
    let namespace = try NetworkNamespace()
    _ = try program.folder.write(Array("198.51.100.0/24\n".utf8), as: "nets.txt")
    let rules = """
      lists: {nets: {type: cidr, file: nets.txt}}
      rules:
        - {id: listed, sid: 1, title: listed, event: sip.request, when: client.ip in @nets}
      """
    _ = try program.folder.write(Array(rules.utf8), as: "listed.yaml")
    let running = try program.start(
      ["run", "-i", "lo", "-S", "listed.yaml", "-l", "logs", "udp", "dst", "port", "5060"],
      launcher: namespace.launcher)
    let log = program.folder.path("logs/eve.json")
    #expect(try await running.waits { FileManager.default.fileExists(atPath: log) })
    _ = try program.folder.write(Array("127.0.0.0/99\n".utf8), as: "nets.txt")
    #expect(
      try await running.waits {
        let events = (try? program.log(of: "anomaly")) ?? []
        return events.contains {
          ($0["anomaly"] as? [String: Any])?["event"] as? String == "rules.list_rejected"
        }
      })
    _ = try program.folder.write(Array("127.0.0.0/8\n".utf8), as: "nets.txt")
    // When the list is taken is not told, so messages go on until one is met.
    var sent = 0
    #expect(
      try await running.waits {
        sent += 1
        let message = SIPText.request("OPTIONS", callID: "list-\(sent)", branch: "z9hG4bKlist\(sent)")
        if let path = try? program.folder.write(message.bytes, as: "message-\(sent)") {
          try? namespace.send(path)
        }
        return ((try? program.log(of: "alert").count) ?? 0) > 0
      })
    running.signal(SIGTERM)
    #expect(try await running.finish().status == 0)
  }

  private func check(_ program: Program) throws {
    for alert in try program.log(of: "alert") {
      #expect(alert["in_iface"] as? String == "lo")
      #expect(alert["pcap_filename"] == nil)
      #expect(alert["src_ip"] as? String == "127.0.0.1")
      #expect(alert["dest_port"] as? Int == 5060)
    }
    let stats = try program.stats()
    #expect((stats["decoder"] as? [String: Any])?["pkts"] as? Int == 3)
    #expect((stats["detect"] as? [String: Any])?["alert"] as? Int == 3)
    let capture = try #require(stats["capture"] as? [String: Any])
    #expect((capture["kernel_packets"] as? Int ?? 0) >= 3)
    #expect(capture["kernel_drops"] as? Int == 0)
  }
}

/// A network namespace with nothing but its loopback interface; gone at the end of the test.
final class NetworkNamespace {
  private let name = "ringwatch-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0...9999))"

  /// Whether one can be made here.
  static let isPossible: Bool = {
    guard getuid() == 0, FileManager.default.fileExists(atPath: "/bin/bash") else { return false }
    return (try? NetworkNamespace()) != nil
  }()

  init() throws {
    try Self.ip(["netns", "add", name])
    try Self.ip(["-n", name, "link", "set", "lo", "up"])
  }

  deinit {
    try? Self.ip(["netns", "delete", name])
  }

  /// What runs a command inside.
  var launcher: [String] { [Self.program, "netns", "exec", name] }

  /// Sends a file as one datagram to a port of the loopback address, the SIP port without another one.
  func send(_ path: String, port: Int = 5060) throws {
    try Self.ip(["netns", "exec", name, "/bin/bash", "-c", "cat '\(path)' > /dev/udp/127.0.0.1/\(port)"])
  }

  private static let program =
    ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    } ?? "/usr/sbin/ip"

  private static func ip(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }
}
