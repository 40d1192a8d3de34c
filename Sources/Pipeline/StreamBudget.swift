internal import Values

/// Bounds the bytes of messages that TCP streams have begun and not ended, over all streams.
///
/// One direction of one stream is bounded by its framer; an attacker with many connections is bounded here.
/// Who gives its bytes up is found by going round: a stream that got bytes since the last time is passed
/// over once, so that those wait longest that nobody feeds.
struct StreamBudget {
  /// Bytes at the most.
  let limit: Int
  /// Bytes at the moment.
  private(set) var bytes = 0
  /// Messages in the making that were given up.
  private(set) var evictions: UInt64 = 0
  private var hand = 0

  init(limit: Int) {
    self.limit = limit
  }

  var isExceeded: Bool { bytes > limit }

  /// Notes that a stream keeps another number of bytes than before.
  mutating func change(from before: Int, to after: Int) { bytes += after - before }

  /// Gives up bytes until an eighth of the limit is free again.
  mutating func shed(_ streams: inout [StreamReader]) {
    guard !streams.isEmpty else { return }
    var left = 2 * streams.count
    while bytes > limit - limit / 8, left > 0 {
      left -= 1
      hand = (hand + 1) % streams.count
      let held = streams[hand].bufferedByteCount
      guard held > 0 else { continue }
      guard !streams[hand].isFed else {
        streams[hand].isFed = false
        continue
      }
      streams[hand].giveUp()
      change(from: held, to: streams[hand].bufferedByteCount)
      evictions &+= 1
    }
  }
}
