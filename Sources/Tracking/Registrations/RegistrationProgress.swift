/// Why a registration failed; the words of `registration.reason`.
enum RegistrationFailure: UInt8, CaseIterable, Sendable {
  /// A new challenge without `stale`, or 403, after credentials were sent.
  case badCredentials
  /// The client did not answer a challenge within timer B.
  case challengeUnanswered
  /// 403 without credentials.
  case forbidden
  /// 404.
  case notFound
  /// Any other 4xx, or 6xx.
  case rejected
  /// 5xx.
  case serverError
  /// No final response within timer F, or 408.
  case timeout

  /// The word.
  var reason: StaticString {
    switch self {
    case .badCredentials: "bad-credentials"
    case .challengeUnanswered: "challenge-unanswered"
    case .forbidden: "forbidden"
    case .notFound: "not-found"
    case .rejected: "rejected"
    case .serverError: "server-error"
    case .timeout: "timeout"
    }
  }
}

/// What an exchange of REGISTER requests under one Call-ID waits for (RFC 3261 §10.2, §22.2, §22.3).
struct RegistrationProgress: Equatable, Sendable {
  /// What the last request carried to prove who sends it.
  struct Proof: OptionSet, Sendable {
    let rawValue: UInt8
    /// Credentials for the registrar: a 401 after them refuses them.
    static let registrar = Proof(rawValue: 1)
    /// Credentials for a proxy: a 407 after them refuses them.
    static let proxy = Proof(rawValue: 2)
    /// What the capture cut may have credentials.
    static let hidden = Proof(rawValue: 4)

    /// Whether nothing was carried; nil when that cannot be told.
    func lacks(_ credentials: Proof) -> Bool? {
      if !isDisjoint(with: credentials) { return false }
      return contains(.hidden) ? nil : true
    }
  }

  /// What happened.
  enum Input: Sendable {
    case request(Proof)
    /// A response; `isStale` is nil where the capture cut its challenge.
    case response(code: UInt16, isStale: Bool?)
    /// The time to wait is over.
    case silence
    /// The time to wait is over, but what came may not have been captured, or not enough of it.
    case ignorance
  }

  /// What follows from it.
  enum Action: Equatable, Sendable {
    /// The exchange goes on.
    case wait
    /// The client has to prove who it is.
    case challenge
    /// The registrar took the request.
    case accept
    /// A failure; nil when the capture does not tell which.
    case fail(RegistrationFailure?)
    /// The exchange is over and was neither a success nor a failure.
    case end
  }

  private enum State: Equatable, Sendable {
    case idle
    case asked(Proof)
    case challenged
  }

  private var state = State.idle

  /// Whether the last request carried credentials and has no answer yet.
  var hasProof: Bool {
    guard case .asked(let proof) = state else { return false }
    return proof.lacks([.registrar, .proxy]) == false
  }

  /// Whether the client was asked to prove who it is, and has not asked again.
  var isChallenged: Bool { state == .challenged }

  mutating func take(_ input: Input) -> Action {
    switch (input, state) {
    case (.request(let proof), _):
      state = .asked(proof)
      return .wait
    case (.response(let code, let isStale), .asked(let proof)):
      return answer(code, isStale: isStale, proof)
    case (.response, _):
      return .wait
    case (.silence, .asked):
      return .fail(.timeout)
    case (.silence, .challenged):
      return .fail(.challengeUnanswered)
    case (.silence, .idle), (.ignorance, _):
      return .end
    }
  }

  /// Goes on as if no challenge had come: somebody has sent it who was not asked.
  mutating func disregardChallenge() {
    if isChallenged { state = .asked([]) }
  }

  private mutating func answer(_ code: UInt16, isStale: Bool?, _ proof: Proof) -> Action {
    switch code {
    case 200..<300:
      return .accept
    case 401, 407:
      state = .challenged
      switch (proof.lacks(code == 401 ? .registrar : .proxy), isStale) {
      case (true, _), (_, true): return .challenge
      case (false, false): return .fail(.badCredentials)
      case (nil, _), (false, nil):
        state = .idle
        return .wait
      }
    case 403: return .fail(proof.lacks([.registrar, .proxy]).map { $0 ? .forbidden : .badCredentials })
    case 404: return .fail(.notFound)
    case 408: return .fail(.timeout)
    // Another try is asked for, with other words (RFC 3261 §21.3, §10.2.8; RFC 4028 §6; RFC 3261 §21.4.27).
    case 300..<400, 422, 423, 491: return .end
    case 500..<600: return .fail(.serverError)
    case 400..<700: return .fail(.rejected)
    default: return .wait
    }
  }
}
