internal import Tracking

/// The state of the call table.
struct CallCounters {
  var total: UInt64 = 0
  var answered: UInt64 = 0
  var active: UInt64 = 0
  var limit: UInt64 = 0
  var evicted: UInt64 = 0
  var answeredEvicted: UInt64 = 0
  var bytes: UInt64 = 0

  init() {}

  init(_ table: borrowing CallTable) {
    total = table.total
    answered = table.answered
    active = UInt64(table.count)
    limit = UInt64(table.capacity)
    evicted = table.evictions
    answeredEvicted = table.answeredEvictions
    bytes = UInt64(table.byteCount)
  }

  var named: [(name: String, value: UInt64)] {
    [
      ("calls.total", total), ("calls.answered", answered), ("calls.active", active),
      ("calls.limit", limit), ("calls.evicted", evicted), ("calls.answered_evicted", answeredEvicted),
      ("calls.memuse", bytes),
    ]
  }
}
