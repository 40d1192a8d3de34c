internal import Rules
package import Values

/// A company and what goes on in it, as a scenario file describes it.
package struct Scenario: Sendable {
  /// Its name, and what it shows in one line.
  package var name = "scenario"
  package var title = ""
  /// The IANA zone of its clocks.
  var zone = "Europe/Berlin"
  package internal(set) var clock = LocalClock()
  var network = Network()
  var population = Population()
  var calendar = Calendar()
  var calls = Calls()
  var errors = Errors()
  var media = Media()
  package internal(set) var attacks: [AttackRequest] = []

  /// Machines and lines.
  struct Network: Sendable {
    enum ServerKind: String, CaseIterable, Sendable {
      /// A proxy with registrar: a call is one dialog, media goes straight.
      case proxy
      /// A back-to-back user agent: a call is two dialogs, media goes through it.
      case pbx
    }
    var domain = "office.example.com"
    var phones = "10.20.0.0/16"
    var server = ServerKind.proxy
    var serverAddress = "192.0.2.10"
    var serverAgent = "ExampleProxy/5.6"
    var digest = DigestCredentials.Algorithm.md5
    /// Whether the registrar says 404 for users that do not exist.
    var revealsUsers = true
    var trunks: [String] = ["192.0.2.20"]
    /// People in a hundred who work at home behind NAT, and where.
    var homePercent = 0
    var homes = "192.0.2.128/26"
    /// Lost datagrams in 100,000.
    var lanLoss = 2
    var wanLoss = 100
  }

  /// People and their phones.
  struct Population: Sendable {
    var users = 20
    var firstExtension = 200
    /// The company's number without the extension, as E.164.
    var number = "+493023125"
    var secondPhonePercent = 0
    var tcpPercent = 0
    var registration: Int64 = 3_600_000_000_000
    var keepAlive: Int64 = 60_000_000_000
    var agents: [(agent: Agent, weight: Int)] = []
    /// The extension of the queue of the call centre, its agents, the longest wait; none without agents.
    var queue = ""
    var queueAgents = 0
    var queueWait: Int64 = 40_000_000_000
  }

  /// When people call.
  struct Calendar: Sendable {
    /// Bit 0 is Sunday.
    var weekdays: UInt8 = 0b0111110
    var hours = 8 * 60..<18 * 60
    var lunch = 12 * 60..<13 * 60
    /// Percentages of the rate of a business hour.
    var lunchPercent = 40
    var nightPercent = 1
    var weekendPercent = 2
    var callsPerUserAndDay = 8
  }

  /// What becomes of calls; weights.
  struct Calls: Sendable {
    var internalCalls = 50
    var outgoing = 30
    var incoming = 20
    var answered = 70
    var busy = 7
    var unanswered = 10
    var cancelled = 9
    var wrongNumber = 4
    var duration: Int64 = 150_000_000_000
    /// Of the answered ones, in a hundred.
    var holdPercent = 6
    var transferPercent = 3
    /// Destinations of outgoing calls: beginnings of numbers with weights.
    var destinations: [(prefix: String, weight: Int)] = [("030", 60), ("0171", 30), ("0044", 6), ("001", 4)]
  }

  /// What goes wrong, in calls out of a thousand unless another unit is given.
  struct Errors: Sendable {
    var declined = 6
    var serverError = 2
    var trunkError = 3
    var oneWayAudio = 0
    var lostBye = 2
    var brokenMessage = 0
    /// Refreshes of registrations out of a thousand in which a password is mistyped first.
    var wrongPassword = 1
  }

  /// Sound.
  struct Media: Sendable {
    enum Capture: Sendable {
      case none
      /// The first seconds of each stream, in nanoseconds.
      case head(Int64)
      case all
    }
    var capture = Capture.none
    var codecs: [(codec: Codec, weight: Int)] = [(.pcma, 1)]
    var hasReports = true
    /// Of streams from far away: lost packets in a thousand, mean length of a burst, mean variation.
    var loss = 2
    var burst = 2
    var jitter: Int64 = 2_000_000
  }
}

/// An attack that is asked for, with its parameters.
package struct AttackRequest: Hashable, Sendable {
  /// A name of the catalogue.
  package var name: String
  /// After the start of the capture; nil lets the simulation choose.
  package var start: Int64?
  /// Requests or calls in a minute; nil is the attack's own pace.
  package var rate: Int?
  /// How long it goes on; nil is its own length.
  package var duration: Int64?
  /// How many requests, passwords or calls; nil is its own number.
  package var count: Int?
  /// Whether it hides what its tool calls itself.
  package var isDisguised = false
  /// The address it comes from; nil lets the simulation choose.
  package var source: String?

  /// An attack with its own parameters.
  package init(_ name: String) {
    self.name = name
  }
}

extension Scenario {
  /// Sets how much media is captured by a word: `none`, `all` or a length such as `3s`; false for other words.
  package mutating func setMedia(_ word: String) -> Bool {
    switch word {
    case "none": media.capture = .none
    case "all": media.capture = .all
    default:
      guard let length = NodeDecoder.nanoseconds(word), length > 0 else { return false }
      media.capture = .head(length)
    }
    return true
  }

  /// Leaves the attacks of the scenario away.
  package mutating func removeAttacks() { attacks = [] }
}

extension AttackRequest {
  /// Sets a parameter by its name; false when there is none of that name or the value does not fit.
  package mutating func set(_ name: String, to value: String?) -> Bool {
    switch (name, value) {
    case ("disguised", nil): isDisguised = true
    case ("source", let value?): source = value
    case ("rate", let value?):
      guard let number = Int(value), number > 0 else { return false }
      rate = number
    case ("count", let value?):
      guard let number = Int(value), number > 0 else { return false }
      count = number
    case ("start", let value?):
      guard let time = NodeDecoder.nanoseconds(value) else { return false }
      start = time
    case ("duration", let value?):
      guard let time = NodeDecoder.nanoseconds(value), time > 0 else { return false }
      duration = time
    default: return false
    }
    return true
  }
}
