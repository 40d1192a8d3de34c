internal import Values

/// Losses in bursts: the two-state model of Gilbert.
struct LossModel: Sendable {
  /// Lost packets in a thousand, in the long run.
  let perMille: Int
  /// Mean length of a burst in packets, at least 1.
  let burst: Int
  private var isLosing = false

  init(perMille: Int, burst: Int = 2) {
    self.perMille = min(perMille, 900)
    self.burst = max(1, burst)
  }

  /// Whether the next packet is lost.
  mutating func loses(_ random: inout RandomSource) -> Bool {
    guard perMille > 0 else { return false }
    // From losing to not losing with 1/burst; the way back so that the share comes out.
    if isLosing {
      isLosing = random.below(burst) != 0
    } else {
      isLosing = random.below((1000 - perMille) * burst) < perMille
    }
    return isLosing
  }
}
