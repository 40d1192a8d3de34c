internal import Tracking

/// The state of the registrations.
struct RegistrationCounters {
  var counts = RegistrationCounts()
  /// Bindings that hold.
  var active: UInt64 = 0
  /// Exchanges without an outcome.
  var pending: UInt64 = 0
  var evicted: UInt64 = 0
  var bytes: UInt64 = 0
  var limit: UInt64 = 0

  init() {}

  init(_ tracker: borrowing RegistrationTracker) {
    counts = tracker.counts
    active = UInt64(tracker.bindingCount)
    pending = UInt64(tracker.exchangeCount)
    evicted = tracker.evictions
    bytes = UInt64(tracker.byteCount)
    limit = UInt64(tracker.capacity)
  }

  var named: [(name: String, value: UInt64)] {
    [
      ("registrations.registered", counts.registered), ("registrations.refreshed", counts.refreshed),
      ("registrations.removed", counts.removed), ("registrations.expired", counts.expired),
      ("registrations.challenged", counts.challenged), ("registrations.failed", counts.failed),
      ("registrations.active", active), ("registrations.pending", pending),
      ("registrations.evicted", evicted), ("registrations.memuse", bytes), ("registrations.limit", limit),
    ]
  }
}
