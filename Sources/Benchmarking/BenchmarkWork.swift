internal import Foundation
internal import Simulation

/// What can be measured.
public enum BenchmarkWork: String, CaseIterable, Sendable {
  /// A busy server for ten minutes, shipped rules, `alert`, `sip`, `flow` and `stats` logged, in one lane, as all other
  /// works, and in two; other programs that are installed stand beside it.
  case reference
  /// The same in parts: reading, media, signalling, rules, log.
  case stages
  /// 100, 1,000 and 10,000 rules.
  case rules
  /// The same calls, 1,000, 10,000 and 100,000 of them at the same time.
  case calls
  /// The reference for one, five and twenty times as long.
  case length
  /// A probe from each of 100,000, 1,000,000 and 5,000,000 addresses.
  case flood
}

/// Makes the inputs of works, each once, and the cases over them.
public struct BenchmarkInputs {
  private let folder: String
  private let rules: String
  private let capture: (path: String, packets: Int)?
  private var made: Set<String> = []

  /// Inputs in a folder.
  ///
  /// - Parameters:
  ///   - rules: the rule pack of the reference.
  ///   - capture: a capture file with its packets, in the place of the reference's traffic.
  public init(folder: String, rules: String, capture: (path: String, packets: Int)?) throws {
    (self.folder, self.rules, self.capture) = (folder, rules, capture)
    for (name, types) in [("log", "alert, sip, flow, stats"), ("alerts", "alert"), ("nothing", "")] {
      try write("log:\n  types: [\(types)]\n  overwrite: true\n", as: "\(name).yaml")
    }
    try write("rules: []\n", as: "no-rules.yaml")
  }

  /// The cases of a work; writes what they read.
  public mutating func cases(of work: BenchmarkWork) throws -> [BenchmarkCase] {
    switch work {
    case .reference: try reference()
    case .stages: try stages()
    case .rules: try ruleSets()
    case .calls:
      try [1000, 10_000, 100_000].map { try alone("calls", "\($0) at a time", .concurrent($0)) }
    case .length: try [1, 5, 20].map { try alone("length", "\($0) times", .reference(scale: $0)) }
    case .flood:
      try [100_000, 1_000_000, 5_000_000].map { try alone("flood", "\($0) addresses", .flood(sources: $0)) }
    }
  }

  private mutating func reference() throws -> [BenchmarkCase] {
    let (path, packets) = try referenceCapture()
    var cases = [
      run("reference", "ringwatch", path, packets, config: "log", rules: rules),
      run("reference", "in two lanes", path, packets, config: "log", rules: rules, lanes: 2),
    ]
    let others = [
      // As the user who measures: any other could not write what was counted.
      ("tcpdump", ["-Z", "root", "-n", "-r", path, "-w", "/dev/null"]),
      ("tshark", ["-n", "-r", path, "-q", "-z", "io,stat,0"]),
    ]
    for (name, arguments) in others {
      guard let program = MeasuredProcess.path(of: name) else { continue }
      cases.append(
        BenchmarkCase("reference", name, packets: packets, other: MeasuredProcess(program, arguments)))
    }
    return cases
  }

  /// Each adds something to the one before; media and signalling are parts of the same packets.
  private mutating func stages() throws -> [BenchmarkCase] {
    let (path, packets) = try referenceCapture()
    let none = "\(folder)/no-rules.yaml"
    func part(_ name: String, config: String = "nothing", rules: String? = nil, filter: [String] = [])
      -> BenchmarkCase
    {
      run("stages", name, path, packets, config: config, rules: rules ?? none, filter: filter)
    }
    return [
      part("read", filter: ["less", "1"]),
      part("read, media", filter: ["not", "port", "5060"]),
      part("read, signalling", filter: ["port", "5060"]),
      part("all packets"),
      part("and rules", rules: rules),
      part("and log", config: "log", rules: rules),
    ]
  }

  private mutating func ruleSets() throws -> [BenchmarkCase] {
    let (path, packets) = try referenceCapture()
    return try [100, 1000, 10_000].map { count in
      try write(ManyRules.text(count), as: "rules-\(count).yaml")
      return run(
        "rules", "\(count) rules", path, packets, config: "alerts", rules: "\(folder)/rules-\(count).yaml")
    }
  }

  private mutating func alone(_ work: String, _ name: String, _ traffic: LoadTraffic) throws -> BenchmarkCase
  {
    let path = try make(traffic, as: "\(work)-\(name.filter(\.isNumber)).pcap")
    return run(work, name, path, traffic.packetCount, config: "alerts", rules: rules)
  }

  private func run(
    _ work: String, _ name: String, _ capture: String, _ packets: Int, config: String, rules: String,
    lanes: Int = 1, filter: [String] = []
  ) -> BenchmarkCase {
    let arguments = [
      "run", "-q", "-r", capture, "-c", "\(folder)/\(config).yaml", "-S", rules, "-l", "\(folder)/out",
      "--lanes", "\(lanes)",
    ]
    return BenchmarkCase(work, name, packets: packets, arguments + filter)
  }

  private mutating func referenceCapture() throws -> (path: String, packets: Int) {
    if let capture { return capture }
    let traffic = LoadTraffic.reference()
    return (try make(traffic, as: "reference.pcap"), traffic.packetCount)
  }

  private mutating func make(_ traffic: LoadTraffic, as name: String) throws -> String {
    let path = "\(folder)/\(name)"
    if made.insert(name).inserted { try Self.write(traffic, to: path) }
    return path
  }

  /// Writes the traffic of the reference.
  public static func writeReference(to path: String) throws { try write(.reference(), to: path) }

  private static func write(_ traffic: LoadTraffic, to path: String) throws {
    try Data().write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try traffic.write { bytes in try file.write(contentsOf: Data(copy bytes)) }
    try file.close()
  }

  private func write(_ text: String, as name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }
}
