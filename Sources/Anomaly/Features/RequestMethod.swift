/// The method of a request, as far as it is told apart in counting.
enum RequestMethod: Int, Sendable {
  case invite, ack, bye, cancel, register, options, subscribe, notify, message, publish, info, prack, update
  case refer, other

  /// The method that a token is (RFC 3261 §7.1: case counts).
  init(_ token: Span<UInt8>) {
    let likely = Self.likely(token)
    self = Self.isEqual(token, likely.token) ? likely : .other
  }

  /// The one method that a token of this length and first letter can be.
  private static func likely(_ token: Span<UInt8>) -> RequestMethod {
    guard token.count >= 3 else { return .other }
    return switch token[0] {
    case UInt8(ascii: "I"): token.count == 6 ? .invite : .info
    case UInt8(ascii: "A"): .ack
    case UInt8(ascii: "B"): .bye
    case UInt8(ascii: "C"): .cancel
    case UInt8(ascii: "R"): token.count == 8 ? .register : .refer
    case UInt8(ascii: "O"): .options
    case UInt8(ascii: "S"): .subscribe
    case UInt8(ascii: "N"): .notify
    case UInt8(ascii: "M"): .message
    case UInt8(ascii: "P"): token.count == 7 ? .publish : .prack
    case UInt8(ascii: "U"): .update
    default: .other
    }
  }

  private static func isEqual(_ token: Span<UInt8>, _ word: StaticString) -> Bool {
    guard token.count == word.utf8CodeUnitCount else { return false }
    // Safety: a static string's bytes live as long as the process, and the index stays below their number.
    return word.withUTF8Buffer { letters in
      for index in 0..<letters.count {
        if unsafe letters[index] != token[index] { return false }
      }
      return true
    }
  }

  private var token: StaticString {
    switch self {
    case .invite: "INVITE"
    case .ack: "ACK"
    case .bye: "BYE"
    case .cancel: "CANCEL"
    case .register: "REGISTER"
    case .options: "OPTIONS"
    case .subscribe: "SUBSCRIBE"
    case .notify: "NOTIFY"
    case .message: "MESSAGE"
    case .publish: "PUBLISH"
    case .info: "INFO"
    case .prack: "PRACK"
    case .update: "UPDATE"
    case .refer: "REFER"
    case .other: ""
    }
  }
}
