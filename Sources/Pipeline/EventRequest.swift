internal import Capture
internal import Values

/// What the end of the line is asked for between two events.
enum EventRequest: Sendable {
  /// To hand all finished lines to the sinks.
  case flush
  /// To write what there is and open the sinks again by their names, and to tell somebody what kept one from it.
  case reopen(@Sendable (String?) -> Void)
  /// To write a `stats` line.
  case stats(SensorCounters, at: Timestamp)
  /// To say when rules forget keys.
  case watchEvictions(at: Timestamp)
  /// To go on with other rules.
  case adopt(RuleExchange, at: Timestamp)
  /// To say why other rules are not taken.
  case reject(RuleRejection, at: Timestamp)
  /// To tell somebody what was counted.
  case tell(Answer<SensorSnapshot?>, SensorCounters)
  /// To finish the log, for there is no more.
  case end(EndOfInput)
}

/// How a run ended, as far as those know who read and track.
struct EndOfInput: Sendable {
  let counters: SensorCounters
  /// Time of the first frame; nil when there was none.
  let start: Timestamp?
  /// The latest time that was seen.
  let end: Timestamp?
  /// Inputs that broke off.
  let captureErrors: [CaptureError]
}
