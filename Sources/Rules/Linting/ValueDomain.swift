internal import Events
internal import Values

/// The values that a subject can have when some tests of it hold.
struct ValueDomain {
  private var ranges = [NumberRange(lower: .min, upper: .max)]
  private var texts: Set<[UInt8]>?
  private var excludedTexts: Set<[UInt8]> = []
  private var address: IPAddress?
  private var truth: Bool?
  private var presence: Bool?
  /// No value is left.
  private(set) var isEmpty = false

  /// Takes a test into account, or its failing.
  mutating func restrict(_ check: Check, _ holds: Bool) {
    if case .isPresent = check {
      restrictPresence(holds)
      return
    }
    // Any outcome but *unknown* needs a value.
    restrictPresence(true)
    switch check {
    case .isTrue:
      if truth == !holds { isEmpty = true }
      truth = holds
    case .equals(.text(let text)): restrict([text], holds)
    case .inTexts(let texts): restrict(Set(texts), holds)
    case .equals(.ip(let other)) where holds:
      if let address, address != other { isEmpty = true }
      address = other
    case .equals(.integer(let value)), .equals(.duration(let value)):
      restrict([NumberRange(lower: value, upper: value)], holds)
    case .less(.integer(let value)), .less(.duration(let value)):
      let (upper, overflow) = value.subtractingReportingOverflow(1)
      restrict(overflow ? [] : [NumberRange(lower: .min, upper: upper)], holds)
    case .lessOrEqual(.integer(let value)), .lessOrEqual(.duration(let value)):
      restrict([NumberRange(lower: .min, upper: value)], holds)
    case .inRanges(let ranges): restrict(ranges, holds)
    default: break
    }
  }

  private mutating func restrictPresence(_ isPresent: Bool) {
    if presence == !isPresent { isEmpty = true }
    presence = isPresent
  }

  private mutating func restrict(_ values: Set<[UInt8]>, _ holds: Bool) {
    if holds { texts = texts?.intersection(values) ?? values } else { excludedTexts.formUnion(values) }
    if let texts, texts.isSubset(of: excludedTexts) { isEmpty = true }
  }

  private mutating func restrict(_ values: [NumberRange], _ holds: Bool) {
    let allowed = holds ? values : Self.complement(values)
    ranges = ranges.flatMap { range in
      allowed.compactMap { other in
        let lower = max(range.lower, other.lower)
        let upper = min(range.upper, other.upper)
        return lower <= upper ? NumberRange(lower: lower, upper: upper) : nil
      }
    }
    // Ranges of a list may overlap; many pieces would make the next step slow.
    if ranges.count > 64 { ranges = [NumberRange(lower: .min, upper: .max)] }
    if ranges.isEmpty { isEmpty = true }
  }

  private static func complement(_ ranges: [NumberRange]) -> [NumberRange] {
    var result: [NumberRange] = []
    var start: Int64? = .min
    for range in ranges.sorted(by: { $0.lower < $1.lower }) {
      guard let lower = start else { break }
      if range.lower > lower { result.append(NumberRange(lower: lower, upper: range.lower - 1)) }
      let (next, overflow) = max(range.upper, lower == .min ? .min : lower - 1).addingReportingOverflow(1)
      start = overflow ? nil : next
    }
    if let start { result.append(NumberRange(lower: start, upper: .max)) }
    return result
  }
}
