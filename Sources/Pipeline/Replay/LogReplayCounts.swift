public import Events
internal import Output

/// What a replay of logs read.
public struct LogReplayCounts: Sendable {
  /// Lines, empty ones aside.
  public var lines: UInt64 = 0
  /// Events that went through the rules.
  public var events: UInt64 = 0
  /// Alerts of the log, which no rule asked for.
  public var alerts: UInt64 = 0
  /// Scores of the log, which are made anew.
  public var scores: UInt64 = 0
  /// Lines of types that hold no event of ours, `stats` among them.
  public var skipped: UInt64 = 0
  /// Lines that are no EVE.
  public var broken: UInt64 = 0
  /// Values that were left out because the field cannot have them.
  public var unreadableValues: UInt64 = 0
  /// The kinds of these events.
  public var kinds: EventKindSet = []
  /// The first line that is no EVE.
  public var firstFault: LoggedLineFault?

  /// Counters of the `stats` lines by their dotted names, of all runs and inputs together; gauges are left out.
  public var counters: [String: UInt64] = [:]

  /// Nothing.
  public init() {}

  /// The counters of the log in the order in which `stats` has them, with those of the replay itself.
  public var loggedCounters: [(name: String, value: UInt64)] {
    RunReport.counterNames.compactMap { name in counters[name].map { (name, $0) } } + named
  }

  /// Dotted names with values.
  var named: [(name: String, value: UInt64)] {
    [
      ("replay.lines", lines), ("replay.events", events), ("replay.alerts_skipped", alerts),
      ("replay.scores_skipped", scores),
      ("replay.others_skipped", skipped), ("replay.broken", broken),
      ("replay.unreadable_values", unreadableValues),
    ]
  }

  /// Takes in what another input counted.
  mutating func add(_ other: LogReplayCounts) {
    lines += other.lines
    events += other.events
    alerts += other.alerts
    scores += other.scores
    skipped += other.skipped
    broken += other.broken
    unreadableValues += other.unreadableValues
    kinds.formUnion(other.kinds)
    firstFault = firstFault ?? other.firstFault
    counters.merge(other.counters) { $0 &+ $1 }
  }
}

/// A line of a log that could not be read.
public struct LoggedLineFault: Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The number of the line, from 1.
  public let line: UInt64
  let fault: EVELineFault

  /// Place and cause in one line.
  public var description: String { "\(path):\(line): \(cause)" }
  /// The cause alone.
  public var cause: String { "\(fault)" }
}
