/// Cuts a file into signatures and settings of variables; comments and empty lines are left out.
struct SignatureFile {
  /// What stands in the file.
  enum Entry {
    /// A signature in a range of bytes.
    case signature(Range<Int>)
    /// `ipvar NAME VALUE` and its kin.
    case variable(name: String, value: String)
  }

  /// The most signatures that are read of one file.
  static let maximumEntries = 200_000

  private let file: SourceFile

  /// The entries of a file in order.
  static func entries(of file: SourceFile) -> [Entry] {
    SignatureFile(file: file).entries()
  }

  private func entries() -> [Entry] {
    var entries: [Entry] = []
    var line = 1
    while line <= file.lineCount, entries.count < Self.maximumEntries {
      let range = trimmed(file.range(ofLine: line))
      line += 1
      guard !range.isEmpty, file.bytes[range.lowerBound] != UInt8(ascii: "#") else { continue }
      if let variable = variable(range) {
        entries.append(variable)
        continue
      }
      var end = range.upperBound
      while line <= file.lineCount, goesOn(range.lowerBound..<end, with: file.range(ofLine: line)) {
        end = trimmed(file.range(ofLine: line)).upperBound
        line += 1
      }
      entries.append(.signature(range.lowerBound..<end))
    }
    return entries
  }

  /// Whether a signature goes on with the next line: a backslash says so, or its bracket is still open.
  private func goesOn(_ range: Range<Int>, with line: Range<Int>) -> Bool {
    guard range.count <= SignatureParser.maximumLength, let last = file.bytes[range].last else {
      return false
    }
    if last == UInt8(ascii: "\\") { return true }
    let next = trimmed(line)
    guard !next.isEmpty else { return false }
    guard file.bytes[range].contains(UInt8(ascii: "(")) else {
      return file.bytes[next.lowerBound] == UInt8(ascii: "(")
    }
    guard last != UInt8(ascii: ")") else { return false }
    let word = file.bytes[next].prefix { $0.isLetter }
    return !Self.actions.contains(String(decoding: word, as: UTF8.self))
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, file.bytes[start] <= 0x20 { start += 1 }
    while end > start, file.bytes[end - 1] <= 0x20 { end -= 1 }
    return start..<end
  }

  private func variable(_ range: Range<Int>) -> Entry? {
    let words = String(decoding: file.bytes[range], as: UTF8.self).split(separator: " ", maxSplits: 2)
    guard words.count == 3, ["var", "ipvar", "portvar"].contains(words[0]) else { return nil }
    return .variable(name: String(words[1]), value: words[2].filter { $0 != " " })
  }

  /// The words that a signature begins with.
  static let actions: Set = [
    "alert", "log", "pass", "drop", "reject", "rejectsrc", "rejectdst", "rejectboth", "sdrop", "block",
    "react", "rewrite", "activate", "dynamic", "config",
  ]
}
