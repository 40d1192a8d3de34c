internal import Rules
package import Values

/// Runs a scenario and gives what a sensor beside its server would capture.
///
/// The same scenario, options and seed give the same bytes, on every machine.
package struct Simulator {
  /// What to simulate besides the scenario.
  package struct Options: Sendable {
    /// The first instant.
    package var start = Timestamp(seconds: 1_772_434_800, nanoseconds: 0)
    /// The length, in nanoseconds.
    package var duration: Int64 = 600_000_000_000
    /// Two runs with one seed are the same.
    package var seed: UInt64 = 1
    /// Attacks besides those of the scenario.
    package var attacks: [AttackRequest] = []
    /// The kind of capture file.
    package var format = CaptureWriter.Format.pcap

    /// Ten minutes of Monday, 2 March 2026, from 08:00 in Berlin on.
    package init() {}
  }

  private let scenario: Scenario
  private let options: Options

  /// A simulation that is ready to run.
  package init(_ scenario: Scenario, _ options: Options = Options()) {
    self.scenario = scenario
    self.options = options
  }

  /// Begins it; it goes on as its capture is read.
  package func begin() -> RunningSimulation {
    let start = options.start.nanoseconds
    let world = World(
      scenario, clock: scenario.clock, start: start, end: start + options.duration, seed: options.seed,
      format: options.format)
    Workday.begin(in: world)
    AttackCatalogue.plan(scenario.attacks + options.attacks, seed: options.seed, in: world)
    return RunningSimulation(scenario, options, world)
  }
}

/// A simulation that goes on as its capture is read.
package struct RunningSimulation {
  private let scenario: Scenario
  private let options: Simulator.Options
  private let world: World

  fileprivate init(_ scenario: Scenario, _ options: Simulator.Options, _ world: World) {
    self.scenario = scenario
    self.options = options
    self.world = world
  }

  /// The next piece of the capture file, about a mebibyte; nil when there is none left.
  package func nextPiece() -> [UInt8]? { world.nextPiece() }

  /// What was done so far.
  package var result: SimulationResult {
    SimulationResult(
      scenario: scenario.name, seed: options.seed, start: options.start,
      end: options.start.advanced(byNanoseconds: options.duration), counts: world.counts,
      labels: world.labels.labels.filter { $0.packets > 0 })
  }
}
