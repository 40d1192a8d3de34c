internal import Values

/// What is counted of an entity in an hour, calls aside.
struct HourCounters: Sendable {
  /// Requests that it sent, and responses to them.
  var messages: UInt32 = 0
  var registers: UInt32 = 0
  var options: UInt32 = 0
  var notFound: UInt32 = 0
  var serverFailures: UInt32 = 0
  var authenticationFailures: UInt32 = 0
  /// Requests other than REGISTER without a live registration.
  var unregistered: UInt32 = 0
  var mediaPackets: UInt64 = 0
  var hasNewAgent = false
  var hasNewCountry = false
  var agents = DistinctCount()
  /// Requests by `RequestMethod`.
  var methods = InlineArray<15, UInt32>(repeating: 0)
}

/// What is counted of the calls of an entity in an hour.
struct CallCounters: Sendable {
  /// Calls that began.
  var attempts: UInt32 = 0
  var international: UInt32 = 0
  var premium: UInt32 = 0
  /// Attempts at callees that were not called before.
  var newCallees: UInt32 = 0
  /// Calls that were answered, and those that ended without an answer.
  var answered: UInt32 = 0
  var unanswered: UInt32 = 0
  var networkFailures: UInt32 = 0
  var cancelled: UInt32 = 0
  /// Answered calls that ended, how many of them within 10 s, and how long all took.
  var finished: UInt32 = 0
  var short: UInt32 = 0
  var talkNanoseconds = 0.0
  /// Answered calls of which it is known whether media went both ways, and those in which it did not.
  var judged: UInt32 = 0
  var oneWay: UInt32 = 0
  var maximumConcurrent: UInt32 = 0
  /// Post-dial delays.
  var delays: UInt32 = 0
  var delayNanoseconds = 0.0
  var gaps = AttemptGaps()
  var callees = DistinctCount()
  var prefixes = DistinctCount()
  var spread = EntropyCounter()
}

/// What is known of the calls of an entity, in this hour and before; only entities that call have it.
struct CallActivity: Sendable {
  var hour = CallCounters()
  /// Callees and countries that it called before.
  var seen = SeenMemory()
  /// Whether it ever called a number whose country is known.
  var hasCalledCountry = false
}
