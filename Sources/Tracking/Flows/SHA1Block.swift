/// The SHA-1 (FIPS 180-4 §6.1) of a message of one block, at most 55 bytes, without an allocation.
///
/// Flows are named by one each; that is no use that asks for a hash that cannot be forged.
struct SHA1Block {
  private var words = InlineArray<80, UInt32>(repeating: 0)
  private var count = 0

  /// Adds the lowest bytes of a number, the highest of them first.
  mutating func append(_ number: UInt64, bytes: Int) {
    precondition(count + bytes <= 55, "one block")
    for byte in stride(from: bytes - 1, through: 0, by: -1) {
      append(UInt8(truncatingIfNeeded: number >> UInt64(8 * byte)))
    }
  }

  private mutating func append(_ byte: UInt8) {
    words[count / 4] |= UInt32(byte) << UInt32(24 - 8 * (count % 4))
    count += 1
  }

  /// The digest of what was added.
  consuming func digest() -> InlineArray<5, UInt32> {
    let length = UInt32(8 * count)
    append(0x80)
    words[15] = length
    for place in 16..<80 {
      let mixed = words[place - 3] ^ words[place - 8] ^ words[place - 14] ^ words[place - 16]
      words[place] = Self.rotate(mixed, by: 1)
    }
    let start: InlineArray<5, UInt32> = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
    var (a, b, c, d, e) = (start[0], start[1], start[2], start[3], start[4])
    for place in 0..<80 {
      let mixed = Self.rotate(a, by: 5) &+ Self.choose(place, b, c, d) &+ e &+ words[place]
      (a, b, c, d, e) = (mixed &+ Self.constant(place), a, Self.rotate(b, by: 30), c, d)
    }
    return [start[0] &+ a, start[1] &+ b, start[2] &+ c, start[3] &+ d, start[4] &+ e]
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, by bits: UInt32) -> UInt32 { word << bits | word >> (32 - bits) }

  @inline(__always)
  private static func choose(_ place: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> UInt32 {
    switch place {
    case ..<20: b & c | ~b & d
    case 40..<60: b & c | b & d | c & d
    default: b ^ c ^ d
    }
  }

  @inline(__always)
  private static func constant(_ place: Int) -> UInt32 {
    switch place {
    case ..<20: 0x5a82_7999
    case ..<40: 0x6ed9_eba1
    case ..<60: 0x8f1b_bcdc
    default: 0xca62_c1d6
    }
  }
}
