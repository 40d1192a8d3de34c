internal import Values

/// Decodes one rule file.
struct RuleDocumentDecoder {
  var nodes: NodeDecoder
  private var document: RuleDocument

  /// The document in a node; what is broken in it is reported and left out.
  static func decode(
    _ root: YAMLNode, file id: SourceFileID, of sources: SourceFiles,
    overrides: RuleOverrides = RuleOverrides(),
    diagnostics: inout DiagnosticSink
  ) -> RuleDocument {
    var decoder = RuleDocumentDecoder(file: id, sources: sources)
    decoder.nodes.overrides = overrides.byRule
    decoder.decode(root)
    for diagnostic in decoder.nodes.sink.diagnostics { diagnostics.report(diagnostic) }
    return decoder.document
  }

  private init(file: SourceFileID, sources: SourceFiles) {
    nodes = NodeDecoder(file: sources[file])
    document = RuleDocument(file: file)
  }

  private mutating func decode(_ root: YAMLNode) {
    guard let fields = nodes.fields(root, of: "rule file", keys: RuleSchema.topLevel) else { return }
    for entry in entries(fields["lists"], of: "lists") {
      guard let list = list(entry) else { continue }
      document.lists.append(list)
    }
    for entry in entries(fields["schedules"], of: "schedules") {
      guard let schedule = schedule(entry) else { continue }
      document.schedules.append(schedule)
    }
    for entry in entries(fields["macros"], of: "macros") {
      guard let macro = macro(entry) else { continue }
      document.macros.append(macro)
    }
    guard let rules = fields["rules"], let items = nodes.items(rules, of: "rules") else { return }
    for item in items {
      guard let rule = nodes.rule(item) else { continue }
      document.rules.append(rule)
    }
  }

  private mutating func entries(_ node: YAMLNode?, of what: String) -> [YAMLEntry] {
    guard let node, let mapping = nodes.mapping(node, of: what) else { return [] }
    return mapping.entries
  }

  private mutating func macro(_ entry: YAMLEntry) -> MacroDeclaration? {
    guard let name = nodes.name(entry.key, of: "macro") else { return nil }
    guard let body = nodes.expression(entry.value, of: name.value) else {
      document.brokenNames.insert(name.value)
      return nil
    }
    return MacroDeclaration(name: name, body: body)
  }

  private mutating func list(_ entry: YAMLEntry) -> ListDeclaration? {
    guard let name = nodes.name(entry.key, of: "list") else { return nil }
    guard let list = nodes.list(entry.value, name: name) else {
      document.brokenNames.insert(name.value)
      return nil
    }
    return list
  }

  private mutating func schedule(_ entry: YAMLEntry) -> ScheduleDeclaration? {
    guard let name = nodes.name(entry.key, of: "schedule") else { return nil }
    guard let schedule = nodes.schedule(entry.value, name: name) else {
      document.brokenNames.insert(name.value)
      return nil
    }
    return schedule
  }
}

extension NodeDecoder {
  mutating func list(_ node: YAMLNode, name: Spanned<String>) -> ListDeclaration? {
    guard let fields = fields(node, of: "list", keys: RuleSchema.list) else { return nil }
    let words = ListType.allCases.map(\.rawValue)
    guard let typeNode = required("type", in: fields),
      let word = choice(typeNode, of: "list type", among: words, code: .unknownListType),
      let type = ListType(rawValue: word.value)
    else { return nil }
    guard fields["items"] != nil || fields["file"] != nil else {
      sink.error(.missingKey, at: name.span, "list \(name.value.quoted) has neither 'items' nor 'file'")
      return nil
    }
    let foldsCase = fields["fold_case"].flatMap { boolean($0, of: "fold_case") } ?? false
    if foldsCase, !type.canFoldCase, let key = fields.key("fold_case") {
      sink.error(
        .conflictingKeys, at: key.span, "'fold_case' means nothing for a list of type \(type.rawValue)")
    }
    return ListDeclaration(
      name: name, type: type, items: fields["items"].flatMap { texts($0, of: "items") } ?? [],
      path: fields["file"].flatMap { text($0, of: "file") }, foldsCase: foldsCase)
  }

  mutating func schedule(_ node: YAMLNode, name: Spanned<String>) -> ScheduleDeclaration? {
    guard let fields = fields(node, of: "schedule", keys: RuleSchema.schedule) else { return nil }
    let zone = required("zone", in: fields).flatMap { text($0, of: "zone") }
    let windows = required("any_of", in: fields).flatMap { scheduleWindows($0) }
    guard let zone, let windows else { return nil }
    return ScheduleDeclaration(name: name, zone: zone, windows: windows)
  }

  /// The entries of `any_of`; nil when any of them is broken.
  mutating func scheduleWindows(_ node: YAMLNode) -> [ScheduleWindowDeclaration]? {
    guard let items = items(node, of: "any_of") else { return nil }
    guard !items.isEmpty else {
      sink.error(.wrongType, at: node.span, "'any_of' has no entry, so the schedule is never on")
      return nil
    }
    let windows = items.map { scheduleWindow($0) }
    return windows.allSatisfy { $0 != nil } ? windows.compactMap { $0 } : nil
  }

  private mutating func scheduleWindow(_ node: YAMLNode) -> ScheduleWindowDeclaration? {
    guard let fields = fields(node, of: "schedule window", keys: RuleSchema.scheduleWindow) else {
      return nil
    }
    guard !fields.mapping.entries.isEmpty else {
      sink.error(.wrongType, at: node.span, "a schedule window needs 'days', 'hours' or 'dates'")
      return nil
    }
    var window = ScheduleWindowDeclaration(
      weekdays: 0x7f, startMinute: 0, endMinute: 1440, dates: nil, span: node.span)
    if let days = fields["days"] {
      guard let weekdays = weekdays(days) else { return nil }
      window.weekdays = weekdays
    }
    if let hours = fields["hours"] {
      guard let text = scalar(hours, of: "hours"), let range = self.hours(text) else { return nil }
      (window.startMinute, window.endMinute) = range
    }
    if let dates = fields["dates"] {
      guard let list = text(dates, of: "dates") else { return nil }
      window.dates = list
    }
    return window
  }

  private mutating func weekdays(_ node: YAMLNode) -> UInt8? {
    guard let words = texts(node, of: "days") else { return nil }
    var bits: UInt8 = 0
    var isWhole = !words.isEmpty
    if words.isEmpty { sink.error(.badWeekday, at: node.span, "'days' is empty") }
    for word in words {
      if let day = RuleSchema.weekdays.firstIndex(of: word.value) {
        bits |= 1 << UInt8(day)
        continue
      }
      let short = String(word.value.lowercased().prefix(3))
      let suggestion = Suggestion.phrase(for: short, among: RuleSchema.weekdays)
      sink.error(
        .badWeekday, at: word.span, "unknown day \(word.value.quoted)\(suggestion)",
        help: "known: \(RuleSchema.weekdays.joined(separator: ", "))")
      isWhole = false
    }
    return isWhole ? bits : nil
  }

  /// `20:00-07:00` in minutes of the day.
  private mutating func hours(_ scalar: YAMLScalar) -> (start: Int, end: Int)? {
    let parts = scalar.text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = Self.minutes(parts[0]), let end = Self.minutes(parts[1]),
      start < 1440, end > 0
    else {
      sink.error(
        .badHours, at: scalar.span, "\(scalar.text.quoted) is no range of hours",
        help: "write \"20:00-07:00\"; the start is included, the end is not, a whole day is \"00:00-24:00\"")
      return nil
    }
    guard start != end else {
      sink.error(
        .badHours, at: scalar.span, "the hours start and end at the same time",
        help: "a whole day is \"00:00-24:00\"")
      return nil
    }
    return (start, end)
  }

  /// Minutes of the day of `HH:MM`, 0–1440, or nil.
  private static func minutes(_ text: Substring) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
    let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - 0x30 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard minute < 60, hour < 24 || (hour == 24 && minute == 0) else { return nil }
    return hour * 60 + minute
  }
}
