internal import Values

/// The text of an expression as the rule means it, with a map from each of its bytes to the file.
public struct ExpressionSource: Sendable {
  /// A stretch of text that stands in the file byte for byte, or one escape.
  public struct Segment: Hashable, Sendable {
    /// Offset in the UTF-8 text.
    public let textOffset: Int
    /// Offset in the file.
    public let fileOffset: Int
    /// Whether bytes advance together; an escape or a fold is a segment of its own.
    public let isVerbatim: Bool
  }

  /// The expression.
  public let text: String
  /// The place of the whole value in the file, quotes included.
  public let span: SourceSpan
  private let segments: [Segment]

  init(text: String, span: SourceSpan, segments: [Segment]) {
    self.text = text
    self.span = span
    self.segments = segments
  }

  /// The place in the file of a range of UTF-8 offsets of `text`.
  public func span(of range: Range<Int>) -> SourceSpan {
    let start = fileOffset(of: range.lowerBound)
    let end = range.isEmpty ? start : fileEnd(of: range.upperBound)
    return SourceSpan(file: span.file, range: ByteRange(start, max(start, end)))
  }

  /// The place in the file of one UTF-8 offset of `text`; the end of the text is a place too.
  public func fileOffset(of textOffset: Int) -> Int {
    guard let segment = segment(at: textOffset) else { return span.range.start }
    guard segment.isVerbatim else { return segment.fileOffset }
    return segment.fileOffset + textOffset - segment.textOffset
  }

  /// The place one past the last byte before `textOffset`.
  private func fileEnd(of textOffset: Int) -> Int {
    let last = textOffset - 1
    guard let segment = segment(at: last), segment.isVerbatim else { return fileOffset(of: textOffset) }
    return segment.fileOffset + last - segment.textOffset + 1
  }

  private func segment(at textOffset: Int) -> Segment? {
    var low = 0
    var high = segments.count
    guard high > 0 else { return nil }
    while high - low > 1 {
      let middle = (low + high) / 2
      if segments[middle].textOffset <= textOffset { low = middle } else { high = middle }
    }
    return segments[low]
  }
}
