public import Values

/// Which file of a run a place is in; the numbers are in the order of loading.
public struct SourceFileID: Hashable, Comparable, Sendable {
  /// Position in `SourceFiles`.
  public let index: Int

  init(index: Int) {
    self.index = index
  }

  /// In the order of loading.
  public static func < (left: SourceFileID, right: SourceFileID) -> Bool {
    left.index < right.index
  }
}

/// A stretch of bytes of one file: where something stands that a diagnostic can point at.
public struct SourceSpan: Hashable, Sendable {
  /// The file.
  public var file: SourceFileID
  /// The bytes; an empty range is a place between two bytes.
  public var range: ByteRange

  /// A stretch of a file.
  public init(file: SourceFileID, range: ByteRange) {
    self.file = file
    self.range = range
  }

  /// The stretch from the start of this one to the end of another one in the same file.
  public func joined(with other: SourceSpan) -> SourceSpan {
    SourceSpan(file: file, range: ByteRange(range.start, max(range.end, other.range.end)))
  }
}

/// A place as people count it.
public struct SourceLocation: Hashable, Sendable {
  /// Line, from 1.
  public let line: Int
  /// Column in Unicode scalars, from 1; a tab is one.
  public let column: Int
}

/// A value together with the place in a file that it was read from.
public struct Spanned<Value> {
  /// What was read.
  public var value: Value
  /// Where it stands.
  public var span: SourceSpan

  /// A value read from a place.
  public init(_ value: Value, at span: SourceSpan) {
    self.value = value
    self.span = span
  }
}

extension Spanned: Sendable where Value: Sendable {}
extension Spanned: Equatable where Value: Equatable {}
extension Spanned: Hashable where Value: Hashable {}
