/// An input that cannot be opened or read on: what, where, why, and what to do about it.
public struct CaptureError: Error, Hashable, Sendable {
  /// The file (`-` is standard input) or network interface.
  public let input: String
  /// Number of the last frame of that input that was read, from 1; 0 when its first bytes already make no
  /// sense; nil when it was not opened, which is the user's to mend.
  public let lastFrame: UInt64?
  /// The cause, in the words of whoever noticed it.
  public let cause: String
  /// What the user can do.
  public let remedy: String
  /// What `lastFrame` counts: frames, or lines of a log.
  public let unit: String
  /// Whether the input is fine and the filter is not.
  public let isRefusedFilter: Bool

  /// An error from its parts.
  public init(
    input: String, lastFrame: UInt64? = nil, cause: String, unit: String = "frame", remedy: String,
    isRefusedFilter: Bool = false
  ) {
    self.unit = unit
    self.isRefusedFilter = isRefusedFilter
    self.input = input
    self.lastFrame = lastFrame
    self.cause = cause
    self.remedy = remedy
  }
}

extension CaptureError: CustomStringConvertible {
  /// One line for standard error.
  public var description: String {
    let place = lastFrame.flatMap { $0 > 0 ? "\(input): after \(unit) \($0)" : nil } ?? input
    return "\(place): \(cause); \(remedy)"
  }
}
