internal import Events
internal import Output
internal import Rules

/// Gives each line to those that are meant to have it: the log, and the outputs beside it.
///
/// The log gets the lines that it would get without outputs, and gets them first.
final class LineRouter {
  /// Where a line ends among those that are pending, and what it is.
  private struct Mark {
    let end: Int
    let type: Int
    let severity: Severity?
  }

  private let outputs: [(takes: [Bool], output: any LineOutput)]
  private let isLogged: [Bool]
  /// Whether losing lines is better than waiting, and time counts.
  private let isLive: Bool
  private var marks: [Mark] = []

  init(_ outputs: [EVEOutput], _ configuration: SensorConfiguration) {
    self.outputs = outputs.map { output in
      (EventType.allCases.map { output.types.contains($0) }, output.output)
    }
    isLogged = EventType.allCases.map { configuration.loggedTypes.contains($0) }
    isLive = !configuration.isOffline
  }

  /// Notes a line that was written.
  ///
  /// - Parameter end: where it ends among those that are pending.
  @inline(__always)
  func note(_ type: EventType, _ severity: Severity? = nil, end: Int) {
    guard !outputs.isEmpty else { return }
    marks.append(Mark(end: end, type: Int(type.rawValue), severity: severity))
  }

  /// Hands lines over, all that were noted since the last call.
  func deliver(_ lines: Span<UInt8>, to sinks: [any EVESink]) throws(SinkError) {
    guard !outputs.isEmpty else {
      for sink in sinks { try sink.write(lines) }
      return
    }
    defer { marks.removeAll(keepingCapacity: true) }
    try write(lines, to: sinks)
    var failure: SinkError?
    for (takes, output) in outputs {
      do throws(SinkError) {
        var start = 0
        for mark in marks {
          if takes[mark.type] { try output.take(lines.extracting(start..<mark.end), mark.severity) }
          start = mark.end
        }
      } catch {
        // One that fails keeps the lines from no other.
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  /// Writes the lines of the log, as many at a time as stand together.
  private func write(_ lines: Span<UInt8>, to sinks: [any EVESink]) throws(SinkError) {
    var (first, start) = (0, 0)
    for mark in marks {
      if !isLogged[mark.type] {
        if first < start { for sink in sinks { try sink.write(lines.extracting(first..<start)) } }
        first = mark.end
      }
      start = mark.end
    }
    if first < start { for sink in sinks { try sink.write(lines.extracting(first..<start)) } }
  }

  /// Has the outputs hand on what they have, and look for their readers.
  func flush() throws(SinkError) {
    for (_, output) in outputs { try output.flush(at: now) }
  }

  /// Has sinks and outputs, all of them, go on under the same names; the first failure is told.
  func reopen(beside sinks: [any EVESink]) -> SinkError? {
    var failure: SinkError?
    for sink in sinks { Self.attempt(&failure) { () throws(SinkError) in try sink.reopen() } }
    for (_, output) in outputs { Self.attempt(&failure) { () throws(SinkError) in try output.reopen() } }
    return failure
  }

  /// Ends the outputs, all of them; the first failure is told.
  func finish() throws(SinkError) {
    var failure: SinkError?
    for (_, output) in outputs {
      Self.attempt(&failure) { () throws(SinkError) in try output.finish(at: now) }
    }
    if let failure { throw failure }
  }

  /// Does something that may fail, and keeps the first failure.
  private static func attempt(_ failure: inout SinkError?, _ action: () throws(SinkError) -> Void) {
    do throws(SinkError) {
      try action()
    } catch {
      failure = failure ?? error
    }
  }

  private var now: ContinuousClock.Instant? { isLive && !outputs.isEmpty ? .now : nil }

  /// What became of the lines of each output, live; over files none is lost, and the log is the same with outputs and
  /// without.
  var counters: [(name: String, value: UInt64)] {
    guard isLive else { return [] }
    return outputs.enumerated().flatMap { Self.named($0.element.output.counts, number: $0.offset + 1) }
  }

  private static func named(_ counts: OutputCounts, number: Int) -> [(name: String, value: UInt64)] {
    [
      ("output.\(number).lines", counts.lines), ("output.\(number).lost", counts.lost),
      ("output.\(number).too_long", counts.tooLong), ("output.\(number).connections", counts.connections),
    ]
  }

  /// The names of all counters that there can be.
  static var counterNames: [String] {
    (1...OutputOptions.maximumCount).flatMap { named(OutputCounts(), number: $0).map(\.name) }
  }
}
