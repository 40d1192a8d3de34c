#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How the past loses weight.
enum Forgetting {
  /// What an hour leaves of an entity's past: its half-life is 14 days.
  static let entity = pow(0.5, 1.0 / (14 * 24))
  /// What an hour leaves of a group's past: twice as long.
  static let group = pow(0.5, 1.0 / (28 * 24))

  /// What some hours leave of an entity's past.
  static func entity(hours: Int) -> Double {
    hours < powers.count ? powers[max(hours, 0)] : pow(entity, Double(hours))
  }

  private static let powers = (0...ExposureHistory.span).map { pow(entity, Double($0)) }
}

/// For how many hours, by slot, an entity has been watched; it depends only on when it was first seen.
///
/// Keeping it by the hour of the first sight spares every entity 48 numbers.
struct ExposureHistory: Sendable {
  /// How many hours back first sights are told apart.
  static let span = 8 * 7 * 24
  /// What an hour weighs in the slots beside its own.
  static let neighbourWeight = 0.25

  /// Up to the current hour, since the beginning.
  private(set) var total = [Float](repeating: 0, count: Slot.count)
  /// `total` as it was at the beginning of each hour of the span.
  private(set) var past = [Float](repeating: 0, count: Self.span * Slot.count)

  /// Remembers where an hour begins.
  mutating func begin(hour: Int) {
    let base = hour % Self.span * Slot.count
    for slot in 0..<Slot.count { past[base + slot] = total[slot] }
  }

  /// Adds an hour that was watched.
  mutating func end(hour: Int) {
    let slot = Slot.of(hour: hour)
    let (before, after) = Slot.neighbours(of: slot)
    fade(hours: 1)
    total[slot] += 1
    total[before] += Float(Self.neighbourWeight)
    total[after] += Float(Self.neighbourWeight)
  }

  /// Lets hours pass that nobody watched.
  mutating func fade(hours: Int) {
    let decay = Float(Forgetting.entity(hours: hours))
    for slot in 0..<Slot.count { total[slot] *= decay }
  }

  /// The watched hours of a slot since a first sight, up to an hour.
  func exposure(slot: Int, since first: Int, until hour: Int) -> Double {
    let age = hour - first
    let decay = Forgetting.entity(hours: max(age, 0))
    guard age < Self.span else { return Double(total[slot]) * (1 - decay) }
    let before = Double(past[first % Self.span * Slot.count + slot])
    return max(0, Double(total[slot]) - decay * before)
  }

  mutating func restore(total: [Float], past: [Float]) {
    (self.total, self.past) = (total, past)
  }
}
