/// One rule file as it stands, with the shapes checked.
struct RuleDocument: Sendable {
  /// The file.
  let file: SourceFileID
  /// `lists`, in the order of the file.
  var lists: [ListDeclaration] = []
  /// `schedules`.
  var schedules: [ScheduleDeclaration] = []
  /// `macros`.
  var macros: [MacroDeclaration] = []
  /// `rules`.
  var rules: [RuleDeclaration] = []
  /// Names of lists, schedules and macros that stand in the file but are too broken to use: who refers to
  /// them deserves no second error.
  var brokenNames: Set<String> = []

  init(file: SourceFileID) {
    self.file = file
  }
}

/// What kind of entries a list has: RULES.md section 6.11.
public enum ListType: String, Hashable, Sendable, CaseIterable {
  /// Address blocks.
  case cidr
  /// Single addresses.
  case ip
  /// Beginnings of telephone numbers.
  case prefix
  /// Whole texts.
  case text
  /// Texts with `*` and `?`.
  case glob
  /// Regular expressions.
  case regex
  /// Whole numbers and ranges of them.
  case number
  /// Days and ranges of them.
  case date
  /// ISO 3166-1 alpha-2 codes.
  case country

  /// Whether `fold_case` means anything.
  var canFoldCase: Bool { self == .text || self == .glob || self == .regex }
}

/// One entry of `lists`.
struct ListDeclaration: Sendable {
  /// The name, without `@`.
  var name: Spanned<String>
  /// What the entries are.
  var type: ListType
  /// Entries in the rule file.
  var items: [Spanned<String>]
  /// The path of a list file, relative to the rule file.
  var path: Spanned<String>?
  /// Whether ASCII letters match in either case.
  var foldsCase: Bool
  /// Entries that an override adds.
  var added: [Spanned<String>] = []
  /// Entries that an override takes out, as they are written.
  var removed: [Spanned<String>] = []

  /// Whether another declaration of the name says the same, word for word; the files are compared by the caller.
  func says(whatIsSaidBy other: ListDeclaration) -> Bool {
    type == other.type && foldsCase == other.foldsCase && items.map(\.value) == other.items.map(\.value)
  }
}

/// One entry of `schedules`.
struct ScheduleDeclaration: Sendable {
  /// The name.
  var name: Spanned<String>
  /// The IANA zone.
  var zone: Spanned<String>
  /// It is on when any of these is.
  var windows: [ScheduleWindowDeclaration]
}

/// One entry of `any_of`.
struct ScheduleWindowDeclaration: Sendable {
  /// Bit 0 is Sunday; all seven when the window does not say.
  var weekdays: UInt8
  /// First minute of the day.
  var startMinute: Int
  /// One past the last minute, at most 1440; not after the start when the window wraps past midnight.
  var endMinute: Int
  /// The list of type date that names the days.
  var dates: Spanned<String>?
  /// The whole window.
  var span: SourceSpan
}
