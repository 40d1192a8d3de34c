internal import Synchronization

/// A request to write the log out and open its files again by their names, as log rotation needs it.
public final class ReopenFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  /// A flag that is not raised.
  public init() {}

  /// Asks for it; any thread may.
  public func raise() { flag.store(true, ordering: .relaxed) }

  /// Whether it was asked for since the last call.
  func take() -> Bool { flag.exchange(false, ordering: .relaxed) }
}
