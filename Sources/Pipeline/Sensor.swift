public import Capture
public import Output
internal import Packets
public import Rules
internal import Values

/// The whole line from frames to log: drives a source until it ends or is told to stop.
public struct Sensor: ~Copyable {
  private var stage: FrameStage
  private let configuration: SensorConfiguration

  /// A sensor that is ready for its first frame.
  ///
  /// - Parameters:
  ///   - rules: the rules that decide.
  ///   - configuration: limits, and what is logged.
  ///   - sinks: where the log goes.
  ///   - onAlert: is told of every alert.
  public init(
    rules: CompiledRuleSet, configuration: SensorConfiguration, sinks: [any EVESink],
    onAlert: AlertListener? = nil
  ) {
    self.configuration = configuration
    let events = EventStage(rules: rules, configuration: configuration, sinks: sinks, onAlert: onAlert)
    stage = FrameStage(
      packets: PacketStage(
        configuration: configuration, headerNames: rules.headerNames, events: events))
  }

  /// Frames read at a time; between two of these the stop flag and the clock for `stats` are looked at.
  private static let batch = 4096

  /// Reads a source to its end, or until the flag is raised, and finishes the log.
  ///
  /// An input that breaks off is reported and the others are read on.
  ///
  /// - Parameter onProgress: is told the part that was read, 0–1, nil when unknown, now and then.
  public mutating func run<Source: FrameSource & ~Copyable>(
    _ source: inout Source, stop: StopFlag, onProgress: (Double?) -> Void = { _ in }
  ) -> RunReport {
    var errors: [CaptureError] = []
    var state = FrameSourceState.more
    while state != .ended, !stop.isRaised, stage.packets.events.failure == nil {
      do throws(CaptureError) {
        state = try source.read(upTo: Self.batch, visitor: &stage)
      } catch {
        errors.append(error)
      }
      onProgress(source.fractionRead)
      if state == .idle { stage.packets.events.flush() }
    }
    return finish(source.statistics, errors: errors)
  }

  private mutating func finish(
    _ statistics: CaptureStatistics, errors: [CaptureError]
  ) -> RunReport {
    stage.packets.finish()
    let counters = SensorCounters(
      decoder: stage.decoder.counters, packets: stage.packets, capture: statistics)
    stage.packets.events.writeStats(at: stage.lastTime ?? Timestamp(nanoseconds: 0), counters.named)
    stage.packets.events.flush()
    return RunReport(
      counters: counters.named, alertsByRule: stage.packets.events.alertsByRule, captureErrors: errors,
      sinkError: stage.packets.events.failure)
  }
}
