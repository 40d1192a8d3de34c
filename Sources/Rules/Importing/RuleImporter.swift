internal import Values

/// Translates rules of Suricata and Snort that are about SIP into a rule file.
public struct RuleImporter: Sendable {
  /// What came out.
  public struct Outcome: Sendable {
    /// The rule file; it loads and compiles without an error. Nil when no rule could be translated.
    public let yaml: String?
    /// What is to be said about each rule.
    public let report: ImportReport
  }

  /// Values of variables such as `HOME_NET`, by their names without `$`; those of the file come after them.
  public var variables: [String: String] = [:]
  /// What loading depends on, for the check of the output.
  public var options = RuleLoadingOptions()
  /// Larger files are refused, in bytes.
  public static let maximumFileSize = 64 << 20

  /// An importer without variables.
  public init() {}

  /// Reads and translates a file; a diagnostic says why it cannot be read.
  public func load(_ path: String) -> (outcome: Outcome?, diagnostics: DiagnosticReport) {
    do throws(FileProblem) {
      let bytes = try RegularFile.read(path, limit: Self.maximumFileSize)
      let file = SourceFile(path: path, bytes: bytes)
      return (translate(file), DiagnosticReport(DiagnosticSink(), sources: SourceFiles()))
    } catch {
      var sources = SourceFiles()
      var sink = DiagnosticSink()
      let id = sources.add(SourceFile(unreadPath: path))
      let place = SourceSpan(file: id, range: ByteRange())
      sink.report(error.diagnostic(for: path, limit: Self.maximumFileSize, at: place))
      return (nil, DiagnosticReport(sink, sources: sources))
    }
  }

  /// Translates a file that was read before.
  public func translate(_ file: SourceFile) -> Outcome {
    var work = ImportWork(file: file, variables: SignatureVariables(variables))
    for entry in SignatureFile.entries(of: file) { work.add(entry) }
    work.dropFaultyRules(options)
    return Outcome(yaml: work.rules.isEmpty ? nil : canonical(work.yaml, of: file), report: work.report)
  }

  private func canonical(_ yaml: String, of file: SourceFile) -> String {
    var formatter = RuleFormatter()
    formatter.options = options
    let text = SourceFile(path: file.path + ".yaml", bytes: Array(yaml.utf8))
    guard case .changed(let bytes) = formatter.format(text) else { return yaml }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// One import on its way.
private struct ImportWork {
  private let file: SourceFile
  private var variables: SignatureVariables
  private(set) var report: ImportReport
  /// The rules of the output; `position` is that of the signature in the report.
  private(set) var rules: [(rule: ImportedRule, position: Int)] = []
  private var linesBySID: [Int: Int] = [:]
  private var ids: Set<String> = []

  init(file: SourceFile, variables: SignatureVariables) {
    self.file = file
    self.variables = variables
    report = ImportReport(path: file.path)
  }

  mutating func add(_ entry: SignatureFile.Entry) {
    switch entry {
    case .variable(let name, let value): variables.define(name, value)
    case .signature(let range): add(range)
    }
  }

  private mutating func add(_ range: Range<Int>) {
    let line = file.line(of: range.lowerBound)
    do throws(SignatureFault) {
      add(try SignatureParser.parse(file.bytes, range), line: line)
    } catch {
      let finding = finding(.refused, error.place, error.message)
      report.rules.append(ImportReport.Rule(line: line, sid: nil, title: nil, id: nil, findings: [finding]))
    }
  }

  private mutating func add(_ signature: Signature, line: Int) {
    var translator = SignatureTranslator(signature, line: line, variables)
    let sid = translator.rule.sid
    if sid > 0, !translator.isRefused {
      if let earlier = linesBySID[sid] {
        let place = signature.option("sid")?.place ?? signature.action.place
        translator.remark(.refused, place, "the sid \(sid) is already used on line \(earlier)")
      } else {
        linesBySID[sid] = line
      }
    }
    let findings = translator.remarks.sorted { $0.place < $1.place }
      .map { finding($0.weight, $0.place, $0.message) }
    var entry = ImportReport.Rule(
      line: line, sid: sid > 0 ? sid : nil,
      title: translator.rule.title.isEmpty ? nil : translator.rule.title,
      id: nil, findings: findings)
    if !translator.isRefused {
      variables = translator.variables
      translator.rule.id = newID(translator.rule)
      entry.id = translator.rule.id
      rules.append((translator.rule, report.rules.count))
    }
    report.rules.append(entry)
  }

  private func finding(
    _ weight: ImportReport.Finding.Weight, _ place: Int, _ message: String
  ) -> ImportReport.Finding {
    let location = file.location(of: min(place, file.bytes.count))
    return ImportReport.Finding(
      weight: weight, line: location.line, column: location.column, message: message)
  }

  /// The title as a name, with the sid behind it when that is taken.
  private mutating func newID(_ rule: ImportedRule) -> String {
    var id = ""
    for byte in rule.title.utf8 {
      if byte.isDigit || byte.isLetter {
        id.unicodeScalars.append(UnicodeScalar(byte.isLetter ? byte | 0x20 : byte))
      } else if !id.isEmpty, !id.hasSuffix("-") {
        id += "-"
      }
      if id.utf8.count >= 80 { break }
    }
    while id.hasSuffix("-") { id.removeLast() }
    if id.isEmpty || !ids.insert(id).inserted {
      id += id.isEmpty ? "sid-\(rule.sid)" : "-\(rule.sid)"
      ids.insert(id)
    }
    return id
  }

  // MARK: Output

  /// The path without its folders, for comments.
  private var name: String {
    let last = file.path.split(separator: "/").last.map(String.init) ?? file.path
    return String(
      String.UnicodeScalarView(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value < 0x7f }))
  }

  /// The rule file.
  var yaml: String {
    var text = "# Imported from \(name) by 'ringwatch import'. Write tests before you rely on it.\n\n"
    if !usedLists.isEmpty {
      text += "lists:\n"
      for list in usedLists {
        let items = list.items.map { YAMLText.scalar($0, in: .flow) }.joined(separator: ", ")
        text += "  # \(list.comment)\n"
        text += "  \(list.name): {type: \(list.type.rawValue), items: [\(items)]}\n"
      }
      text += "\n"
    }
    return text + "rules:\n" + rules.map { $0.rule.yaml(source: name) }.joined(separator: "\n")
  }

  /// The lists that a rule of the output refers to.
  private var usedLists: [SignatureVariables.List] {
    let conditions = rules.compactMap { $0.rule.condition?.text }
    return variables.lists.filter { list in conditions.contains { $0.contains("@\(list.name)") } }
  }

  /// Loads and compiles the output and takes out what that finds fault with.
  mutating func dropFaultyRules(_ options: RuleLoadingOptions) {
    while !rules.isEmpty {
      let outcome = RuleSetLoader.load(texts: [(file.path + ".yaml", yaml)], options: options)
      var faulty: [Int: String] = [:]
      for diagnostic in outcome.report.diagnostics where diagnostic.severity == .error {
        faulty[position(of: diagnostic.span.range.start) ?? 0] = diagnostic.message
      }
      guard !faulty.isEmpty else { return }
      for (index, message) in faulty {
        let position = rules[index].position
        let line = report.rules[position].line
        report.rules[position].id = nil
        report.rules[position].findings.append(
          ImportReport.Finding(weight: .refused, line: line, column: 1, message: message))
      }
      rules = rules.enumerated().filter { faulty[$0.offset] == nil }.map(\.element)
    }
  }

  /// The rule that an offset of the output is in.
  private func position(of offset: Int) -> Int? {
    var end = yaml.utf8.count
    for index in rules.indices.reversed() {
      end -= rules[index].rule.yaml(source: name).utf8.count
      if offset >= end { return index }
      // The blank line in front of it.
      end -= 1
    }
    return nil
  }
}
