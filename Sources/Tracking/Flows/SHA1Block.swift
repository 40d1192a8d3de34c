/// The SHA-1 (FIPS 180-4 §6.1) of a message of one block, at most 55 bytes, without an allocation.
///
/// Flows are named by one each; that is no use that asks for a hash that cannot be forged.
struct SHA1Block {
  private var words = InlineArray<80, UInt32>(repeating: 0)
  private var count = 0

  /// Adds the lowest bytes of a number, the highest of them first.
  mutating func append(_ number: UInt64, bytes: Int) {
    precondition(bytes > 0 && bytes <= 8 && count + bytes <= 55, "one block")
    if bytes > 4 { add(number >> 32, bytes: bytes - 4) }
    add(number, bytes: min(4, bytes))
  }

  /// The same of up to four bytes, which stand in two words at the most.
  private mutating func add(_ number: UInt64, bytes: Int) {
    let bits = (number << UInt64(64 - 8 * bytes)) >> UInt64(8 * (count % 4))
    words[count / 4] |= UInt32(truncatingIfNeeded: bits >> 32)
    words[count / 4 + 1] |= UInt32(truncatingIfNeeded: bits)
    count += bytes
  }

  /// The digest of what was added.
  consuming func digest() -> InlineArray<5, UInt32> {
    let length = UInt32(8 * count)
    add(0x80, bytes: 1)
    words[15] = length
    for place in 16..<80 {
      let mixed = words[place - 3] ^ words[place - 8] ^ words[place - 14] ^ words[place - 16]
      words[place] = Self.rotate(mixed, by: 1)
    }
    var state = State()
    for place in 0..<20 { state.mix(words[place], 0x5a82_7999) { $0 & $1 | ~$0 & $2 } }
    for place in 20..<40 { state.mix(words[place], 0x6ed9_eba1) { $0 ^ $1 ^ $2 } }
    for place in 40..<60 { state.mix(words[place], 0x8f1b_bcdc) { $0 & $1 | $0 & $2 | $1 & $2 } }
    for place in 60..<80 { state.mix(words[place], 0xca62_c1d6) { $0 ^ $1 ^ $2 } }
    let start = State()
    return [
      start.a &+ state.a, start.b &+ state.b, start.c &+ state.c, start.d &+ state.d, start.e &+ state.e,
    ]
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, by bits: UInt32) -> UInt32 { word << bits | word >> (32 - bits) }

  /// The five variables, as they are before the first block.
  private struct State {
    var a: UInt32 = 0x6745_2301
    var b: UInt32 = 0xefcd_ab89
    var c: UInt32 = 0x98ba_dcfe
    var d: UInt32 = 0x1032_5476
    var e: UInt32 = 0xc3d2_e1f0

    @inline(__always)
    mutating func mix(
      _ word: UInt32, _ constant: UInt32, _ choose: (UInt32, UInt32, UInt32) -> UInt32
    ) {
      let mixed = SHA1Block.rotate(a, by: 5) &+ choose(b, c, d) &+ e &+ word &+ constant
      (a, b, c, d, e) = (mixed, a, SHA1Block.rotate(b, by: 30), c, d)
    }
  }
}
