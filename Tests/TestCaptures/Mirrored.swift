/// HEP messages, put together byte by byte.
public enum Mirrored {
  /// When the messages were mirrored, unless another time is given: 2026-03-01T22:14:00Z.
  public static let seconds: UInt32 = 1_772_403_240

  /// A chunk of vendor 0.
  public static func chunk(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
    [0, 0] + word(type) + word(UInt16(6 + value.count)) + value
  }

  /// A version 3 message of 203.0.113.5:5070 to 203.0.113.6:5080, 0.25 seconds after `seconds`.
  public static func message(
    _ payload: [UInt8], transport: UInt8 = 17, content: UInt8 = 1, isCompressed: Bool = false,
    seconds: UInt32 = Mirrored.seconds
  ) -> [UInt8] {
    var chunks = chunk(1, [2]) + chunk(2, [transport])
    chunks += chunk(3, [203, 0, 113, 5]) + chunk(4, [203, 0, 113, 6])
    chunks += chunk(7, word(5070)) + chunk(8, word(5080)) + chunk(9, big(seconds)) + chunk(10, big(250_000))
    chunks += chunk(11, [content]) + chunk(14, Array("secret-key".utf8))
    chunks += chunk(isCompressed ? 16 : 15, payload)
    return Array("HEP3".utf8) + word(UInt16(6 + chunks.count)) + chunks
  }

  /// zlib data (RFC 1950) of one stored block.
  public static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let count = word(UInt16(bytes.count)).reversed()
    return [0x78, 0x01, 1] + count + count.map { ~$0 } + bytes + big(high << 16 | low)
  }

  /// A number in two bytes.
  public static func word(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
  /// A number in four bytes.
  public static func big(_ value: UInt32) -> [UInt8] {
    word(UInt16(value >> 16)) + word(UInt16(truncatingIfNeeded: value))
  }
}
