/// What a client transaction waits for (RFC 3261 §17.1).
struct TransactionProgress: Equatable, Sendable {
  /// Timers B and F: how long a request may stay without an answer, anything but an INVITE without a final one.
  static let patience: Int64 = 32_000_000_000
  /// Timer C (RFC 3261 §16.6): how long an INVITE may go on after a provisional response.
  static let ringing: Int64 = 180_000_000_000

  /// What happened.
  enum Input: Sendable {
    case response(code: UInt16)
    /// A request or a response came again on the same way.
    case repetition
    /// The time to wait is over.
    case silence
  }

  /// What follows from it.
  enum Action: Equatable, Sendable {
    /// The transaction goes on and waits as long as before.
    case wait
    /// It goes on and waits for so many nanoseconds from now.
    case waitAnew(Int64)
    case finish
    case timeOut
  }

  /// Whether the request is an INVITE.
  let isInvite: Bool
  /// The last provisional response.
  private(set) var provisional: UInt16?
  /// Repeats of the request and of provisional responses.
  private(set) var repetitions: UInt32 = 0

  init(isInvite: Bool) {
    self.isInvite = isInvite
  }

  mutating func take(_ input: Input) -> Action {
    switch input {
    case .response(let code) where code < 200:
      provisional = code
      return isInvite ? .waitAnew(Self.ringing) : .wait
    case .response:
      return .finish
    case .repetition:
      repetitions &+= 1
      return .wait
    case .silence:
      return .timeOut
    }
  }
}
