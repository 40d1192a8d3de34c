internal import Values

/// Loads rule files and everything that they refer to, and checks all that can be checked without knowing
/// expressions.
public struct RuleLoader: Sendable {
  /// What loading depends on besides the files.
  public var options: RuleLoadingOptions

  /// A loader.
  public init(options: RuleLoadingOptions = RuleLoadingOptions()) {
    self.options = options
  }

  /// Loads files, and folders with every `*.yaml` and `*.yml` below them in sorted order.
  ///
  /// A file that is reached twice is loaded once. All faults of all files are in the result; it can be
  /// used when there is no error among them.
  public func load(_ paths: [String]) -> LoadedRules {
    var assembly = RuleAssembly(options: options)
    var finder = RuleFileFinder()
    for path in paths { finder.add(path) }
    for found in finder.found {
      switch found {
      case .file(let path): assembly.readFile(path)
      case .nothing(let path, let diagnostic): assembly.report(path, diagnostic)
      }
    }
    assembly.note(finder.folders)
    return assembly.finish()
  }

  /// Loads files that were read before; list files are still read from disk, relative to their paths.
  public func load(files: [SourceFile]) -> LoadedRules {
    var assembly = RuleAssembly(options: options)
    for file in files { assembly.read(file) }
    return assembly.finish()
  }
}

/// A set of rule files on its way to `LoadedRules`.
private struct RuleAssembly {
  private let options: RuleLoadingOptions
  private var loaded = LoadedRules()
  private var roots: [(file: SourceFileID, node: YAMLNode)] = []
  private var documents: [RuleDocument] = []
  private var overrides = RuleOverrides()

  init(options: RuleLoadingOptions) {
    self.options = options
    loaded.words = FieldWords(words: options.words)
  }

  /// Reports a fault of a path that could not be read.
  mutating func report(_ path: String, _ diagnostic: (SourceSpan) -> RuleDiagnostic) {
    let id = loaded.sources.add(SourceFile(unreadPath: path))
    loaded.diagnostics.report(diagnostic(SourceSpan(file: id, range: ByteRange())))
  }

  /// Remembers the folders that were searched.
  mutating func note(_ folders: [String]) { loaded.furtherPaths += folders }

  mutating func readFile(_ path: String) {
    let limit = options.maximumRuleFileSize
    do throws(FileProblem) {
      read(SourceFile(path: path, bytes: try RegularFile.read(path, limit: limit)))
    } catch .tooLarge(let beginning, let size) {
      let id = loaded.sources.add(SourceFile(path: path, bytes: beginning))
      let place = SourceSpan(file: id, range: ByteRange(limit, limit + 1))
      let problem = FileProblem.tooLarge(beginning: [], size: size)
      loaded.diagnostics.report(problem.diagnostic(for: path, limit: limit, at: place))
    } catch {
      report(path) { error.diagnostic(for: path, limit: limit, at: $0) }
    }
  }

  mutating func read(_ file: SourceFile) {
    let id = loaded.sources.add(file)
    guard let root = options.yaml.read(id, of: loaded.sources, diagnostics: &loaded.diagnostics) else {
      return
    }
    roots.append((id, root))
  }

  /// Gives the files their shape: overrides of all files first, since rules ask for their parameters.
  private mutating func decode() {
    for (file, root) in roots {
      var nodes = NodeDecoder(file: loaded.sources[file])
      overrides.add(nodes.overrides(root), loaded.sources, &nodes.sink)
      for diagnostic in nodes.sink.diagnostics { loaded.diagnostics.report(diagnostic) }
    }
    for (file, root) in roots {
      documents.append(
        RuleDocumentDecoder.decode(
          root, file: file, of: loaded.sources, overrides: overrides, diagnostics: &loaded.diagnostics))
    }
  }

  /// Puts the documents together.
  mutating func finish() -> LoadedRules {
    loaded.ruleFileCount = loaded.sources.files.count
    decode()
    for document in documents { loaded.brokenNames.formUnion(document.brokenNames) }
    takeRules()
    takeMacros()
    checkParameterNames()
    takeLists()
    takeSchedules()
    checkScheduleReferences()
    return loaded
  }

  private mutating func takeRules() {
    var ids: [String: SourceSpan] = [:]
    var sids: [Int: SourceSpan] = [:]
    loaded.rules = documents.flatMap(\.rules)
    for rule in loaded.rules {
      if !rule.id.value.isEmpty {
        _ = isNew(rule.id, in: &ids, .duplicateID) { "the rule id \($0.quoted)" }
      }
      if rule.sid.value != 0 {
        _ = isNew(rule.sid, in: &sids, .duplicateSID) { "the sid \($0)" }
      }
    }
    overrides.apply(to: &loaded.rules, &loaded.diagnostics)
  }

  /// A name after `$` means one thing.
  private mutating func checkParameterNames() {
    var macros: [String: SourceSpan] = [:]
    for macro in loaded.macros { macros[macro.name.value] = macro.name.span }
    for parameter in loaded.rules.flatMap(\.parameters) {
      _ = isNew(parameter.name, in: &macros, .duplicateName) { "the name \($0.quoted)" }
      if let span = macros[parameter.name.value], span == parameter.name.span {
        macros[parameter.name.value] = nil
      }
    }
  }

  private mutating func takeMacros() {
    var names: [String: SourceSpan] = [:]
    for macro in documents.flatMap(\.macros) {
      guard isNew(macro.name, in: &names, .duplicateName, { "the macro \($0.quoted)" }) else { continue }
      loaded.macros.append(macro)
    }
  }

  private mutating func takeLists() {
    var names: [String: SourceSpan] = [:]
    var taken: [String: ListDeclaration] = [:]
    for list in documents.flatMap(\.lists) {
      // Files that can be used alone each bring the lists that they need.
      if let other = taken[list.name.value], isSame(list, other) { continue }
      guard isNew(list.name, in: &names, .duplicateName, { "the list \($0.quoted)" }) else { continue }
      taken[list.name.value] = list
      take(list, overrides.lists[list.name.value])
    }
    for name in overrides.lists.values.map(\.name) where taken[name.value] == nil {
      reportUnknown("list", name, among: taken.keys.sorted(), .unknownList)
    }
  }

  private mutating func take(_ declared: ListDeclaration, _ override: ListOverride?) {
    let list = override?.applied(to: declared) ?? declared
    if override != nil { loaded.overriddenLists.insert(loaded.lists.count) }
    var builder = ListBuilder(list, dialPlan: options.dialPlan, hashSeed: options.hashSeed)
    builder.addItems(&loaded.diagnostics)
    if let path = list.path {
      readList(path, of: list, into: &builder)
    } else if builder.isEmpty, override == nil {
      loaded.diagnostics.warning(
        .emptyList, at: list.name.span, "the list \(list.name.value.quoted) is empty: nothing is in it",
        help: "a comparison with it is never true")
    }
    loaded.lists.append(builder.build(&loaded.diagnostics))
  }

  /// Whether two declarations of a name are of one list.
  private func isSame(_ list: ListDeclaration, _ other: ListDeclaration) -> Bool {
    list.says(whatIsSaidBy: other) && list.path.map(resolved) == other.path.map(resolved)
  }

  /// A path relative to the folder of the rule file that names it.
  private func resolved(_ path: Spanned<String>) -> String {
    let file = loaded.sources[path.span.file].path
    guard !path.value.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path.value }
    return String(file[...slash]) + path.value
  }

  private mutating func readList(
    _ path: Spanned<String>, of list: ListDeclaration, into builder: inout ListBuilder
  ) {
    let resolved = resolved(path)
    do throws(FileProblem) {
      let bytes = try RegularFile.read(resolved, limit: options.maximumListFileSize)
      let id = loaded.sources.add(SourceFile(path: resolved, bytes: bytes))
      if bytes.allSatisfy({ $0 <= 0x20 }) {
        loaded.diagnostics.warning(
          .emptyList, at: path.span, "the file of the list \(list.name.value.quoted) is empty",
          help: "was it written as a whole? A list that is empty on purpose says so in a '#' comment")
      }
      let before = loaded.diagnostics.diagnostics.count
      builder.addLines(of: id, bytes, &loaded.diagnostics)
      // A good list is not quoted again, and it may be large; patterns are checked later.
      if loaded.diagnostics.diagnostics.count == before, list.type != .regex {
        loaded.sources.dropText(of: id)
      }
    } catch {
      loaded.furtherPaths.append(resolved)
      loaded.diagnostics.report(
        error.diagnostic(for: resolved, limit: options.maximumListFileSize, at: path.span))
    }
  }

  /// Whether a name is used for the first time; reports it otherwise.
  private mutating func isNew<Name: Hashable>(
    _ name: Spanned<Name>, in names: inout [Name: SourceSpan], _ code: DiagnosticCode,
    _ describe: (Name) -> String
  ) -> Bool {
    guard let earlier = names[name.value] else {
      names[name.value] = name.span
      return true
    }
    let file = loaded.sources[earlier.file]
    let place = file.location(of: earlier.range.start)
    loaded.diagnostics.error(
      code, at: name.span,
      "\(describe(name.value)) is already used at \(file.path):\(place.line):\(place.column)",
      help: "give each its own, or remove one; all files of a run share them")
    return false
  }
}

// MARK: - Schedules

extension RuleAssembly {
  private mutating func takeSchedules() {
    var names: [String: SourceSpan] = [:]
    var zones: [String: ZoneTransitions] = [:]
    for declaration in documents.flatMap(\.schedules) {
      guard
        isNew(declaration.name, in: &names, .duplicateName, { "the schedule \($0.quoted)" })
      else { continue }
      let override = overrides.schedules[declaration.name.value]
      let declaration = override?.applied(to: declaration) ?? declaration
      let windows = declaration.windows.map { window($0) }
      guard let zone = zone(declaration.zone, &zones), windows.allSatisfy({ $0 != nil }) else {
        loaded.brokenNames.insert(declaration.name.value)
        continue
      }
      if override != nil || declaration.windows.contains(where: { hasOverriddenDays($0) }) {
        loaded.overriddenSchedules.insert(declaration.name.value)
      }
      loaded.schedules.append(
        Schedule(
          name: declaration.name, zoneName: declaration.zone.value, zone: zone,
          windows: windows.compactMap { $0 }))
    }
    for name in overrides.schedules.values.map(\.name) where names[name.value] == nil {
      reportUnknown("schedule", name, among: names.keys.sorted(), .unknownSchedule)
    }
  }

  private func hasOverriddenDays(_ window: ScheduleWindowDeclaration) -> Bool {
    window.dates.flatMap { loaded.listIndex(named: $0.value) }.map(loaded.overriddenLists.contains) ?? false
  }

  private mutating func zone(
    _ name: Spanned<String>, _ known: inout [String: ZoneTransitions]
  ) -> ZoneTransitions? {
    if let zone = known[name.value] { return zone }
    do throws(ZoneDatabase.Problem) {
      let zone = try ZoneDatabase(folder: options.zoneFolder).zone(named: name.value)
      known[name.value] = zone
      return zone
    } catch {
      loaded.diagnostics.report(error.diagnostic(for: name))
    }
    return nil
  }

  private mutating func window(_ declaration: ScheduleWindowDeclaration) -> Schedule.Window? {
    var window = Schedule.Window(
      weekdays: declaration.weekdays, start: Int64(declaration.startMinute) * 60,
      end: Int64(declaration.endMinute) * 60)
    guard let name = declaration.dates else { return window }
    if let index = loaded.listIndex(named: name.value) {
      guard case .dates(let dates) = loaded.lists[index].contents else {
        loaded.diagnostics.error(
          .wrongType, at: name.span,
          "the list \(name.value.quoted) is of type \(loaded.lists[index].type.rawValue), not date")
        return nil
      }
      window.dates = dates
      loaded.scheduleLists.insert(index)
      return window
    }
    reportUnknown(
      "list", name, among: loaded.lists.filter { $0.type == .date }.map(\.name.value), .unknownList)
    return nil
  }

  private mutating func checkScheduleReferences() {
    let names = loaded.schedules.map(\.name.value)
    for rule in loaded.rules {
      guard let schedule = rule.schedule, let name = rule.scheduleName, !names.contains(name)
      else { continue }
      reportUnknown("schedule", Spanned(name, at: schedule.span), among: names, .unknownSchedule)
    }
  }

  private mutating func reportUnknown(
    _ kind: String, _ name: Spanned<String>, among names: [String], _ code: DiagnosticCode
  ) {
    guard !loaded.brokenNames.contains(name.value) else { return }
    let suggestion = Suggestion.phrase(for: name.value, among: names + loaded.brokenNames.sorted())
    loaded.diagnostics.error(code, at: name.span, "unknown \(kind) \(name.value.quoted)\(suggestion)")
  }
}
