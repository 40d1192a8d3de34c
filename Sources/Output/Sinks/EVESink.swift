/// Where finished log lines go, many at a time.
public protocol EVESink: AnyObject {
  /// Takes whole lines; they are written, or an error says why not.
  func write(_ lines: Span<UInt8>) throws(SinkError)

  /// Goes on under the same name, in a new file when the old one was moved away.
  func reopen() throws(SinkError)
}

extension EVESink {
  /// What has no name goes on as it is.
  public func reopen() throws(SinkError) {}
}

/// A sink that cannot take lines: what, why, and what to do about it.
public struct SinkError: Error, Hashable, Sendable {
  /// The file or address.
  public let target: String
  /// The system's words.
  public let cause: String
  /// What the user can do.
  public let remedy: String

  /// An error from its parts.
  public init(target: String, cause: String, remedy: String) {
    self.target = target
    self.cause = cause
    self.remedy = remedy
  }
}

extension SinkError: CustomStringConvertible {
  /// One line for standard error.
  public var description: String { "\(target): \(cause); \(remedy)" }
}
