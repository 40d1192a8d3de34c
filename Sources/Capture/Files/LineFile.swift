internal import Packets

/// The lines of a text file or of standard input, gzip-compressed or not.
///
/// A class because it owns an open file.
public final class LineFile {
  /// What the next line turned out to be.
  public enum State: Hashable, Sendable {
    case line
    /// It was longer than a line may be, and was skipped.
    case tooLong
    case end
  }

  /// Longer lines are skipped, in bytes.
  public static let maximumLength = 1 << 20

  /// The path as it was given; `-` is standard input.
  public let path: String
  /// Number of the current line, from 1.
  public private(set) var number: UInt64 = 0
  /// What was read of the file; `range` is the current line.
  public private(set) var bytes = [UInt8](repeating: 0, count: 1 << 18)
  /// The current line in `bytes`, without its line break.
  public private(set) var range = 0..<0
  private let input: CompressedInput
  private let stop: StopFlag
  /// What was read and is not yet a line.
  private var rest = 0..<0

  /// Opens a path, or standard input for `-`.
  ///
  /// - Parameter stop: ends the waiting for a pipe.
  public init(_ path: String, stop: StopFlag = StopFlag()) throws(CaptureError) {
    self.path = path
    self.stop = stop
    input = try CompressedInput(path, stop: stop)
  }

  /// Bytes of the file on disk; nil for a pipe.
  public var size: Int? { input.size }
  /// Bytes of the file on disk that were read so far.
  public var offset: Int { input.offset }

  /// Whether the next line of a pipe is not there yet.
  public var mustWait: Bool {
    guard size == nil else { return false }
    let end = bytes.span.firstIndex(of: UInt8(ascii: "\n"), in: rest)
    return end == nil && input.mustWait
  }

  /// Moves to the next line; the last one may lack its line break. Throws when the file breaks off.
  public func next() throws(CaptureError) -> State {
    var isTooLong = false
    var searched = rest.lowerBound
    while true {
      if let end = bytes.span.firstIndex(of: UInt8(ascii: "\n"), in: searched..<rest.upperBound) {
        return take(upTo: end, next: end + 1, isTooLong)
      }
      if rest.count >= Self.maximumLength {
        isTooLong = true
        rest = 0..<0
      }
      searched = try readMore()
      guard searched < rest.upperBound else {
        guard !rest.isEmpty || isTooLong else { return .end }
        return take(upTo: rest.upperBound, next: rest.upperBound, isTooLong)
      }
    }
  }

  private func take(upTo end: Int, next: Int, _ isTooLong: Bool) -> State {
    number += 1
    let hasReturn = end > rest.lowerBound && bytes[end - 1] == UInt8(ascii: "\r")
    range = rest.lowerBound..<(hasReturn ? end - 1 : end)
    rest = next..<rest.upperBound
    return isTooLong ? .tooLong : .line
  }

  /// Reads on behind the rest, which moves to the front; says where the new bytes begin.
  private func readMore() throws(CaptureError) -> Int {
    if rest.lowerBound > 0 {
      for (target, source) in rest.enumerated() { bytes[target] = bytes[source] }
      rest = 0..<rest.count
    }
    if rest.upperBound == bytes.count {
      bytes.append(contentsOf: repeatElement(0, count: bytes.count))
    }
    let start = rest.upperBound
    // Safety: the buffer is the free part of our own array, alive during the call.
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
    }
    guard count >= 0 else {
      throw CaptureError(
        input: path, lastFrame: number, cause: input.failure ?? "it cannot be read on", unit: "line",
        remedy: number == 0
          ? "copy the file again" : "the lines before it were read; copy the file again for the rest")
    }
    rest = rest.lowerBound..<start + count
    return start
  }
}
