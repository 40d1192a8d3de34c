import Packets
import Values

extension SIPMethod {
  /// The method that a range of the message names, exactly as written.
  static func named(_ bytes: Bytes, _ range: ByteRange) -> SIPMethod {
    guard range.count > 0 else { return .none }
    guard range.count >= 3, range.count <= 9 else { return .other }
    let word = bytes.littleEndianWord(at: range.start, width: min(range.count, 8))
    if range.count == 9 {
      return word == Word.subscrib && bytes[range.start + 8] == UInt8(ascii: "E") ? .subscribe : .other
    }
    return method(word)
  }

  /// The same with capitals and small letters taken as equal, to recognise broken start lines.
  static func resembling(_ bytes: Bytes, _ range: ByteRange) -> SIPMethod {
    guard range.count >= 3, range.count <= 9 else { return .other }
    let word = bytes.lowercaseWord(at: range.start, width: min(range.count, 8))
    // Only letters occur in the names, so clearing this bit makes them capitals again.
    let capitals = word & 0xdfdf_dfdf_dfdf_dfdf
    if range.count == 9 {
      return capitals == Word.subscrib && bytes[range.start + 8] | 0x20 == UInt8(ascii: "e")
        ? .subscribe : .other
    }
    return method(capitals)
  }

  private static func method(_ word: UInt64) -> SIPMethod {
    switch word {
    case Word.ack: .ack
    case Word.bye: .bye
    case Word.cancel: .cancel
    case Word.invite: .invite
    case Word.options: .options
    case Word.register: .register
    case Word.info: .info
    case Word.message: .message
    case Word.notify: .notify
    case Word.prack: .prack
    case Word.publish: .publish
    case Word.refer: .refer
    case Word.update: .update
    default: .other
    }
  }

  /// The names as little-endian numbers; a test spells each of them back.
  enum Word {
    @inline(__always) static var ack: UInt64 { 0x4b_4341 }
    @inline(__always) static var bye: UInt64 { 0x45_5942 }
    @inline(__always) static var cancel: UInt64 { 0x4c45_434e_4143 }
    @inline(__always) static var invite: UInt64 { 0x4554_4956_4e49 }
    @inline(__always) static var options: UInt64 { 0x53_4e4f_4954_504f }
    @inline(__always) static var register: UInt64 { 0x5245_5453_4947_4552 }
    @inline(__always) static var info: UInt64 { 0x4f46_4e49 }
    @inline(__always) static var message: UInt64 { 0x45_4741_5353_454d }
    @inline(__always) static var notify: UInt64 { 0x5946_4954_4f4e }
    @inline(__always) static var prack: UInt64 { 0x4b_4341_5250 }
    @inline(__always) static var publish: UInt64 { 0x48_5349_4c42_5550 }
    @inline(__always) static var refer: UInt64 { 0x52_4546_4552 }
    @inline(__always) static var subscrib: UInt64 { 0x4249_5243_5342_5553 }
    @inline(__always) static var update: UInt64 { 0x4554_4144_5055 }
  }
}
