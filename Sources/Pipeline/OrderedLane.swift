internal import Capture
internal import Packets
internal import Rules
internal import Values

/// The ordered part of the line, where everything is that remembers: frames come in the order of the capture,
/// events go out in the order of the run.
struct OrderedLane: ~Copyable {
  var stage: FrameStage
  private let configuration: SensorConfiguration
  private let mailbox: SensorMailbox?
  private var losses = GrowthWatch()
  private var lastStats = ContinuousClock.now
  private var lastLossCheck = ContinuousClock.now
  private var errors: [CaptureError] = []

  init(
    rules: CompiledRuleSet, configuration: SensorConfiguration, mailbox: SensorMailbox?,
    outlet: consuming EventOutlet
  ) {
    self.configuration = configuration
    self.mailbox = mailbox
    let messages = MessageStage(
      configuration: configuration, headerNames: rules.headerNames, events: outlet)
    stage = FrameStage(
      configuration: configuration, packets: PacketStage(configuration: configuration, messages: messages))
  }

  /// Whether the log can take no more.
  var isBroken: Bool { stage.packets.messages.events.isBroken }

  /// Notes that an input broke off; live only once, whichever lanes notice, and at once: the run goes on without it.
  mutating func note(_ error: CaptureError) {
    guard !configuration.isOffline else { return errors.append(error) }
    guard !errors.contains(where: { $0.input == error.input }) else { return }
    errors.append(error)
    configuration.onInputLost?(error)
    stage.packets.messages.events.noteCaptureLoss()
    stage.packets.messages.raise(
      .inputLost, "\(error.input): \(error.cause)", at: stage.lastTime ?? .now, sequence: 0)
  }

  /// Does what is done between two batches of frames.
  ///
  /// - Parameter statistics: what the source received and lost up to the end of the batch.
  mutating func endBatch(_ state: FrameSourceState, _ statistics: @autoclosure () -> CaptureStatistics) {
    serve(statistics())
    if state == .idle { stage.settle(.idle) }
    if configuration.isOffline || ContinuousClock.now - lastLossCheck >= Self.lossCheckInterval {
      lastLossCheck = .now
      noteLosses(statistics())
    }
    guard !configuration.isOffline else { return }
    // Who tails the log of a live sensor wants its lines now. The clock decides only when the counters
    // are written, never what is in them.
    if ContinuousClock.now - lastStats >= .nanoseconds(configuration.statsInterval) {
      lastStats = .now
      stage.packets.messages.events.perform(.stats(counters(statistics()), at: time))
    }
    flush()
  }

  /// Writes the lines that there are.
  mutating func flush() { stage.packets.messages.events.perform(.flush) }

  /// Ends everything that is open, and the log.
  mutating func finish(_ statistics: CaptureStatistics) {
    mailbox?.close()
    noteLosses(statistics)
    stage.settle(.end)
    stage.packets.finish()
    stage.packets.messages.events.perform(
      .end(
        EndOfInput(
          counters: counters(statistics), start: stage.firstTime, end: stage.lastTime,
          captureErrors: errors)))
  }

  /// Packet time; the beginning of time before the first packet.
  private var time: Timestamp { stage.lastTime ?? Timestamp(nanoseconds: 0) }

  /// Does what other threads asked for.
  private mutating func serve(_ statistics: @autoclosure () -> CaptureStatistics) {
    guard let requests = mailbox?.take(), !requests.isEmpty else { return }
    for request in requests {
      switch request {
      case .reopen(let onEnd): stage.packets.messages.events.perform(.reopen(onEnd))
      case .exchange(let exchange): stage.packets.messages.adopt(exchange, at: time)
      case .reject(let rejection): stage.packets.messages.reject(rejection, at: time)
      case .snapshot(let answer):
        stage.packets.messages.events.perform(.tell(answer, counters(statistics())))
      }
    }
  }

  /// How often the kernel is asked what it dropped: less than events may come late, so that no absence is
  /// claimed before.
  private static var lossCheckInterval: Duration { .milliseconds(200) }

  private mutating func noteLosses(_ statistics: CaptureStatistics) {
    if losses.notices(statistics.lost) { stage.packets.messages.events.noteCaptureLoss() }
    if let lost = losses.takeReport(at: time) {
      stage.packets.messages.raise(.packetsLost, "\(lost) packets", at: time, sequence: 0)
    }
    stage.packets.messages.events.perform(.watchEvictions(at: time))
  }

  /// What is counted here; the end of the line adds its own.
  private func counters(_ statistics: CaptureStatistics) -> SensorCounters {
    var counters = SensorCounters()
    counters.uptime = UInt64(max(0, stage.elapsed) / 1_000_000_000)
    counters.capture = statistics
    counters.times = stage.times
    counters.decoder = stage.decoderCounters
    counters.decoder[.hep] = stage.packets.mirrored.packets
    counters.mirrored = stage.packets.mirrored
    counters.vlanCopies = stage.packets.copyCount
    counters.natCopies = stage.packets.translatedCount
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
    return counters
  }
}
