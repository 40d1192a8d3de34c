public import Capture
internal import Events
internal import Values

/// The events of one or several logs, in the order of time.
///
/// Within a file the order is kept, which is the order in which the events went through the rules when they were
/// logged. Among events of the same time, the file named first comes first.
public struct LoggedEvents: ~Copyable {
  /// What came next.
  enum Step {
    case event
    /// The time up to which packets were seen.
    case stats(Timestamp)
    case end
  }

  /// The paths as they were given; `-` is standard input.
  public let inputNames: [String]
  private var inputs: [LoggedInput] = []
  private var isStarted = false
  /// The input that the last event came from, which still stands on it.
  private var current: LoggedInput?
  private var errors: [CaptureError] = []
  private var finished = LogReplayCounts()
  private var finishedBytes = 0
  private let totalBytes: Int?
  private let stop: StopFlag
  private var sequence: UInt64 = 0
  private var former: (time: Timestamp, packet: Int64?, flow: Int64?, input: Int)?

  /// Opens all files; throws when one of them cannot be opened.
  ///
  /// - Parameter stop: ends the reading, and the waiting for a pipe.
  public init(_ paths: [String], stop: StopFlag = StopFlag()) throws(CaptureError) {
    inputNames = paths
    self.stop = stop
    var total: Int? = 0
    for (index, path) in paths.enumerated() {
      let file = try LineFile(path, stop: stop)
      total = total.flatMap { sum in file.size.map { sum + $0 } }
      inputs.append(LoggedInput(file, index: index))
    }
    totalBytes = total
  }

  /// Inputs that broke off.
  var captureErrors: [CaptureError] { errors }

  /// What was read so far.
  var counts: LogReplayCounts {
    var counts = finished
    for input in inputs { counts.add(input.counts) }
    return counts
  }

  /// Part of the files' bytes that was read; nil when one of them is a pipe.
  var fractionRead: Double? {
    guard let totalBytes, totalBytes > 0 else { return nil }
    let read = inputs.reduce(finishedBytes) { $0 + $1.file.offset }
    return min(1, Double(read) / Double(totalBytes))
  }

  /// Whether the next step waits for a pipe.
  var mustWait: Bool { current?.file.mustWait ?? false }

  /// Moves on; the body gets the event of an event line.
  mutating func next(_ body: (inout Event) -> Void) -> Step {
    if let current { advance(current) }
    if !isStarted { start() }
    guard !stop.isRaised, let input = inputs.first else { return .end }
    current = input
    if case .stats = input.state { return .stats(input.time) }
    number(input)
    body(&input.event)
    return .event
  }

  /// Gives the current event its place in the order of the run: lines of one packet share one, as the events
  /// did when they were logged.
  private mutating func number(_ input: LoggedInput) {
    let key = (
      time: input.time, packet: input.event.integer(.pcapCnt), flow: input.event.integer(.flowID),
      input: input.index
    )
    if let former, former != key || former.packet == nil && former.flow == nil { sequence += 1 }
    former = key
    input.event.renumber(sequence)
  }

  // MARK: Order

  private mutating func start() {
    isStarted = true
    for input in inputs { advance(input) }
  }

  /// Moves an input on and puts it where its next line belongs.
  private mutating func advance(_ input: LoggedInput) {
    current = nil
    do throws(CaptureError) {
      try input.advance()
    } catch {
      // A stop cuts a pipe wherever it is; that is no fault of the input.
      if !stop.isRaised { errors.append(error) }
      return finish(input)
    }
    guard input.state != .end else { return finish(input) }
    inputs.removeAll { $0 === input }
    let place = inputs.firstIndex { ($0.time, $0.index) > (input.time, input.index) }
    inputs.insert(input, at: place ?? inputs.count)
  }

  private mutating func finish(_ input: LoggedInput) {
    finished.add(input.counts)
    finishedBytes += input.file.size ?? 0
    inputs.removeAll { $0 === input }
  }
}
