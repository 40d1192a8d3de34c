internal import Foundation

/// Batches on their way from one thread to another, first in, first out.
///
/// It is bounded by the number of batches that there are: they go round, filled one way and empty the other,
/// and who finds none waits. One lock a batch; nobody spins.
///
/// Proof: everything that changes is touched under the lock of `condition` only.
final class BatchQueue<Batch: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var batches: [Batch]

  /// A queue with batches in it.
  init(_ batches: [Batch] = []) {
    self.batches = batches
  }

  /// Adds a batch at the end.
  func put(_ batch: consuming Batch) {
    condition.lock()
    batches.append(batch)
    condition.signal()
    condition.unlock()
  }

  /// Takes the first batch, and waits for one when there is none.
  func take() -> Batch {
    condition.lock()
    defer { condition.unlock() }
    while batches.isEmpty { condition.wait() }
    return batches.removeFirst()
  }

  /// Takes the first batch; nil when there is none within a number of seconds.
  func take(within seconds: Double) -> Batch? {
    condition.lock()
    defer { condition.unlock() }
    if batches.isEmpty {
      let end = Date(timeIntervalSinceNow: seconds)
      while batches.isEmpty, condition.wait(until: end) {}
    }
    return batches.isEmpty ? nil : batches.removeFirst()
  }
}
