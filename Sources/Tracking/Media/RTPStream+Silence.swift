internal import Values

/// How the sender of a stream fills the time.
enum VoiceFlow: UInt8, Sendable {
  /// Nothing is known of its clock or its frames.
  case unknown
  /// It is not audio.
  case video
  /// Audio with silence suppression: that it stops means nothing.
  case pausing
  /// Audio without a pause.
  case steady
}

/// What a stream says by saying nothing (RFC 3551 §4.1, RFC 3389), and what it has counted.
extension RTPStream {
  /// Whether pauses mean silence: a known clock that is not that of video.
  var isSpeech: Bool { clockRate > 0 && clockRate < MediaFormat.videoClock }

  /// Pauses, together and in nanoseconds, and times without packets that are none of a sender who always sends.
  private static let shortPause: Int64 = 100_000_000
  private static let longGap: Int64 = 1_000_000_000
  /// MPEG audio (RFC 3551 §4.5.13), whose clock is that of video.
  private static let mpegAudio: UInt8 = 14

  /// How its sender fills the time.
  var voice: VoiceFlow {
    if clockRate >= MediaFormat.videoClock { return payloadType == Self.mpegAudio ? .unknown : .video }
    guard isSpeech, pauses.isKnown else { return .unknown }
    let hasPauses = silenceNanoseconds > Self.shortPause || isNoise || noisePackets > 0 && keyEvents == 0
    let hasGaps = max(maximumDelta, earlierMaximumDelta) > Self.longGap
    return hasPauses || hasGaps ? .pausing : .steady
  }

  /// Nanoseconds of silence so far.
  var silenceNanoseconds: Int64 {
    earlierSilence &+ (Int64(exactly: (Double(pauses.silence) * jitter.tick).rounded()) ?? 0)
  }

  /// Everything that was counted so far.
  var totals: StreamTotals {
    StreamTotals(
      packets: packets, bytes: bytes, expected: expected, lost: lost, lossRuns: sequence.lossRuns,
      duplicates: duplicates, reordered: reordered, conflicting: conflicting, keyEvents: keyEvents,
      silence: silenceNanoseconds, noisePackets: noisePackets, noiseBytes: noiseBytes)
  }

  /// The largest payload that may be noise, in the clear and with the tag of SRTP; the smallest of speech has ten bytes
  /// (10 ms of G.729), and 14 where a codec has several rates (AMR 4.75).
  static let noiseSize = 8 + tagCount

  /// Counts a packet that has no sound in it: comfort noise of AMR, EVS or G.723.1, or a telephone event.
  mutating func noteNoise(_ count: Int) {
    guard isSoundless(count) else { return }
    noisePackets &+= 1
    noiseBytes &+= UInt32(truncatingIfNeeded: count)
  }

  private func isSoundless(_ count: Int) -> Bool {
    count <= Self.noiseSize - (isSecure == true ? 0 : Self.tagCount)
  }

  /// Its call was answered: what came before was early media.
  mutating func noteAnswer() {
    beforeAnswer = totals
    reportedJitter = jitter.maximum
    jitterBeforeAnswer = max(earlierMaximumJitter, jitter.maximum)
    earlierMaximumJitter = 0
    jitter.beginInterval()
  }

  /// Begins the interval of the next report.
  mutating func beginInterval(at time: Timestamp) {
    reported = totals
    reportedAt = time
    earlierMaximumDelta = max(earlierMaximumDelta, maximumDelta)
    earlierMaximumJitter = max(earlierMaximumJitter, jitter.maximum)
    maximumDelta = 0
    reportedJitter = 0
    jitter.beginInterval()
  }

  /// Accounts a packet that needed a second look: comfort noise, one behind it, or one of the first.
  mutating func addSlowly(_ arrival: RTPArrival, isNoise: Bool) {
    if self.isNoise {
      pauses.add(noise: jitter.ticks(to: arrival.timestamp), elapsed: elapsedTicks(at: arrival.time))
      advance(arrival)
    } else {
      if pauses.isLearning, isSpeech, !isNoise, jitter.hasPrevious { learnFrame(arrival) }
      add(arrival)
    }
    self.isNoise = isNoise
    chooseUsualType()
  }

  /// Looks at a leap of the timestamp; one behind a gap of the numbers is a loss.
  mutating func addPause(_ arrival: RTPArrival) {
    guard arrival.sequence == jitter.sequence &+ 1, jitter.hasPrevious else { return }
    pauses.add(
      step: jitter.ticks(to: arrival.timestamp), elapsed: elapsedTicks(at: arrival.time),
      isSounding: !isSoundless(arrival.payloadCount)
        && Double(arrival.payloadCount) * 2 * Double(packets) >= Double(bytes))
  }

  private mutating func learnFrame(_ arrival: RTPArrival) {
    let follows = arrival.sequence == jitter.sequence &+ 1
    pauses.learn(step: follows ? jitter.ticks(to: arrival.timestamp) : 0, clockRate: clockRate)
  }

  private func elapsedTicks(at time: Timestamp) -> Int64 {
    guard jitter.tick > 0 else { return 0 }
    return Int64(exactly: (Double(time.nanoseconds(since: timeBefore)) / jitter.tick).rounded()) ?? 0
  }

  private var timeBefore: Timestamp { Timestamp(nanoseconds: jitter.arrival) }
}
