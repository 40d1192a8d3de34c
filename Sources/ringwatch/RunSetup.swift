import Anomaly
import ArgumentParser
import Capture
import Events
import Foundation
import Geography
import Output
import Pipeline
import Rules

/// A run that is ready to start: rules loaded and checked, inputs and log not yet opened.
struct RunSetup {
  /// What came of it.
  struct Outcome {
    let report: RunReport
    /// Nil for standard output.
    let logPath: String?
    let inputNames: [String]
    /// Whether people were told of broken inputs when they broke.
    var hasToldOfInputs = false

    /// What went wrong and was not told yet, one line each.
    var failures: [String] {
      (hasToldOfInputs ? [] : report.captureErrors.map(\.description))
        + [report.sinkError?.description, report.replay?.failure].compactMap { $0 }
    }

    /// Whether all inputs were read and all lines written.
    var isWhole: Bool { failures.isEmpty && report.captureErrors.isEmpty }

    /// Whether an alert of a severity or worse fired.
    func hasAlert(atLeast severity: Severity) -> Bool {
      zip(report.rules, report.alertsByRule).contains { $0.severity >= severity && $1 > 0 }
    }
  }

  private let options: RunCommand
  private let settings: SensorSettings
  /// The rules as they were loaded, and where from.
  private let loaded: RuleSetLoader.Outcome
  private let rules: CompiledRuleSet
  private let rulePaths: [String]
  private let files: [String]
  private let logs: [String]
  private let interfaces: [String]
  private let endpoints: [HEPEndpoint]
  private let filter: String?
  private let countries: CountryDatabase?
  private let model: SurpriseDetector?
  /// Ends the run.
  private let stop = StopFlag()
  /// As whom the run goes on.
  private let user: RunUser?

  init(_ options: RunCommand) throws {
    self.options = options
    settings = try SettingsLoading.load(options.config)
    user = try RunRights.user(options.user ?? settings.user)
    let split = try Self.split(options)
    logs = split.logs
    // Inputs of the command line take the place of all inputs of the file.
    let given = try options.hepEndpoints()
    let isLiveGiven = !options.interfaces.isEmpty || !given.isEmpty
    let isGiven = isLiveGiven || !split.files.isEmpty || !split.logs.isEmpty
    files = isGiven ? split.files : settings.files
    interfaces = isGiven ? options.interfaces : settings.interfaces
    endpoints = isGiven ? given : settings.hepEndpoints
    filter = split.filter.isEmpty ? settings.filter : split.filter.joined(separator: " ")
    guard !files.isEmpty || !interfaces.isEmpty || !endpoints.isEmpty || !logs.isEmpty else {
      Terminal.complain(
        "ringwatch: nothing to read: name a capture file with -r, an interface with -i, a place to listen with --hep or a log with --eve"
      )
      throw ExitCode(2)
    }
    model = try Self.readModel(options, settings.sensor.scores)
    countries = try CountryLoading.open(options.countryDatabase ?? settings.countryDatabase)
    rulePaths = try RuleLoading.resolved(
      options.rules.isEmpty ? settings.rules : options.rules,
      overrides: options.overrides.isEmpty ? settings.overrides : options.overrides)
    (loaded, rules) = try RuleLoading.load(rulePaths, options: settings.loading)
    if let fault = runOutputs.fault(beside: files + logs + (logPath.map { [$0] } ?? [])) {
      Terminal.complain("ringwatch: \(fault)")
      throw ExitCode(2)
    }
  }

  private static func readModel(_ options: RunCommand, _ scores: ScoreOptions) throws -> SurpriseDetector? {
    guard let path = options.model else { return nil }
    var bounds = scores.bounds(of: .source)
    bounds.isFrozen = options.frozen
    return try ModelPlace.read(path, options: bounds)
  }

  /// Whether the log goes to standard output, and what is for people to standard error.
  var logsToOutput: Bool { logFolder == "-" }

  /// The log; nil for standard output.
  private var logPath: String? { logsToOutput ? nil : logFolder + "/eve.json" }

  private var logFolder: String { options.logFolder ?? settings.logFolder }

  /// Who shows alerts to people.
  private var terminalAlerts: TerminalAlerts? { options.quiet || logsToOutput ? nil : TerminalAlerts() }

  /// Runs to the end of the input, or until SIGINT or SIGTERM.
  func run() throws -> Outcome {
    // A reader of the terminal's lines that goes away (`| head`) must not end the log.
    signal(SIGPIPE, SIG_IGN)
    // Interfaces may need root; nothing that others wrote is read as root. All threads begin behind this.
    let inputs = files.isEmpty && logs.isEmpty ? try openInputs() : nil
    try assumeUser()
    guard logs.isEmpty else { return try replay() }
    let control = try RunControl(controlOptions, loaded, stop)
    defer { control.end() }
    if let inputs { return try capture(inputs, control) }
    return try readFiles(control)
  }

  /// Gives the rights of root away, and looks whether what is left suffices for all that the run will do.
  private func assumeUser() throws {
    guard let user else { return }
    var rights = RunRights(user: user)
    rights.logFolder = logsToOutput ? nil : logFolder
    rights.inputs = (files + logs).filter { $0 != "-" }
    rights.controlPath = logs.isEmpty ? controlOptions.controlPath : nil
    rights.modelPath = options.saveModel
    rights.outputs = runOutputs.options
    if logs.isEmpty, files.isEmpty || watchesAll { rights.rules = loaded.sourcePaths }
    try rights.assume()
  }

  private var watchesAll: Bool { options.watch || settings.watchesRules }

  private var controlOptions: RunControl.Options {
    // A run over files keeps the lists of its start unless it is told otherwise.
    return RunControl.Options(
      rulePaths: rulePaths, loading: settings.loading, limits: settings.sensor.engineLimits,
      watching: watchesAll ? .everything : files.isEmpty ? .lists : .nothing,
      controlPath: options.control ?? settings.controlPath, isQuiet: options.quiet)
  }

  private func readFiles(_ control: RunControl) throws -> Outcome {
    let reader: PcapReader
    do throws(CaptureError) {
      reader = try PcapReader(files, filter: filter, stop: stop)
    } catch {
      if stop.isRaised { throw ExitCode.success }
      throw Terminal.fail(error)
    }
    if let error = reader.failureOfAll { throw Terminal.fail(error) }
    var prepared = try prepare(inputNames: files, isOffline: true, lanes: lanes(for: reader), control)
    let terminal = prepared.terminal
    let report = prepared.sensor.run(inLanes: reader, stop: stop) { show($0, terminal) }
    return outcome(report, prepared)
  }

  private var liveOptions: LiveCaptureOptions {
    var live = LiveCaptureOptions(interfaces: interfaces)
    live.hep.endpoints = endpoints
    live.hep.agents = settings.hepAgents
    live.bufferSize = (options.bufferSize ?? settings.bufferMebibytes) << 20
    live.hep.bufferSize = live.bufferSize
    live.snapLength = options.snaplen ?? settings.snapLength
    live.isPromiscuous = !options.noPromiscuous && settings.isPromiscuous
    live.filter = filter
    return live
  }

  private func openInputs() throws -> LiveInputs {
    do throws(CaptureError) {
      return try LiveInputs(liveOptions, lanes: lanes ?? 1, stop: stop)
    } catch {
      throw Terminal.fail(error)
    }
  }

  private func capture(_ inputs: LiveInputs, _ control: RunControl) throws -> Outcome {
    var prepared = try prepare(
      inputNames: liveOptions.inputNames, isOffline: false, lanes: lanes ?? 1, control)
    let terminal = prepared.terminal
    let report = prepared.sensor.run(inputs) { show($0, terminal) }
    var outcome = outcome(report, prepared)
    outcome.hasToldOfInputs = true
    return outcome
  }

  private func replay() throws -> Outcome {
    for input in rules.unloggedInputs { Terminal.complain(warning(of: input)) }
    var source: LoggedEvents
    do throws(CaptureError) {
      source = try LoggedEvents(logs, stop: stop)
    } catch {
      throw Terminal.fail(error)
    }
    let (log, path) = try openLog()
    var outputs = try openOutputs(isLive: false)
    try begin(log, outputs)
    var configuration = settings.sensor
    configuration.countries = countries
    configuration.scoreModel = model
    if !options.logEvents {
      configuration.loggedTypes.formIntersection([.alert, .stats])
      outputs = outputs.map { EVEOutput(types: $0.types.intersection([.alert, .stats]), to: $0.output) }
    }
    let terminal = terminalAlerts
    var replay = LogReplay(
      rules: rules, configuration: configuration, sinks: [log], outputs: outputs, onAlert: terminal?.listener)
    let report = replay.run(&source, stop: stop) { fraction in
      terminal?.flush()
      if !options.quiet { Terminal.showProgress(fraction) }
    }
    if !options.quiet { Terminal.clearProgress() }
    terminal?.flush()
    for note in report.replay?.notes(rules) ?? [] { Terminal.complain(note) }
    return Outcome(report: report, logPath: path, inputNames: logs)
  }

  private func warning(of input: UnloggedInput) -> String {
    let rule = rules.metadata[input.rule]
    return "ringwatch: rule '\(rule.id)' (\(rule.file):\(rule.line)) needs \(input.needs), "
      + "which no log has: what it says here is not what it says of packets"
  }

  /// A sensor with its log, before its input.
  private struct Prepared: ~Copyable {
    var sensor: Sensor
    let terminal: TerminalAlerts?
    let logPath: String?
    let inputNames: [String]
  }

  private func prepare(
    inputNames: [String], isOffline: Bool, lanes: Int, _ control: RunControl
  ) throws -> Prepared {
    let (log, path) = try openLog()
    let outputs = try openOutputs(isLive: !isOffline)
    try begin(log, outputs)
    var configuration = settings.sensor
    configuration.inputNames = inputNames
    configuration.isOffline = isOffline
    configuration.countries = countries
    configuration.scoreModel = model
    configuration.lanes = lanes
    if !isOffline {
      configuration.onInputLost = { Terminal.complain("ringwatch: \($0)") }
      configuration.hashSeed = UInt64.random(in: .min ... .max)
    }
    let terminal = terminalAlerts
    let sensor = Sensor(
      rules: rules, configuration: configuration, sinks: [log], outputs: outputs, mailbox: control.mailbox,
      onAlert: terminal?.listener)
    return Prepared(sensor: sensor, terminal: terminal, logPath: path, inputNames: inputNames)
  }

  private func show(_ fraction: Double?, _ terminal: TerminalAlerts?) {
    terminal?.flush()
    if !options.quiet { Terminal.showProgress(fraction) }
  }

  private func outcome(_ report: RunReport, _ prepared: borrowing Prepared) -> Outcome {
    if !options.quiet { Terminal.clearProgress() }
    prepared.terminal?.flush()
    return Outcome(report: report, logPath: prepared.logPath, inputNames: prepared.inputNames)
  }

  /// The lanes that are asked for.
  private var lanes: Int? { options.lanes ?? settings.lanes }

  private func lanes(for reader: borrowing PcapReader) -> Int {
    lanes
      ?? SensorConfiguration.lanes(
        forFilesOf: reader.totalBytes, cores: UsableCores.count,
        signalling: SignallingSample.share(of: files))
  }

  private func openLog() throws -> (sink: FileSink, path: String?) {
    guard let path = logPath else { return (FileSink(), nil) }
    let folder = logFolder
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      let cause = SystemCause(of: error).text
      Terminal.complain(
        "ringwatch: \(folder): the log folder cannot be made: \(cause); choose another one with -l DIR")
      throw ExitCode(2)
    }
    guard !logs.contains(where: { FileIdentity.isSame($0, path) }) else {
      Terminal.complain(
        "ringwatch: \(path): it would be read and written at once; choose another folder with -l DIR")
      throw ExitCode(2)
    }
    do throws(SinkError) {
      return (try FileSink(path: path, overwrite: options.overwrite || settings.overwritesLog), path)
    } catch {
      Terminal.complain("ringwatch: \(error)")
      throw ExitCode(2)
    }
  }

  /// Starts the files of a run anew where that is wanted: none is emptied while another cannot be opened.
  private func begin(_ log: FileSink, _ outputs: [EVEOutput]) throws {
    do throws(SinkError) {
      try log.begin()
      for output in outputs { try output.output.begin() }
    } catch {
      Terminal.complain("ringwatch: \(error)")
      throw ExitCode(2)
    }
  }

  private var runOutputs: RunOutputs {
    RunOutputs(settings.outputs, folder: logsToOutput ? nil : logFolder)
  }

  private func openOutputs(isLive: Bool) throws -> [EVEOutput] {
    try runOutputs.open(
      isLive: isLive, overwrite: options.overwrite || settings.overwritesLog, stop: stop)
  }

  /// Shells expand `-r *.pcap` to one file behind `-r` and others among the trailing words: words that name
  /// existing files are files, what is left is the filter.
  private static func split(
    _ options: RunCommand
  ) throws -> (files: [String], logs: [String], filter: [String]) {
    guard !options.files.isEmpty || !options.eve.isEmpty else { return ([], [], options.filter) }
    let more = options.filter.prefix { FileManager.default.fileExists(atPath: $0) }
    let rest = Array(options.filter.dropFirst(more.count))
    guard !options.eve.isEmpty else { return (options.files + more, [], rest) }
    if let word = rest.first {
      Terminal.complain("ringwatch: '\(word)': there is no such log, and a filter is for packets only")
      throw ExitCode(2)
    }
    return ([], options.eve + more, [])
  }
}
