internal import Rules

/// What a control socket understands.
public enum ControlRequest: String, CaseIterable, Sendable {
  /// Loads the rules again.
  case reload
  /// In a few words how the run is.
  case status
  /// All counters.
  case stats
  /// The rules, with what they did so far.
  case rules
  /// Writes the log out and opens it again by its name.
  case reopen
  /// Ends the run.
  case shutdown

  /// What it does, for help.
  public var words: String {
    switch self {
    case .reload: "load the rules again; what is wrong with them is in the answer"
    case .status: "packets, drops, alerts and rules in short"
    case .stats: "all counters, with the names of the stats lines of the log"
    case .rules: "the rules, with what they did so far"
    case .reopen: "write the log out and open it again by its name"
    case .shutdown: "end the run as SIGTERM does"
    }
  }
}

extension ControlRequest {
  /// What there is to say to a line that is no command.
  public static func complaint(about line: String) -> String {
    let names = allCases.map(\.rawValue)
    let suggestion = Suggestion.phrase(for: line, among: names)
    return
      "unknown command \(line.quoted)\(suggestion.isEmpty ? "; known: \(names.joined(separator: ", "))" : suggestion)"
  }
}
