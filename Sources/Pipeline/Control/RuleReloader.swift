internal import Foundation
public import Rules
internal import Synchronization
internal import Values

/// Loads rules again while a sensor runs: on request, and when files changed.
///
/// Everything that takes time is done on a thread of its own at low priority; the sensor gets what is ready
/// and exchanges it between two events.
public final class RuleReloader: Sendable {
  /// What makes it look at files by itself.
  public enum Watching: Sendable {
    case nothing
    /// The files of lists; the rules stay those that were loaded last.
    case lists
    /// Rule files, list files and the folders of rule files.
    case everything
  }

  /// What came of a reload.
  public struct Outcome: Sendable {
    /// What changed; nil when the rules were not taken.
    public let changes: RuleChanges?
    /// All faults of all files.
    public let report: DiagnosticReport
    /// Why they were not taken, when the files are not to blame.
    public let failure: String?
  }

  private struct State {
    var waiting: [Answer<Outcome>] = []
    var isAsked = false
    var isStopped = false
  }

  private let load: @Sendable () -> RuleSetLoader.Outcome
  private let options: RuleLoadingOptions
  private let limits: EngineLimits
  private let mailbox: SensorMailbox
  private let watching: Watching
  private let onOutcome: @Sendable (Outcome) -> Void
  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// A reloader that does not run yet.
  ///
  /// - Parameters:
  ///   - options: as the rules were loaded with.
  ///   - limits: those of the sensor's engine.
  ///   - mailbox: the sensor's.
  ///   - load: loads the rules again.
  ///   - onOutcome: is told of every reload, on the reloader's thread.
  public init(
    options: RuleLoadingOptions, limits: EngineLimits, mailbox: SensorMailbox, watching: Watching,
    load: @escaping @Sendable () -> RuleSetLoader.Outcome,
    onOutcome: @escaping @Sendable (Outcome) -> Void
  ) {
    self.options = options
    self.limits = limits
    self.mailbox = mailbox
    self.watching = watching
    self.load = load
    self.onOutcome = onOutcome
  }

  /// Asks for the rules to be loaded again; any thread may.
  public func request() {
    state.withLock { $0.isAsked = true }
    wake.signal()
  }

  /// Has the rules loaded again, and waits for what comes of it.
  func reload() -> Outcome? {
    let answer = Answer<Outcome>()
    let isTaken = state.withLock { state in
      guard !state.isStopped else { return false }
      state.waiting.append(answer)
      return true
    }
    guard isTaken else { return nil }
    wake.signal()
    return answer.wait()
  }

  /// Starts with the rules that the sensor begins with.
  public func start(with outcome: RuleSetLoader.Outcome) {
    guard let rules = outcome.ruleSet else { return }
    let worker = ReloadWorker(
      rules: rules, watch: RuleWatch(outcome), lists: ListReloader(outcome, options: options))
    let thread = Thread { [self] in
      run(worker)
      ended.signal()
    }
    thread.name = "rules"
    thread.start()
  }

  /// Ends it; who still waits for a reload is told so. What came of the last one is told first, unless that
  /// takes more than two seconds.
  public func stop() {
    state.withLock { $0.isStopped = true }
    wake.signal()
    _ = ended.wait(timeout: .now() + .seconds(2))
  }

  /// How often files are looked at, in milliseconds.
  private static let interval = 1000
  /// Somebody who writes several files, or one in pieces, is given this long between two looks.
  private static let settling = 0.2

  private func run(_ worker: consuming ReloadWorker) {
    // Packets go first where there are no more cores than work.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    while true {
      _ = wake.wait(timeout: .now() + .milliseconds(Self.interval))
      let (isAsked, waiting, isStopped) = state.withLock { state in
        defer { (state.isAsked, state.waiting) = (false, []) }
        return (state.isAsked || !state.waiting.isEmpty, state.waiting, state.isStopped)
      }
      if isStopped {
        for answer in waiting { answer.give(.ended) }
        return
      }
      if isAsked || watching == .everything && worker.watch.hasChanged() {
        if !isAsked { settle(&worker.watch) }
        let outcome = exchange(load(), &worker, isOfLists: false)
        onOutcome(outcome)
        for answer in waiting { answer.give(outcome) }
      } else if watching == .lists, let loaded = worker.lists?.reloadIfChanged() {
        onOutcome(exchange(loaded, &worker, isOfLists: true))
      }
    }
  }

  /// Waits until nothing changes any more, two seconds at the most.
  private func settle(_ watch: inout RuleWatch) {
    for _ in 0..<10 {
      Thread.sleep(forTimeInterval: Self.settling)
      guard watch.hasChanged() else { return }
    }
  }

  private func exchange(
    _ loaded: RuleSetLoader.Outcome, _ worker: inout ReloadWorker, isOfLists: Bool
  ) -> Outcome {
    if !isOfLists { worker.watch.watch(loaded) }
    guard let rules = loaded.ruleSet else {
      mailbox.post(.reject(RuleRejection(isOfLists: isOfLists, cause: loaded.report.firstError)))
      return Outcome(changes: nil, report: loaded.report, failure: nil)
    }
    if !isOfLists { worker.lists = ListReloader(loaded, options: options) }
    let adoption = RuleAdoption(rules, replacing: worker.rules, limits: limits)
    let changes = adoption.changes
    let exchange = RuleExchange(adoption, isOfLists: isOfLists)
    // The old rules come back with the exchange, and are freed here.
    guard mailbox.post(.exchange(exchange)), exchange.done.wait() == true else { return .ended }
    worker.rules = rules
    return Outcome(changes: changes, report: loaded.report, failure: nil)
  }
}

/// What the reloader's thread keeps.
private struct ReloadWorker: Sendable {
  /// The rules that the sensor has.
  var rules: CompiledRuleSet
  var watch: RuleWatch
  var lists: ListReloader?
}

extension RuleReloader.Outcome {
  fileprivate static let ended = RuleReloader.Outcome(
    changes: nil, report: DiagnosticReport(DiagnosticSink(), sources: SourceFiles()),
    failure: "the run has ended")

  /// What is to be said of it in one line.
  public var summary: String {
    if let changes { return "rules reloaded: \(changes.summary())" }
    if let failure { return "rules not reloaded: \(failure)" }
    let count = report.errorCount
    return
      "rules not reloaded, the old ones stay: \(count) error\(count == 1 ? "" : "s"), the first \(report.firstError)"
  }
}

extension DiagnosticReport {
  /// The first error with its place, in one line.
  fileprivate var firstError: String {
    guard let fault = diagnostics.first(where: { $0.severity == .error }) else { return "unknown" }
    let file = sources[fault.span.file]
    guard file.hasText else { return "\(file.path): \(fault.message)" }
    let place = file.location(of: fault.span.range.start)
    return "\(file.path):\(place.line):\(place.column): \(fault.message)"
  }
}
