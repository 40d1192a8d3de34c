internal import Values

/// Finds the comments and blank lines of a file and gives them to what they stand at.
struct LayoutComments {
  private let file: SourceFile
  private let bytes: [UInt8]
  /// All entries but the root, in the order of the file; with each the entry around it.
  private var entries: [(entry: LayoutEntry, parent: Int?)] = []
  /// The stretches that scalars and keys take; nothing in them is a comment.
  private var scalars: [Range<Int>] = []
  /// Lines behind the last entry that belong to the document.
  private(set) var footer: [LayoutEntry.Line] = []
  /// Every comment, for the check that none is lost.
  private(set) var texts: [String] = []

  /// Gives the comments of a file to the entries of its layout.
  init(_ file: SourceFile, _ root: LayoutEntry) {
    self.file = file
    bytes = file.bytes
    gather(root, parent: nil)
    attach()
  }

  private mutating func gather(_ entry: LayoutEntry, parent: Int?) {
    var position = parent
    if entry.context != .root {
      entries.append((entry, parent))
      position = entries.count - 1
    }
    if let key = entry.key { scalars.append(key.span.range.range) }
    if case .scalar(let scalar) = entry.value { scalars.append(content(of: scalar)) }
    for child in entry.children { gather(child, parent: position) }
  }

  /// The bytes of a scalar; of a block scalar without its first line, which may have a comment.
  private func content(of scalar: YAMLScalar) -> Range<Int> {
    let range = scalar.span.range.range
    guard scalar.style == .literal || scalar.style == .folded else { return range }
    let lineEnd = file.range(ofLine: file.line(of: range.lowerBound)).upperBound
    return min(lineEnd, range.upperBound)..<range.upperBound
  }

  private mutating func attach() {
    var next = 0
    var scalar = 0
    for line in 1...file.lineCount {
      let range = file.range(ofLine: line)
      // A line that begins inside of a scalar is text, whatever it looks like.
      while scalar < scalars.count, scalars[scalar].upperBound <= range.lowerBound { scalar += 1 }
      if scalar < scalars.count, scalars[scalar].lowerBound < range.lowerBound,
        range.upperBound <= scalars[scalar].upperBound,
        !range.isEmpty || scalars[scalar].contains(range.lowerBound)
      {
        continue
      }
      while next < entries.count, entries[next].entry.range.lowerBound < range.lowerBound { next += 1 }
      attach(range, isLast: line == file.lineCount, next: next, scalar: scalar)
    }
  }

  private mutating func attach(_ line: Range<Int>, isLast: Bool, next: Int, scalar: Int) {
    guard let first = bytes[line].firstIndex(where: { $0 > 0x20 }) else {
      if !isLast { add(.blank, column: nil, next: next) }
      return
    }
    guard let hash = comment(in: line, from: scalar) else { return }
    let text = String(decoding: bytes[hash..<line.upperBound], as: UTF8.self)
    let comment = String(text.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    texts.append(comment)
    let isAlone = bytes[first..<hash].allSatisfy { $0 == 0x20 || $0 == UInt8(ascii: "-") }
    if isAlone {
      // Behind a dash it belongs to the item, which begins on a later line.
      add(.comment(comment), column: first == hash ? hash - line.lowerBound : nil, next: next)
    } else {
      trail(comment, at: hash, line)
    }
  }

  /// Where the comment of a line begins.
  private func comment(in line: Range<Int>, from scalar: Int) -> Int? {
    var index = line.lowerBound
    var scalar = scalar
    while index < line.upperBound {
      while scalar < scalars.count, scalars[scalar].upperBound <= index { scalar += 1 }
      if scalar < scalars.count, scalars[scalar].lowerBound <= index {
        index = scalars[scalar].upperBound
        continue
      }
      let isFree = index == line.lowerBound || bytes[index - 1] <= 0x20
      if bytes[index] == UInt8(ascii: "#"), isFree { return index }
      index += 1
    }
    return nil
  }

  /// Gives a line of its own to the entry that follows, or to one before it that is indented as deep.
  private mutating func add(_ line: LayoutEntry.Line, column: Int?, next: Int) {
    let following = next < entries.count ? entries[next].entry : nil
    if let column, column > following?.column ?? -1, let owner = owner(column, above: following, next) {
      // Blank lines in front of it came before anybody could know.
      if let following, following.leading.last == .blank {
        following.leading.removeLast()
        owner.footer.append(.blank)
      } else if following == nil, footer.last == .blank {
        footer.removeLast()
        owner.footer.append(.blank)
      }
      owner.footer.append(line)
      return
    }
    if let following { following.leading.append(line) } else { footer.append(line) }
  }

  /// The entry at whose end a line of a column stands: one of those around the last entry before it.
  private func owner(_ column: Int, above following: LayoutEntry?, _ next: Int) -> LayoutEntry? {
    var position: Int? = next > 0 ? next - 1 : nil
    var inner: LayoutEntry?
    while let index = position {
      let entry = entries[index].entry
      // What is in front of an entry cannot belong to something around that entry.
      if let following, following.range.upperBound <= entry.range.upperBound { break }
      if !entry.isInFlow {
        if entry.column <= column {
          if entry.column < column, let inner { return inner }
          return entry.column > following?.column ?? 0 ? entry : nil
        }
        inner = entry
      }
      position = entries[index].parent
    }
    return nil
  }

  /// Gives a comment behind something to what ends there, or else begins there.
  private mutating func trail(_ comment: String, at hash: Int, _ line: Range<Int>) {
    var best: LayoutEntry?
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].entry.range.lowerBound < hash { low = middle + 1 } else { high = middle }
    }
    var position: Int? = low > 0 ? low - 1 : nil
    let deepest = position.map { entries[$0].entry }
    while let index = position {
      let entry = entries[index].entry
      let endsHere = entry.range.upperBound <= hash && entry.range.upperBound > line.lowerBound
      let isBetter = best.map { entry.range.upperBound > $0.range.upperBound || $0.isInFlow } ?? true
      if endsHere, isBetter { best = entry }
      position = entries[index].parent
    }
    (best ?? deepest)?.trailing.append(comment)
  }
}
