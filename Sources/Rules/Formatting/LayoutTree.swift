internal import Values

/// A value of a rule file together with its comments and blank lines.
final class LayoutEntry {
  /// A line that is no value.
  enum Line: Equatable {
    case blank
    case comment(String)
  }

  /// What stands there.
  enum Value {
    case scalar(YAMLScalar)
    case sequence([LayoutEntry])
    case mapping([LayoutEntry])
  }

  /// The key; items of sequences have none.
  let key: YAMLScalar?
  var value: Value
  let context: LayoutContext
  /// The bytes of the file that it takes, its key included.
  let range: Range<Int>
  /// Column of the key or of the dash of an item, from 0.
  let column: Int
  /// Whether it stands between brackets.
  let isInFlow: Bool
  /// Lines in front of it.
  var leading: [Line] = []
  /// The comments on its line.
  var trailing: [String] = []
  /// Lines behind it that belong to it by their indentation.
  var footer: [Line] = []

  init(
    key: YAMLScalar?, value: Value, context: LayoutContext, range: Range<Int>, column: Int, isInFlow: Bool
  ) {
    self.key = key
    self.value = value
    self.context = context
    self.range = range
    self.column = column
    self.isInFlow = isInFlow
  }

  /// The entries inside of it.
  var children: [LayoutEntry] {
    switch value {
    case .scalar: []
    case .sequence(let entries), .mapping(let entries): entries
    }
  }

  /// Whether it or something in it has a comment of its own.
  var hasComments: Bool { !trailing.isEmpty || hasLines || children.contains(where: \.hasComments) }

  private var hasLines: Bool { (leading + footer).contains { $0 != .blank } }
}

/// Builds the layout of a document.
struct LayoutBuilder {
  private let bytes: [UInt8]
  private let file: SourceFile

  init(_ file: SourceFile) {
    self.file = file
    bytes = file.bytes
  }

  /// The whole document as one entry without a key.
  func entry(of root: YAMLNode) -> LayoutEntry {
    entry(nil, root, .root, isInFlow: false, section: nil)
  }

  private func entry(
    _ key: YAMLScalar?, _ node: YAMLNode, _ context: LayoutContext, isInFlow: Bool, section: String?
  ) -> LayoutEntry {
    let span = node.span.range
    let start = key?.span.range.start ?? span.start
    let value: LayoutEntry.Value
    switch node {
    case .scalar(let scalar): value = .scalar(scalar)
    case .sequence(let sequence):
      let isFlow = isInFlow || opens(span, UInt8(ascii: "["))
      value = .sequence(
        sequence.items.map { entry(nil, $0, context.item, isInFlow: isFlow, section: nil) })
    case .mapping(let mapping):
      let isFlow = isInFlow || opens(span, UInt8(ascii: "{"))
      value = .mapping(
        mapping.entries.map { child in
          let name = child.key.text
          let inner = context == .names ? context.value(ofName: section ?? "") : context.value(of: name)
          return entry(child.key, child.value, inner, isInFlow: isFlow, section: name)
        })
    }
    return LayoutEntry(
      key: key, value: value, context: context, range: start..<max(start, span.end),
      column: column(of: start, isItem: key == nil), isInFlow: isInFlow)
  }

  private func opens(_ span: ByteRange, _ bracket: UInt8) -> Bool {
    span.start < bytes.count && bytes[span.start] == bracket
  }

  /// The column of an offset; of an item, that of its dash.
  private func column(of offset: Int, isItem: Bool) -> Int {
    let start = file.range(ofLine: file.line(of: offset)).lowerBound
    guard isItem else { return offset - start }
    var dash = min(offset, bytes.count)
    while dash > start, bytes[dash - 1] == 0x20 { dash -= 1 }
    return dash > start && bytes[dash - 1] == UInt8(ascii: "-") ? dash - 1 - start : offset - start
  }
}
