internal import Anomaly
internal import Events
internal import Values

/// How many fell into the busiest clock interval.
struct PeakCounter: Sendable {
  private let length: Int64
  private var current: Int64 = .min
  private var count = 0
  private(set) var peak = 0
  /// Intervals into which any fell.
  private(set) var intervals = 0
  private var peakInterval: Int64 = 0

  /// A counter for intervals of a number of seconds.
  init(seconds: Int64) { length = seconds * 1_000_000_000 }

  mutating func add(at time: Timestamp) {
    let interval = time.nanoseconds.floorDivided(by: length)
    if interval != current {
      (current, count) = (interval, 0)
      intervals += 1
    }
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
  private(set) var international = 0
  private(set) var hour = PeakCounter(seconds: 3600)
  private(set) var minute = PeakCounter(seconds: 60)
  private(set) var destinations = Tally(limit: 64)
  private(set) var countries = Tally(limit: 64)
  private(set) var types = Tally(limit: 16)
  private(set) var origins = Tally(limit: 32)
  /// Calls by hour of the week from Monday on; empty until the first call.
  private(set) var hours: [Int] = []
  private var lastStart: Timestamp?
  private var gaps = 0
  private var gapSum = 0.0
  private var gapSquares = 0.0

  /// Takes note of a call that starts.
  mutating func note(start event: borrowing Event, _ clock: LocalClock, limit: Int) {
    attempts += 1
    if event.isInternationalCall { international += 1 }
    let time = event.timestamp
    hour.add(at: time)
    minute.add(at: time)
    if hours.isEmpty { hours = Array(repeating: 0, count: 168) }
    hours[WeekHour.index(of: time, clock)] += 1
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

  /// Calls in each clock hour that had any; nil without calls.
  var callsPerHour: Double? { hour.intervals > 0 ? Double(attempts) / Double(hour.intervals) : nil }

  /// Calls from 22 to 6 o'clock.
  var nightCalls: Int {
    hours.indices.reduce(0) { $0 + (WeekHour.isNight($1) ? hours[$1] : 0) }
  }

  /// Calls on Saturdays and Sundays.
  var weekendCalls: Int { hours.dropFirst(120).reduce(0, +) }

  /// Calls by hour of the day.
  var hoursOfDay: [Int] {
    guard !hours.isEmpty else { return [] }
    return (0..<24).map { hour in (0..<7).reduce(0) { $0 + hours[24 * $1 + hour] } }
  }

  /// A count as a share of the calls; nil without calls.
  func share(_ count: Int) -> Double? { attempts > 0 ? Double(count) / Double(attempts) : nil }

  /// Mean time between calls in seconds; nil for fewer than two.
  var meanGap: Double? { gaps > 0 ? gapSum / Double(gaps) : nil }

  /// Coefficient of variation of these times; nil for fewer than four calls.
  var gapVariation: Double? {
    guard gaps >= 3, gapSum > 0 else { return nil }
    let mean = gapSum / Double(gaps)
    return max(0, gapSquares / Double(gaps) - mean * mean).squareRoot() / mean
  }
}

/// Hours of the week on a wall clock; the first one of Monday is 0.
enum WeekHour {
  static func index(of time: Timestamp, _ clock: LocalClock) -> Int {
    let hour = clock.localSeconds(at: time).floorDivided(by: 3600)
    // 1970-01-01 was a Thursday.
    let index = (hour + 72) % 168
    return Int(index < 0 ? index + 168 : index)
  }

  /// Whether an hour of the week is one from 22 to 6 o'clock.
  static func isNight(_ index: Int) -> Bool { index % 24 >= 22 || index % 24 < 6 }

  static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
}
