internal import Values

/// A reputation from 0 (bad) to 100 (good) that starts at 50, is moved by named events, and goes back to 50
/// by half every 24 hours of packet time.
struct Reputation: Sendable {
  /// Movements of one reason that belong together.
  struct Movement: Sendable {
    var reason = ReputationReason.malformed
    /// The sid of the rule for alerts, else 0.
    var detail: UInt32 = 0
    var count: UInt32 = 0
    /// Points that they moved the reputation by altogether, at the time.
    var amount = 0.0
    /// When the last one came, nanoseconds since 1970.
    var last: Int64 = .min
  }

  /// Where a reputation starts and what it returns to.
  static var neutral: Double { 50 }
  /// Nanoseconds of packet time in which half of the distance from neutral is forgotten.
  static var halfLife: Int64 { 86_400_000_000_000 }
  /// Movements that are kept, the latest ones.
  static var memory: Int { 6 }

  /// Distance from neutral at `time`.
  private var offset = 0.0
  private var time: Int64 = .min
  private var movements = InlineArray<6, Movement>(repeating: Movement())

  /// The reputation at an instant, 0–100; time that runs backward changes nothing.
  func value(at now: Timestamp) -> Double {
    guard offset != 0 else { return Self.neutral }
    return Self.neutral + offset * Self.remainder(after: now.nanoseconds.subtracting(time))
  }

  /// Moves the reputation by an event, and remembers why.
  ///
  /// - Parameter weight: the part of the reason's points that counts, 0–1.
  mutating func move(_ reason: ReputationReason, weight: Double = 1, detail: UInt32 = 0, at now: Timestamp) {
    let before = value(at: now)
    let moved = before + weight * reason.weight
    let after =
      reason.weight < 0
      ? (before <= reason.bound ? before : max(reason.bound, moved))
      : (before >= reason.bound ? before : min(reason.bound, moved))
    offset = after - Self.neutral
    time = max(time, now.nanoseconds)
    remember(reason, detail, after - before, at: now.nanoseconds)
  }

  /// The movements that are remembered, the latest last.
  var reasons: [Movement] {
    var found: [Movement] = []
    for index in movements.indices where movements[index].count > 0 { found.append(movements[index]) }
    return found.sorted { $0.last < $1.last }
  }

  private mutating func remember(
    _ reason: ReputationReason, _ detail: UInt32, _ amount: Double, at now: Int64
  ) {
    var place = 0
    for index in movements.indices {
      if movements[index].count > 0, movements[index].reason == reason, movements[index].detail == detail {
        place = index
        break
      }
      if movements[index].last < movements[place].last { place = index }
    }
    if movements[place].count == 0 || movements[place].reason != reason || movements[place].detail != detail {
      movements[place] = Movement(reason: reason, detail: detail)
    }
    if movements[place].count < .max { movements[place].count += 1 }
    movements[place].amount += amount
    movements[place].last = max(movements[place].last, now)
  }

  /// 2^(−elapsed / half-life), by basic arithmetic alone, so that it is the same on every machine.
  private static func remainder(after elapsed: Int64) -> Double {
    guard elapsed > 0 else { return 1 }
    let (whole, rest) = elapsed.quotientAndRemainder(dividingBy: halfLife)
    guard whole < 60 else { return 0 }
    // The series of e^x; x is at least −ln 2, so nine terms are right to seven digits.
    let exponent = -0.693_147_180_559_945_3 * Double(rest) / Double(halfLife)
    var sum = 1.0
    for term in stride(from: 9.0, through: 1, by: -1) { sum = 1 + exponent / term * sum }
    return sum / Double(Int64(1) << whole)
  }
}

extension Int64 {
  /// The difference, at most what fits.
  fileprivate func subtracting(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? .max : difference
  }
}
