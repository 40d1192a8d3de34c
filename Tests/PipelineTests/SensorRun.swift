import Capture
import Events
import Foundation
import Output
import Pipeline
import Rules
import TestCaptures
import Testing

/// Keeps the log in memory.
final class MemorySink: EVESink {
  private(set) var bytes: [UInt8] = []

  func write(_ lines: Span<UInt8>) throws(SinkError) {
    bytes.reserveCapacity(bytes.count + lines.count)
    for index in lines.indices { bytes.append(lines[index]) }
  }
}

/// One run of the whole line, in this process.
struct SensorRun {
  let log: [UInt8]
  let report: RunReport
  /// What the terminal shows of the alerts.
  let terminal: [UInt8]

  /// Runs over files.
  ///
  /// - Parameter names: what the log calls the files; their paths differ from machine to machine.
  init(
    _ paths: [String], names: [String], rules: CompiledRuleSet,
    configuration: SensorConfiguration = SensorConfiguration()
  ) throws(CaptureError) {
    var reader = try PcapReader(paths)
    var configuration = configuration
    configuration.inputNames = names
    self.init(&reader, rules: rules, configuration: configuration)
  }

  /// Runs over any source.
  init<Source: FrameSource & ~Copyable>(
    _ source: inout Source, rules: CompiledRuleSet,
    configuration: SensorConfiguration = SensorConfiguration()
  ) {
    let sink = MemorySink()
    let shown = ShownAlerts()
    var sensor = Sensor(
      rules: rules, configuration: configuration, sinks: [sink], onAlert: { shown.add($0, $1, $3) })
    report = sensor.run(&source, stop: StopFlag())
    log = sink.bytes
    terminal = shown.take()
  }

  /// Runs over any source in as many lanes as the configuration says.
  init<Source: FrameSource & ~Copyable>(
    inLanes source: consuming sending Source, rules: CompiledRuleSet, configuration: SensorConfiguration,
    stop: StopFlag = StopFlag()
  ) {
    let sink = MemorySink()
    let shown = ShownAlerts()
    var sensor = Sensor(
      rules: rules, configuration: configuration, sinks: [sink], onAlert: { shown.add($0, $1, $3) })
    report = sensor.run(inLanes: source, stop: stop)
    log = sink.bytes
    terminal = shown.take()
  }

  /// Runs over one capture that a test put together.
  init(
    _ capture: CaptureBytes, rules: CompiledRuleSet = .none,
    configuration: SensorConfiguration = SensorConfiguration()
  ) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(capture.bytes, as: "input.pcap")
    try self.init([path], names: ["input.pcap"], rules: rules, configuration: configuration)
  }

  /// The lines of the log without their ends.
  var lines: [String] {
    String(decoding: log, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map(String.init)
  }

  /// The lines of the log, parsed by Foundation; a line that is no JSON object throws.
  func objects() throws -> [[String: Any]] {
    try log.split(separator: 0x0a).map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
        "\(String(decoding: line, as: UTF8.self))")
    }
  }

  /// The parsed lines of one type.
  func objects(of type: String) throws -> [[String: Any]] {
    try objects().filter { $0["event_type"] as? String == type }
  }
}

/// Gathers the terminal lines of alerts.
private final class ShownAlerts {
  private var printer = AlertPrinter()

  func add(_ alert: Alert, _ rule: RuleMetadata, _ event: borrowing Event) {
    printer.write(alert, of: rule, event)
  }

  func take() -> [UInt8] {
    var bytes: [UInt8] = []
    printer.takePending { lines in
      for index in lines.indices { bytes.append(lines[index]) }
    }
    return bytes
  }
}

extension CompiledRuleSet {
  /// Rules that a test wrote; what is wrong with them fails the test.
  static func compile(_ text: String) throws -> CompiledRuleSet {
    let outcome = RuleSetLoader.load(texts: [("rules.yaml", text)])
    return try #require(outcome.ruleSet, "\(outcome.report.renderText())")
  }
}

extension [String: Any] {
  /// The object under a name.
  func object(_ name: String) throws -> [String: Any] {
    try #require(self[name] as? [String: Any], "no object \(name)")
  }
}
