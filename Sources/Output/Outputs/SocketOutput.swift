public import Events

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Lines for whoever reads a Unix socket: a stream, datagrams, or the system log.
///
/// Where there is no hurry the input waits for the reader, a bounded time without progress. Live it waits for nobody:
/// lines queue up to a number of bytes, further ones are lost and counted, and a reader that is gone is looked for
/// again, less and less often. A reader gets whole lines: one that another reader took in part is sent again.
public final class SocketOutput: LineOutput {
  /// How patient an output is.
  public struct Limits: Sendable {
    /// Live: bytes of the lines that wait.
    public var queuedBytes = 4 << 20
    /// Otherwise: milliseconds without progress after which the run fails.
    public var patience = 30_000
    /// Milliseconds without progress that the last lines are given at the end: live, and when a run is told to end.
    public var farewell = 1000
    /// The time from the first failure to the next look for a reader; it doubles.
    public var firstPause = Duration.seconds(1)
    /// The longest time between two looks.
    public var lastPause = Duration.seconds(30)

    /// The defaults.
    public init() {}
  }

  private let options: OutputOptions
  private let limits: Limits
  private let isLive: Bool
  private let isStopped: () -> Bool
  private let onNote: (String) -> Void
  /// What stands before a line: of what is no alert, then by the severity of alerts.
  private let headers: [[UInt8]]
  private var queue: LineQueue
  private var sender: UnixSender?
  /// Bytes of the first line that the reader has.
  private var sentBytes = 0
  /// What became of the lines so far.
  public private(set) var counts = OutputCounts()
  private var nextLook: ContinuousClock.Instant?
  private var pause: Duration
  /// Whether its reader was waited for in vain, which is not done again.
  private var hasGivenUp = false
  /// Lines that were lost when the trouble was told that goes on; nil without trouble.
  private var lostBefore: UInt64?

  /// An output that looks for its reader when it is flushed for the first time.
  ///
  /// - Parameters:
  ///   - isLive: whether losing lines is better than waiting.
  ///   - isStopped: whether the run was told to end, and waits no longer than at the end.
  ///   - onNote: is told when a reader goes away or is too slow, and when that is over, a line each.
  public init(
    _ options: OutputOptions, isLive: Bool, limits: Limits = Limits(),
    isStopped: @escaping () -> Bool = { false },
    onNote: @escaping (String) -> Void
  ) {
    self.options = options
    self.isLive = isLive
    self.limits = limits
    self.isStopped = isStopped
    self.onNote = onNote
    headers = ([nil] + Severity.allCases).map { severity in
      options.kind == .syslog ? Array(options.syslog.header(severity, process: getpid()).utf8) : []
    }
    queue = LineQueue(capacity: limits.queuedBytes)
    pause = limits.firstPause
  }

  // MARK: Lines

  /// Lets a line wait for its turn; where there is no room it waits itself, or is lost when live.
  public func take(_ line: Span<UInt8>, _ severity: Severity?) throws(SinkError) {
    let header = headers[severity?.rawValue ?? 0]
    // A message of the system log ends with itself.
    let text = options.kind == .syslog ? line.extracting(..<max(0, line.count - 1)) : line
    guard !queue.append(header, text) else { return }
    guard isLive else {
      try sendAll()
      _ = queue.append(header, text)
      return
    }
    // Whoever is quick enough has made room meanwhile.
    if sendReady() == nil, queue.append(header, text) { return }
    counts.lost += 1
    tell(
      sender == nil
        ? "nothing reads it, and lines are lost; stats count them"
        : "lines come faster than they are read, and are lost; stats count them")
  }

  /// Sends everything, or live what the reader has room for, and looks for a reader when it is time.
  public func flush(at now: ContinuousClock.Instant?) throws(SinkError) {
    guard isLive, let now else { return try sendAll() }
    look(at: now)
    if let failure = sendReady() { lose(failure, at: now) }
    if sender != nil, queue.isEmpty { tellEnd() }
  }

  /// A socket has its name from whoever listens; it is looked for when that one is gone.
  public func reopen() {}

  /// A socket begins when its reader is found.
  public func begin() {}

  /// Sends the last lines, live as far as the reader takes them within a time.
  public func finish(at now: ContinuousClock.Instant?) throws(SinkError) {
    if isLive {
      // A last look, whether or not it is time.
      if sender == nil { _ = connect() }
      var left = limits.farewell
      while let sender, !queue.isEmpty, left > 0 {
        let before = (queue.count, sentBytes)
        guard sendReady() == nil, !queue.isEmpty else { break }
        let isOver = sender.wait(milliseconds: 20)
        if before == (queue.count, sentBytes) { left -= isOver ? 20 : 1 }
      }
      counts.lost += UInt64(queue.count)
      queue.removeAll()
      if counts.lost > 0 { onNote("\(options.name): \(Self.lines(counts.lost)) lost in all") }
    } else {
      try sendAll()
    }
    if counts.tooLong > 0 {
      onNote("\(options.name): \(Self.lines(counts.tooLong)) longer than a message may be, and not sent")
    }
    sender = nil
  }

  private static func lines(_ count: UInt64) -> String { count == 1 ? "1 line was" : "\(count) lines were" }

  // MARK: Sending

  /// Bytes of a stream that are sent at once.
  private static let blockSize = 1 << 16

  /// Sends what the reader has room for; the failure when it is gone.
  private func sendReady() -> UnixSender.Failure? {
    while let sender, !queue.isEmpty {
      let outcome = sender.send(
        options.kind == .stream ? queue.bytes(from: sentBytes, upTo: Self.blockSize) : queue.front)
      switch outcome {
      case .sent(let count):
        sentBytes += count
        while !queue.isEmpty, sentBytes >= queue.frontLength {
          sentBytes -= queue.frontLength
          queue.removeFirst()
          counts.lines += 1
        }
      case .full: return nil
      case .tooLong:
        queue.removeFirst()
        counts.tooLong += 1
      case .gone(let failure):
        // Another one gets the whole line.
        sentBytes = 0
        self.sender = nil
        return failure
      }
    }
    return nil
  }

  private func connect() -> UnixSender.Failure? {
    do throws(UnixSender.Failure) {
      sender = try UnixSender(options.path, datagrams: options.kind != .stream)
      counts.connections += 1
      return nil
    } catch {
      return error
    }
  }

  /// Sends everything and waits for the reader as long as there is progress.
  private func sendAll() throws(SinkError) {
    var silence = 0
    var failure: UnixSender.Failure?
    while !queue.isEmpty, !hasGivenUp {
      let before = (queue.count, sentBytes)
      if sender == nil { failure = connect() }
      if sender != nil { failure = sendReady() }
      if before != (queue.count, sentBytes) {
        silence = 0
        continue
      }
      let patience = isStopped() ? min(limits.farewell, limits.patience) : limits.patience
      guard silence < patience else {
        hasGivenUp = true
        throw giveUp(failure, after: silence)
      }
      let step: Int32 = 50
      if let sender {
        silence += sender.wait(milliseconds: step) ? Int(step) : 1
      } else {
        UnixSender.pause(milliseconds: step)
        silence += Int(step)
      }
    }
  }

  private func giveUp(_ failure: UnixSender.Failure?, after milliseconds: Int) -> SinkError {
    SinkError(
      target: options.name, cause: failure?.words ?? "its reader takes nothing",
      remedy:
        "nothing read it for \(milliseconds / 1000) s: start what reads it first, or take it out of log.outputs"
    )
  }

  // MARK: A reader that is gone

  /// Looks for a reader when it is time.
  private func look(at now: ContinuousClock.Instant) {
    guard sender == nil, nextLook.map({ $0 <= now }) ?? true else { return }
    if let failure = connect() {
      lose(failure, at: now)
    } else {
      pause = limits.firstPause
      nextLook = nil
    }
  }

  private func lose(_ failure: UnixSender.Failure, at now: ContinuousClock.Instant) {
    nextLook = now + pause
    pause = min(pause * 2, limits.lastPause)
    tell(
      "\(failure.words); lines wait for a reader up to \(limits.queuedBytes >> 10) KiB, then they are lost and counted in stats"
    )
  }

  /// Tells of trouble, once as long as it goes on.
  private func tell(_ trouble: String) {
    guard lostBefore == nil else { return }
    lostBefore = counts.lost
    onNote("\(options.name): \(trouble)")
  }

  private func tellEnd() {
    guard let before = lostBefore else { return }
    lostBefore = nil
    let lost = counts.lost - before
    onNote("\(options.name): is read again; \(lost == 0 ? "no line was" : Self.lines(lost)) lost")
  }
}
