/// What a stream has counted up to an instant; the difference of two is what it counted between them.
struct StreamTotals: Sendable {
  var packets: UInt64 = 0
  var bytes: UInt64 = 0
  var expected: Int64 = 0
  var lost: Int64 = 0
  var lossRuns: Int64 = 0
  var duplicates: UInt64 = 0
  var reordered: UInt64 = 0
  var conflicting: UInt64 = 0
  var keyEvents: UInt64 = 0
  /// Nanoseconds.
  var silence: Int64 = 0
  /// Packets without sound, and the bytes of their payloads.
  var noisePackets: UInt32 = 0
  var noiseBytes: UInt32 = 0

  /// What was counted since an earlier instant. A late packet may take back a loss that was counted before;
  /// that never makes the later interval's loss negative.
  func since(_ earlier: StreamTotals) -> StreamTotals {
    let expected = max(0, expected &- earlier.expected)
    let lost = min(expected, max(0, lost &- earlier.lost))
    return StreamTotals(
      packets: packets &- earlier.packets, bytes: bytes &- earlier.bytes, expected: expected, lost: lost,
      lossRuns: lost == 0 ? 0 : max(1, lossRuns &- earlier.lossRuns),
      duplicates: duplicates &- earlier.duplicates, reordered: reordered &- earlier.reordered,
      conflicting: conflicting &- earlier.conflicting, keyEvents: keyEvents &- earlier.keyEvents,
      silence: max(0, silence &- earlier.silence),
      noisePackets: noisePackets &- earlier.noisePackets, noiseBytes: noiseBytes &- earlier.noiseBytes)
  }
}
