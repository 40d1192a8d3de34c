#if DEBUG
  internal import Synchronization
#endif

/// Counts the steps of decoders, so that tests can prove their time linear without a clock.
///
/// A step is a byte that is looked at, a field that is read or an entry of a table that is visited. It
/// exists in debug builds only; release builds count nothing.
public enum Work {
  #if DEBUG
    /// The steps of whatever runs while the counter is bound.
    package final class Counter: Sendable {
      private let total = Atomic<Int>(0)

      /// A counter at zero.
      package init() {}

      /// Steps so far.
      package var value: Int { total.load(ordering: .relaxed) }

      fileprivate func add(_ count: Int) { total.add(count, ordering: .relaxed) }
    }

    /// The counter of the current task; each test has its own.
    @TaskLocal package static var counter: Counter?

    /// The steps that a closure takes.
    package static func steps(of body: () throws -> Void) rethrows -> Int {
      let counter = Counter()
      try $counter.withValue(counter) { try body() }
      return counter.value
    }

    @usableFromInline
    static func add(_ steps: Int) { counter?.add(steps) }
  #endif

  /// Notes a number of steps.
  ///
  /// Public, because only then release builds inline it away.
  @inlinable @inline(__always)
  public static func count(_ steps: Int) {
    #if DEBUG
      add(steps)
    #endif
  }
}
