internal import Values

/// A match, or an expected event, on its way into an absence table.
struct AbsenceHit: Sendable, TimeOrdered {
  var time: Int64
  var sequence: UInt64
  var key: KeyHash
  /// Whether it is the expected event.
  var isExpected: Bool
  /// Of a match: the key of its silence.
  var suppressionKey = KeyHash(high: 0, low: 0)
  /// Of a match: number of the packet, 0 when it has none.
  var packet: UInt64 = 0
  /// Of a match: the rules whose alerts led to it.
  var lineage = AlertLineage()
  /// Of a match: where the texts of its keys are kept.
  var text: Int32 = -1

  /// The order of time; an event that is both ends what was before and then begins anew.
  func precedes(_ other: AbsenceHit) -> Bool {
    if time != other.time { return time < other.time }
    if sequence != other.sequence { return sequence < other.sequence }
    return isExpected && !other.isExpected
  }
}
