/// The media of a call after its answer: the worst of its streams, and how much went in which direction.
struct CallQuality: Sendable {
  /// Packets below which a share would be chance; half a second of speech.
  private static let judgedPackets: Int64 = 25

  /// Highest share of lost packets; nil without streams.
  private(set) var loss: Double?
  /// Highest jitter in nanoseconds; nil while no clock is known.
  private(set) var jitter: Double?
  /// Packets that the caller receives.
  private(set) var packetsToCaller: UInt64 = 0
  /// Packets that the callee receives.
  private(set) var packetsToCallee: UInt64 = 0

  /// Adds a stream, without what it had counted when the call was answered.
  mutating func add(_ stream: borrowing RTPStream, _ reference: StreamReference) {
    let packets = stream.packets &- reference.packetsAtAnswer
    guard packets > 0 else { return }
    if reference.isToCaller { packetsToCaller &+= packets } else { packetsToCallee &+= packets }
    let expected = stream.expected &- reference.expectedAtAnswer
    let lost = min(expected, max(0, stream.lost &- reference.lostAtAnswer))
    guard expected >= Self.judgedPackets else { return }
    loss = max(loss ?? 0, Double(lost) / Double(expected))
    if let value = stream.maximumJitterNanoseconds { jitter = max(jitter ?? 0, value) }
  }
}
