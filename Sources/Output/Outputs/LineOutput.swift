public import Events

/// Takes log lines one by one, those of some event types.
public protocol LineOutput: AnyObject {
  /// Makes ready for the first line, once all outputs of a run are open.
  func begin() throws(SinkError)

  /// Takes a whole line with its end; what cannot be kept is counted.
  ///
  /// - Parameter severity: that of an alert.
  func take(_ line: Span<UInt8>, _ severity: Severity?) throws(SinkError)

  /// Hands on what it took.
  ///
  /// - Parameter now: the time by a clock that only goes forward; nil where nobody counts time, and where waiting is
  ///   better than losing.
  func flush(at now: ContinuousClock.Instant?) throws(SinkError)

  /// Goes on under the same name.
  func reopen() throws(SinkError)

  /// Hands the last lines on; whatever does not take them now never will.
  func finish(at now: ContinuousClock.Instant?) throws(SinkError)

  /// What became of the lines so far.
  var counts: OutputCounts { get }
}

/// What became of the lines of an output.
public struct OutputCounts: Hashable, Sendable {
  /// Lines that were handed on.
  public internal(set) var lines: UInt64 = 0
  /// Lines that nobody took in time.
  public internal(set) var lost: UInt64 = 0
  /// Lines that are longer than a message may be.
  public internal(set) var tooLong: UInt64 = 0
  /// How often a reader was found.
  public internal(set) var connections: UInt64 = 0

  /// Nothing yet.
  public init() {}
}

/// A further file.
public final class FileOutput: LineOutput {
  private let sink: FileSink
  private var pending = LineBuffer()
  /// What became of the lines; none is ever lost.
  public private(set) var counts = OutputCounts()

  /// Opens the file as `FileSink` does.
  public init(path: String, overwrite: Bool) throws(SinkError) {
    sink = try FileSink(path: path, overwrite: overwrite)
  }

  /// Starts the file anew where that is wanted.
  public func begin() throws(SinkError) { try sink.begin() }

  /// Keeps a line until the next flush.
  public func take(_ line: Span<UInt8>, _ severity: Severity?) {
    pending.append(line)
    counts.lines += 1
  }

  /// Writes the lines that it took.
  public func flush(at now: ContinuousClock.Instant?) throws(SinkError) {
    guard pending.count > 0 else { return }
    defer { pending.removeAll() }
    let sink = sink
    try pending.withBytes { (lines) throws(SinkError) in try sink.write(lines) }
  }

  /// Goes on in the file that has the name now.
  public func reopen() throws(SinkError) {
    try flush(at: nil)
    try sink.reopen()
  }

  /// Writes the last lines.
  public func finish(at now: ContinuousClock.Instant?) throws(SinkError) { try flush(at: now) }
}

/// An output beside the log, with the event types whose lines it takes.
public struct EVEOutput {
  /// The types.
  public let types: Set<EventType>
  /// What takes them.
  public let output: any LineOutput

  /// An output for some types.
  public init(types: Set<EventType>, to output: any LineOutput) {
    self.types = types
    self.output = output
  }
}
