internal import Capture
internal import Values

/// Frames of several captures in the order of their times.
///
/// Each lane's own frames stay in their order. A frame goes on once no other lane can have an older one: it has
/// a newer frame, or it found nothing to read long enough after. So none waits longer than a capture waits for
/// frames, and an older one that comes nevertheless is late by less than events may be.
struct LaneMerge {
  /// What came of one lane and was not taken yet.
  private struct Lane {
    var batches: [FrameBatch] = []
    /// The first frame of the first batch that was not taken.
    var next = 0
    /// Nothing older comes any more.
    var quietUntil = Timestamp(nanoseconds: .min)
    var isEnded = false
    /// How reading ended the last time.
    var state = FrameSourceState.more

    /// The time of the first frame, or until when there is none.
    var bound: Timestamp {
      guard let batch = batches.first else { return isEnded ? Timestamp(nanoseconds: .max) : quietUntil }
      return next < batch.frames.count ? batch.frames[next].heading.timestamp : quietUntil
    }
  }

  private var lanes: [Lane]
  private var statistics: [CaptureStatistics]
  private var frameCount: UInt64 = 0

  init(lanes: Int) {
    self.lanes = Array(repeating: Lane(), count: lanes)
    statistics = Array(repeating: CaptureStatistics(), count: lanes)
  }

  /// What all captures received and lost.
  var total: CaptureStatistics { statistics.reduce(CaptureStatistics(), +) }

  /// Whether all lanes have ended and everything was taken.
  var isEnded: Bool { lanes.allSatisfy { $0.isEnded && $0.batches.isEmpty } }

  /// Whether no lane had anything to read.
  var isIdle: Bool { lanes.allSatisfy { $0.state != .more } }

  /// Adds what a lane read.
  mutating func add(_ batch: consuming FrameBatch) {
    let batch = batch
    let lane = batch.lane
    statistics[lane] = batch.statistics
    if batch.state == .ended { lanes[lane].isEnded = true }
    lanes[lane].batches.append(batch)
  }

  /// Takes a batch that was read to its end.
  mutating func takeRead() -> FrameBatch? {
    for index in lanes.indices {
      guard let batch = lanes[index].batches.first, lanes[index].next >= batch.frames.count else { continue }
      lanes[index].quietUntil = batch.quietUntil
      lanes[index].state = batch.state
      lanes[index].next = 0
      return lanes[index].batches.removeFirst()
    }
    return nil
  }

  /// Gives the frames of one lane that come next, by batch and place; false when none may be given yet.
  mutating func read(_ take: (inout FrameBatch, Int) -> Void) -> Bool {
    var first = 0
    var limit = Timestamp(nanoseconds: .max)
    for index in lanes.indices.dropFirst() {
      let bound = lanes[index].bound
      if bound < lanes[first].bound {
        limit = lanes[first].bound
        first = index
      } else {
        limit = min(limit, bound)
      }
    }
    guard !lanes[first].batches.isEmpty else { return false }
    let start = lanes[first].next
    while lanes[first].next < lanes[first].batches[0].frames.count,
      lanes[first].batches[0].frames[lanes[first].next].heading.timestamp <= limit
    {
      frameCount += 1
      lanes[first].batches[0].setNumber(frameCount, of: lanes[first].next)
      take(&lanes[first].batches[0], lanes[first].next)
      lanes[first].next += 1
    }
    return lanes[first].next > start
  }
}
