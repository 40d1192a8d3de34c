internal import Tracking

/// What the messages were.
struct MessageCounters {
  var requests: UInt64 = 0
  var responses: UInt64 = 0
  var retransmissions: UInt64 = 0
  var forwarded: UInt64 = 0
  var duplicates: UInt64 = 0
  /// Messages with a fault.
  var faulty: UInt64 = 0
  var anomalies: UInt64 = 0
  /// Rules loaded again while running.
  var reloads: UInt64 = 0
  /// Changed rules that were refused.
  var reloadFailures: UInt64 = 0
  /// Lists loaded again while running.
  var listReloads: UInt64 = 0
  /// Changed lists that were refused.
  var listFailures: UInt64 = 0
  /// Messages whose repeats could not be told because the memory of messages was full.
  var evicted: UInt64 = 0
  /// Bytes of the memory of messages.
  var bytes: UInt64 = 0

  var named: [(name: String, value: UInt64)] {
    [
      ("sip.requests", requests), ("sip.responses", responses), ("sip.retransmissions", retransmissions),
      ("sip.forwarded", forwarded), ("sip.duplicates", duplicates), ("sip.faulty", faulty),
      ("sip.memory_evicted", evicted), ("sip.memuse", bytes),
    ]
  }

  /// What is no property of messages.
  var namedBeside: [(name: String, value: UInt64)] {
    [
      ("anomaly.total", anomalies), ("rules.reloads", reloads),
      ("rules.reload_failures", reloadFailures), ("rules.list_reloads", listReloads),
      ("rules.list_failures", listFailures),
    ]
  }

  mutating func count(isRequest: Bool, isFaulty: Bool, _ verdict: RepeatVerdict) {
    if isRequest { requests &+= 1 } else { responses &+= 1 }
    if verdict.contains(.retransmission) { retransmissions &+= 1 }
    if verdict.contains(.forwarded) { forwarded &+= 1 }
    if verdict.contains(.duplicate) { duplicates &+= 1 }
    if isFaulty { faulty &+= 1 }
  }
}
