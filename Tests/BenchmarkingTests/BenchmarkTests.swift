import Rules
import Testing

@testable import Benchmarking

@Suite struct BenchmarkTests {
  @Test func `a program is measured, and what it prints goes nowhere`() throws {
    let cost = try MeasuredProcess(
      "/bin/sh", ["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo much"]
    )
    .run(errors: "/dev/null")
    #expect(cost.cpuSeconds > 0)
    #expect(cost.wallSeconds > 0)
    #expect(cost.residentBytes > 100_000)
  }

  @Test func `a program that fails or is missing says so`() throws {
    #expect(throws: MeasuredProcess.Problem.self) {
      try MeasuredProcess("/bin/sh", ["-c", "exit 3"]).run(errors: "/dev/null")
    }
    #expect(throws: MeasuredProcess.Problem.self) {
      try MeasuredProcess("/nowhere/at-all", []).run(errors: "/dev/null")
    }
  }

  @Test func `builds take turns and have their results apart`() throws {
    let benchmark = Benchmark(builds: ["/bin/true", "/bin/echo"], rounds: 3, counter: .none, folder: "/tmp")
    let results = try benchmark.run([BenchmarkCase("work", "case", packets: 10, [])]) { _ in }
    #expect(results.map(\.build) == ["/bin/true", "/bin/echo"])
    #expect(results.allSatisfy { $0.runs.count == 3 && $0.name == "case" && $0.packets == 10 })
    #expect(BenchmarkReport(results).text.contains("×"))
  }

  @Test func `the least and the middle of several runs`() {
    let runs = [3.0, 1.0, 2.0, 10.0].map {
      ProcessCost(
        userSeconds: $0, systemSeconds: 0, wallSeconds: $0, residentBytes: Int($0),
        instructions: UInt64($0 * 20))
    }
    let result = BenchmarkResult(work: "w", name: "n", build: "b", packets: 10, runs: runs)
    #expect(result.leastCPU == 1)
    #expect(result.medianCPU == 2.5)
    #expect(result.nanosecondsPerPacket == 1e8)
    #expect(result.instructionsPerPacket == 2)
    #expect(result.residentBytes == 10)
  }

  @Test func `rule sets of any size are right, and a larger one begins with a smaller one`() {
    let text = ManyRules.text(240)
    #expect(text.hasPrefix(ManyRules.text(120)))
    let outcome = RuleSetLoader.load(texts: [("many.yaml", text)])
    #expect(outcome.report.errorCount == 0)
    #expect(outcome.ruleSet?.ruleCount == 240)
  }
}
