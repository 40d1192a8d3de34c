public import Capture

/// Open interfaces and listeners for a number of lanes, which share each interface.
public final class LiveInputs: Sendable {
  /// One for each lane.
  let sources: [SharedSource<LiveCapture>]

  /// Opens everything; throws for the first that cannot be opened or shared.
  ///
  /// - Parameter lanes: how many; listeners for HEP are read by the first one, and need no more than that.
  public init(_ options: LiveCaptureOptions, lanes: Int, stop: StopFlag) throws(CaptureError) {
    let count = options.interfaces.isEmpty ? 1 : max(1, lanes)
    var own = options
    // All shares together take the memory that one capture would.
    own.bufferSize = max(Self.smallestBuffer, options.bufferSize / count)
    var groups = SharingGroups()
    var sources: [SharedSource<LiveCapture>] = []
    for _ in 0..<count {
      var capture =
        count == 1
        ? try LiveCapture(options, stop: stop) : try LiveCapture(own, stop: stop, sharing: &groups)
      // A lane that has nothing to read holds the others up for so long.
      if count > 1 { capture.timeoutMilliseconds = 50 }
      sources.append(SharedSource(capture, stop: stop, isLive: true))
    }
    self.sources = sources
  }

  private static var smallestBuffer: Int { 1 << 20 }
}
