public import Values

/// One input of a report.
public struct ReportInput: Hashable, Sendable {
  /// The path as it was given.
  public let name: String
  /// Bytes of the file; nil for a pipe.
  public let size: Int?
  /// SHA-256 of the file in hexadecimal digits; nil for a pipe.
  public let digest: String?

  /// An input.
  public init(name: String, size: Int?, digest: String?) {
    self.name = name
    self.size = size
    self.digest = digest
  }

  static let shape = Shape<ReportInput>([
    .text("name", "File", "Path as it was given") { $0.name },
    .integer("bytes", "Bytes", "Bytes of the file") { $0.size },
    .text("sha256", "SHA-256", "Digest of the file") { $0.digest },
  ])
}

/// What is known of the run that a report is about, apart from its events.
public struct ReportedRun: Sendable {
  /// Whether logs were read and not packets.
  public var isReplay = false
  /// What was read.
  public var inputs: [ReportInput] = []
  /// All counters by their dotted names.
  public var counters: [(name: String, value: UInt64)] = []
  /// Rules that ran.
  public var ruleCount = 0
  /// Where the rules came from.
  public var ruleSources: [String] = []
  /// Time of the first packet or event.
  public var start: Timestamp?
  /// The latest time that was seen.
  public var end: Timestamp?
  /// Version of the program.
  public var version = ""
  /// Settings worth knowing, by name.
  public var settings: [(name: String, value: Int)] = []
  /// Inputs that broke off, lines that could not be read.
  public var faults: [String] = []

  /// Nothing yet.
  public init() {}
}

/// The section `metadata`.
struct Metadata: Sendable {
  let run: ReportedRun
  let counters: Counters
  let limits: ReportLimits
  let events: Int
  let kinds: [Counted]

  /// Nanoseconds from the first to the last packet.
  var duration: Int64? { run.start.flatMap { start in run.end.map { $0.nanoseconds(since: start) } } }

  /// Link layers of the frames.
  var links: [Counted] {
    let names: Set = [
      "ethernet", "sll", "sll2", "raw", "null", "ppp", "chdlc", "frame_relay", "ieee80211",
      "unsupported_link_type",
    ]
    return counters.layers.filter { names.contains($0.name) }
  }

  static let shape = Shape<Metadata>([
    .text("tool", nil, "Name of the program") { _ in "ringwatch" },
    .text("version", nil, "Version of the program") { $0.run.version },
    .text("source", nil, "packets or log") { $0.run.isReplay ? "log" : "packets" },
    .rows("inputs", "What was read", ReportInput.shape) { $0.run.inputs },
    .time("start", nil, "Time of the first packet or event") { $0.run.start },
    .time("end", nil, "The latest time that was seen") { $0.run.end },
    .seconds("duration", nil, "From start to end") { $0.duration.map { Double($0) / 1_000_000_000 } },
    .integer("packets", nil, "Packets read") { $0.counters["decoder.pkts"] },
    .integer("bytes", nil, "Captured bytes of these packets") { $0.counters["decoder.bytes"] },
    .tally("link_types", "Frames by link layer") { $0.links },
    .count("events", nil, "Events that the report is made of") { $0.events },
    .tally("event_kinds", "These events by kind") { $0.kinds },
    .count("rules", nil, "Rules that ran") { $0.run.ruleCount },
    .texts("rule_sources", nil, "Where they came from") { $0.run.ruleSources },
    .tally("settings", "Limits of the sensor") { metadata in
      metadata.run.settings.map { Counted(name: $0.name, count: $0.value) }
    },
    .tally("limits", "Limits of this report") { $0.limits.named },
  ])
}
