/// What can be wrong with a TCP stream; raw values are the names that logs and rules use and never change.
enum StreamFault: String, CaseIterable {
  /// Bytes of a stream that carries SIP were not captured.
  case gap = "tcp.gap"
  /// A segment repeats bytes with other content.
  case overlapConflict = "tcp.overlap_conflict"

  /// What is wrong, in one sentence.
  var meaning: String {
    switch self {
    case .gap: "Bytes of a stream that carries SIP were not captured; `anomaly.detail` says how many."
    case .overlapConflict:
      "A segment repeats bytes with other content, which may be meant to show a monitor something else."
    }
  }

  /// Where the violated rule is written.
  var source: String {
    switch self {
    case .gap: "RFC 9293 §3.4"
    case .overlapConflict: "RFC 9293 §3.10.7.4"
    }
  }
}
