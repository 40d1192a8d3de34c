public import Values

/// A list that is ready for look-ups.
///
/// A class, so that a look-up copies no tables.
public final class RuleList: Sendable {
  /// The name, without `@`, where it is declared.
  public let name: Spanned<String>
  /// What the entries are.
  public let type: ListType
  /// Whether ASCII letters match in either case.
  public let foldsCase: Bool
  /// The entries.
  public let contents: Contents
  /// Number of entries as written; look-up structures may hold fewer, because equal ones are folded.
  public let entryCount: Int
  let notes: ListNotes

  init(
    name: Spanned<String>, type: ListType, foldsCase: Bool, contents: Contents, entryCount: Int,
    notes: ListNotes
  ) {
    (self.name, self.type, self.foldsCase) = (name, type, foldsCase)
    (self.contents, self.entryCount, self.notes) = (contents, entryCount, notes)
  }

  /// The entries in the form that look-ups of their type need.
  public enum Contents: Sendable {
    /// `cidr` and `ip`.
    case networks(NetworkTable)
    /// `prefix`.
    case prefixes(NumberPrefixTable)
    /// `text`.
    case texts(TextSet)
    /// `glob`.
    case globs(GlobSet)
    /// `regex`: what the expression compiler hands to the pattern matcher.
    case patterns([ListPattern])
    /// `number`.
    case numbers(RangeSet)
    /// `date`, as days since 1970-01-01.
    case dates(RangeSet)
    /// `country`.
    case countries(CountrySet)
  }

  /// The note beside an entry, or nil.
  public func note(of entry: ListEntryID) -> String? { notes[entry.number] }

  /// The entry for an address; nil for lists of other types. Allocates nothing.
  public func match(_ address: IPAddress, at time: Timestamp) -> ListEntryID? {
    guard case .networks(let table) = contents else { return nil }
    return table.match(address, at: time)
  }

  /// The entry for a text, by the type of the list; nil for lists that do not hold texts, and for regex.
  public func match(_ text: Span<UInt8>, at time: Timestamp) -> ListEntryID? {
    switch contents {
    case .prefixes(let table): table.match(text, at: time)
    case .texts(let set): set.match(text, at: time)
    case .globs(let set): set.match(text, at: time)
    case .countries(let set): set.match(text, at: time)
    case .networks, .patterns, .numbers, .dates: nil
    }
  }

  /// The entry for a whole number; nil for lists of other types.
  public func match(_ number: Int64, at time: Timestamp) -> ListEntryID? {
    guard case .numbers(let set) = contents else { return nil }
    return set.match(number, at: time)
  }
}

/// A regular expression of a list.
public struct ListPattern: Sendable {
  /// The pattern as written.
  public let text: String
  /// Where it stands.
  public let span: SourceSpan
  /// The first instant at which it no longer counts; the latest one when it does not expire.
  public let expiry: Timestamp
  /// What the look-up gives back.
  public let entry: ListEntryID
}
