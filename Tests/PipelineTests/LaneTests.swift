import Capture
import Foundation
import Output
import Packets
import Pipeline
import Rules
import TestCaptures
import Testing
import Tracking
import Values

extension SensorRun {
  /// Runs over files in a number of lanes.
  init(
    _ paths: [String], lanes: Int, rules: CompiledRuleSet,
    configuration: SensorConfiguration = SensorConfiguration(), stop: StopFlag = StopFlag()
  ) throws(CaptureError) {
    let reader = try PcapReader(paths)
    var configuration = configuration
    configuration.inputNames = paths
    configuration.lanes = lanes
    self.init(inLanes: reader, rules: rules, configuration: configuration, stop: stop)
  }
}

/// The log does not depend on the number of lanes.
@Suite struct LaneTests {
  static let numbers = [2, 4, 8]
  static let shares = 8

  @Test(
    arguments: [
      (16 << 20, 2, 0.04, 2), (16 << 20, 16, 1, 2), (1 << 40, 2, 0.2, 2), (16 << 20, 1, 1, 1),
      ((16 << 20) - 1, 2, 1, 1), (nil, 8, 1, 1), (16 << 20, 2, 0.039, 1),
    ] as [(Int?, Int, Double, Int)])
  func `a large file with much signalling is read in two lanes where there are cores`(
    bytes: Int?, cores: Int, signalling: Double, lanes: Int
  ) {
    #expect(SensorConfiguration.lanes(forFilesOf: bytes, cores: cores, signalling: signalling) == lanes)
  }

  @Test func `what begins with a letter may be signalling`() throws {
    let path = TestFolders.package.appendingPathComponent("Fixtures/office-morning.pcap").path
    let share = SignallingSample.share(of: [path])
    #expect(share > 0.04 && share < 1)
    #expect(SignallingSample.share(of: [path + ".missing"]) == 0)
    // What the sample takes of standard input would be missing later.
    #expect(SignallingSample.share(of: [path, "-"]) == 0)
  }

  @Test(
    arguments: [
      ("Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", "max 100000\n", 4, 2),
      ("Cpus_allowed:\tff,00000001\n", "", 64, 9), ("Cpus_allowed:\tffffffff\n", "", 2, 2), ("", "", 3, 3),
      ("", "150000 100000\n", 4, 1), ("", "200000 100000\n", 4, 2), ("", "50000 100000\n", 4, 1),
      ("Cpus_allowed:\t1\n", "800000 100000\n", 4, 1), ("", "9e99 0\n", 4, 4), ("", "1 1e-300\n", 4, 4),
      ("", "-1 5\n", 4, 1),
    ])
  func `cores are those that affinity and the container leave`(
    status: String, quota: String, present: Int, usable: Int
  ) {
    #expect(UsableCores.number(status: status, quota: quota, present: present) == usable)
  }

  /// The rules as they are shipped.
  static let rules: CompiledRuleSet? =
    RuleSetLoader.load([TestFolders.package.appendingPathComponent("rules").path]).ruleSet

  /// The captures that are part of the package.
  static let fixtures: [String] = {
    let folder = TestFolders.package.appendingPathComponent("Fixtures")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.contains(".pcap") }.sorted().map { folder.appendingPathComponent($0).path }
  }()

  private func expectSame(_ run: SensorRun, _ reference: SensorRun, _ what: String) {
    guard run.log != reference.log else {
      #expect(run.terminal == reference.terminal, "\(what)")
      #expect(run.report.counters.map(\.value) == reference.report.counters.map(\.value), "\(what)")
      #expect(run.report.captureErrors == reference.report.captureErrors, "\(what)")
      return
    }
    let difference = LineDifference(
      expected: String(decoding: reference.log, as: UTF8.self),
      actual: String(decoding: run.log, as: UTF8.self))
    Issue.record("\(what):\n\(difference.text)")
  }

  /// Compares runs over files in all numbers of lanes with one in a single lane.
  private func expectSame(
    _ paths: [String], configuration: SensorConfiguration = SensorConfiguration()
  ) throws {
    let rules = try #require(Self.rules)
    let reference: SensorRun
    do throws(CaptureError) {
      reference = try SensorRun(paths, lanes: 1, rules: rules, configuration: configuration)
    } catch {
      return
    }
    for lanes in Self.numbers {
      let run = try SensorRun(paths, lanes: lanes, rules: rules, configuration: configuration)
      expectSame(run, reference, "\(paths.first ?? "") in \(lanes) lanes")
    }
  }

  @Test(arguments: 0..<shares)
  func `every capture of the package gives the same bytes in any number of lanes`(share: Int) throws {
    #expect(Self.fixtures.count > 40)
    for (index, path) in Self.fixtures.enumerated() where index % Self.shares == share {
      try expectSame([path])
    }
  }

  @Test(
    .enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"), arguments: 0..<shares)
  func `every real capture gives the same bytes in any number of lanes`(share: Int) throws {
    let names = try TestFolders.sharedCaptureNames()
    for (index, name) in names.enumerated() where index % Self.shares == share {
      try expectSame([TestFolders.sharedCaptures.appendingPathComponent(name).path])
    }
  }

  @Test func `several files whose times jump give the same bytes in any number of lanes`() throws {
    try expectSame(Self.fixtures)
  }

  @Test func `full tables give the same bytes in any number of lanes`() throws {
    var configuration = SensorConfiguration()
    configuration.flowLimit = 2
    configuration.streamLimit = 16
    configuration.calls.capacity = 16
    configuration.registrationLimit = 16
    configuration.transactionLimit = 16
    configuration.messageMemory = 16
    configuration.profileLimit = 16
    let paths = ["office-morning.pcap", "register-enumeration.pcap", "lab-toll-fraud.pcap"].map {
      TestFolders.package.appendingPathComponent("Fixtures/" + $0).path
    }
    let rules = try #require(Self.rules)
    let run = try SensorRun(paths, lanes: 4, rules: rules, configuration: configuration)
    #expect(run.report["flow.evicted"] > 10)
    try expectSame(paths, configuration: configuration)
  }

  @Test func `damaged frames give the same bytes in any number of lanes`() throws {
    let rules = try #require(Self.rules)
    let samples = try MutatedCaptureTests.frames(of: "office-morning.pcap")
    let seed: UInt64 = 0x6c61_6e65_7300_0001
    print("lanes: 3000 mutated frames from seed \(seed)")
    func run(_ lanes: Int) -> SensorRun {
      var configuration = SensorConfiguration()
      configuration.lanes = lanes
      configuration.flowLimit = 200
      let source = MutatedFrames(samples, seed: seed, count: 3000)
      configuration.inputNames = source.inputNames
      return SensorRun(inLanes: source, rules: rules, configuration: configuration)
    }
    let reference = run(1)
    #expect(reference.report["decoder.invalid"] > 100)
    for lanes in Self.numbers { expectSame(run(lanes), reference, "\(lanes) lanes") }
  }

  @Test func `received messages give the same bytes in any number of lanes`() throws {
    let rules = try #require(Self.rules)
    let samples = MutatedCaptureTests.messages.map { (LinkType.raw, $0) }
    func run(_ lanes: Int) -> SensorRun {
      var configuration = SensorConfiguration()
      configuration.lanes = lanes
      let source = MutatedFrames(samples, seed: 7, count: 2000, isReceived: true)
      configuration.inputNames = source.inputNames
      return SensorRun(inLanes: source, rules: rules, configuration: configuration)
    }
    let reference = run(1)
    #expect(reference.report["decoder.hep"] > 100)
    for lanes in Self.numbers { expectSame(run(lanes), reference, "\(lanes) lanes") }
  }

  @Test func `a file that breaks off is reported in any number of lanes`() throws {
    let whole = try Data(
      contentsOf: TestFolders.package.appendingPathComponent("Fixtures/office-morning.pcap"))
    let folder = try TemporaryFolder()
    let path = try folder.write(whole.dropLast(11), as: "cut.pcap")
    let rules = try #require(Self.rules)
    let reference = try SensorRun([path], lanes: 1, rules: rules)
    #expect(reference.report.captureErrors.count == 1)
    for lanes in Self.numbers {
      expectSame(try SensorRun([path], lanes: lanes, rules: rules), reference, "\(lanes) lanes")
    }
  }

  @Test(arguments: [1, 2, 8])
  func `a run that is stopped ends with a whole log`(lanes: Int) throws {
    let rules = try #require(Self.rules)
    let stop = StopFlag()
    let path = TestFolders.package.appendingPathComponent("Fixtures/office-morning.pcap").path
    let paths = Array(repeating: path, count: 6)
    var configuration = SensorConfiguration()
    configuration.lanes = lanes
    configuration.inputNames = paths
    let source = StoppedSource(try PcapReader(paths), after: 1200, stop)
    let run = SensorRun(inLanes: source, rules: rules, configuration: configuration, stop: stop)
    let packets = run.report["decoder.pkts"]
    #expect((1200...1200 + 512).contains(packets))
    #expect(try run.objects().last?["event_type"] as? String == "stats")
  }

  @Test(arguments: [1, 2, 8])
  func `a log that can take no more ends the run`(lanes: Int) throws {
    let rules = try #require(Self.rules)
    var configuration = SensorConfiguration()
    configuration.lanes = lanes
    let path = TestFolders.package.appendingPathComponent("Fixtures/office-morning.pcap").path
    let paths = Array(repeating: path, count: 4)
    configuration.inputNames = paths
    var sensor = Sensor(rules: rules, configuration: configuration, sinks: [FullSink()])
    let report = sensor.run(inLanes: try PcapReader(paths), stop: StopFlag())
    #expect(report.sinkError?.cause == "it is full")
  }
}

/// A file that somebody stops reading after some frames.
private struct StoppedSource: FrameSource, ~Copyable {
  private var reader: PcapReader
  private let limit: UInt64
  private let stop: StopFlag

  init(_ reader: consuming PcapReader, after limit: UInt64, _ stop: StopFlag) {
    self.reader = reader
    self.limit = limit
    self.stop = stop
  }

  mutating func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> FrameSourceState {
    defer { if reader.statistics.received >= self.limit { stop.raise() } }
    return try reader.read(upTo: limit, visitor: &visitor)
  }

  var inputNames: [String] { reader.inputNames }
  var fractionRead: Double? { reader.fractionRead }
  var statistics: CaptureStatistics { reader.statistics }
}

/// A disk without room.
private final class FullSink: EVESink {
  func write(_ lines: Span<UInt8>) throws(SinkError) {
    throw SinkError(target: "nowhere", cause: "it is full", remedy: "make room")
  }
}
