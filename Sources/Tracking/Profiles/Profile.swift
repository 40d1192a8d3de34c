internal import Values

/// What one source address or one account did so far.
struct Profile: Sendable {
  /// Bytes that are kept of a user agent.
  static var agentLimit: Int { 40 }

  var firstSeen = Timestamp(nanoseconds: 0)
  var lastSeen = Timestamp(nanoseconds: 0)
  /// When the message before the last one came.
  var previousSeen: Timestamp?

  var messages: UInt32 = 0
  var requests: UInt32 = 0
  var invites: UInt32 = 0
  var registers: UInt32 = 0
  var options: UInt32 = 0
  /// Messages with a fault.
  var faults: UInt32 = 0
  /// Packet of the last of them, whose other faults count no more.
  var lastFault: UInt64 = .max
  /// Final answers that say that something is wrong with what it asked for.
  var failures: UInt32 = 0

  var calls: UInt32 = 0
  var answeredCalls: UInt32 = 0
  var failedCalls: UInt32 = 0
  var concurrentCalls: UInt32 = 0
  var registrations: UInt32 = 0
  var failedRegistrations: UInt32 = 0
  var authFailures: UInt32 = 0
  /// Whether a call was answered or a registration accepted at either end: more than a forged packet can do.
  var isProven = false

  /// The addresses at the other end; of an account, the addresses that it was used from.
  var peers = DistinctCount()
  var callees = DistinctCount()
  var countries = DistinctCount()
  var userAgents = DistinctCount()
  /// Hash of the last user agent, and its beginning.
  var agentHash: UInt64 = 0
  var agent = InlineArray<40, UInt8>(repeating: 0)
  var agentCount: UInt8 = 0

  var reputation = Reputation()
  /// Highest statistical score of the last 24 hours, and when it was given.
  var score = Float.nan
  var scoreTime = Timestamp(nanoseconds: .min)

  /// Its class of worth: what is cheap to forge in numbers is given up first.
  var level: Int {
    if isProven { return 3 }
    return messages >= 16 ? 2 : messages > 1 ? 1 : 0
  }

  /// Counts a message.
  mutating func seeMessage(at time: Timestamp) {
    messages.increment()
    previousSeen = messages == 1 ? nil : lastSeen
    lastSeen = max(lastSeen, time)
  }

  /// Keeps a user agent.
  mutating func see(agent text: Span<UInt8>, hash: UInt64) {
    guard hash != agentHash else { return }
    agentHash = hash
    userAgents.insert(hash)
    let count = min(text.count, Self.agentLimit)
    for index in 0..<count { agent[index] = text[index] }
    agentCount = UInt8(truncatingIfNeeded: count)
  }
}
