internal import Values

/// Compares the alerts of a test with what it expects.
struct AlertComparison {
  /// More lines of a difference help nobody.
  private static let maximumLines = 40

  let rule: RuleMetadata
  /// Offset 0.
  let start: Timestamp
  let observed: [ObservedAlert]

  /// What differs, a line each; empty when nothing does.
  func difference(from expectation: RuleTestDeclaration.Expectation) -> [String] {
    switch expectation {
    case .count(let count):
      guard observed.count != count.value else { return [] }
      let head = "expected \(Self.alerts(count.value)), got \(observed.count)"
      return capped([head] + observed.map { "+ " + describe($0) })
    case .alerts(let expected): return difference(from: expected)
    }
  }

  private func difference(from expected: [ExpectedAlertDeclaration]) -> [String] {
    var lines: [String] = []
    var isDifferent = expected.count != observed.count
    for index in 0..<max(expected.count, observed.count) {
      let wanted = index < expected.count ? expected[index] : nil
      let came = index < observed.count ? observed[index] : nil
      if let wanted, let came, matches(wanted, came) {
        lines.append("  " + describe(came))
        continue
      }
      isDifferent = true
      if let wanted { lines.append("- " + describe(wanted)) }
      if let came { lines.append("+ " + describe(came)) }
    }
    guard isDifferent else { return [] }
    return capped(["expected \(Self.alerts(expected.count)), got \(observed.count)"] + lines)
  }

  private static func alerts(_ count: Int) -> String { count == 1 ? "1 alert" : "\(count) alerts" }

  private func capped(_ lines: [String]) -> [String] {
    guard lines.count > Self.maximumLines else { return lines }
    return Array(lines.prefix(Self.maximumLines)) + ["… \(lines.count - Self.maximumLines) more"]
  }

  // MARK: One alert

  private func matches(_ wanted: ExpectedAlertDeclaration, _ came: ObservedAlert) -> Bool {
    if let time = wanted.time?.value, instant(time) != came.alert.timestamp { return false }
    if let count = wanted.count?.value, count != came.alert.count { return false }
    if let distinct = wanted.distinct?.value, distinct != came.alert.distinct { return false }
    let keys = rule.keys(of: came.alert.reason)
    return wanted.key.allSatisfy { key in
      guard let index = keys.firstIndex(of: key.name.value), index < came.group.count,
        case .scalar(let scalar) = key.value
      else { return false }
      return Self.canonical(scalar.text) == Self.canonical(came.group[index])
    }
  }

  /// Addresses have several spellings.
  private static func canonical(_ text: String) -> String { IPAddress(text)?.description ?? text }

  private func instant(_ time: TestTime) -> Timestamp {
    switch time {
    case .offset(let offset): start.advanced(byNanoseconds: offset)
    case .instant(let instant): instant
    }
  }

  private func describe(_ wanted: ExpectedAlertDeclaration) -> String {
    var parts: [String] = []
    if let time = wanted.time?.value {
      parts.append("at \(Self.offset(instant(time).nanoseconds(since: start)))")
    }
    for key in wanted.key {
      if case .scalar(let scalar) = key.value { parts.append("\(key.name.value)=\(scalar.text)") }
    }
    if let count = wanted.count?.value { parts.append("count \(count)") }
    if let distinct = wanted.distinct?.value { parts.append("distinct \(distinct)") }
    return parts.isEmpty ? "any alert" : parts.joined(separator: " ")
  }

  private func describe(_ came: ObservedAlert) -> String {
    var parts = ["at \(Self.offset(came.alert.timestamp.nanoseconds(since: start)))"]
    for (name, value) in zip(rule.keys(of: came.alert.reason), came.group) {
      parts.append("\(name)=\(value)")
    }
    if let count = came.alert.count { parts.append("count \(count)") }
    if let distinct = came.alert.distinct { parts.append("distinct \(distinct)") }
    if came.alert.reason == .summary { parts.append("summary of \(came.alert.suppressedCount) suppressed") }
    return parts.joined(separator: " ")
  }

  /// An offset in seconds, such as `45s` or `0.25s`.
  private static func offset(_ nanoseconds: Int64) -> String {
    let magnitude = nanoseconds.magnitude
    var fraction = String(magnitude % 1_000_000_000)
    fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let sign = nanoseconds < 0 ? "-" : ""
    return "\(sign)\(magnitude / 1_000_000_000)\(fraction.isEmpty ? "" : "." + fraction)s"
  }
}
