public import Values

/// What a message or the passing of time changed in a call; each one is an event.
public struct CallChanges: OptionSet, Hashable, Sendable {
  /// The bits, in the order in which the events come.
  public let rawValue: UInt8

  /// Changes from their bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The first INVITE.
  public static let started = CallChanges(rawValue: 1)
  /// The first provisional response of 180–189.
  public static let ringing = CallChanges(rawValue: 2)
  /// The first 2xx.
  public static let answered = CallChanges(rawValue: 4)
  /// It went on hold.
  public static let held = CallChanges(rawValue: 8)
  /// A REFER within it led to another call, or was accepted and nobody said that it did not.
  public static let transferred = CallChanges(rawValue: 16)
  /// It is over.
  public static let ended = CallChanges(rawValue: 32)

  /// Each change alone, in the order of their events.
  public var inOrder: InOrder { InOrder(rest: rawValue) }

  /// The changes of a set one by one, without an allocation.
  public struct InOrder: Sequence, IteratorProtocol {
    var rest: UInt8

    /// The next change; nil when there is none left.
    public mutating func next() -> CallChanges? {
      guard rest != 0 else { return nil }
      let lowest = rest & (~rest &+ 1)
      rest &= ~lowest
      return CallChanges(rawValue: lowest)
    }
  }
}

/// The state machine of one call (RFC 3261 §13–15): inputs are facts of messages, time is packet time.
///
/// Answered at the first 2xx, ended at the first BYE that was not refused. A challenge, a redirection and
/// 422 wait for another INVITE; so does a challenge after credentials, because a person may try again. A
/// failed re-INVITE does not end a call unless it says that the dialog is gone.
public struct CallState: Sendable, Equatable {
  /// How far the call is.
  public enum Phase: UInt8, Sendable {
    /// An INVITE went out.
    case calling
    /// A 100 came.
    case proceeding
    /// An 18x came.
    case ringing
    /// A final response asks for another INVITE.
    case waiting
    /// A 2xx came.
    case talking
    /// It is over; late packets are still known to belong to it.
    case ended
  }

  /// How far it is.
  public private(set) var phase = Phase.calling
  /// The first INVITE.
  public let start: Timestamp
  /// The last INVITE that answered a challenge.
  public private(set) var authenticatedStart: Timestamp?
  /// The first 18x.
  public private(set) var firstRinging: Timestamp?
  /// The first 2xx.
  public private(set) var answered: Timestamp?
  /// The end.
  public private(set) var ended: Timestamp?
  /// The last sign of life.
  public private(set) var lastActivity: Timestamp
  /// Status code of the last final response to an INVITE that opens the dialog; 0 before one.
  public private(set) var code: UInt16 = 0
  /// Why it ended.
  public private(set) var cause: CallCause?
  /// Who ended it.
  public private(set) var endedBy: CallEnder?
  /// Times that it went on hold.
  public private(set) var holds: UInt32 = 0
  /// Times that a REFER was accepted and did not fail.
  public internal(set) var transfers: UInt32 = 0
  /// The last REFER.
  var transfer = CallTransfer()
  /// Seconds after which a session without refresh is over (RFC 4028); 0 when none was agreed.
  public private(set) var sessionInterval: UInt32 = 0

  /// When the end was noticed, which may be later.
  private(set) var closed: Timestamp?
  /// Nil when the capture cut the INVITE where it may have them.
  private var hasCredentials: Bool?
  /// Nil when it may be so.
  private var areCredentialsRejected: Bool? = false
  /// Who wants the INVITE to end without an answer; a party counts more than somebody else.
  private var canceller: CallEnder?
  /// Whether it may have been answered when it was given up.
  private var isAnswerHidden = false
  /// What the present phase waits since.
  private var waitingSince: Timestamp
  /// A failure that was seen behind a proxy only, which may ring elsewhere or pass it on.
  private var remoteFailure: UInt16 = 0
  private var offer: Offer?
  private var callerHolds = false
  private var calleeHolds = false

  /// A change of the session that one side asked for and the other has not accepted yet.
  private struct Offer: Sendable, Equatable {
    let side: CallSide
    let cseq: UInt32
    /// Nil when the request had no description, so that the response makes the offer.
    let isHeld: Bool?
  }

  /// A call whose first INVITE was just sent.
  public init(at time: Timestamp, hasCredentials: Bool?) {
    start = time
    lastActivity = time
    waitingSince = time
    self.hasCredentials = hasCredentials
  }

  /// Whether it is on hold.
  public var isOnHold: Bool { callerHolds || calleeHolds }
  /// Whether the last INVITE was challenged and nothing came since.
  public var isChallenged: Bool { phase == .waiting && (code == 401 || code == 407) }
  /// Whether a final response has asked for another INVITE, which was not seen yet.
  public var awaitsInvite: Bool { phase == .waiting }
  /// Whether it was neither answered nor ended yet.
  public var isInSetup: Bool { phase != .talking && phase != .ended }
}

// MARK: - Setup

extension CallState {
  /// Notes any message of the call.
  public mutating func touch(at time: Timestamp) {
    if phase != .ended { lastActivity = max(lastActivity, time) }
  }

  /// Another INVITE that opens the dialog: with credentials, after a redirection, with a longer session.
  public mutating func invite(at time: Timestamp, hasCredentials: Bool?) {
    guard isInSetup else { return }
    self.hasCredentials = hasCredentials
    if hasCredentials == true, isChallenged { authenticatedStart = time }
    code = 0
    phase = .calling
    waitingSince = time
    remoteFailure = 0
  }

  /// A provisional response.
  public mutating func provisional(_ code: UInt16, at time: Timestamp) -> CallChanges {
    guard isInSetup, phase != .waiting else { return [] }
    if phase == .calling { phase = .proceeding }
    if !isCancelled { waitingSince = time }
    guard 180...189 ~= code, firstRinging == nil else { return [] }
    firstRinging = time
    phase = .ringing
    return .ringing
  }

  /// A 2xx; one that crosses a CANCEL wins the race.
  public mutating func success(_ code: UInt16, at time: Timestamp) -> CallChanges {
    guard isInSetup else { return [] }
    phase = .talking
    self.code = code
    cause = .answered
    answered = time
    return .answered
  }

  /// A challenge (401, 407), which is a failure of the caller only after credentials and without `stale`; nil when the
  /// capture cut what says so.
  public mutating func challenge(_ code: UInt16, isStale: Bool?, at time: Timestamp) {
    guard isInSetup else { return }
    if hasCredentials != false, isStale != true, areCredentialsRejected != true {
      areCredentialsRejected = hasCredentials == true && isStale == false ? true : nil
    }
    wait(for: code, at: time)
  }

  /// A final response from 300 on that is no challenge.
  public mutating func failure(_ code: UInt16, at time: Timestamp) -> CallChanges {
    guard isInSetup else { return [] }
    if 300..<400 ~= code || code == 422 {
      wait(for: code, at: time)
      return []
    }
    self.code = code
    return end(
      failureCause, by: code == 487 ? canceller ?? .callee : .callee, at: time)
  }

  /// Whether a party gave the call up before it was answered.
  private var isCancelled: Bool { canceller == .caller || canceller == .callee }

  /// A failure that was seen between a proxy and one of the places where it looks for the callee.
  public mutating func remoteFailure(_ code: UInt16, at time: Timestamp) {
    guard isInSetup, phase != .waiting else { return }
    remoteFailure = code
    if !isCancelled { waitingSince = time }
  }

  /// What the last response of this code has said is forged; false when it has changed nothing that can be undone.
  mutating func disregard(_ code: UInt16) -> Bool {
    if phase == .waiting, self.code == code {
      (phase, self.code) = (.calling, 0)
      return true
    }
    guard isInSetup, remoteFailure == code else { return false }
    remoteFailure = 0
    return true
  }

  /// A CANCEL, or a BYE that leaves no early dialog (RFC 3261 §15): what the INVITE comes to is still to be seen.
  ///
  /// Nil is an address where no party of the call is; servers go by the branch of a CANCEL alone (§9.2).
  ///
  /// - Parameter mayBeAnswered: whether a BYE ends a dialog whose beginning was not captured.
  public mutating func cancel(by side: CallSide?, at time: Timestamp, mayBeAnswered: Bool = false) {
    guard isInSetup else { return }
    if mayBeAnswered, side != nil { isAnswerHidden = true }
    switch side {
    case nil:
      if canceller == nil { canceller = .other }
      return
    case .caller: canceller = .caller
    case .callee: if canceller != .caller { canceller = .callee }
    }
    waitingSince = time
  }

  private mutating func wait(for code: UInt16, at time: Timestamp) {
    self.code = code
    phase = .waiting
    waitingSince = time
  }
}

// MARK: - Session

extension CallState {
  /// The BYE of the last confirmed dialog from a side, or from somebody else (nil).
  ///
  /// - Parameter noticed: when it was known to count, from which on the call is known for late packets.
  public mutating func bye(from side: CallSide?, at time: Timestamp, noticed: Timestamp) -> CallChanges {
    guard phase == .talking else { return [] }
    let ender: CallEnder =
      switch side {
      case .caller: .caller
      case .callee: .callee
      case nil: .other
      }
    let changes = end(.answered, by: ender, at: time)
    closed = max(time, noticed)
    return changes
  }

  /// A re-INVITE or UPDATE; `isHeld` is nil without a description.
  public mutating func modify(from side: CallSide, cseq: UInt32, isHeld: Bool?) {
    guard phase == .talking else { return }
    offer = Offer(side: side, cseq: cseq, isHeld: isHeld)
  }

  /// The side that asks for a change with a request of this number; nil when nobody does.
  func side(asking cseq: UInt32) -> CallSide? {
    guard let offer, offer.cseq == cseq else { return nil }
    return offer.side
  }

  /// The 2xx to a re-INVITE or UPDATE; `isHeld` is what its description says, nil without one.
  public mutating func modified(cseq: UInt32, isHeld: Bool?) -> CallChanges {
    guard phase == .talking, let offer, offer.cseq == cseq else { return [] }
    self.offer = nil
    let wasOnHold = isOnHold
    if let held = offer.isHeld {
      setHold(held, by: offer.side)
    } else if let isHeld {
      setHold(isHeld, by: offer.side == .caller ? .callee : .caller)
    }
    guard isOnHold, !wasOnHold else { return [] }
    holds &+= 1
    return .held
  }

  /// A failure of a request within the dialog: 481 and 408 say that the dialog is gone (RFC 3261 §12.2.1.2).
  public mutating func modificationFailed(_ code: UInt16, cseq: UInt32, at time: Timestamp) -> CallChanges {
    guard phase == .talking, let offer, offer.cseq == cseq else { return [] }
    self.offer = nil
    guard code == 481 || code == 408 else { return [] }
    let forgetful: CallEnder = offer.side == .caller ? .callee : .caller
    return end(.answered, by: code == 408 ? .timeout : forgetful, at: time)
  }

  /// The session interval that a 2xx to INVITE or UPDATE states, in seconds; nil ends its use.
  public mutating func agree(sessionInterval seconds: UInt32?) {
    sessionInterval = seconds ?? 0
  }

  private mutating func setHold(_ isHeld: Bool, by side: CallSide) {
    if side == .caller { callerHolds = isHeld } else { calleeHolds = isHeld }
  }
}

// MARK: - Time

extension CallState {
  /// When the call's time is up, unless something happens.
  ///
  /// - Parameters:
  ///   - lastMedia: the call's last media packet; nil when it never had any, or its silence means nothing.
  ///   - hadMedia: whether it ever had any.
  public func deadline(_ limits: Limits, lastMedia: Timestamp?, hadMedia: Bool) -> Timestamp {
    switch phase {
    case .calling, .waiting: waitingSince.advanced(byNanoseconds: limits.transaction)
    case .proceeding, .ringing:
      if isCancelled || remoteFailure != 0 {
        waitingSince.advanced(byNanoseconds: limits.transaction)
      } else {
        // Whoever hears something waits for as long as it goes on.
        max(waitingSince, lastMedia ?? waitingSince).advanced(byNanoseconds: limits.ringing)
      }
    case .talking: silenceDeadline(limits, lastMedia: lastMedia, hadMedia: hadMedia)
    case .ended: (closed ?? lastActivity).advanced(byNanoseconds: limits.linger)
    }
  }

  private func silenceDeadline(_ limits: Limits, lastMedia: Timestamp?, hadMedia: Bool) -> Timestamp {
    if let lastMedia, !isOnHold {
      return max(lastMedia, lastActivity).advanced(byNanoseconds: limits.mediaSilence)
    }
    // Whoever waits for a refresh in vain hangs up before the session is over (RFC 4028 §10).
    let session = Int64(sessionInterval) * 1_000_000_000
    if sessionInterval > 0 { return lastActivity.advanced(byNanoseconds: min(session, limits.silence)) }
    // Where no media is seen, silence tells nothing: the BYE is waited for.
    return lastActivity.advanced(
      byNanoseconds: hadMedia ? limits.silence : max(limits.silence, limits.unheard))
  }

  /// The deadline has passed.
  ///
  /// - Parameters:
  ///   - time: the deadline.
  ///   - noticed: when it was seen to have passed, from which on the call is known for late packets.
  ///   - lastMedia: the call's last media packet; a lost BYE is dated by it.
  ///   - isSilence: false when what was waited for may have come and was not read.
  public mutating func expire(
    at time: Timestamp, noticed: Timestamp, lastMedia: Timestamp?, isSilence: Bool = true
  ) -> CallChanges {
    let changes =
      isSilence || !isInSetup || isCancelled ? expire(at: time, lastMedia: lastMedia) : lose(at: time)
    if changes.contains(.ended) { closed = noticed }
    return changes
  }

  /// It is over, and what it came to was not captured.
  private mutating func lose(at time: Timestamp) -> CallChanges { end(nil, by: nil, at: time) }

  private mutating func expire(at time: Timestamp, lastMedia: Timestamp?) -> CallChanges {
    switch phase {
    case .talking: return end(.answered, by: .timeout, at: max(lastMedia ?? lastActivity, lastActivity))
    case .waiting:
      return end(failureCause, by: .timeout, at: time)
    case .calling, .proceeding, .ringing:
      if let canceller, canceller != .other {
        return end(isAnswerHidden ? nil : .cancelled, by: canceller, at: time)
      }
      if remoteFailure != 0 {
        phase = .proceeding
        return failure(remoteFailure, at: time)
      }
      return end(firstRinging == nil ? .timeout : .noAnswer, by: .timeout, at: time)
    case .ended: return []
    }
  }

  /// What the last final response stands for; nil for a challenge of which it is not known whether it refused credentials.
  private var failureCause: CallCause? {
    if areCredentialsRejected == nil, code == 401 || code == 407 { return nil }
    return CallCause(
      code: code, hasRung: firstRinging != nil, areCredentialsRejected: areCredentialsRejected == true)
  }

  private mutating func end(_ cause: CallCause?, by ender: CallEnder?, at time: Timestamp) -> CallChanges {
    let transferred = finishTransfer()
    phase = .ended
    self.cause = cause
    endedBy = ender
    ended = time
    closed = time
    return transferred.union(.ended)
  }
}
