/// A SIP request method (RFC 3261 §7.1 and the IANA registry); method names are case-sensitive.
public enum SIPMethod: UInt8, CaseIterable, Sendable {
  /// No method: not a SIP message, or none could be read.
  case none
  /// A token that is not registered.
  case other
  /// RFC 3261.
  case ack, bye, cancel, invite, options, register
  /// RFC 6086, RFC 3428, RFC 6665, RFC 3262, RFC 3903, RFC 3515, RFC 6665, RFC 3311, in this order.
  case info, message, notify, prack, publish, refer, subscribe, update

  /// The name on the wire, empty for `none` and `other`.
  public var name: String {
    switch self {
    case .none, .other: ""
    case .ack: "ACK"
    case .bye: "BYE"
    case .cancel: "CANCEL"
    case .invite: "INVITE"
    case .options: "OPTIONS"
    case .register: "REGISTER"
    case .info: "INFO"
    case .message: "MESSAGE"
    case .notify: "NOTIFY"
    case .prack: "PRACK"
    case .publish: "PUBLISH"
    case .refer: "REFER"
    case .subscribe: "SUBSCRIBE"
    case .update: "UPDATE"
    }
  }

  /// Whether such a request creates a dialog and so must carry exactly one Contact (RFC 3261 §8.1.1.8).
  public var needsContact: Bool {
    switch self {
    case .invite, .subscribe, .refer: true
    default: false
    }
  }
}
