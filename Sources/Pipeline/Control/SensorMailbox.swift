internal import Rules
internal import Synchronization

/// What other threads want of a running sensor; it looks between two batches of frames.
///
/// Nobody who asks can hold the sensor up: it takes what is there and does what is quick.
public final class SensorMailbox: Sendable {
  /// What a sensor is asked for.
  enum Request: Sendable {
    /// To write the log out and open it again by its name, as log rotation needs it, and to tell somebody what kept a file
    /// from it.
    case reopen(@Sendable (String?) -> Void)
    /// To go on with other rules.
    case exchange(RuleExchange)
    /// To say in the log why other rules are not taken.
    case reject(RuleRejection)
    /// To say what it counted.
    case snapshot(Answer<SensorSnapshot?>)
  }

  private struct State {
    var requests: [Request] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let isWaiting = Atomic<Bool>(false)

  /// An empty mailbox.
  public init() {}

  /// Asks for the log to be written out and opened again; any thread may.
  ///
  /// - Parameter onEnd: is told why a file goes on under its old name, or nil when none does, on a thread of the sensor.
  public func reopen(onEnd: @escaping @Sendable (String?) -> Void) {
    if !post(.reopen(onEnd)) { onEnd(Self.hasEnded) }
  }

  /// What is told to those whom it turns down.
  static let hasEnded = "the run has ended"

  /// Leaves a request; false when the sensor has ended.
  @discardableResult
  func post(_ request: Request) -> Bool {
    let isTaken = state.withLock { state in
      guard !state.isClosed else { return false }
      state.requests.append(request)
      return true
    }
    isWaiting.store(true, ordering: .releasing)
    return isTaken
  }

  /// All requests since the last call, which costs nearly nothing when there are none.
  func take() -> [Request] {
    guard isWaiting.exchange(false, ordering: .acquiring) else { return [] }
    return state.withLock { state in
      defer { state.requests = [] }
      return state.requests
    }
  }

  /// Takes no more requests, and turns those down that still wait.
  func close() {
    let left = state.withLock { state in
      state.isClosed = true
      defer { state.requests = [] }
      return state.requests
    }
    for request in left {
      switch request {
      case .exchange(let exchange): exchange.done.give(false)
      case .snapshot(let answer): answer.give(nil)
      case .reopen(let onEnd): onEnd(Self.hasEnded)
      case .reject: break
      }
    }
  }
}

/// Rules on their way into a sensor and, once they are in, what it let go on its way back.
final class RuleExchange: Sendable {
  let adoption: Mutex<RuleAdoption>
  /// Whether only lists changed.
  let isOfLists: Bool
  /// Whether the sensor took them; false when it ended before.
  let done = Answer<Bool>()

  init(_ adoption: RuleAdoption, isOfLists: Bool) {
    self.adoption = Mutex(adoption)
    self.isOfLists = isOfLists
  }
}

/// Why rules were not taken.
struct RuleRejection: Sendable {
  /// Whether only lists changed.
  let isOfLists: Bool
  /// The first fault with its place.
  let cause: String
}

/// What a running sensor counted.
struct SensorSnapshot: Sendable {
  let counters: [(name: String, value: UInt64)]
  let rules: [RuleMetadata]
  let alertsByRule: [UInt64]
  /// What the rules did that are there now, which come first among `rules`.
  let rulesDid: [RuleCounters]
}
