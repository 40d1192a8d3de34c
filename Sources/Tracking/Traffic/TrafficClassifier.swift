internal import Values

/// What traffic that cannot be read most likely is.
public enum TrafficLabel: UInt8, Sendable {
  case unknown, voice, video, signalling

  /// The value of `flow.traffic`.
  public var name: StaticString {
    switch self {
    case .unknown: "unknown"
    case .voice: "voice"
    case .video: "video"
    case .signalling: "signalling"
    }
  }
}

/// Tells voice, video and signalling by sizes and times alone, in whole numbers.
///
/// The thresholds and how they were found are in docs/encrypted.md. What fits no description is `unknown`: a
/// wrong label is worse than none.
public enum TrafficClassifier {
  /// What a flow is taken for, and how sure that is.
  public struct Verdict: Sendable, Equatable {
    /// What it is taken for.
    public let label: TrafficLabel
    /// In hundredths, 0 for `unknown`: how far the measures are from the thresholds, not a probability.
    public let percent: Int

    static let unknown = Verdict(label: .unknown, percent: 0)

    /// The confidence, 0–1.
    public var confidence: Double { Double(percent) / 100 }
  }

  /// What a flow is taken for.
  public static func classify(_ measure: TrafficMeasure) -> Verdict {
    if measure.carrier == .datagrams {
      let picture = max(videoScore(measure.toServer), videoScore(measure.toClient))
      if picture > 0 { return Verdict(label: .video, percent: picture) }
      let speech = voiceScore(measure)
      if speech > 0 { return Verdict(label: .voice, percent: speech) }
    }
    let score = signallingScore(measure)
    return score > 0 ? Verdict(label: .signalling, percent: score) : .unknown
  }
}

// MARK: - Voice

extension TrafficClassifier {
  /// Speech in both directions, or in one while the other is silent or sends little that is not large.
  private static func voiceScore(_ measure: TrafficMeasure) -> Int {
    let (one, other) = (voiceScore(measure.toServer), voiceScore(measure.toClient))
    if one > 0, other > 0 { return max(one, other) }
    let rest = one > 0 ? measure.toClient : measure.toServer
    guard one > 0 || other > 0, !hasLargePackets(rest), rest.meanSize <= speechSizes.upperBound else {
      return 0
    }
    return max(one, other) * 4 / 5
  }

  /// A codec's frames in a packet each 10–60 ms, RTP header and authentication tag included: from 18 bytes
  /// (comfort noise) to 60 ms of G.711.
  private static let speechSizes: ClosedRange<UInt64> = 18...520

  /// One direction: small packets of much the same size in one of the usual packet times.
  private static func voiceScore(_ direction: DirectionMeasure) -> Int {
    let steady = Int(direction.steadyIntervals)
    guard direction.packets >= 25, steady >= 12, speechSizes.contains(direction.meanSize),
      direction.sizeDeviation * 2 <= direction.meanSize, !hasLargePackets(direction),
      // Silence suppression makes gaps, but not most of them.
      steady * 5 >= Int(direction.separateIntervals) * 2
    else { return 0 }
    let share = Int(direction.commonestIntervals) * 100 / steady
    let paced = Int(direction.pacedIntervals) * 100 / steady
    let score: Int
    if share >= 60 {
      score = min(95, 35 + share * 6 / 10)
    } else if share >= 35, paced >= 75 {
      // A sender whose timer is coarse, or jitter.
      score = 55
    } else {
      return 0
    }
    return score * (50 + min(Int(direction.packets), 100) / 2) / 100
  }

  private static func hasLargePackets(_ direction: DirectionMeasure) -> Bool {
    UInt64(direction.largePackets) * 50 > UInt64(direction.packets)
  }
}

// MARK: - Video

extension TrafficClassifier {
  /// One direction: bursts with large packets at the rate of pictures, whose last packet is smaller.
  private static func videoScore(_ direction: DirectionMeasure) -> Int {
    guard direction.packets >= 40 else { return 0 }
    let packets = Int(direction.packets)
    let bursts = packets - Int(direction.burstIntervals)
    guard Int(direction.largePackets) * 4 >= packets,
      // A download fills its packets.
      direction.sizeDeviation * 100 >= direction.meanSize * 15,
      Int(direction.picturePaces) * 2 >= bursts, Int(direction.longBursts) * 5 >= bursts
    else { return 0 }
    let share = Int(direction.picturePaces) * 100 / max(1, bursts)
    return min(75, 50 + (share - 50) / 2)
  }
}

// MARK: - Signalling

extension TrafficClassifier {
  /// Messages in turns, or a connection whose handshake names SIP. Names are the sender's own word, so they
  /// are worth less without the sizes.
  private static func signallingScore(_ measure: TrafficMeasure) -> Int {
    if isConversation(measure) { return measure.isNamedForSIP ? 90 : 45 }
    let isAnswered = measure.toServer.packets >= 2 && measure.toClient.packets >= 2
    return measure.isNamedForSIP && isAnswered ? 60 : 0
  }

  /// Messages of middling size, of both sides in turns, few a second and about as many bytes each way.
  private static func isConversation(_ measure: TrafficMeasure) -> Bool {
    let (one, other) = (measure.toServer, measure.toClient)
    let packets = UInt64(one.packets) + UInt64(other.packets)
    guard one.packets >= 3, other.packets >= 3, packets >= 10,
      (200...1_100).contains((one.bytes + other.bytes) / packets), isOfMessages(one), isOfMessages(other),
      min(one.bytes, other.bytes) * 4 >= max(one.bytes, other.bytes),
      UInt64(measure.turns) * 10 >= packets * 3
    else { return false }
    // No more than ten a second.
    return UInt64(max(0, measure.last.nanoseconds(since: measure.start))) / 100_000_000 >= packets
  }

  /// Requests and responses are of one order of size; of what web pages send this is not true.
  private static func isOfMessages(_ direction: DirectionMeasure) -> Bool {
    direction.meanSize >= 150 && direction.sizeDeviation <= direction.meanSize
  }
}
