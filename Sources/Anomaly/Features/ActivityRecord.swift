internal import Values

/// What is kept of one entity.
struct ActivityRecord: Sendable {
  /// Bytes of a name that are kept.
  static var nameLimit: Int { 80 }

  var name = InlineArray<80, UInt8>(repeating: 0)
  var nameCount: UInt8 = 0
  /// The hour that the counters are of, and the place among those of that hour; `none` when there is nothing.
  var hour = Self.none
  var place: UInt32 = 0
  /// Messages and attempts so far, for its worth.
  var seen: UInt32 = 0
  /// Whether a call was answered or a registration accepted: more than a forged packet can do.
  var isProven = false
  /// Until when its latest registration lives.
  var registeredUntil = Timestamp(nanoseconds: .min)
  /// Live calls, where events do not tell their number.
  var liveCalls: UInt32 = 0
  /// The last user agents and countries that it was used from, by hash; 0 is none.
  var agents = InlineArray<4, UInt32>(repeating: 0)
  var countries = InlineArray<4, UInt32>(repeating: 0)
  var counters = HourCounters()
  /// The user agent of the hour's requests, by hash, and how many there were, as long as there is but one.
  var soleAgent: UInt64 = 0
  var soleAgentCount: UInt32 = 0
  /// Number of the counter of several user agents in this hour; negative when there is none.
  var agentSpread: Int32 = -1
  /// Addresses that it was used from in this hour.
  var sources = DistinctCount()
  /// Number of its `CallActivity`; negative when it made no call yet.
  var calls: Int32 = -1

  static var none: Int { .min }

  /// Its class of worth: what is cheap to forge in numbers is given up first.
  var level: Int {
    if isProven { return 3 }
    return seen >= 16 ? 2 : seen > 1 ? 1 : 0
  }

  /// Takes its name; what is too long is cut, with a mark.
  mutating func setName(_ text: [UInt8]) {
    let isCut = text.count > Self.nameLimit
    let kept = isCut ? Self.nameLimit - 3 : text.count
    for index in 0..<kept { name[index] = text[index] }
    nameCount = UInt8(truncatingIfNeeded: kept)
    guard isCut else { return }
    for byte in "…".utf8 {
      name[Int(nameCount)] = byte
      nameCount += 1
    }
  }

  /// Takes note of a user agent; says nothing of the first one.
  mutating func see(agent hash: UInt64) {
    counters.agents.insert(hash)
    if Self.isNew(hash, in: &agents) { counters.hasNewAgent = true }
  }

  /// Takes note of a country that it was used from.
  mutating func see(country hash: UInt64) {
    if Self.isNew(hash, in: &countries) { counters.hasNewCountry = true }
  }

  /// Moves a value to the front of the last four; true when it was not among them, and there were others.
  private static func isNew(_ hash: UInt64, in last: inout InlineArray<4, UInt32>) -> Bool {
    let value = max(1, UInt32(truncatingIfNeeded: hash >> 32))
    guard last[0] != value else { return false }
    var place = 0
    while place < 3, last[place] != value { place += 1 }
    let isNew = last[place] != value && last[0] != 0
    while place > 0 {
      last[place] = last[place - 1]
      place -= 1
    }
    last[0] = value
    return isNew
  }
}
