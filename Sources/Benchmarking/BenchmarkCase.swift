/// One thing that is measured: a program over an input of known size.
public struct BenchmarkCase: Sendable {
  /// What is measured.
  public var work: String
  /// In which variant.
  public var name: String
  /// Packets of the input.
  public var packets: Int
  /// What Ringwatch is told; the builds that are compared are told the same.
  public var arguments: [String]
  /// Another program with its arguments, which stands beside Ringwatch.
  public var other: MeasuredProcess?

  /// A run of Ringwatch.
  public init(_ work: String, _ name: String, packets: Int, _ arguments: [String]) {
    (self.work, self.name, self.packets, self.arguments) = (work, name, packets, arguments)
  }

  /// A run of another program.
  public init(_ work: String, _ name: String, packets: Int, other: MeasuredProcess) {
    (self.work, self.name, self.packets, arguments, self.other) = (work, name, packets, [], other)
  }
}

/// What a case cost, run by run.
public struct BenchmarkResult: Codable, Sendable {
  /// What was measured.
  public var work: String
  /// In which variant.
  public var name: String
  /// The build by its place on the command line, or the other program.
  public var build: String
  /// Packets of the input.
  public var packets: Int
  /// In the order in which they were made.
  public var runs: [ProcessCost]

  /// CPU seconds, the least, which other work on the machine disturbs least.
  public var leastCPU: Double { runs.map(\.cpuSeconds).min() ?? 0 }
  /// CPU seconds, the middle.
  public var medianCPU: Double { Self.median(runs.map(\.cpuSeconds)) }
  /// CPU nanoseconds for each packet, of the least.
  public var nanosecondsPerPacket: Double { leastCPU * 1e9 / Double(max(1, packets)) }
  /// Seconds from start to end, the middle.
  public var medianWall: Double { Self.median(runs.map(\.wallSeconds)) }
  /// The most memory of all runs, in bytes.
  public var residentBytes: Int { runs.map(\.residentBytes).max() ?? 0 }
  /// Instructions for each packet; nil when they were not counted.
  public var instructionsPerPacket: Double? {
    runs.compactMap(\.instructions).min().map { Double($0) / Double(max(1, packets)) }
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return 0 }
    return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
  }
}
