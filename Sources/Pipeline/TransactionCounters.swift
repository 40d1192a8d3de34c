internal import Tracking

/// The state of the transactions; all zero while nobody asks for them.
struct TransactionCounters {
  var total: UInt64 = 0
  var finished: UInt64 = 0
  var timedOut: UInt64 = 0
  /// Transactions without a final response.
  var pending: UInt64 = 0
  var evicted: UInt64 = 0
  var bytes: UInt64 = 0
  var limit: UInt64 = 0

  init() {}

  init(_ tracker: borrowing TransactionTracker) {
    total = tracker.total
    finished = tracker.finished
    timedOut = tracker.timedOut
    pending = UInt64(tracker.count)
    evicted = tracker.evictions
    bytes = UInt64(tracker.byteCount)
    limit = UInt64(tracker.capacity)
  }

  var named: [(name: String, value: UInt64)] {
    [
      ("transactions.total", total), ("transactions.finished", finished),
      ("transactions.timed_out", timedOut), ("transactions.pending", pending),
      ("transactions.evicted", evicted), ("transactions.memuse", bytes), ("transactions.limit", limit),
    ]
  }
}
