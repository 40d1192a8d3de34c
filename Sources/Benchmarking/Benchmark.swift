/// Runs cases of all builds in turn, so that what disturbs the machine disturbs them alike.
public struct Benchmark: Sendable {
  /// The programs of the builds; the first is what the others are compared with.
  public var builds: [String]
  /// Runs of each case.
  public var rounds: Int
  /// How instructions are counted, in one more run of each case.
  public var counter: InstructionCounter
  /// A folder for what runs leave behind.
  public var folder: String

  /// A benchmark of one build or several.
  public init(builds: [String], rounds: Int, counter: InstructionCounter, folder: String) {
    (self.builds, self.rounds, self.counter, self.folder) = (builds, rounds, counter, folder)
  }

  /// Measures cases; `progress` is told before each run.
  public func run(
    _ cases: [BenchmarkCase], progress: (String) -> Void
  ) throws(MeasuredProcess.Problem) -> [BenchmarkResult] {
    var results: [BenchmarkResult] = []
    for item in cases {
      let programs = item.other.map { [$0] } ?? builds.map { MeasuredProcess($0, item.arguments) }
      var runs: [[ProcessCost]] = programs.map { _ in [] }
      for round in 0..<rounds {
        progress("\(item.work) \(item.name), run \(round + 1) of \(rounds)")
        for index in programs.indices {
          runs[index].append(try programs[index].run(errors: "\(folder)/errors"))
        }
      }
      for (index, program) in programs.enumerated() {
        if counter != .none {
          progress("\(item.work) \(item.name), instructions")
          let count = try counter.count(program, folder: folder)
          for run in runs[index].indices { runs[index][run].instructions = count }
        }
        results.append(
          BenchmarkResult(
            work: item.work, name: item.name, build: item.other == nil ? program.program : item.name,
            packets: item.packets, runs: runs[index]))
      }
    }
    return results
  }
}
