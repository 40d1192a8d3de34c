/// The media of a call after its answer: the worst of its audio, and how much went in which direction.
struct CallQuality: Sendable {
  /// Packets below which a share would be chance; half a second of speech.
  private static let judgedPackets: Int64 = 25

  /// Highest share of lost packets; nil without streams.
  private(set) var loss: Double?
  /// Highest jitter in nanoseconds; nil while no clock is known.
  private(set) var jitter: Double?
  /// Lowest opinion, whatever its scale; nil where nothing honest can be said.
  private(set) var opinion: StreamQuality.Opinion?
  /// Packets that the caller receives.
  private(set) var packetsToCaller: UInt64 = 0
  /// Packets that the callee receives.
  private(set) var packetsToCallee: UInt64 = 0
  /// Those of audio among them, up to 255.
  private(set) var audioToCaller: UInt8 = 0
  private(set) var audioToCallee: UInt8 = 0

  /// Adds a stream from the answer on.
  mutating func add(_ quality: StreamQuality, of voice: VoiceFlow, isToCaller: Bool) {
    if isToCaller { packetsToCaller &+= quality.packets } else { packetsToCallee &+= quality.packets }
    guard voice != .video else { return }
    let count = UInt64(isToCaller ? audioToCaller : audioToCallee) &+ quality.packets
    if isToCaller { audioToCaller = UInt8(min(count, 255)) } else { audioToCallee = UInt8(min(count, 255)) }
    guard quality.expected >= Self.judgedPackets else { return }
    if let value = quality.loss { loss = max(loss ?? 0, value) }
    if let value = quality.maximumJitter { jitter = max(jitter ?? 0, value) }
    guard let other = quality.opinion else { return }
    if let opinion, (opinion.score, opinion.scale.rawValue) <= (other.score, other.scale.rawValue) { return }
    opinion = other
  }
}
