public import ArgumentParser
public import Benchmarking
import Capture
import Foundation
import Packets

/// `ringwatch bench`: what the program costs on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures what a run costs: CPU seconds, memory, instructions.",
    discussion: """
      Writes traffic of a known shape, runs this program over it several times and prints what that cost; tcpdump and tshark stand
      beside it when they are installed. With --against, another build runs in turn with this one.

      WORKS:
        reference   a busy server for ten minutes: 1,000,000 packets, 200,000 of them SIP; alert, sip, flow, stats logged
        stages      the same in parts: reading, media, signalling, rules, log
        rules       100, 1,000 and 10,000 rules
        calls       the same calls, 1,000, 10,000 and 100,000 of them at a time
        length      the reference for one, five and twenty times as long
        flood       a probe from each of 100,000, 1,000,000 and 5,000,000 addresses

      EXAMPLES:
        ringwatch bench
        ringwatch bench stages rules --rounds 3 --json > today.json
        ringwatch bench --against ../before/.build/release/ringwatch --instructions perf
        ringwatch bench -r my-traffic.pcap
      """)

  @Argument(help: ArgumentHelp("What to measure; the reference without it.", valueName: "work"))
  var works: [BenchmarkWork] = [.reference]

  @Option(
    name: [.customShort("r"), .customLong("read")],
    help: ArgumentHelp("Capture file in the place of the reference's traffic.", valueName: "file"))
  var file: String?

  @Option(
    name: [.customShort("S"), .customLong("rules")],
    help: ArgumentHelp("Rule file or folder in the place of the shipped rules.", valueName: "rules"))
  var rules: String?

  @Option(help: ArgumentHelp("Runs of each case.", valueName: "number"))
  var rounds = 5

  @Option(
    help: ArgumentHelp(
      "Program of another build, which takes turns with this one. Repeatable.", valueName: "program"))
  var against: [String] = []

  @Option(
    help: ArgumentHelp(
      "Count instructions in one run more: perf, where the machine counts them, or valgrind, which takes fifty times as long.",
      valueName: "none|perf|valgrind"))
  var instructions = InstructionCounter.none

  @Option(
    help: ArgumentHelp("Write the reference's traffic to this file, and measure nothing.", valueName: "file"))
  var write: String?

  @Flag(help: "Results with every run as JSON.")
  var json = false

  func validate() throws {
    if rounds < 1 { throw ValidationError("--rounds is at least 1") }
    for path in [file, rules].compactMap({ $0 }) + against where !FileManager.default.fileExists(atPath: path)
    {
      throw ValidationError("there is no file '\(path)'")
    }
  }

  func run() throws {
    if let write { return try Self.writeReference(to: write) }
    guard let rules = rules ?? RuleFolder.shipped() else {
      Terminal.complain("ringwatch: the shipped rules are not beside the program; name rules with -S")
      throw ExitCode(2)
    }
    let place = FileManager.default.temporaryDirectory.appendingPathComponent(
      "ringwatch-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    do {
      let report = BenchmarkReport(try measure(rules, in: place.path))
      print(json ? try report.json() : report.text, terminator: "")
    } catch let problem as MeasuredProcess.Problem {
      Terminal.complain("ringwatch: \(problem)")
      throw ExitCode(1)
    } catch let error as CaptureError {
      Terminal.complain("ringwatch: \(error)")
      throw ExitCode(1)
    }
  }

  private static func writeReference(to path: String) throws {
    do {
      try BenchmarkInputs.writeReference(to: path)
    } catch {
      Terminal.complain("ringwatch: \(path) cannot be written; choose another place or make room")
      throw ExitCode(1)
    }
  }

  private static func packetCount(of path: String) throws -> Int {
    var reader = try PcapReader([path])
    var nobody = Nobody()
    while try reader.read(upTo: 4096, visitor: &nobody) != .ended {}
    return Int(clamping: reader.statistics.received)
  }

  private func measure(_ rules: String, in folder: String) throws -> [BenchmarkResult] {
    let capture = try file.map { ($0, try Self.packetCount(of: $0)) }
    var inputs = try BenchmarkInputs(folder: folder, rules: rules, capture: capture)
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    let benchmark = Benchmark(builds: [own] + against, rounds: rounds, counter: instructions, folder: folder)
    var results: [BenchmarkResult] = []
    for work in works {
      if Terminal.isInteractive { Terminal.complain("making the input of \(work.rawValue)") }
      let cases = try inputs.cases(of: work)
      results += try benchmark.run(cases) { if Terminal.isInteractive { Terminal.complain($0) } }
    }
    return results
  }
}

/// Looks at no frame.
private struct Nobody: FrameVisitor {
  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {}
}

extension BenchmarkWork: ExpressibleByArgument {}
extension InstructionCounter: ExpressibleByArgument {}
