internal import Packets

/// What the packets of the last 128 numbers of an RTP stream carried, a few bits of each: enough to tell a packet that
/// comes again from another one that bears its number.
struct RecentContents: Sendable {
  /// A packet of which nothing is said: it is not compared.
  static let unknown: UInt8 = 0

  private var digests = InlineArray<128, UInt8>(repeating: Self.unknown)

  /// The digest of the last packet whose number has the same place.
  subscript(sequence: UInt16) -> UInt8 {
    @inline(__always) get { digests[Int(sequence & 127)] }
    @inline(__always) set { digests[Int(sequence & 127)] = newValue }
  }

  /// The digest of a packet, never `unknown`: timestamp, length and the first eight bytes of the payload. Two different
  /// packets have the same one by a chance of 1 in 128.
  ///
  /// - Parameter start: where the payload begins in the datagram, of which a capture may have cut off the end.
  @inline(__always)
  static func digest(of datagram: Bytes, payloadAt start: Int, count: Int, timestamp: UInt32) -> UInt8 {
    var word = UInt64(timestamp) << 32 | UInt64(UInt32(truncatingIfNeeded: count))
    if datagram.count >= start &+ 8 { word ^= datagram.uint64(at: start) &* 0xff51_afd7_ed55_8ccd }
    return UInt8(truncatingIfNeeded: (word &* 0x9e37_79b9_7f4a_7c15) >> 56) | 1
  }
}
