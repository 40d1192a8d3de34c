/// A member that takes no part: a value that has it is passed on by its address.
///
/// A large value whose layout is all known counts as one that can be loaded. The compiler loads it for each call
/// that borrows it, and stores it in a new place: 1,243 bytes of a parsed message, four times a message, and 288
/// five times. What lies behind an existential cannot be loaded, and neither can what contains it.
public struct FixedPlace: Sendable {
  @usableFromInline let anything: any Sendable = ()

  /// The member.
  @inlinable
  public init() {}
}
