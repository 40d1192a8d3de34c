internal import Events
internal import Values

/// How many fell into the busiest clock interval.
struct PeakCounter: Sendable {
  private let length: Int64
  private var current: Int64 = .min
  private var count = 0
  private(set) var peak = 0
  private var peakInterval: Int64 = 0

  /// A counter for intervals of a number of seconds.
  init(seconds: Int64) { length = seconds * 1_000_000_000 }

  mutating func add(at time: Timestamp) {
    let interval = time.nanoseconds.floorDivided(by: length)
    if interval != current { (current, count) = (interval, 0) }
    count += 1
    if count > peak { (peak, peakInterval) = (count, interval) }
  }

  /// The start of the busiest interval.
  var peakTime: Timestamp? { peak > 0 ? Timestamp(nanoseconds: peakInterval &* length) : nil }
}

/// The calls of one party over time and place.
struct CallPattern: Sendable {
  private(set) var attempts = 0
  private(set) var answered = 0
  private(set) var talkTime = 0.0
  private(set) var hour = PeakCounter(seconds: 3600)
  private(set) var minute = PeakCounter(seconds: 60)
  private(set) var destinations = Tally(limit: 64)
  private(set) var countries = Tally(limit: 64)
  private(set) var types = Tally(limit: 16)
  private(set) var origins = Tally(limit: 32)
  /// Calls by hour of the week from Monday on, in UTC; empty until the first call.
  private(set) var hours: [Int] = []
  private var lastStart: Timestamp?
  private var gaps = 0
  private var gapSum = 0.0
  private var gapSquares = 0.0

  /// Takes note of a call that starts.
  mutating func note(start event: borrowing Event, limit: Int) {
    attempts += 1
    let time = event.timestamp
    hour.add(at: time)
    minute.add(at: time)
    if hours.isEmpty { hours = Array(repeating: 0, count: 168) }
    hours[WeekHour.index(of: time)] += 1
    if let lastStart {
      let gap = Double(max(0, time.nanoseconds(since: lastStart))) / 1_000_000_000
      gaps += 1
      gapSum += gap
      gapSquares += gap * gap
    }
    lastStart = max(lastStart ?? time, time)
    if let callee = event.text(.callCalleeNumber, limit: limit) ?? event.text(.callCallee, limit: limit) {
      destinations.add(callee)
    }
    if let country = event.text(.callCalleeCountry, limit: limit) { countries.add(country) }
    if let type = event.text(.callCalleeType, limit: limit) { types.add(type) }
    if let origin = event.text(.clientCountry, limit: limit) { origins.add(origin) }
  }

  /// Takes note of an answer.
  mutating func noteAnswer() { answered += 1 }

  /// Takes note of a call that ends.
  mutating func note(end event: borrowing Event) { talkTime += event.number(.callDuration) ?? 0 }

  /// Mean time between calls in seconds; nil for fewer than two.
  var meanGap: Double? { gaps > 0 ? gapSum / Double(gaps) : nil }

  /// Coefficient of variation of these times; nil for fewer than four calls.
  var gapVariation: Double? {
    guard gaps >= 3, gapSum > 0 else { return nil }
    let mean = gapSum / Double(gaps)
    return max(0, gapSquares / Double(gaps) - mean * mean).squareRoot() / mean
  }
}

/// Hours of the week, Monday 00 UTC is 0.
enum WeekHour {
  static func index(of time: Timestamp) -> Int {
    let hour = time.nanoseconds.floorDivided(by: 3_600_000_000_000)
    // 1970-01-01 was a Thursday.
    let index = (hour + 72) % 168
    return Int(index < 0 ? index + 168 : index)
  }

  static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}
