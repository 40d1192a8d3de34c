internal import Values

/// Writes a layout in the canonical form.
struct LayoutWriter {
  /// The longest line for collections in collections; flat ones may be longer.
  static let width = 120

  private let file: SourceFile
  private var lines: [String] = []

  /// The canonical text of a document.
  static func text(_ root: LayoutEntry, footer: [LayoutEntry.Line], of file: SourceFile) -> String {
    var writer = LayoutWriter(file: file)
    writer.writeHeader(root)
    writer.writeEntries(root, indentation: 0)
    writer.write(footer, indentation: 0)
    while writer.lines.last?.isEmpty ?? false { writer.lines.removeLast() }
    return writer.lines.drop { $0.isEmpty }.map { $0 + "\n" }.joined()
  }

  private init(file: SourceFile) {
    self.file = file
  }

  // MARK: Blocks

  /// The comments at the top of a file stay there, whatever its sections are sorted into: those that a blank
  /// line divides from the first section.
  private mutating func writeHeader(_ root: LayoutEntry) {
    guard let first = root.children.first, let blank = first.leading.lastIndex(of: .blank) else { return }
    write(Array(first.leading[...blank]), indentation: 0)
    first.leading.removeFirst(blank + 1)
  }

  private mutating func writeEntries(_ parent: LayoutEntry, indentation: Int) {
    switch parent.value {
    case .scalar(let scalar):
      if !scalar.isEmpty { lines.append(inline(scalar, .block)) }
    case .sequence(let items):
      if items.isEmpty { lines.append("[]") }
      for (index, item) in items.enumerated() {
        writeLeading(item.leading, indentation, isFirst: index == 0)
        writeItem(item, indentation)
        write(item.footer, indentation: indentation)
      }
    case .mapping(let entries):
      if entries.isEmpty { lines.append("{}") }
      for (index, entry) in Self.ordered(entries, parent.context).enumerated() {
        if parent.context == .root, index > 0, entry.leading.first != .blank {
          write([.blank], indentation: 0)
        }
        writeLeading(entry.leading, indentation, isFirst: index == 0)
        write(entry, "", indentation)
        write(entry.footer, indentation: indentation)
      }
    }
  }

  /// Entries by the order of their context; those that it does not name come last, in their own order.
  static func ordered(_ entries: [LayoutEntry], _ context: LayoutContext) -> [LayoutEntry] {
    guard let order = context.order else { return entries }
    let ranks = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let rank = { (entry: LayoutEntry) in ranks[entry.key?.text ?? ""] ?? order.count }
    return entries.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
      .map(\.element)
  }

  /// Lines in front of an entry; nothing is blank behind what opens a block.
  private mutating func writeLeading(_ leading: [LayoutEntry.Line], _ indentation: Int, isFirst: Bool) {
    write(isFirst ? Array(leading.drop { $0 == .blank }) : leading, indentation: indentation)
  }

  private mutating func write(_ extra: [LayoutEntry.Line], indentation: Int) {
    for line in extra {
      switch line {
      case .blank: if lines.last?.isEmpty == false { lines.append("") }
      case .comment(let text): lines.append(Self.blanks(indentation) + text)
      }
    }
  }

  private mutating func writeItem(_ item: LayoutEntry, _ indentation: Int) {
    guard case .mapping(let entries) = item.value, !entries.isEmpty, !fitsInline(item, indentation + 2) else {
      return write(item, "- ", indentation)
    }
    // The first key stands behind the dash, so what is in front of it stands in front of the dash.
    for (index, entry) in Self.ordered(entries, item.context).enumerated() {
      if index == 0 {
        write(Array(entry.leading.drop { $0 == .blank }), indentation: indentation)
        write(item.trailing.map { .comment($0) }, indentation: indentation)
        write(entry, "- ", indentation)
        write(entry.footer, indentation: indentation + 2)
      } else {
        write(entry.leading, indentation: indentation + 2)
        write(entry, "", indentation + 2)
        write(entry.footer, indentation: indentation + 2)
      }
    }
  }

  /// One entry, its key and a dash in front of it included.
  private mutating func write(_ entry: LayoutEntry, _ dash: String, _ indentation: Int) {
    let inner = indentation + dash.utf8.count
    var start = Self.blanks(indentation) + dash
    if let key = entry.key { start += Self.key(key, .block) + ":" }
    let separator = entry.key == nil ? "" : " "
    if case .scalar(let scalar) = entry.value {
      if let block = blockScalar(scalar, inner) {
        lines.append(start + separator + block.header + Self.trailing(entry))
        lines += block.lines
      } else if scalar.isEmpty {
        lines.append(start + Self.trailing(entry))
      } else {
        lines.append(start + separator + inline(scalar, .block) + Self.trailing(entry))
      }
    } else if fitsInline(entry, start.unicodeScalars.count + separator.utf8.count), let flow = flow(entry) {
      lines.append(start + separator + flow + Self.trailing(entry))
    } else if entry.key == nil {
      // A list inside a list.
      lines.append(start.dropLast() + Self.trailing(entry))
      writeEntries(entry, indentation: inner)
    } else {
      lines.append(start + Self.trailing(entry))
      writeEntries(entry, indentation: inner + 2)
    }
  }

  private static func trailing(_ entry: LayoutEntry) -> String {
    entry.trailing.map { "  " + $0 }.joined()
  }

  static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  // MARK: Inline

  /// Whether a collection is written between brackets on a line that has some columns already.
  private func fitsInline(_ entry: LayoutEntry, _ used: Int) -> Bool {
    if entry.children.isEmpty { return true }
    guard !entry.context.isAlwaysBlock, !entry.children.contains(where: \.hasComments), let flow = flow(entry)
    else { return false }
    let width = used + flow.unicodeScalars.count
    switch entry.value {
    case .scalar: return true
    case .sequence(let items):
      guard items.count == 1, case .mapping = items[0].value else { return width <= Self.width }
      return width <= entry.context.flatWidth
    case .mapping(let entries):
      let isFlat = entries.allSatisfy { $0.children.allSatisfy(\.children.isEmpty) }
      return width <= (isFlat ? entry.context.flatWidth : Self.width)
    }
  }

  /// A value on one line, or nil when that cannot be.
  private func flow(_ entry: LayoutEntry) -> String? {
    switch entry.value {
    case .scalar(let scalar):
      guard scalar.style != .literal, scalar.style != .folded else { return nil }
      // A text that needs no quotes on a line of its own gets none for being put between brackets.
      if scalar.style == .plain, !scalar.isEmpty, !YAMLText.isPlain(scalar.text, in: .flow) { return nil }
      return inline(scalar, .flow)
    case .sequence(let items):
      let parts = items.compactMap { flow($0) }
      return parts.count == items.count ? "[\(parts.joined(separator: ", "))]" : nil
    case .mapping(let entries):
      var parts: [String] = []
      for child in Self.ordered(entries, entry.context) {
        guard let key = child.key, let value = flow(child) else { return nil }
        parts.append(Self.key(key, .flow) + ":" + (value.isEmpty ? "" : " " + value))
      }
      return "{\(parts.joined(separator: ", "))}"
    }
  }

  private static func key(_ key: YAMLScalar, _ context: YAMLText.Context) -> String {
    let first = key.text.utf8.first ?? 0
    let isPlain = (key.style == .plain || first.isLetter) && YAMLText.isPlain(key.text, in: context)
    return isPlain ? key.text : YAMLText.quoted(key.text)
  }

  /// A scalar on one line; what was quoted stays quoted, for other readers may guess.
  private func inline(_ scalar: YAMLScalar, _ context: YAMLText.Context) -> String {
    if scalar.isEmpty { return "" }
    if scalar.style == .plain, YAMLText.isPlain(scalar.text, in: context) { return scalar.text }
    return YAMLText.quoted(scalar.text)
  }

  // MARK: Block scalars

  /// A text of several lines as a block, or nil when it is written on one line.
  private func blockScalar(
    _ scalar: YAMLScalar, _ indentation: Int
  ) -> (header: String, lines: [String])? {
    switch scalar.style {
    case .literal: return literal(scalar.text, indentation)
    case .folded: return folded(scalar, indentation)
    default: return nil
    }
  }

  private func literal(_ text: String, _ indentation: Int) -> (header: String, lines: [String])? {
    var rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let endsInBreak = text.hasSuffix("\n")
    if endsInBreak { rows.removeLast() }
    guard let first = rows.first(where: { !$0.isEmpty }), rows.last?.isEmpty == false else { return nil }
    guard !text.unicodeScalars.contains(where: { UTF8Scalar.isForbidden($0.value) }) else { return nil }
    let indicator = first.hasPrefix(" ") || rows.first?.isEmpty == true ? "2" : ""
    let margin = Self.blanks(indentation + 2)
    return ("|\(indicator)\(endsInBreak ? "" : "-")", rows.map { $0.isEmpty ? "" : margin + $0 })
  }

  /// The lines as they stand, moved: how they are broken is the author's.
  private func folded(_ scalar: YAMLScalar, _ indentation: Int) -> (header: String, lines: [String])? {
    let range = scalar.span.range.range
    let firstLine = file.line(of: range.lowerBound)
    let lastLine = file.line(of: range.upperBound)
    guard firstLine < lastLine else { return nil }
    let rows = (firstLine + 1...lastLine).map {
      String(decoding: file.bytes[file.range(ofLine: $0)], as: UTF8.self)
    }
    let depth = rows.filter { !$0.allSatisfy { $0 == " " } }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    let margin = Self.blanks(indentation + 2)
    let header = scalar.text.hasSuffix("\n") ? ">" : ">-"
    return (header, rows.map { $0.allSatisfy { $0 == " " } ? "" : margin + $0.dropFirst(depth) })
  }
}
