internal import Events

/// Finds entries of lists that can be equal to nothing that the lists are asked for.
struct ListEntryCheck {
  /// More faults of one list are counted only.
  private static let reportedEntries = 20

  /// What a list is asked for.
  private struct Use {
    let name: String
    let domain: FieldDomain
  }

  private let lists: [RuleList]
  private let words: FieldWords
  private var uses: [Int: [Use]] = [:]

  init(_ lists: [RuleList], asking rules: [CheckedRule], _ words: FieldWords) {
    (self.lists, self.words) = (lists, words)
    for (test, _) in rules.flatMap(\.expressions).compactMap(\.condition).flatMap(\.tests) {
      guard case .inList(let index) = test.check else { continue }
      uses[index, default: []].append(
        Use(name: Self.name(of: test.subject), domain: words.domain(of: test.subject)))
    }
  }

  /// Reports entries of lists all of whose uses know what can be.
  func check(_ sink: inout DiagnosticSink) {
    for (index, list) in lists.enumerated() {
      guard let uses = uses[index], uses.allSatisfy({ $0.domain != .any }) else { continue }
      let faults = faults(of: list, uses)
      for fault in faults.prefix(Self.reportedEntries) {
        sink.warning(
          .impossibleValue, at: list.name.span, "in the list \(list.name.value.quoted): \(fault.message)",
          help: fault.help)
      }
      guard faults.count > Self.reportedEntries else { continue }
      sink.warning(
        .impossibleValue, at: list.name.span,
        "in the list \(list.name.value.quoted): \(faults.count - Self.reportedEntries) further such entries")
    }
  }

  private func faults(of list: RuleList, _ uses: [Use]) -> [ImpossibleValue] {
    switch list.contents {
    case .texts(let texts):
      let uses = uses.map { Use(name: $0.name, domain: list.foldsCase ? $0.domain.lowercased : $0.domain) }
      return texts.strings.compactMap { text in
        fault(among: uses) { ImpossibleValue(text, of: $0.name, in: $0.domain) }
      }
    case .numbers(let ranges):
      return ranges.bounds.compactMap { range in
        let single = range.lowerBound == range.upperBound
        let text = single ? "\(range.lowerBound)" : "\(range.lowerBound)..\(range.upperBound)"
        return fault(among: uses) { ImpossibleValue(range, text, of: $0.name, in: $0.domain) }
      }
    case .networks, .prefixes, .globs, .patterns, .dates, .countries: return []
    }
  }

  /// The fault by the first use when the entry is impossible by all of them.
  private func fault(among uses: [Use], _ fault: (Use) -> ImpossibleValue?) -> ImpossibleValue? {
    var first: ImpossibleValue?
    for use in uses {
      guard let fault = fault(use) else { return nil }
      first = first ?? fault
    }
    return first
  }

  private static func name(of operand: Operand) -> String {
    switch operand {
    case .field(let field): field.name
    case .captured(let value): value.field?.name ?? ""
    case .function(.lower, let argument): "lower(\(name(of: argument)))"
    default: ""
    }
  }
}
