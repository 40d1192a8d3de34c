import Anomaly
import Events
import Pipeline
import Rules

extension RunSetup.Outcome {
  /// What the run saw, for people: how much was read, what was found, and what could not be seen.
  var summary: String {
    let seen = report.replay.map { [$0.summary(inputs)] } ?? packetSummary
    let lines =
      [""] + seen + alertTable + exceptionLines + modelLines
      + (logPath.map { ["Log: \($0)"] } ?? [])
    return lines.joined(separator: "\n") + "\n"
  }

  /// How far the sources are from those that the model was trained with.
  private var modelLines: [String] {
    guard let drift = report.scoreModel?.drift() else { return [] }
    return drift.description.split(separator: "\n").map(String.init)
  }

  private var packetSummary: [String] {
    var lines = [
      "Read \(report["decoder.pkts"]) packets, \(report["decoder.bytes"]) bytes from \(inputs)."
    ]
    if report["capture.hep_messages"] > 0 {
      lines.append(
        "HEP: \(report["capture.hep_messages"]) messages received, \(report["decoder.hep"]) mirrored packets read."
      )
    }
    lines.append(
      "SIP: \(report["sip.requests"]) requests, \(report["sip.responses"]) responses, "
        + "\(report["sip.retransmissions"]) retransmissions. Calls: \(report["calls.total"]), "
        + "\(report["calls.answered"]) answered. RTP streams: \(report["rtp.streams"]).")
    lines.append(
      "Flows: \(report["flow.total"]). Anomalies: \(report["anomaly.total"]).")
    return lines + blindness
  }

  private var inputs: String {
    inputNames.count == 1 ? inputNames[0] : "\(inputNames.count) inputs"
  }

  /// What the run could not see; without this, “nothing found” would mean little.
  private var blindness: [String] {
    let causes: [(String, UInt64)] = [
      ("dropped by the kernel", report["capture.kernel_drops"]),
      ("dropped because the run was behind", report["capture.sensor_drops"]),
      ("HEP messages dropped by the kernel", report["capture.hep_drops"]),
      ("of senders that are no trusted HEP agents", report["capture.hep_untrusted"]),
      ("sent to a HEP port without being HEP", report["capture.hep_rejected"]),
      ("dropped by the interface", report["capture.kernel_ifdrops"]),
      ("of a link type that is not decoded", report["decoder.unsupported_link_type"]),
      ("without IP", report["decoder.unknown_ethertype"] + report["decoder.arp"] + report["decoder.llc"]),
      ("broken", report["decoder.invalid"]),
      ("of which fragments are missing", report["defrag.active"] + report["defrag.timeouts"]),
    ]
    let seen = causes.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return seen.isEmpty ? [] : ["Not looked into: " + seen.joined(separator: ", ") + "."]
  }

  /// So many seconds of packet time tell that an exception is not needed.
  private static let tellingTime: UInt64 = 86_400

  /// Exceptions that somebody should look at again.
  private var exceptionLines: [String] {
    let expired = report.exceptions.filter(\.isExpired)
    let isTelling = report["uptime"] >= Self.tellingTime
    let idle = report.exceptions.filter { isTelling && $0.hits == 0 && !$0.isExpired }
    return [("Exceptions that expired: ", expired), ("Exceptions that never held: ", idle)]
      .filter { !$0.1.isEmpty }.map { words, uses in
        let names = uses.prefix(5).map { "\($0.ruleID)/\($0.name)" }.joined(separator: ", ")
        return words + names + (uses.count > 5 ? " and \(uses.count - 5) more." : ".")
      }
  }

  private var alertTable: [String] {
    let fired = zip(report.rules, report.alertsByRule).filter { $0.1 > 0 }
      .sorted { ($0.0.severity.rawValue, $1.1, $0.0.id) < ($1.0.severity.rawValue, $0.1, $1.0.id) }
    let ruleCount = report.rules.count(where: \.isEnabled)
    guard !fired.isEmpty else { return ["Alerts: none, from \(ruleCount) rules."] }
    let rows = fired.map { rule, count in
      let severity = rule.severity.name.padded(to: 6)
      return "  \(String(count).leftPadded(to: 7))  \(severity)  \(rule.id)  \(rule.title)"
    }
    return ["Alerts: \(report.alertCount) from \(fired.count) of \(ruleCount) rules"] + rows
  }
}

extension LogReplayCounts {
  /// What was read, for people.
  func summary(_ inputs: String) -> String {
    var text = "Replayed \(events) events of \(lines) lines from \(inputs)."
    if alerts > 0 { text += " Alerts of the log that were left out: \(alerts)." }
    if unreadableValues > 0 { text += " Values that their fields cannot have: \(unreadableValues)." }
    return text
  }

  /// Why nothing could be read, if so.
  var failure: String? {
    guard let firstFault, broken == lines else { return nil }
    return "\(firstFault); no line could be read: is it an EVE log?"
  }

  /// What the reader of the alerts must know of the log.
  func notes(_ rules: CompiledRuleSet) -> [String] {
    var notes: [String] = []
    if let firstFault, broken < lines {
      notes.append("ringwatch: \(firstFault); \(broken) of \(lines) lines could not be read")
    }
    let loggedTypes = SensorConfiguration().loggedTypes
    for type in EventType.allCases where !loggedTypes.contains(type) {
      guard EventKindSet.emitted.intersection(.logged).isSuperset(of: EventKindSet(type)) else { continue }
      let wanted = rules.metadata.filter {
        $0.isEnabled && !$0.kinds.isDisjoint(with: EventKindSet(type)) && $0.kinds.isDisjoint(with: kinds)
      }
      guard let first = wanted.first else { continue }
      let others = wanted.count > 1 ? " and \(wanted.count - 1) more" : ""
      notes.append(
        "ringwatch: the log has no \(type.name) events, which rule '\(first.id)'\(others) needs; "
          + "a sensor logs them when \(type.name) is in log.types")
    }
    return notes
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
