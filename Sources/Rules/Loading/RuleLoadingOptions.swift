public import Events
public import Numbering

/// What the loading of rules depends on besides the files.
public struct RuleLoadingOptions: Sendable {
  /// Limits of the YAML reader.
  public var yaml = StrictYAML()
  /// Larger rule files are refused, in bytes.
  public var maximumRuleFileSize = 4 << 20
  /// Larger list files are refused, in bytes.
  public var maximumListFileSize = 256 << 20
  /// How telephone numbers are dialled.
  public var dialPlan = DialPlan()
  /// The folder of the system's time zones (TZif files).
  public var zoneFolder = "/usr/share/zoneinfo"
  /// The only values of fields whose words belong to who sends the events (`anomaly.event`).
  public var words: [Field: [String]] = [:]
  /// Seed of the hash tables; it changes no result.
  public var hashSeed: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// The defaults.
  public init() {}
}

/// Everything that came out of the loading of a set of files.
public struct LoadedRules: Sendable {
  /// All files that were touched, rule files first.
  public internal(set) var sources = SourceFiles()
  /// How many of the files are rule files.
  var ruleFileCount = 0
  /// Folders that were searched for rule files, and list files that could not be read.
  var furtherPaths: [String] = []
  /// What was found wrong; later stages add to it.
  public var diagnostics = DiagnosticSink()
  /// The rules in file order; when there are errors, incomplete ones and ones with a taken id among them.
  public internal(set) var rules: [RuleDeclaration] = []
  /// The macros in file order, names distinct.
  public internal(set) var macros: [MacroDeclaration] = []
  /// The lists in file order, names distinct.
  public internal(set) var lists: [RuleList] = []
  /// The schedules in file order, names distinct.
  public internal(set) var schedules: [Schedule] = []
  /// Positions of the lists of days that schedules name.
  var scheduleLists: Set<Int> = []
  /// Positions of the lists, and names of the schedules, that overrides change.
  var overriddenLists: Set<Int> = []
  var overriddenSchedules: Set<String> = []
  /// Names of lists, schedules and macros that are declared but broken: an error about them is in the
  /// sink, so a reference to them is no second one.
  public internal(set) var brokenNames: Set<String> = []

  /// What the values of fields can be.
  var words = FieldWords()

  init() {}

  /// Position of a list in `lists`.
  public func listIndex(named name: String) -> Int? { lists.firstIndex { $0.name.value == name } }
  /// Position of a schedule in `schedules`.
  public func scheduleIndex(named name: String) -> Int? {
    schedules.firstIndex { $0.name.value == name }
  }
  /// Position of a macro in `macros`.
  public func macroIndex(named name: String) -> Int? { macros.firstIndex { $0.name.value == name } }

  /// The diagnostics so far, in file order.
  public var report: DiagnosticReport { DiagnosticReport(diagnostics, sources: sources) }
}
