/// Why a call ended, or why it never came about.
public enum CallCause: UInt8, Sendable {
  /// It was answered; whoever ended it then.
  case answered
  /// 486 or 600: the callee is in another call.
  case busy
  /// Nobody took it: 480, 408 after ringing, or ringing that went on for too long.
  case noAnswer
  /// The caller gave up: CANCEL, 487, or BYE in an early dialog.
  case cancelled
  /// Somebody refused it: 401 or 407 after credentials, 403, 433, 488, 603, 606, 607, 608.
  case rejected
  /// Any other final response from 400 on.
  case failed
  /// 3xx, and the caller did not go on under the same Call-ID.
  case redirected
  /// No response in time (RFC 3261 §17.1.1.2, timer B), or 408 without ringing.
  case timeout
  /// A challenge that nobody answered in time.
  case challengeUnanswered

  /// The cause that a final response other than a success stands for.
  ///
  /// - Parameters:
  ///   - code: 300–699.
  ///   - hasRung: whether a provisional response of 180–189 came before.
  ///   - areCredentialsRejected: whether a challenge came after credentials.
  init(code: UInt16, hasRung: Bool, areCredentialsRejected: Bool) {
    switch code {
    case 300..<400: self = .redirected
    case 401, 407: self = areCredentialsRejected ? .rejected : .challengeUnanswered
    case 486, 600: self = .busy
    case 408: self = hasRung ? .noAnswer : .timeout
    case 480: self = .noAnswer
    case 487: self = .cancelled
    case 403, 433, 488, 603, 606, 607, 608: self = .rejected
    default: self = .failed
    }
  }

  /// The value of `call.cause`.
  public var name: StaticString {
    switch self {
    case .answered: "answered"
    case .busy: "busy"
    case .noAnswer: "no-answer"
    case .cancelled: "cancelled"
    case .rejected: "rejected"
    case .failed: "failed"
    case .redirected: "redirected"
    case .timeout: "timeout"
    case .challengeUnanswered: "challenge-unanswered"
    }
  }
}

/// Who ended a call.
public enum CallEnder: UInt8, Sendable {
  /// The caller, by BYE or CANCEL, or because it no longer knew the dialog.
  case caller
  /// The callee, by BYE or a final response, or because it no longer knew the dialog.
  case callee
  /// Nobody: time passed.
  case timeout
  /// A BYE or CANCEL from an address that neither party has.
  case other

  /// The value of `call.ended_by`.
  public var name: StaticString {
    switch self {
    case .caller: "caller"
    case .callee: "callee"
    case .timeout: "timeout"
    case .other: "other"
    }
  }
}

/// One of the two parties of a call.
public enum CallSide: UInt8, Sendable {
  /// The sender of the first INVITE.
  case caller
  /// Its receiver.
  case callee
}
