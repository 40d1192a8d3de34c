internal import Events
internal import Output
internal import Rules
internal import Values

extension NodeDecoder {
  /// Event types that are logged.
  mutating func eventTypes(_ node: YAMLNode) -> Set<EventType>? {
    guard let items = items(node, of: "types") else { return nil }
    let names = EventType.allCases.filter { $0 != .packet }.map(\.name)
    return Set(
      items.compactMap {
        choice($0, of: "event type", among: names, code: DiagnosticCode(rawValue: "unknown-event-type"))
          .flatMap { EventType(name: $0.value) }
      })
  }

  /// The list `outputs`.
  ///
  /// - Parameter types: what an output takes that names no types.
  mutating func outputs(_ node: YAMLNode, types: Set<EventType>) -> [OutputOptions] {
    guard let items = items(node, of: "outputs") else { return [] }
    if items.count > OutputOptions.maximumCount {
      sink.error(
        DiagnosticCode(rawValue: "too-many-outputs"), at: items[OutputOptions.maximumCount].span,
        "there are \(items.count) outputs; \(OutputOptions.maximumCount) are the limit")
    }
    return items.compactMap { output($0, types: types) }
  }

  private mutating func output(_ node: YAMLNode, types: Set<EventType>) -> OutputOptions? {
    let keys = ["filetype", "filename", "types", "facility", "level", "identity"]
    let kinds = OutputOptions.Kind.allCases.map(\.rawValue)
    guard let fields = fields(node, of: "output", keys: keys),
      let word = required("filetype", in: fields).flatMap({
        choice($0, of: "filetype", among: kinds, code: DiagnosticCode(rawValue: "unknown-filetype"))
      }),
      let kind = OutputOptions.Kind(rawValue: word.value)
    else { return nil }
    guard let path = outputPath(kind, fields) else { return nil }
    var output = OutputOptions(kind, path: path, types: types)
    if let node = fields["types"], let types = eventTypes(node) { output.types = types }
    for key in ["facility", "level", "identity"] {
      guard kind != .syslog, let node = fields[key] else { continue }
      sink.error(
        DiagnosticCode(rawValue: "not-syslog"), at: node.span, "'\(key)' is for filetype syslog only",
        help: "leave it out")
    }
    if kind == .syslog { decodeSyslog(fields, into: &output.syslog) }
    return output
  }

  private mutating func outputPath(_ kind: OutputOptions.Kind, _ fields: DecodedFields) -> String? {
    if kind == .syslog, fields["filename"] == nil { return OutputOptions.syslogPath }
    guard let path = required("filename", in: fields).flatMap({ text($0, of: "filename") }) else {
      return nil
    }
    if path.value.utf8.contains(0) {
      sink.error(
        DiagnosticCode(rawValue: "bad-filename"), at: path.span, "a file name has no NUL",
        help: "leave it out")
    }
    if kind != .regular { checkSocket(path) }
    return path.value
  }

  mutating func checkSocket(_ path: Spanned<String>) {
    guard !UnixAddress.pathRange.contains(path.value.utf8.count) else { return }
    sink.error(
      DiagnosticCode(rawValue: "long-socket-path"), at: path.span,
      "the path of a socket has 1 to \(UnixAddress.pathRange.upperBound) bytes")
  }

  private mutating func decodeSyslog(_ fields: DecodedFields, into options: inout SyslogOptions) {
    let code = DiagnosticCode(rawValue: "unknown-syslog-word")
    if let node = fields["facility"],
      let word = choice(node, of: "facility", among: SyslogOptions.facilities, code: code),
      let number = SyslogOptions.facilities.firstIndex(of: word.value)
    {
      options.facility = number
    }
    if let node = fields["level"],
      let word = choice(node, of: "level", among: SyslogOptions.levels, code: code),
      let number = SyslogOptions.levels.firstIndex(of: word.value)
    {
      options.level = number
    }
    if let node = fields["identity"], let name = text(node, of: "identity") {
      if !SyslogOptions.isIdentity(name.value) {
        sink.error(
          DiagnosticCode(rawValue: "bad-identity"), at: name.span,
          "an identity has 1 to 48 printable ASCII characters without spaces, brackets and colons")
      }
      options.identity = name.value
    }
  }
}
