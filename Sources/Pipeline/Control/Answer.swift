internal import Dispatch
internal import Synchronization

/// Something that one thread waits for and another one gives, once.
final class Answer<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let given = DispatchSemaphore(value: 0)

  /// Gives it.
  func give(_ answer: Value) {
    value.withLock { $0 = answer }
    given.signal()
  }

  /// Waits for it; nil when it does not come in time.
  func wait(seconds: Int = .max) -> Value? {
    if seconds == .max {
      given.wait()
    } else if given.wait(timeout: .now() + .seconds(seconds)) == .timedOut {
      return nil
    }
    return value.withLock { $0 }
  }
}
