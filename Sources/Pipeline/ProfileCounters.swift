internal import Tracking

/// The state of the profiles.
struct ProfileCounters {
  var entries: UInt64 = 0
  var limit: UInt64 = 0
  var evicted: UInt64 = 0
  var provenEvicted: UInt64 = 0
  var bytes: UInt64 = 0

  init() {}

  init(_ profiles: borrowing Profiles) {
    entries = UInt64(profiles.count)
    limit = UInt64(profiles.limit)
    evicted = profiles.evictions
    provenEvicted = profiles.provenEvictions
    bytes = UInt64(profiles.byteCount)
  }

  var named: [(name: String, value: UInt64)] {
    [
      ("profiles.entries", entries), ("profiles.limit", limit), ("profiles.evicted", evicted),
      ("profiles.proven_evicted", provenEvicted), ("profiles.memuse", bytes),
    ]
  }
}
