import Capture
import Foundation
import Output
import Pipeline
import Rules
import TestCaptures
import Testing

/// Who tails the log of a pipe sees what was written to the pipe, while it is still open.
@Suite(.timeLimit(.minutes(2))) struct LivePipeTests {
  /// Ends a pipe when the first lines of the log come: a run that writes none until then would never end.
  private final class AnsweringSink: EVESink {
    private let pipe: FileHandle
    private let rest: Data
    private(set) var bytes: [UInt8] = []

    init(_ pipe: FileHandle, rest: Data) {
      self.pipe = pipe
      self.rest = rest
    }

    func write(_ lines: Span<UInt8>) throws(SinkError) {
      if bytes.isEmpty {
        pipe.write(rest)
        try? pipe.close()
      }
      for index in lines.indices { bytes.append(lines[index]) }
    }
  }

  /// A pipe that all but the last bytes of a file were written to.
  private struct FilledPipe {
    let path: String
    let sink: AnsweringSink

    /// - Parameter size: bytes that are held back.
    init(_ content: Data, in folder: borrowing TemporaryFolder, holdingBack size: Int) throws {
      path = folder.url.appendingPathComponent("pipe").path
      try #require(unsafe mkfifo(path, 0o600) == 0)
      // The buffer of a pipe has 64 KiB. Open for both, so that neither end waits for the other.
      try #require(content.count < 1 << 16)
      let both = FileHandle(fileDescriptor: unsafe open(path, O_RDWR))
      let writer = FileHandle(fileDescriptor: unsafe open(path, O_WRONLY))
      writer.write(content.dropLast(size))
      sink = AnsweringSink(writer, rest: content.suffix(size))
      keeper = both
    }

    private let keeper: FileHandle

    /// Leaves the sink the only one who writes.
    func release() throws { try keeper.close() }
  }

  private func content(_ fixture: String) throws -> Data {
    try Data(contentsOf: TestFolders.package.appendingPathComponent("Fixtures/\(fixture)"))
  }

  @Test(arguments: ["blacklisted.pcap", "sip-tcp.pcapng"])
  func `packets of a pipe are logged before it waits for more`(fixture: String) throws {
    let folder = try TemporaryFolder()
    let pipe = try FilledPipe(content(fixture), in: folder, holdingBack: 5)
    var configuration = SensorConfiguration()
    configuration.inputNames = [fixture]
    var reader = try PcapReader([pipe.path])
    try pipe.release()
    var sensor = Sensor(rules: .none, configuration: configuration, sinks: [pipe.sink])
    let report = sensor.run(&reader, stop: StopFlag())
    let file = TestFolders.package.appendingPathComponent("Fixtures/\(fixture)").path
    let whole = try SensorRun([file], names: [fixture], rules: .none, configuration: configuration)
    #expect(report.captureErrors.isEmpty)
    #expect(pipe.sink.bytes == whole.log)
  }

  @Test func `alerts over a log from a pipe are logged before it waits for more`() throws {
    let rules = RuleSetLoader.load([TestFolders.package.appendingPathComponent("rules").path]).ruleSet
    let ruleSet = try #require(rules)
    let folder = try TemporaryFolder()
    let file = TestFolders.package.appendingPathComponent("Fixtures/blacklisted.pcap").path
    let logged = try SensorRun([file], names: ["a.pcap"], rules: .none)
    let pipe = try FilledPipe(Data(logged.log), in: folder, holdingBack: 5)
    var events = try LoggedEvents([pipe.path])
    try pipe.release()
    var replay = LogReplay(rules: ruleSet, configuration: SensorConfiguration(), sinks: [pipe.sink])
    let report = replay.run(&events, stop: StopFlag())
    #expect(report.captureErrors.isEmpty)
    #expect(String(decoding: pipe.sink.bytes, as: UTF8.self).contains("\"event_type\":\"alert\""))
  }
}
