public import Anomaly
public import Capture
public import Output
public import Rules
public import Values

/// What a run did, for the summary.
public struct RunReport: Sendable {
  /// All counters by their dotted names, as in the `stats` line.
  public let counters: [(name: String, value: UInt64)]
  /// The rules at the end, then those that a reload removed after they had fired.
  public let rules: [RuleMetadata]
  /// Alerts by rule, in the order of `rules`.
  public let alertsByRule: [UInt64]
  /// What the exceptions of the rules did.
  public let exceptions: [ExceptionUse]
  /// Time of the first frame; nil when there was none.
  public let start: Timestamp?
  /// The latest time that was seen.
  public let end: Timestamp?
  /// Inputs that broke off.
  public let captureErrors: [CaptureError]
  /// Why the log could not be written to its end, if so.
  public let sinkError: SinkError?
  /// What was read when logs were replayed; nil for packets.
  public var replay: LogReplayCounts?
  /// What is known of source addresses at the end; nil when nothing was scored.
  public var scoreModel: SurpriseDetector?

  /// One counter; 0 when there is none of that name.
  public subscript(name: String) -> UInt64 {
    counters.first { $0.name == name }?.value ?? 0
  }

  /// All alerts.
  public var alertCount: UInt64 { alertsByRule.reduce(0, +) }

  /// The names of all counters.
  public static var counterNames: [String] {
    (SensorCounters().named + LogReplayCounts().named).map(\.name) + LineRouter.counterNames
  }
}
