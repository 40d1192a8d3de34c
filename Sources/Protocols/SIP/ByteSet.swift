/// A set of ASCII characters as 128 bits: the character classes of RFC 3261 §25.1.
struct ByteSet {
  let low: UInt64
  let high: UInt64

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    let word = byte < 64 ? low : high
    return byte < 128 && word &>> UInt64(byte & 63) & 1 == 1
  }

  /// `token`: letters, digits and `-.!%*_+'~` with the back-tick.
  @inline(__always)
  static var token: ByteSet { ByteSet(low: 0x03ff_6ca2_0000_0000, high: 0x47ff_ffff_87ff_fffe) }

  /// `word`, of which a Call-ID is made, and the at sign.
  @inline(__always)
  static var callID: ByteSet { ByteSet(low: 0xd7ff_efa6_0000_0000, high: 0x6fff_ffff_bfff_ffff) }

  /// Every printable character except the space.
  @inline(__always)
  static var word: ByteSet { ByteSet(low: 0xffff_fffe_0000_0000, high: 0x7fff_ffff_ffff_ffff) }

  /// Letters, digits, `-`, `.` and the underscore that many host names wrongly have.
  @inline(__always)
  static var hostName: ByteSet { ByteSet(low: 0x03ff_6000_0000_0000, high: 0x07ff_fffe_87ff_fffe) }

  /// What `userinfo` may hold: unreserved, user-unreserved, escapes and the colon before a password.
  @inline(__always)
  static var userInfo: ByteSet { ByteSet(low: 0xafff_fff2_0000_0000, high: 0x47ff_fffe_87ff_fffe) }

  /// What the rest of any URI may hold: unreserved, reserved, escapes and brackets.
  @inline(__always)
  static var uri: ByteSet { ByteSet(low: 0xafff_fff2_0000_0000, high: 0x47ff_fffe_afff_ffff) }

  /// Letters, digits, `+`, `-` and `.`.
  @inline(__always)
  static var scheme: ByteSet { ByteSet(low: 0x03ff_6800_0000_0000, high: 0x07ff_fffe_07ff_fffe) }

  /// The alphabet of base64url (RFC 4648 §5), without padding.
  @inline(__always)
  static var base64URL: ByteSet { ByteSet(low: 0x03ff_2000_0000_0000, high: 0x07ff_fffe_87ff_fffe) }
}
