internal import Capture
internal import Events
internal import Output
internal import Values

/// One log on its way through the rules, standing on its current event.
///
/// A class because it owns an open file; one object a file, none a line.
final class LoggedInput {
  /// What a line was, apart from lines that are broken.
  enum State {
    case event
    case stats
    case end
  }

  let file: LineFile
  /// Position among the inputs.
  let index: Int
  /// The current event.
  var event = Event()
  /// The time of the current line.
  private(set) var time = Timestamp(nanoseconds: 0)
  private(set) var state = State.end
  var counts = LogReplayCounts()
  private var reader = EVELineReader(counters: LoggedInput.summable)
  /// Counters of the runs before the last one in the log, and of the last one.
  private var (earlier, latest): ([String: UInt64], [String: UInt64]) = ([:], [:])

  /// Counters that only grow, so that those of several runs have a sum.
  private static let summable = Set(
    RunReport.counterNames.filter { name in
      let gauges = ["active", "limit", "memuse", "memcap", "pending", "entries", "keys", "_size", "uptime"]
      return !gauges.contains { name.hasSuffix($0) }
    })

  init(_ file: LineFile, index: Int) {
    self.file = file
    self.index = index
  }

  /// Moves to the next line that says anything; at the end the state is `end`.
  func advance() throws(CaptureError) {
    while true {
      switch try file.next() {
      case .end:
        state = .end
        return
      case .tooLong: note(EVELineFault(.tooLong))
      case .line where file.range.isEmpty: continue
      case .line: if read() { return }
      }
    }
  }

  /// Reads the current line; false when there is nothing in it.
  private func read() -> Bool {
    let line: EVELine
    do throws(EVELineFault) {
      let bytes = file.bytes
      line = try reader.read(bytes.span.extracting(file.range), sequence: 0, into: &event)
    } catch {
      note(error)
      return false
    }
    counts.lines += 1
    counts.unreadableValues = reader.unreadableValues
    time = reader.timestamp
    switch line {
    case .other:
      counts.skipped += 1
      return false
    case .stats:
      state = .stats
      take(reader.counters)
    case .event: state = .event
    }
    return true
  }

  /// Takes the counters of a `stats` line; when they are less than before, the sensor had been started anew.
  private func take(_ counters: [String: UInt64]) {
    let packets = "decoder.pkts"
    if (counters[packets] ?? 0) < (latest[packets] ?? 0) { earlier.merge(latest) { $0 &+ $1 } }
    latest = counters
    counts.counters = earlier.merging(latest) { $0 &+ $1 }
  }

  private func note(_ fault: EVELineFault) {
    counts.lines += 1
    counts.broken += 1
    if counts.firstFault == nil {
      counts.firstFault = LoggedLineFault(path: file.path, line: file.number, fault: fault)
    }
  }
}
