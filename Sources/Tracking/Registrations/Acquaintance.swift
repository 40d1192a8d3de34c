/// What the sender of a request, or of an answer that nobody has asked it for, is to its receiver.
public enum Acquaintance: Sendable {
  /// It has granted the receiver something, or is registered there.
  case known
  /// Neither was seen, and the receiver is no telephone that was seen to register.
  case unknown
  /// The receiver is a telephone, and the sender none of its servers.
  case stranger
}
