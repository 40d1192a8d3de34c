internal import Rules

/// A finished report on captures or logs.
public struct CaptureReport: Sendable {
  let metadata: Metadata
  let sessions: Sessions
  let streams: Streams
  let suspiciousActivity: SuspiciousActivity
  let statistics: Statistics
  let anomalies: Anomalies
  let patterns: Patterns
  let threats: Threats
  let blindness: Blindness

  static let shape = Shape<CaptureReport>(
    [
      .object("metadata", "What the report is about", Metadata.shape) { $0.metadata },
      .object("sessions", "Calls and registrations", Sessions.shape) { $0.sessions },
      .object("rtp_streams", "RTP streams with their quality", Streams.shape) { $0.streams },
      .object("suspicious_activity", "Alerts", SuspiciousActivity.shape) { $0.suspiciousActivity },
      .object("statistics", "Numbers", Statistics.shape) { $0.statistics },
      .object("anomalies", "Protocol faults and statistical scores", Anomalies.shape) { $0.anomalies },
      .object("patterns", "How calls spread over time, parties and places", Patterns.shape) { $0.patterns },
      .object("threats", "What is held against which source", Threats.shape) { $0.threats },
      .object("blindness", "What could not be seen", Blindness.shape) { $0.blindness },
    ])

  /// The report as one JSON object, as `schema` describes it, that ends in a line break.
  public func renderJSON() -> String {
    var json = JSONText()
    Self.shape.value(of: self).write(to: &json)
    return json.text + "\n"
  }

  /// The JSON Schema (draft 2020-12) of the report, which ends in a line break.
  public static var schema: String {
    guard case .object(let members) = shape.schema else { return "" }
    let head: KeyValuePairs<String, ReportValue> = [
      "$schema": .text("https://json-schema.org/draft/2020-12/schema"), "title": .text("Ringwatch report"),
    ]
    let root = ReportValue.object(
      head.map { ReportValue.Pair(name: $0.key, value: $0.value) }
        + members.map {
          guard $0.name == "required" else { return $0 }
          return ReportValue.Pair(name: "required", value: .array(shape.members.map { .text($0.name) }))
        })
    return root.indented + "\n"
  }
}

extension ReportValue {
  /// JSON with two spaces for each level.
  var indented: String { indented("") }

  private func indented(_ margin: String) -> String {
    let inner = margin + "  "
    switch self {
    case .array(let items) where !items.isEmpty && items.contains(where: \.isContainer):
      return "[\n" + items.map { inner + $0.indented(inner) }.joined(separator: ",\n") + "\n\(margin)]"
    case .object(let pairs) where !pairs.isEmpty:
      let lines = pairs.map { "\(inner)\(ReportValue.text($0.name).compact): \($0.value.indented(inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
    default: return compact
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  private var compact: String {
    var json = JSONText()
    write(to: &json)
    return json.text
  }
}
