import Foundation
import TestCaptures
import Testing

/// The built program in a folder of its own, run as a user runs it.
final class Program {
  /// What a run left behind.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The working folder; relative paths keep the texts of the program the same on every machine.
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The executable beside the test bundle, which is the process's own executable.
  static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("ringwatch")

  /// Runs to the end; a run that takes longer than a minute is killed and fails the test.
  func run(_ arguments: String..., input: String? = nil) async throws -> Outcome {
    try await run(arguments, input: input)
  }

  func run(_ arguments: [String], input: String? = nil) async throws -> Outcome {
    let handle = try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) }
    return try await start(arguments, input: handle).finish()
  }

  /// Starts without waiting.
  ///
  /// - Parameter launcher: a command that runs the program, such as `ip netns exec NAME`.
  func start(
    _ arguments: [String], input: FileHandle? = nil, output: FileHandle? = nil, launcher: [String] = []
  ) throws -> RunningProgram {
    let process = Process()
    let words = launcher + [Self.executable.path] + arguments
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = folder.url
    process.standardInput = input ?? FileHandle.nullDevice
    return try RunningProgram(process, output: output)
  }

  /// Starts a live run that writes to `logs`, and waits until its log is there; with it comes what sends to it.
  ///
  /// - Parameter port: where it listens for HEP; a free one without it.
  func startListening(
    _ arguments: [String], port: UInt16? = nil
  ) async throws -> (running: RunningProgram, agent: TestSocket) {
    let port = try port ?? TestSocket.freePort()
    let running = try start(["run", "-l", "logs", "--hep", "udp:127.0.0.1:\(port)"] + arguments)
    let log = folder.path("logs/eve.json")
    #expect(try await running.waits { FileManager.default.fileExists(atPath: log) })
    return (running, try TestSocket.datagrams(to: port))
  }

  /// The lines of a log, parsed.
  func log(_ path: String = "logs/eve.json") throws -> [[String: Any]] {
    let text = try String(contentsOfFile: folder.path(path), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  /// The parsed lines of one type.
  func log(of type: String) throws -> [[String: Any]] {
    try log().filter { $0["event_type"] as? String == type }
  }

  /// `stats` of the last line of the log.
  func stats() throws -> [String: Any] {
    let last = try #require(try log().last)
    return try #require(last["stats"] as? [String: Any], "the log does not end in stats")
  }
}

/// A program that runs; its output goes to files, so that it never waits for a reader.
final class RunningProgram {
  private let process: Process
  private let folder: TemporaryFolder

  fileprivate init(_ process: Process, output: FileHandle?) throws {
    self.process = process
    folder = try TemporaryFolder()
    let said = try Self.file(in: folder, "out")
    process.standardOutput = output ?? said
    process.standardError = try Self.file(in: folder, "err")
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  private static func file(in folder: TemporaryFolder, _ name: String) throws -> FileHandle {
    try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write([], as: name)))
  }

  var isRunning: Bool { process.isRunning }

  /// The number of the process; that of the launcher, where there is one.
  var identifier: Int32 { process.processIdentifier }

  func signal(_ number: Int32) {
    kill(process.processIdentifier, number)
  }

  /// Whether the program has a handler for a signal; before that it would die of it.
  func handles(_ number: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
    let mask = line.flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
    return mask >> (number - 1) & 1 == 1
  }

  /// Waits for a condition, half a minute at the most; says whether it came true.
  func waits(until condition: () -> Bool) async throws -> Bool {
    for _ in 0..<1500 {
      if condition() { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return condition()
  }

  /// Waits for the end, a minute at the most, and gathers what was said.
  func finish() async throws -> Program.Outcome {
    for _ in 0..<3000 where process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      Issue.record("the program did not end within a minute")
    }
    process.waitUntilExit()
    #expect(process.terminationReason == .exit, "ended by signal \(process.terminationStatus)")
    return Program.Outcome(
      status: process.terminationStatus, output: try said("out"), errors: try said("err"))
  }

  private func said(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path(name), encoding: .utf8)
  }
}

extension TestSocket {
  /// Sends a request, mirrored.
  func send(_ method: String = "OPTIONS", callID: String) {
    send(Mirrored.message(SIPText.request(method, callID: callID, branch: "z9hG4bK\(callID)").bytes))
  }
}
