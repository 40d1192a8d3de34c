internal import Values

/// The country codes and national beginnings as a tree over digits, made once.
struct NumberTable: Sendable {
  /// What the digits of a number say.
  struct Match {
    /// Digits of the country code; 0 when the number begins with none that is assigned.
    var codeLength = 0
    var country: CountryCode?
    var kind = NumberKind.unknown
    /// The possible lengths with the country code; empty when unknown.
    var lengths: Range<Int> = 0..<0
    var hasLeadingZero = false
  }

  private struct Node {
    /// Index into `codes` plus 1; 0 for none.
    var code: UInt16 = 0
    var setsCountry = false
    var country: CountryCode?
    var kind: NumberKind?
    /// A kind that holds for numbers of some lengths only: bit n stands for n digits with the country code.
    var exactKind: NumberKind?
    var exactLengths: UInt32 = 0
  }

  private struct Code {
    var digits: [UInt8]
    var country: CountryCode?
    var lengths: Range<Int>
    var hasLeadingZero: Bool
    var emergency: [[UInt8]]
  }

  private var children: [UInt16]
  private var nodes: [Node]
  private var codes: [Code] = []

  /// The compiled table; the same for every dial plan.
  static let shared = NumberTable()

  private init() {
    nodes = [Node()]
    children = Array(repeating: 0, count: 10)
    for code in CallingCode.all { insert(code) }
    for territory in SharedTerritory.all { insert(territory) }
  }

  /// What the digits of an international number say; allocates nothing.
  func match(_ number: TelephoneNumber) -> Match {
    var match = Match()
    var node = 0
    for index in 0..<number.count {
      node = Int(children[node * 10 + number.digit(at: index)])
      guard node != 0 else { break }
      apply(nodes[node], to: &match, digits: index + 1, of: number.count)
    }
    return match
  }

  private func apply(_ node: Node, to match: inout Match, digits: Int, of count: Int) {
    if node.code != 0 {
      let code = codes[Int(node.code) - 1]
      match.codeLength = digits
      match.lengths = code.lengths
      match.hasLeadingZero = code.hasLeadingZero
    }
    if node.setsCountry { match.country = node.country }
    if let kind = node.kind { match.kind = kind }
    if let kind = node.exactKind, node.exactLengths & 1 << UInt32(count) != 0 { match.kind = kind }
  }

  /// The emergency numbers dialled where a country code is the own one.
  func emergencyNumbers(ofCode digits: [UInt8]) -> [[UInt8]] {
    codes.first { $0.digits == digits }?.emergency ?? []
  }

  /// Whether the ITU has given out a country code.
  func isCode(_ digits: [UInt8]) -> Bool { codes.contains { $0.digits == digits } }

  /// The country of a country code, nil when several share it.
  func country(ofCode digits: [UInt8]) -> CountryCode? {
    codes.first { $0.digits == digits }?.country ?? nil
  }
}

// MARK: - Making

extension NumberTable {
  private mutating func insert(_ row: CallingCode) {
    let digits = row.digits.utf8.count
    codes.append(
      Code(
        digits: Array(row.digits.utf8), country: CountryCode(row.country),
        lengths: row.lengths.map { $0.lowerBound + digits..<$0.upperBound + digits + 1 } ?? 0..<0,
        hasLeadingZero: row.hasLeadingZero,
        emergency: row.emergency.split(separator: " ").map { Array($0.utf8) }))
    let code = UInt16(codes.count)
    let country = CountryCode(row.country)
    forEachNode(of: row.digits, after: 0) { node in
      node.code = code
      node.setsCountry = true
      node.country = country
    }
    for kind in row.kinds {
      for word in kind.words.split(separator: " ") {
        insert(word: word, of: kind.kind, code: row.digits)
      }
    }
  }

  private mutating func insert(word: Substring, of kind: NumberKind, code: String) {
    let parts = word.split(separator: "/")
    let lengths = parts.count < 2 ? [] : parts[1].split(separator: ",").compactMap { Int($0) }
    let exact = lengths.reduce(UInt32(0)) { $0 | 1 << UInt32($1 + code.utf8.count) }
    for beginning in Self.beginnings(parts[0]) {
      forEachNode(of: code + beginning, after: 0) { node in
        if exact != 0 {
          node.exactKind = kind
          node.exactLengths |= exact
        } else {
          node.kind = kind
        }
      }
    }
  }

  private mutating func insert(_ territory: SharedTerritory) {
    let country = CountryCode(territory.country)
    for word in territory.words.split(separator: " ") {
      for beginning in Self.beginnings(word) {
        forEachNode(of: beginning, after: 0) { node in
          node.setsCountry = true
          node.country = country
        }
      }
    }
  }

  /// `15-17` as its numbers, anything else as itself.
  private static func beginnings(_ word: Substring) -> [String] {
    let ends = word.split(separator: "-")
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first <= last else {
      return [String(word)]
    }
    return (first...last).map { number in
      let digits = String(number)
      return String(repeating: "0", count: ends[0].utf8.count - digits.utf8.count) + digits
    }
  }

  /// Calls a closure with each node that a beginning leads to, making those that are missing.
  private mutating func forEachNode(of word: String, after start: Int, _ body: (inout Node) -> Void) {
    var reached = [start]
    for byte in word.utf8 {
      let digits: ClosedRange<Int> =
        switch byte {
        case UInt8(ascii: "x"): 0...9
        case UInt8(ascii: "n"): 1...9
        default: Int(byte) - 0x30...Int(byte) - 0x30
        }
      reached = reached.flatMap { node in digits.map { node * 10 + $0 } }.map { child(at: $0) }
    }
    for node in reached { body(&nodes[node]) }
  }

  private mutating func child(at slot: Int) -> Int {
    if children[slot] == 0 {
      children[slot] = UInt16(nodes.count)
      nodes.append(Node())
      children.append(contentsOf: repeatElement(0, count: 10))
    }
    return Int(children[slot])
  }
}
