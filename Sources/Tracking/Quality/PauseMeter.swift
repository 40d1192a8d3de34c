/// Measures how long a sender kept silent: where numbers go on and timestamps leap ahead, it had nothing to
/// say (RFC 3551 §4.1), and behind comfort noise (RFC 3389) it said so.
///
/// It learns how long a packet lasts from the first few, and again when packets turn out to last longer.
struct PauseMeter: Sendable {
  /// Steps of the timestamp that are looked at while learning; after as many that teach nothing it gives up.
  private static let lessons = 4
  private static let patience = 16
  /// So many equal steps of sounding packets are no pauses but longer packets.
  private static let persistence: UInt8 = 8

  /// Steps of the timestamp beyond this many ticks may be pauses; none are while nothing was learned.
  private(set) var limit = Int32.max
  /// Ticks that a packet lasts; 0 when not known.
  private(set) var frame: Int32 = 0
  /// Ticks of silence so far.
  private(set) var silence: Int64 = 0
  private var learned: UInt8 = 0
  private var tries: UInt8 = 0
  private var repeatedStep: Int32 = 0
  private var repeats: UInt8 = 0
  private var repeatedSilence: Int64 = 0

  /// Whether more packets are needed to know how long one lasts.
  var isLearning: Bool { Int(learned) < Self.lessons && Int(tries) < Self.patience }

  /// Whether it is known how long a packet lasts, and so what a pause is.
  var isKnown: Bool { frame > 0 }

  /// Starts anew for another clock; the silence so far has to be taken before.
  mutating func restart() {
    self = PauseMeter()
  }

  /// Learns from a step between two packets of which the second follows the first.
  mutating func learn(step: Int32, clockRate: UInt32) {
    guard isLearning else { return }
    tries += 1
    guard step > 0, step <= clockRate else { return }
    learned += 1
    setFrame(frame == 0 ? step : min(frame, step))
  }

  /// Takes a step beyond the limit.
  ///
  /// - Parameters:
  ///   - elapsed: ticks between the arrivals, which bound what a sender can make believe.
  ///   - isSounding: whether the packet is about as large as others, and so no noise itself.
  mutating func add(step: Int32, elapsed: Int64, isSounding: Bool) {
    let pause = min(Int64(step), elapsed) - Int64(frame)
    guard pause > 0 else { return }
    silence += pause
    guard isSounding else {
      // Noise between them shows that they are pauses.
      return beginRepeats(of: 0)
    }
    if step != repeatedStep { beginRepeats(of: step) }
    repeats += 1
    repeatedSilence += pause
    guard repeats >= Self.persistence else { return }
    silence -= repeatedSilence
    setFrame(step)
  }

  /// Takes the step behind a packet of comfort noise.
  mutating func add(noise step: Int32, elapsed: Int64) {
    silence += max(0, min(Int64(step), elapsed))
  }

  private mutating func beginRepeats(of step: Int32) {
    (repeatedStep, repeats, repeatedSilence) = (step, 0, 0)
  }

  private mutating func setFrame(_ ticks: Int32) {
    frame = ticks
    beginRepeats(of: 0)
    let limit = ticks.multipliedReportingOverflow(by: 3)
    self.limit = limit.overflow ? .max : limit.partialValue / 2
  }
}
