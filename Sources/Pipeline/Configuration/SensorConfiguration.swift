public import Anomaly
public import Capture
public import Events
public import Geography
internal import Numbering
public import Packets
public import Rules
public import Tracking
internal import Values

/// How a sensor works, apart from its rules: limits and what it logs.
public struct SensorConfiguration: Sendable {
  /// Event types that are logged; all others only meet rules.
  public var loggedTypes: Set<EventType> = [
    .alert, .anomaly, .call, .dtls, .flow, .registration, .rtcp, .rtp, .score, .sip, .stats, .stun, .tls,
  ]
  /// Bytes after which a text from the wire is cut in the log.
  public var textLimit = 1024
  /// Live flows at the most.
  public var flowLimit = 1 << 18
  /// Live RTP streams at the most, candidates included.
  public var streamLimit = 1 << 16
  /// Bytes of messages that TCP streams have begun, over all streams.
  public var streamBytes = 64 << 20
  /// Limits of TCP reassembly.
  public var tcpLimits = TCPLimits()
  /// Limits of the reassembly of IP fragments.
  public var fragmentLimits = FragmentLimits()
  /// Bindings at the most, and as many registrations without an outcome.
  public var registrationLimit = 1 << 16
  /// Open transactions at the most.
  public var transactionLimit = 1 << 16
  /// SIP messages remembered to recognise repeats.
  public var messageMemory = 1 << 16
  /// How many calls there may be, and how long their phases may last.
  public var calls = CallTable.Options()
  /// Live: nanoseconds between `stats` lines. Files get one line, at the end.
  public var statsInterval: Int64 = 8_000_000_000
  /// Nanoseconds of packet time between two reports of an RTP stream.
  public var reportInterval: Int64 = 10_000_000_000
  /// Whether receivers are taken to conceal losses of G.711, as nearly all do; no packet shows it.
  public var concealsLosses = true
  /// Whether the inputs are files.
  public var isOffline = true
  /// Live: is told of an input that broke off, on whichever thread notices.
  public var onInputLost: (@Sendable (CaptureError) -> Void)?
  /// Names of the inputs, by the index in a frame's header.
  public var inputNames: [String] = []
  /// Bounds of what rules remember.
  public var engineLimits = EngineLimits()
  /// Source addresses that have a profile at the most, and as many accounts.
  public var profileLimit = 1 << 16
  /// Whether and how behaviour is scored.
  public var scores = ScoreOptions()
  /// What is known of source addresses before the first packet; nil when everything is yet to be learned.
  public var scoreModel: SurpriseDetector?
  /// Tells the countries of addresses; nil leaves them absent.
  public var countries: CountryDatabase?
  /// Whether every logged event shows the profiles of its source and account; alerts always do.
  public var logsProfiles = false
  /// Seed of the Community ID.
  public var communitySeed: UInt16 = 0
  /// Seed of the hash tables. Files use a fixed one so that even a full table gives the same log each
  /// time; a live sensor takes a random one.
  public var hashSeed: UInt64 = 0x5249_4e47_5741_5443

  /// Threads that read and decode frames; with more than one, tracking and rules have threads of their own,
  /// too. The log does not depend on it.
  public var lanes = 1
  /// How many lanes there may be.
  public static let laneRange = 1...64

  /// The defaults.
  public init() {}
}

extension SensorConfiguration {
  /// Bytes of capture files from which on a second lane saves more time than its start takes.
  private static let largeInput = 16 << 20

  /// Part of the packets that is to be signalling for a second lane: RTP is hardly any work for rules and log.
  private static let muchSignalling = 0.04

  /// Lanes for capture files where nobody says how many: with a second one tracking, rules and log have threads of their
  /// own. That saves a quarter of the time where there is signalling, and takes a sixth more of the processor; where there
  /// are media only it takes much more and saves nothing.
  ///
  /// - Parameters:
  ///   - bytes: of all files; nil when that is not known, as of a pipe.
  ///   - cores: that the program may use.
  ///   - signalling: part of the packets that is signalling, 0 to 1.
  public static func lanes(forFilesOf bytes: Int?, cores: Int, signalling: @autoclosure () -> Double) -> Int {
    guard let bytes, bytes >= largeInput, cores > 1, signalling() >= muchSignalling else { return 1 }
    return 2
  }

  /// The limits that decide how much a sensor remembers, by name.
  public var namedLimits: [(name: String, value: Int)] {
    [
      ("calls", calls.capacity), ("flows", flowLimit), ("messages", messageMemory),
      ("profiles", profileLimit), ("registrations", registrationLimit), ("streams", streamLimit),
      ("transactions", transactionLimit), ("rule_memory_bytes", engineLimits.totalBytes),
    ]
  }
}
