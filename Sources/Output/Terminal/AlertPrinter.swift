public import Events
public import Rules
internal import Values

/// Writes alerts as single lines for people, in the manner of Suricata's `fast.log`.
///
/// Texts from the wire and from rule files are escaped as in the log, so no line can act on a terminal.
public struct AlertPrinter: ~Copyable {
  private var line = LineBuffer()
  private var timestampText = TimestampText()

  /// A printer.
  public init() {}

  /// Adds the line of an alert.
  public mutating func write(_ alert: borrowing Alert, of rule: RuleMetadata, _ event: borrowing Event) {
    timestampText.append(alert.timestamp, unquotedTo: &line)
    line.append("  [")
    line.append(shown: rule.severity.name)
    line.append("] ")
    line.append(shown: rule.title)
    line.append(" [1:")
    line.append(integer: Int64(rule.sid))
    line.append(":")
    line.append(integer: Int64(rule.revision))
    line.append("]")
    appendAddresses(event)
    appendCounts(alert)
    appendMeasured(alert, rule)
    line.append(UInt8(ascii: "\n"))
  }

  /// Hands the lines so far over and forgets them.
  public mutating func takePending<Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    defer { line.removeAll() }
    try line.withBytes(body)
  }

  private mutating func appendAddresses(_ event: borrowing Event) {
    guard case .ip(let source) = event[.srcIP], case .ip(let destination) = event[.destIP] else { return }
    line.append(" {")
    line.append(shown: event.string(.proto) ?? "?")
    line.append("} ")
    append(source, port: event.integer(.srcPort))
    line.append(" -> ")
    append(destination, port: event.integer(.destPort))
  }

  private mutating func append(_ address: IPAddress, port: Int64?) {
    if address.isIPv6 { line.append("[") }
    line.append(shown: address.description)
    if address.isIPv6 { line.append("]") }
    guard let port else { return }
    line.append(":")
    line.append(integer: port)
  }

  /// More values than these would hide the rest of the line.
  private static let measuredLimit = 4

  private mutating func appendMeasured(_ alert: borrowing Alert, _ rule: RuleMetadata) {
    guard alert.measured.count <= Self.measuredLimit else { return }
    for (name, value) in zip(rule.measuredNames, alert.measured) where value != .absent {
      line.append(" ")
      line.append(shown: name)
      line.append("=")
      switch value {
      case .integer(let number): line.append(integer: number)
      case .decimal(let number): line.append(decimal: number)
      case .duration(let nanoseconds): line.append(seconds: nanoseconds)
      default: line.append("?")
      }
    }
  }

  private mutating func appendCounts(_ alert: borrowing Alert) {
    if let count = alert.count {
      line.append(" count=")
      line.append(integer: Int64(count))
    }
    if let distinct = alert.distinct {
      line.append(" distinct=")
      line.append(integer: Int64(distinct))
    }
    if alert.suppressedCount > 0 {
      line.append(" suppressed=")
      line.append(unsigned: alert.suppressedCount)
    }
  }
}
