public import Capture
public import Output
internal import Packets
public import Rules
internal import Synchronization
internal import Values

/// The whole line from frames to log: drives a source until it ends or is told to stop.
public struct Sensor: ~Copyable {
  private var stage: FrameStage
  private let configuration: SensorConfiguration
  private let mailbox: SensorMailbox?
  private var losses = GrowthWatch()
  private var evictions = GrowthWatch()

  /// A sensor that is ready for its first frame.
  ///
  /// - Parameters:
  ///   - rules: the rules that decide.
  ///   - configuration: limits, and what is logged.
  ///   - sinks: where the log goes.
  ///   - mailbox: what other threads want of it, such as other rules.
  ///   - onAlert: is told of every alert.
  ///   - onEvent: is told of events.
  ///   - onHour: is told at the end of each hour what each entity did in it.
  public init(
    rules: CompiledRuleSet, configuration: SensorConfiguration, sinks: [any EVESink],
    mailbox: SensorMailbox? = nil, onAlert: AlertListener? = nil, onEvent: EventListener? = nil,
    onHour: HourListener? = nil
  ) {
    self.configuration = configuration
    self.mailbox = mailbox
    let events = EventStage(
      rules: rules, configuration: configuration, sinks: sinks, onAlert: onAlert, onEvent: onEvent,
      onHour: onHour)
    let messages = MessageStage(
      configuration: configuration, headerNames: rules.headerNames, events: events)
    stage = FrameStage(
      configuration: configuration, packets: PacketStage(configuration: configuration, messages: messages))
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
    var lastStats = ContinuousClock.now
    var lastLossCheck = ContinuousClock.now
    while state != .ended, !stop.isRaised, stage.packets.messages.events.failure == nil {
      do throws(CaptureError) {
        state = try source.read(upTo: Self.batch, visitor: &stage)
      } catch {
        errors.append(error)
      }
      onProgress(source.fractionRead)
      serve(source.statistics)
      if state == .idle { stage.settle(.idle) }
      if configuration.isOffline || ContinuousClock.now - lastLossCheck >= Self.lossCheckInterval {
        lastLossCheck = .now
        noteLosses(source.statistics)
      }
      guard !configuration.isOffline else { continue }
      // Who tails the log of a live sensor wants its lines now. The clock decides only when the counters
      // are written, never what is in them.
      if ContinuousClock.now - lastStats >= .nanoseconds(configuration.statsInterval) {
        lastStats = .now
        writeStats(source.statistics)
      }
      stage.packets.messages.events.flush()
    }
    mailbox?.close()
    noteLosses(source.statistics)
    stage.settle(.end)
    stage.packets.finish()
    let counters = writeStats(source.statistics)
    stage.packets.messages.events.flush()
    let tally = stage.packets.messages.events.alertTally
    return RunReport(
      counters: counters.named, rules: tally.rules, alertsByRule: tally.alerts,
      exceptions: stage.packets.messages.events.exceptionUses,
      start: stage.firstTime, end: stage.lastTime,
      captureErrors: errors,
      sinkError: stage.packets.messages.events.failure)
  }

  /// Does what other threads asked for.
  private mutating func serve(_ statistics: @autoclosure () -> CaptureStatistics) {
    guard let requests = mailbox?.take(), !requests.isEmpty else { return }
    let time = stage.lastTime ?? Timestamp(nanoseconds: 0)
    for request in requests {
      switch request {
      case .reopen: stage.packets.messages.events.reopenSinks()
      case .exchange(let exchange):
        exchange.adoption.withLock {
          stage.packets.messages.adopt(&$0, isOfLists: exchange.isOfLists, at: time)
        }
        exchange.done.give(true)
      case .reject(let rejection): stage.packets.messages.reject(rejection, at: time)
      case .snapshot(let answer):
        let tally = stage.packets.messages.events.alertTally
        answer.give(
          SensorSnapshot(
            counters: counters(statistics()).named, rules: tally.rules, alertsByRule: tally.alerts))
      }
    }
  }

  /// How often the kernel is asked what it dropped: less than events may come late, so that no absence is
  /// claimed before.
  private static var lossCheckInterval: Duration { .milliseconds(200) }

  private mutating func noteLosses(_ statistics: CaptureStatistics) {
    let time = stage.lastTime ?? Timestamp(nanoseconds: 0)
    if losses.notices(statistics.lost) { stage.packets.messages.events.noteCaptureLoss() }
    if let lost = losses.takeReport(at: time) {
      stage.packets.messages.raise(.packetsLost, "\(lost) packets", at: time, sequence: 0)
    }
    _ = evictions.notices(stage.packets.messages.events.engineEvictions)
    if let evicted = evictions.takeReport(at: time) {
      stage.packets.messages.raise(.keysEvicted, "\(evicted) keys", at: time, sequence: 0)
    }
  }

  @discardableResult
  private mutating func writeStats(_ statistics: CaptureStatistics) -> SensorCounters {
    let counters = counters(statistics)
    stage.packets.messages.events.writeStats(
      at: stage.lastTime ?? Timestamp(nanoseconds: 0), counters.named)
    return counters
  }

  private func counters(_ statistics: CaptureStatistics) -> SensorCounters {
    var counters = SensorCounters()
    counters.uptime = UInt64(max(0, stage.elapsed) / 1_000_000_000)
    counters.capture = statistics
    counters.times = stage.times
    counters.decoder = stage.decoder.counters
    counters.decoder[.hep] = stage.packets.mirrored.packets
    counters.mirrored = stage.packets.mirrored
    counters.flows = FlowCounters(stage.packets.messages.flows)
    counters.fragments = stage.decoder.fragmentCounters
    counters.sctp = stage.decoder.sctpCounters
    counters.fragmentTables = stage.decoder.tables
    counters.streamTables = stage.packets.streamTables
    counters.messages = stage.packets.messages.counters
    counters.tables = stage.packets.messages.tables + stage.packets.messages.media.tables
    counters.transactions = TransactionCounters(stage.packets.messages.signalling.transactions)
    counters.registrations = RegistrationCounters(stage.packets.messages.signalling.registrations)
    counters.media = stage.packets.messages.media.counters
    counters.calls = CallCounters(stage.packets.messages.signalling.calls)
    counters.streams = stage.packets.streamCounters
    counters.profiles = ProfileCounters(stage.packets.messages.events.profiles)
    if let scores = stage.packets.messages.events.scores { counters.take(scores) }
    counters.engine = stage.packets.messages.events.engineCounters
    return counters
  }
}
