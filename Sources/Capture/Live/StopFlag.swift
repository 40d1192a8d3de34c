internal import Synchronization

/// A request to end a capture, which any thread or a signal handler may make.
public final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  /// A flag that is not raised.
  public init() {}

  /// Asks the capture to end at its next time-out or batch.
  public func raise() {
    flag.store(true, ordering: .relaxed)
  }

  /// Whether the end was asked for.
  public var isRaised: Bool { flag.load(ordering: .relaxed) }
}
