public import Capture
public import Output
public import Rules
public import Values

/// Everything that a configuration file can say; the defaults stand where it says nothing.
public struct SensorSettings: Sendable {
  /// Capture files.
  public var files: [String] = []
  /// Network interfaces.
  public var interfaces: [String] = []
  /// Where to listen for HEP.
  public var hepEndpoints: [HEPEndpoint] = []
  /// Networks of the agents whose HEP is taken; everybody's when empty.
  public var hepAgents: [IPNetwork] = []
  /// BPF filter.
  public var filter: String?
  /// Kernel buffer for each interface and each UDP endpoint of HEP, in MiB.
  public var bufferMebibytes = 64
  /// Bytes kept of each live frame.
  public var snapLength = 262_144
  /// Whether a live capture sees frames for other stations.
  public var isPromiscuous = true
  /// Rule files and folders; the shipped rules when empty.
  public var rules: [String] = []
  /// Files with overrides of rules.
  public var overrides: [String] = []
  /// Whether a run loads rules again when their files change.
  public var watchesRules = false
  /// Path of the control socket; none without it.
  public var controlPath: String?
  /// The user as whom a run goes on once its inputs are open; the one that started it without it.
  public var user: String?
  /// Threads that read and decode frames; one when it is nil.
  public var lanes: Int?
  /// Folder of the log.
  public var logFolder = "ringwatch-out"
  /// Whether the log is started anew.
  public var overwritesLog = false
  /// What takes lines beside the log.
  public var outputs: [OutputOptions] = []
  /// File of the country database.
  public var countryDatabase: String?
  /// Limits, and what is logged.
  public var sensor = SensorConfiguration()
  /// How rules are loaded, with the dial plan.
  public var loading = RuleLoadingOptions.ofSensor

  /// The defaults.
  public init() {}
}
