internal import Values

extension RuleExplanation {
  /// The explanation as one JSON object that ends in a line break.
  public func renderJSON() -> String {
    var json = JSONText()
    json.object { json in
      json.string("rule", rule.id)
      json.string("file", rule.file)
      json.number("line", rule.line)
      json.string("event", rule.eventName)
      json.number("events", eventCount)
      json.array("outcomes") { json in
        for group in groups {
          json.object { json in
            Self.write(group.outcome, to: &json)
            json.number("count", group.count)
            json.array("examples") { json in
              for example in group.examples {
                json.object { json in Self.write(example, to: &json) }
              }
            }
          }
        }
      }
      if let nearest {
        json.object("nearest") { json in Self.write(nearest, to: &json) }
      }
      if pendingCount > 0 { json.number("pending", pendingCount) }
      json.array("alerts") { json in
        for alert in alerts { json.object { json in Self.write(alert, to: &json) } }
      }
      guard !observations.isEmpty else { return }
      json.array("observations") { json in
        for observation in observations {
          json.object { json in
            Self.write(observation.outcome, to: &json)
            Self.write(observation, to: &json)
          }
        }
      }
    }
    return json.text + "\n"
  }

  private static func write(_ outcome: Outcome, to json: inout JSONText) {
    switch outcome {
    case .stopped(let clause, let isUnknown):
      json.string("outcome", isUnknown ? "unknown" : "false")
      json.string("clause", clause)
    case .offSchedule(let name):
      json.string("outcome", "off-schedule")
      json.string("schedule", name)
    case .excepted(let name):
      json.string("outcome", "excepted")
      json.string("exception", name)
    case .missingKey(let part):
      json.string("outcome", "missing-key")
      json.string("key", part)
    case .late: json.string("outcome", "late")
    case .counted: json.string("outcome", "counted")
    case .waiting: json.string("outcome", "waiting")
    case .expected: json.string("outcome", "expected")
    case .suppressed: json.string("outcome", "suppressed")
    case .fired: json.string("outcome", "fired")
    }
  }

  /// Absent values are left out.
  private static func write(_ observation: Observation, to json: inout JSONText) {
    json.string("time", InstantText.text(observation.time))
    if let packet = observation.packet { json.number("packet", Int(packet)) }
    json.object("values") { json in
      for (name, value) in observation.values {
        if let value { json.string(name, value) }
      }
    }
  }

  private static func write(_ fired: FiredAlert, to json: inout JSONText) {
    let alert = fired.alert
    json.string("time", InstantText.text(alert.timestamp))
    json.string("reason", "\(alert.reason)")
    json.object("key") { json in
      for (name, value) in fired.group { json.string(name, value) }
    }
    if let count = alert.count { json.number("count", count) }
    if let distinct = alert.distinct { json.number("distinct", distinct) }
    if alert.suppressedCount > 0 { json.number("suppressed", Int(clamping: alert.suppressedCount)) }
    if let start = alert.windowStart { json.string("window_start", InstantText.text(start)) }
    if let end = alert.windowEnd { json.string("window_end", InstantText.text(end)) }
    json.array("packets") { json in
      for packet in alert.evidence.array { json.number(nil, Int(clamping: packet)) }
    }
  }
}
