#if DEBUG
  internal import Synchronization
#endif

/// Counts the bytes that the text parsers examine, so that tests can prove their time linear without a
/// clock. It exists in debug builds only; release builds count nothing.
enum TextWork {
  #if DEBUG
    final class Counter: Sendable {
      private let total = Atomic<Int>(0)
      var value: Int { total.load(ordering: .relaxed) }
      func add(_ count: Int) { total.add(count, ordering: .relaxed) }
    }

    /// The counter of the current task; each test has its own.
    @TaskLocal static var counter: Counter?
  #endif

  /// Notes that a number of bytes were examined.
  @inline(__always)
  static func count(_ bytes: Int) {
    #if DEBUG
      counter?.add(bytes)
    #endif
  }
}
