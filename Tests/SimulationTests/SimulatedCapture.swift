import Capture
import Foundation
import Output
import Pipeline
import Rules
import TestCaptures
import Testing
import Values

@testable import Simulation

/// One simulation in memory, and what a sensor makes of it.
struct SimulatedCapture {
  let bytes: [UInt8]
  let result: SimulationResult

  /// Simulates a shipped scenario.
  init(_ name: String, media: String? = nil, _ change: (inout Simulator.Options) -> Void = { _ in }) throws {
    var scenario = try Self.scenario(name)
    if let media, !scenario.setMedia(media) { Issue.record("\(media) is no amount of media") }
    self.init(scenario, change)
  }

  /// Simulates a scenario.
  init(_ scenario: Scenario, _ change: (inout Simulator.Options) -> Void = { _ in }) {
    var options = Simulator.Options()
    change(&options)
    var bytes: [UInt8] = []
    let simulation = Simulator(scenario, options).begin()
    while let piece = simulation.nextPiece() { bytes += piece }
    result = simulation.result
    self.bytes = bytes
  }

  /// The folder of the shipped scenarios.
  static let folder = TestFolders.package.appendingPathComponent("Fixtures/Scenarios")

  /// The names of the shipped scenarios.
  static let names: [String] = {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  /// A shipped scenario.
  static func scenario(_ name: String) throws -> Scenario {
    let (scenario, report) = ScenarioReader.read(folder.appendingPathComponent("\(name).yaml").path)
    return try #require(scenario, "\(report.renderText())")
  }

  /// The lines of the log that a sensor without rules writes about it.
  func events() throws -> [[String: Any]] {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, as: "input.pcap")
    var reader = try PcapReader([path])
    let sink = MemorySink()
    let rules = try #require(RuleSetLoader.load(texts: []).ruleSet)
    var sensor = Sensor(rules: rules, configuration: SensorConfiguration(), sinks: [sink])
    let report = sensor.run(&reader, stop: StopFlag())
    #expect(report.captureErrors.isEmpty)
    return try sink.bytes.split(separator: 0x0a).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }
  }

  /// The frames of a classic pcap file with their times in microseconds, read without the code under test.
  var frames: [(time: Int64, bytes: ArraySlice<UInt8>)] {
    var frames: [(Int64, ArraySlice<UInt8>)] = []
    var offset = 24
    func word(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    while offset + 16 <= bytes.count {
      let length = word(offset + 8)
      let time = Int64(word(offset)) * 1_000_000 + Int64(word(offset + 4))
      frames.append((time, bytes[offset + 16..<offset + 16 + length]))
      offset += 16 + length
    }
    return frames
  }

  /// The parsed lines of `labels.jsonl`.
  func labels() throws -> [[String: Any]] {
    try result.labelLines.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }
}

/// Keeps the log in memory.
private final class MemorySink: EVESink {
  private(set) var bytes: [UInt8] = []

  func write(_ lines: Span<UInt8>) throws(SinkError) {
    for index in lines.indices { bytes.append(lines[index]) }
  }
}

extension [[String: Any]] {
  /// The lines of one type and kind.
  func events(_ type: String, _ kind: String? = nil) -> [[String: Any]] {
    filter { line in
      guard line["event_type"] as? String == type else { return false }
      guard let kind else { return true }
      return (line[type] as? [String: Any])?["event"] as? String == kind
    }
  }
}
