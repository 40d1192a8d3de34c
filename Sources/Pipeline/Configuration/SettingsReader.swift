internal import Capture
internal import Numbering
public import Rules
internal import Tracking
internal import Values

/// Reads `ringwatch.yaml` with the strict reader and the diagnostics of rule files.
public enum SettingsReader {
  /// The settings of a file, or nil when anything in it is wrong; the report says what.
  public static func read(_ path: String) -> (settings: SensorSettings?, report: DiagnosticReport) {
    var document = StrictDocument(path: path)
    var settings = SensorSettings()
    if let root = document.root {
      let keys = [
        "inputs", "rules", "log", "limits", "media", "dial_plan", "geoip", "calls", "community_id_seed",
        "stats_interval", "watch", "control", "overrides", "lanes", "scores", "user",
      ]
      if let fields = document.decoder.fields(root, of: "configuration", keys: keys) {
        document.decoder.decode(fields, into: &settings)
      }
    }
    let report = document.report
    return (report.errorCount == 0 ? settings : nil, report)
  }
}

extension NodeDecoder {
  fileprivate mutating func decode(_ fields: DecodedFields, into settings: inout SensorSettings) {
    if let node = fields["inputs"] { decodeInputs(node, into: &settings) }
    if let node = fields["rules"], let paths = texts(node, of: "rules") {
      settings.rules = paths.map(\.value)
    }
    if let node = fields["overrides"], let paths = texts(node, of: "overrides") {
      settings.overrides = paths.map(\.value)
    }
    if let node = fields["watch"], let flag = boolean(node, of: "watch") { settings.watchesRules = flag }
    if let node = fields["control"], let path = text(node, of: "control") {
      settings.controlPath = path.value
      checkSocket(path)
    }
    if let node = fields["user"], let name = text(node, of: "user") { settings.user = name.value }
    if let node = fields["log"] { decodeLog(node, into: &settings) }
    if let node = fields["limits"] { decodeLimits(node, into: &settings) }
    if let node = fields["media"] { decodeMedia(node, into: &settings) }
    if let node = fields["geoip"], let fields = self.fields(node, of: "geoip", keys: ["country_db"]),
      let path = fields["country_db"].flatMap({ text($0, of: "country_db") })
    {
      settings.countryDatabase = path.value
    }
    if let node = fields["dial_plan"] { decodeDialPlan(node, into: &settings) }
    if let node = fields["calls"] { decodeCalls(node, into: &settings.sensor.calls) }
    if let node = fields["scores"] { decodeScores(node, into: &settings.sensor.scores) }
    if let node = fields["community_id_seed"],
      let seed = number(node, of: "community_id_seed", in: 0...65_535)
    {
      settings.sensor.communitySeed = UInt16(seed.value)
    }
    if let node = fields["lanes"], let lanes = number(node, of: "lanes", in: SensorConfiguration.laneRange) {
      settings.lanes = lanes.value
    }
    if let node = fields["stats_interval"], let interval = duration(node, of: "stats_interval") {
      settings.sensor.statsInterval = interval.value
    }
  }

  /// Packets of an input that is there twice would count twice, and standard input is read once.
  private mutating func refuseSecond(of inputs: [Spanned<String>]) {
    var known: Set<String> = []
    for input in inputs where !known.insert(input.value).inserted {
      sink.error(
        DiagnosticCode(rawValue: "input-twice"), at: input.span,
        "the input \(input.value.quoted) is there twice",
        help: "name it once")
    }
  }

  private mutating func decodeInputs(_ node: YAMLNode, into settings: inout SensorSettings) {
    let keys = [
      "files", "interfaces", "hep", "hep_agents", "filter", "buffer_mib", "snap_length", "promiscuous",
    ]
    guard let fields = fields(node, of: "inputs", keys: keys) else { return }
    if let node = fields["files"], let files = texts(node, of: "files") {
      settings.files = files.map(\.value)
      refuseSecond(of: files.filter { $0.value == "-" })
    }
    if let node = fields["interfaces"], let names = texts(node, of: "interfaces") {
      settings.interfaces = names.map(\.value)
      refuseSecond(of: names)
    }
    decodeHEP(fields, into: &settings)
    if !settings.files.isEmpty, !settings.interfaces.isEmpty || !settings.hepEndpoints.isEmpty {
      sink.error(
        DiagnosticCode(rawValue: "files-and-live"), at: fields["files"]?.span ?? node.span,
        "'files' are read and 'interfaces' and 'hep' are captured live, not both",
        help: "leave one of them out")
    }
    if let node = fields["filter"] { settings.filter = text(node, of: "filter")?.value }
    if let node = fields["buffer_mib"], let size = number(node, of: "buffer_mib", in: 1...2047) {
      settings.bufferMebibytes = size.value
    }
    if let node = fields["snap_length"], let length = number(node, of: "snap_length", in: 64...262_144) {
      settings.snapLength = length.value
    }
    if let node = fields["promiscuous"], let flag = boolean(node, of: "promiscuous") {
      settings.isPromiscuous = flag
    }
  }

  private mutating func decodeHEP(_ fields: DecodedFields, into settings: inout SensorSettings) {
    if let node = fields["hep"], let places = texts(node, of: "hep") {
      for place in places {
        do throws(HEPEndpoint.Problem) {
          settings.hepEndpoints.append(try HEPEndpoint(place.value))
        } catch {
          sink.error(
            DiagnosticCode(rawValue: "bad-endpoint"), at: place.span, error.cause, help: error.remedy)
        }
      }
    }
    if let node = fields["hep_agents"], let networks = texts(node, of: "hep_agents") {
      for network in networks {
        if let block = IPNetwork(network.value) {
          settings.hepAgents.append(block)
        } else {
          sink.error(
            DiagnosticCode(rawValue: "bad-network"), at: network.span,
            "'\(network.value)' is no IP address or network",
            help: "write, for example, 10.0.0.0/8, 2001:db8::/32 or 192.0.2.7")
        }
      }
    }
  }

  private mutating func decodeLog(_ node: YAMLNode, into settings: inout SensorSettings) {
    let keys = ["folder", "types", "text_limit", "overwrite", "profiles", "outputs"]
    guard let fields = fields(node, of: "log", keys: keys) else { return }
    if let node = fields["profiles"], let flag = boolean(node, of: "profiles") {
      settings.sensor.logsProfiles = flag
    }
    if let node = fields["folder"], let folder = text(node, of: "folder") {
      settings.logFolder = folder.value
    }
    if let node = fields["types"], let types = eventTypes(node) { settings.sensor.loggedTypes = types }
    if let node = fields["outputs"] { settings.outputs = outputs(node, types: settings.sensor.loggedTypes) }
    if let node = fields["text_limit"], let limit = number(node, of: "text_limit", in: 16...65_535) {
      settings.sensor.textLimit = limit.value
    }
    if let node = fields["overwrite"], let flag = boolean(node, of: "overwrite") {
      settings.overwritesLog = flag
    }
  }

  private mutating func decodeLimits(_ node: YAMLNode, into settings: inout SensorSettings) {
    let keys = [
      "calls", "flows", "messages", "profiles", "registrations", "streams", "transactions", "rule_memory_mib",
    ]
    guard let fields = fields(node, of: "limits", keys: keys) else { return }
    if let node = fields["calls"], let limit = number(node, of: "calls", in: 16...16_777_216) {
      settings.sensor.calls.capacity = limit.value
    }
    if let node = fields["flows"], let limit = number(node, of: "flows", in: 16...16_777_216) {
      settings.sensor.flowLimit = limit.value
    }
    if let node = fields["messages"], let limit = number(node, of: "messages", in: 16...16_777_216) {
      settings.sensor.messageMemory = limit.value
    }
    if let node = fields["profiles"], let limit = number(node, of: "profiles", in: 16...16_777_216) {
      settings.sensor.profileLimit = limit.value
    }
    if let node = fields["streams"], let limit = number(node, of: "streams", in: 16...16_777_216) {
      settings.sensor.streamLimit = limit.value
    }
    if let node = fields["transactions"], let limit = number(node, of: "transactions", in: 16...16_777_216) {
      settings.sensor.transactionLimit = limit.value
    }
    if let node = fields["registrations"], let limit = number(node, of: "registrations", in: 16...16_777_216)
    {
      settings.sensor.registrationLimit = limit.value
    }
    if let node = fields["rule_memory_mib"],
      let limit = number(node, of: "rule_memory_mib", in: 1...65_536)
    {
      settings.sensor.engineLimits.totalBytes = limit.value << 20
    }
  }

  private mutating func decodeCalls(_ node: YAMLNode, into options: inout CallTable.Options) {
    let keys = ["ringing", "silence", "media_silence", "leg_header"]
    guard let fields = fields(node, of: "calls", keys: keys) else { return }
    if let node = fields["ringing"], let time = duration(node, of: "ringing") {
      options.limits.ringing = time.value
    }
    if let node = fields["silence"], let time = duration(node, of: "silence") {
      options.limits.silence = time.value
    }
    if let node = fields["media_silence"], let time = duration(node, of: "media_silence") {
      options.limits.mediaSilence = time.value
    }
    if let node = fields["leg_header"], let header = text(node, of: "leg_header") {
      options.legHeader = header.value
      if !header.value.isHeaderName {
        sink.error(
          DiagnosticCode(rawValue: "bad-header-name"), at: header.span,
          "\(header.value.quoted) is no name of a header",
          help: "write it without blank and colon, such as X-Call-ID")
      }
    }
  }

  private mutating func decodeMedia(_ node: YAMLNode, into settings: inout SensorSettings) {
    guard let fields = fields(node, of: "media", keys: ["report_interval", "g711_concealment"]) else {
      return
    }
    if let node = fields["report_interval"], let interval = duration(node, of: "report_interval") {
      settings.sensor.reportInterval = max(1_000_000_000, interval.value)
    }
    if let node = fields["g711_concealment"], let flag = boolean(node, of: "g711_concealment") {
      settings.sensor.concealsLosses = flag
    }
  }

  private mutating func decodeDialPlan(_ node: YAMLNode, into settings: inout SensorSettings) {
    let keys = ["country_code", "national_prefix", "international_prefixes", "emergency"]
    guard let fields = fields(node, of: "dial plan", keys: keys) else { return }
    let country = fields["country_code"].flatMap { text($0, of: "country_code") }
    let national = fields["national_prefix"].flatMap { text($0, of: "national_prefix") }
    let international = fields["international_prefixes"].flatMap { texts($0, of: "international_prefixes") }
    let emergency = fields["emergency"].flatMap { texts($0, of: "emergency") }
    func isDigits(_ text: String) -> Bool {
      !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    for part in [country, national].compactMap({ $0 }) + (international ?? []) + (emergency ?? [])
    where !isDigits(part.value) {
      sink.error(
        DiagnosticCode(rawValue: "bad-dial-plan"), at: part.span,
        "a part of the dial plan is digits only, not '\(part.value)'")
    }
    if let country, isDigits(country.value), !NumberPlan.isCountryCode(country.value) {
      sink.error(
        DiagnosticCode(rawValue: "bad-dial-plan"), at: country.span,
        "no country has the code \(country.value.quoted)", help: "write it without + and noughts, such as 49")
    }
    settings.loading.dialPlan = DialPlan(
      countryCode: country?.value, nationalPrefix: national?.value,
      internationalPrefixes: international?.map(\.value) ?? ["00"],
      emergencyNumbers: emergency?.map(\.value))
    settings.sensor.calls.numberPlan = NumberPlan(settings.loading.dialPlan)
  }
}
