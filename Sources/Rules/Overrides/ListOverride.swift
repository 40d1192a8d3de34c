internal import Values

/// An entry of `lists` in `overrides`: what a site says of a list that it does not want to edit.
struct ListOverride: Sendable {
  /// The list, without `@`.
  var name: Spanned<String>
  /// What it sets, with places.
  var keys: [Spanned<String>] = []
  /// In the place of all entries that the list has.
  var items: [Spanned<String>]?
  /// A file in the place of all entries that the list has, relative to the file of the override.
  var path: Spanned<String>?
  /// Besides the entries of the list.
  var added: [Spanned<String>] = []
  /// Entries that the list does not have here, as they are written in it.
  var removed: [Spanned<String>] = []

  /// Takes what another override of the list says.
  mutating func join(_ other: ListOverride) {
    keys += other.keys
    items = other.items ?? items
    path = other.path ?? path
    added += other.added
    removed += other.removed
  }

  /// The list as it is here.
  func applied(to list: ListDeclaration) -> ListDeclaration {
    var list = list
    if items != nil || path != nil { (list.items, list.path) = (items ?? [], path) }
    list.added = added
    list.removed = removed
    return list
  }
}

/// An entry of `schedules` in `overrides`.
struct ScheduleOverride: Sendable {
  var name: Spanned<String>
  /// What it sets, with places.
  var keys: [Spanned<String>] = []
  var zone: Spanned<String>?
  /// In the place of all windows.
  var windows: [ScheduleWindowDeclaration]?

  /// Takes what another override of the schedule says.
  mutating func join(_ other: ScheduleOverride) {
    keys += other.keys
    zone = other.zone ?? zone
    windows = other.windows ?? windows
  }

  /// The schedule as it is here.
  func applied(to schedule: ScheduleDeclaration) -> ScheduleDeclaration {
    var schedule = schedule
    schedule.zone = zone ?? schedule.zone
    schedule.windows = windows ?? schedule.windows
    return schedule
  }
}

extension RuleSchema {
  /// What of `overrides` is no rule.
  static let overriddenSections = ["lists", "schedules"]
  static let listOverride = ["items", "file", "add", "remove"]
}

extension NodeDecoder {
  mutating func listOverride(_ entry: YAMLEntry) -> ListOverride? {
    guard let name = name(entry.key, of: "list"),
      let fields = fields(entry.value, of: "override of a list", keys: RuleSchema.listOverride)
    else { return nil }
    var override = ListOverride(name: name, keys: keys(of: fields, name: name))
    override.items = fields["items"].flatMap { texts($0, of: "items") }
    override.path = fields["file"].flatMap { text($0, of: "file") }
    override.added = fields["add"].flatMap { texts($0, of: "add") } ?? []
    override.removed = fields["remove"].flatMap { texts($0, of: "remove") } ?? []
    return override
  }

  mutating func scheduleOverride(_ entry: YAMLEntry) -> ScheduleOverride? {
    guard let name = name(entry.key, of: "schedule"),
      let fields = fields(entry.value, of: "override of a schedule", keys: RuleSchema.schedule)
    else { return nil }
    var override = ScheduleOverride(name: name, keys: keys(of: fields, name: name))
    override.zone = fields["zone"].flatMap { text($0, of: "zone") }
    override.windows = fields["any_of"].flatMap { scheduleWindows($0) }
    return override
  }

  /// What an override sets; one that sets nothing is a mistake.
  private mutating func keys(of fields: DecodedFields, name: Spanned<String>) -> [Spanned<String>] {
    if fields.mapping.entries.isEmpty {
      sink.error(.missingKey, at: name.span, "the override of \(name.value.quoted) says nothing")
    }
    return fields.mapping.entries.map { Spanned($0.key.text, at: $0.key.span) }
  }
}
