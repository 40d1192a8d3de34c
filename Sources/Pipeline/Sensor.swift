public import Capture
public import Output
internal import Packets
public import Rules
internal import Values

/// The whole line from frames to log: drives a source until it ends or is told to stop.
public struct Sensor: ~Copyable {
  private let rules: CompiledRuleSet
  private let configuration: SensorConfiguration
  private let mailbox: SensorMailbox?
  /// The end of the line; nil once it ran.
  private var events: EventStage?

  /// A sensor that is ready for its first frame; it runs once.
  ///
  /// - Parameters:
  ///   - rules: the rules that decide.
  ///   - configuration: limits, and what is logged.
  ///   - sinks: where the log goes.
  ///   - outputs: what takes lines beside the log.
  ///   - mailbox: what other threads want of it, such as other rules.
  ///   - onAlert: is told of every alert, on the thread that runs the sensor, as the others are.
  ///   - onEvent: is told of events.
  ///   - onHour: is told at the end of each hour what each entity did in it.
  public init(
    rules: CompiledRuleSet, configuration: SensorConfiguration, sinks: [any EVESink],
    outputs: [EVEOutput] = [], mailbox: SensorMailbox? = nil, onAlert: AlertListener? = nil,
    onEvent: EventListener? = nil,
    onHour: HourListener? = nil
  ) {
    self.rules = rules
    self.configuration = configuration
    self.mailbox = mailbox
    events = EventStage(
      rules: rules, configuration: configuration, sinks: sinks, outputs: outputs, onAlert: onAlert,
      onEvent: onEvent,
      onHour: onHour)
  }

  /// Frames between two looks at the progress.
  private static let progressInterval = 4096

  /// Reads a source to its end, or until the flag is raised, and finishes the log, all on this thread.
  ///
  /// An input that breaks off is reported and the others are read on.
  ///
  /// - Parameter onProgress: is told the part that was read, 0–1, nil when unknown, now and then.
  public mutating func run<Source: FrameSource & ~Copyable>(
    _ source: inout Source, stop: StopFlag, onProgress: (Double?) -> Void = { _ in }
  ) -> RunReport {
    guard let events = events.take() else { preconditionFailure("a sensor runs once") }
    let needs = events.needs
    let outlet = EventOutlet(needs, stage: events)
    var lane = OrderedLane(rules: rules, configuration: configuration, mailbox: mailbox, outlet: outlet)
    var state = FrameSourceState.more
    var framesUntilProgress = 0
    while state != .ended, !stop.isRaised, !lane.isBroken {
      lane.stage.beginBatch()
      do throws(CaptureError) {
        repeat {
          let room = FrameBatch.capacity - lane.stage.framesInBatch
          state = try source.read(upTo: room, visitor: &lane.stage)
          // Who tails the log of a pipe wants what there is, but the batch goes on: what is done between batches
          // does not depend on when the pipe brings what.
          guard state == .waiting else { break }
          lane.flush()
          onProgress(nil)
        } while !lane.stage.isFull
      } catch {
        lane.note(error)
      }
      lane.endBatch(state, source.statistics)
      framesUntilProgress -= lane.stage.framesInBatch
      guard framesUntilProgress <= 0 || state == .idle else { continue }
      framesUntilProgress = Self.progressInterval
      onProgress(source.fractionRead)
    }
    lane.finish(source.statistics)
    guard let report = lane.stage.packets.messages.events.report else {
      preconditionFailure("the end of the line makes a report")
    }
    return report
  }

  /// Reads a source to its end in as many lanes as the configuration says, each on a thread of its own.
  ///
  /// Log and alerts are those of `run(_:)`; sinks, alerts and progress stay on this thread.
  public mutating func run<Source: FrameSource & ~Copyable>(
    inLanes source: consuming sending Source, stop: StopFlag, onProgress: (Double?) -> Void = { _ in }
  ) -> RunReport {
    guard configuration.lanes > 1 || !configuration.isOffline else {
      var source = source
      return run(&source, stop: stop, onProgress: onProgress)
    }
    let shared = SharedSource(source, stop: stop, isLive: !configuration.isOffline)
    return run([shared], lanes: configuration.isOffline ? configuration.lanes : 1, onProgress)
  }

  /// Reads live inputs, each in a lane of its own, until they are told to stop.
  ///
  /// When it cannot keep up, the oldest frames are thrown away and counted.
  public mutating func run(_ inputs: LiveInputs, onProgress: (Double?) -> Void = { _ in }) -> RunReport {
    run(inputs.sources, lanes: inputs.sources.count, onProgress)
  }

  /// Starts the threads of a crew and is the end of the line for them.
  private mutating func run<Source: FrameSource & ~Copyable>(
    _ sources: [SharedSource<Source>], lanes: Int, _ onProgress: (Double?) -> Void
  ) -> RunReport {
    guard var events = events.take() else { preconditionFailure("a sensor runs once") }
    let crew = LaneCrew(configuration, lanes: lanes)
    crew.start(sources, rules: rules, needs: events.needs, mailbox: mailbox)
    var progress: Double? = -1
    while true {
      var batch = crew.events.filled.take()
      events.process(&batch)
      if events.failure != nil { crew.events.isBroken = true }
      if batch.progress == nil || batch.progress != progress { onProgress(batch.progress) }
      progress = batch.progress
      crew.events.empty.put(batch)
      guard let report = events.report else { continue }
      crew.join()
      return report
    }
  }
}
