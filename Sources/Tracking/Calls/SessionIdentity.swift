/// Stands for a session that an INVITE describes, to tell whether another INVITE describes the same (RFC 8866 §5.2).
struct SessionIdentity: Sendable, Equatable {
  /// Hash of its owner without the version, and of kind and port of each medium.
  var content: UInt32
  /// Hash of where its media are expected, by their addresses; of the one address when they have it in common. 0 where none
  /// are, or on hold nowhere.
  var places: UInt32

  /// No description, or one that the capture cut.
  static let unknown = SessionIdentity(content: 0, places: 0)

  /// Whether nothing is known of the session.
  var isUnknown: Bool { self == .unknown }
}
