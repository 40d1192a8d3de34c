internal import Packets
internal import Values

/// What becomes of time stamps that are in doubt: further in the future than a pause may be long, or further
/// in the past than events may be late.
///
/// Later frames decide. When packet time goes on where it was, the frames in doubt were strays: what lies in
/// the future is read under the time of the frame before it, which cannot be far from the truth, and what
/// lies in the past is late. When as many as `UndecidedFrames.capacity` come in a row, or nothing else comes
/// after them, the clock was set or there was a pause: time begins anew.
extension FrameStage {
  /// Why frames in doubt are looked at.
  enum Occasion {
    /// One more came.
    case frame
    /// The source has nothing more for now; waiting longer would keep alerts back.
    case idle
    /// The input ends.
    case end
  }

  /// At the end of the input fewer frames show that the clock was set back.
  private static let runAtEnd = 8
  /// Nanoseconds between two reports of strays.
  private static let strayInterval: Int64 = 60_000_000_000

  /// Keeps a frame in doubt, or one that follows such frames.
  mutating func hold(_ bytes: Bytes, _ heading: FrameHeading, _ reading: FrameReading = .none) {
    undecided.append(bytes, heading, reading)
    settle(.frame)
  }

  /// Reads the frames whose time is no longer in doubt.
  mutating func settle(_ occasion: Occasion) {
    while let heading = undecided.entries.first?.heading {
      switch clock.judge(heading.timestamp) {
      case .current:
        framesBehind = 0
        readFirst()
      case .behind:
        guard let isNew = isNewTime(heading, occasion) else { return }
        isNew ? beginAnew(at: heading) : readLate()
      case .ahead:
        guard let isNew = isNewTime(heading, occasion) else { return }
        isNew ? pause(until: heading) : readStray()
      }
    }
  }

  /// Whether time goes on from the first frame in doubt; nil while that is open.
  private func isNewTime(_ heading: FrameHeading, _ occasion: Occasion) -> Bool? {
    guard !undecided.times.contains(where: { clock.judge($0) == .current }) else { return false }
    let isLong = undecided.count + framesBehind >= UndecidedFrames.capacity
    guard isLong || occasion != .frame || undecided.isLarge else { return nil }
    if clock.judge(heading.timestamp) == .ahead {
      // Behind a pause, time does not go back either.
      return !undecided.times.contains {
        clock.judge($0) == .ahead && heading.timestamp.nanoseconds(since: $0) > clock.lateness
      }
    }
    // Time that goes back with every frame is no time: an epoch is as long as it takes to begin one.
    if isLong { return framesInEpoch >= UndecidedFrames.capacity }
    return occasion == .end && undecided.count >= Self.runAtEnd
  }

  // MARK: What becomes of the first frame

  private mutating func readFirst(at time: Timestamp? = nil) {
    var entry = undecided.removeFirst()
    if let time {
      entry.heading.timestamp = time
      entry.reading = entry.reading.moved(to: time)
    }
    read(entry)
  }

  private mutating func readLate() {
    times.late &+= 1
    framesBehind += 1
    readFirst()
  }

  private mutating func readStray() {
    guard let now = clock.now, let heading = undecided.entries.first?.heading else { return }
    times.strays &+= 1
    if now >= nextStrayReport {
      nextStrayReport = now.advanced(byNanoseconds: Self.strayInterval)
      let lead = heading.timestamp.nanoseconds(since: now) / 1_000_000_000
      packets.messages.raise(
        .timeStray, "frame \(heading.number) is stamped \(lead) s ahead", at: now, sequence: heading.number)
    }
    readFirst(at: now)
  }

  /// A pause, or a clock that was set forward: time itself ends what is over.
  private mutating func pause(until heading: FrameHeading) {
    let lead = clock.now.map { heading.timestamp.nanoseconds(since: $0) } ?? 0
    elapsed &+= lead
    times.pauses &+= 1
    begin(at: heading)
    readFirst()
    packets.messages.raise(
      .timePause, "\(lead / 1_000_000_000) s", at: heading.timestamp, sequence: heading.number)
  }

  /// A clock that was set back, or another recording: what was before has nothing to do with what comes.
  private mutating func beginAnew(at heading: FrameHeading) {
    let step = clock.now.map { $0.nanoseconds(since: heading.timestamp) / 1_000_000_000 } ?? 0
    times.resets &+= 1
    begin(at: heading)
    decoder.forgetFragments()
    packets.beginEpoch()
    packets.messages.raise(.timeSetBack, "\(step) s", at: heading.timestamp, sequence: heading.number)
    readFirst()
  }

  private mutating func begin(at heading: FrameHeading) {
    clock.begin(at: heading.timestamp)
    framesInEpoch = 0
    framesBehind = 0
    nextStrayReport = Timestamp(nanoseconds: .min)
  }
}

/// What became of time stamps that were in doubt.
struct TimeCounters {
  /// Times that packet time jumped forward by more than a pause.
  var pauses: UInt64 = 0
  /// Times that packet time began anew because it went back.
  var resets: UInt64 = 0
  /// Frames that were read under the time of the frame before them.
  var strays: UInt64 = 0
  /// Frames that came too late for rules that count.
  var late: UInt64 = 0
}
