internal import Packets
internal import Values

/// A reflected 32-bit cyclic redundancy check, computed a byte at a time from a table.
struct CyclicRedundancyCheck {
  /// CRC-32 of ISO 3309, used by the STUN FINGERPRINT (RFC 8489 §14.7).
  static let iso3309 = CyclicRedundancyCheck(reflectedPolynomial: 0xedb8_8320)
  /// CRC-32C of RFC 9260 Appendix A, used by ZRTP (RFC 6189 §5).
  static let castagnoli = CyclicRedundancyCheck(reflectedPolynomial: 0x82f6_3b78)

  private let table: [UInt32]

  private init(reflectedPolynomial polynomial: UInt32) {
    table = (0..<256).map { (index: UInt32) in
      (0..<8).reduce(index) { value, _ in value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
    }
  }

  /// The check value of the first `count` bytes, which must be there.
  func checksum(_ bytes: Bytes, count: Int) -> UInt32 {
    Work.count(count)
    let entries = table.span
    var value: UInt32 = .max
    for index in 0..<count {
      value = value >> 8 ^ entries[Int(UInt8(truncatingIfNeeded: value) ^ bytes[index])]
    }
    return ~value
  }
}
