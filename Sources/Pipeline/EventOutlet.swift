internal import Events
internal import Rules
internal import Values

/// Where stages leave their events: the end of the line, or the way to the thread that it runs on.
///
/// The stages see no difference. Nothing comes back from there, so that they need not wait for it.
struct EventOutlet: ~Copyable {
  private var needs: EventNeeds
  /// The end of the line, when it is on this thread.
  private var stage: EventStage?
  /// The way to it, when it is on another one.
  private var sender: EventSender?

  /// An outlet to the end of the line itself.
  init(_ needs: EventNeeds, stage: consuming EventStage) {
    self.needs = needs
    self.stage = consume stage
    sender = nil
  }

  /// An outlet to another thread.
  init(_ needs: EventNeeds, sender: consuming EventSender) {
    self.needs = needs
    self.sender = consume sender
    stage = nil
  }

  /// Whether any rule wants events of a kind.
  func wants(_ kind: EventKind) -> Bool { needs.wants(kind) }

  /// Whether events of a kind are of use to anybody.
  func needs(_ kind: EventKind) -> Bool { needs.needs(kind) }

  /// Whether the log can take no more.
  var isBroken: Bool {
    switch stage {
    case .some(let stage): return stage.failure != nil
    case .none: break
    }
    switch sender {
    case .some(let sender): return sender.isBroken
    case .none: return false
    }
  }

  /// Takes an event; what is in the variable afterwards is of no meaning.
  ///
  /// - Parameter flow: identity of the flow that an alert on it marks; 0 for none.
  @inline(__always)
  mutating func process(_ event: inout Event, ofFlow flow: Int64 = 0) {
    stage?.process(&event, ofFlow: flow)
    sender?.process(&event, ofFlow: flow)
  }

  /// Lets packet time pass without an event.
  @inline(__always)
  mutating func advance(to time: Timestamp) {
    stage?.advance(to: time)
    sender?.append(.advance(time))
  }

  /// Packets were lost.
  mutating func noteCaptureLoss() {
    stage?.noteCaptureLoss()
    sender?.append(.captureLoss)
  }

  /// Packet time begins anew.
  mutating func beginEpoch() {
    stage?.beginEpoch()
    sender?.append(.newEpoch)
  }

  /// The input ends.
  mutating func finish() {
    stage?.finish()
    sender?.append(.finish)
  }

  /// Goes on with what other rules want; events have room for so many of their headers from now on.
  mutating func adopt(_ rules: CompiledRuleSet) {
    needs.adopt(rules)
    sender?.setHeaderSlots(rules.headerNames.names.count)
  }

  /// Asks the end of the line for something.
  mutating func perform(_ request: EventRequest) {
    stage?.perform(request)
    sender?.perform(request)
  }

  /// Says how much of the input was read, which nobody waits for.
  mutating func setProgress(_ fraction: Double?) {
    sender?.setProgress(fraction)
  }

  /// What came of the run, once it has ended on this thread.
  var report: RunReport? {
    switch stage {
    case .some(let stage): stage.report
    case .none: nil
    }
  }
}
