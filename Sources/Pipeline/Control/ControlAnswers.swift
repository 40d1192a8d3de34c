public import Capture
internal import Rules

/// Does what a control socket is told, and answers with one line of JSON.
///
/// `ok` says whether it was done, `message` is for people.
public struct ControlAnswers: Sendable {
  private let mailbox: SensorMailbox
  private let reloader: RuleReloader
  private let stop: StopFlag

  /// Answers for one run.
  public init(mailbox: SensorMailbox, reloader: RuleReloader, stop: StopFlag) {
    self.mailbox = mailbox
    self.reloader = reloader
    self.stop = stop
  }

  /// How long the sensor may take to look at its mailbox, in seconds; one that reads from a pipe waits there.
  private static let patience = 10
  private static let silence = "the sensor does not answer: it waits for its input"

  /// The answer to a line, without a line break.
  func answer(to line: String) -> String {
    guard let command = ControlRequest(rawValue: line) else {
      return Self.refusal(ControlRequest.complaint(about: line))
    }
    switch command {
    case .reload: return reload()
    case .reopen:
      let answer = Answer<String?>()
      mailbox.reopen { answer.give($0) }
      guard let fault = answer.wait(seconds: Self.patience) else { return Self.refusal(Self.silence) }
      return fault.map(Self.refusal) ?? Self.done("the log is opened again")
    case .shutdown:
      stop.raise()
      return Self.done("the run ends")
    case .status, .stats, .rules:
      let answer = Answer<SensorSnapshot?>()
      guard mailbox.post(.snapshot(answer)), let snapshot = answer.wait(seconds: Self.patience) else {
        return Self.refusal(Self.silence)
      }
      guard let snapshot else { return Self.refusal(SensorMailbox.hasEnded) }
      return Self.answer(to: command, snapshot)
    }
  }

  private func reload() -> String {
    guard let outcome = reloader.reload() else { return Self.refusal(SensorMailbox.hasEnded) }
    var json = JSONText()
    json.object { json in
      json.boolean("ok", outcome.changes != nil)
      json.string("message", outcome.summary)
      if let changes = outcome.changes {
        json.number("rules", changes.ruleCount)
        json.number("kept", changes.keptCount)
        for (key, ids) in [
          ("added", changes.added), ("removed", changes.removed), ("reset", changes.reset),
          ("silences_reset", changes.silencesReset), ("emptied", changes.emptied),
        ] {
          json.array(key) { json in for id in ids { json.string(nil, id) } }
        }
      }
      json.string("text", outcome.report.renderText())
      outcome.report.append(to: &json)
    }
    return json.text
  }

  private static func answer(to command: ControlRequest, _ snapshot: SensorSnapshot) -> String {
    var json = JSONText()
    json.object { json in
      json.boolean("ok", true)
      switch command {
      case .rules:
        json.array("rules") { json in
          for index in snapshot.rules.indices {
            json.object { append(index, of: snapshot, to: &$0) }
          }
        }
      case .stats:
        json.object("stats") { json in
          for counter in snapshot.counters { json.number(counter.name, Int(clamping: counter.value)) }
        }
      default:
        json.number("rules", snapshot.rules.count)
        for name in statusCounters {
          let value = snapshot.counters.first { $0.name == name }?.value ?? 0
          json.number(name, Int(clamping: value))
        }
      }
    }
    return json.text
  }

  /// What `status` tells.
  private static let statusCounters = [
    "uptime", "decoder.pkts", "capture.kernel_drops", "capture.kernel_ifdrops", "capture.sensor_drops",
    "capture.hep_messages", "capture.hep_drops", "sip.requests", "calls.total", "detect.alert",
    "rules.reloads", "rules.reload_failures",
  ]

  /// A rule, with what it did unless a reload has removed it.
  private static func append(_ index: Int, of snapshot: SensorSnapshot, to json: inout JSONText) {
    let rule = snapshot.rules[index]
    json.string("id", rule.id)
    json.number("sid", rule.sid)
    json.number("rev", rule.revision)
    json.string("title", rule.title)
    json.boolean("enabled", rule.isEnabled)
    json.number("alerts", Int(clamping: snapshot.alertsByRule[index]))
    guard index < snapshot.rulesDid.count else { return }
    let did = snapshot.rulesDid[index]
    json.number("matches", Int(clamping: did.matches))
    json.number("alerts_suppressed", Int(clamping: did.suppressed))
    json.number("missing_key", Int(clamping: did.missingKeys))
    json.number("late", Int(clamping: did.late))
  }

  private static func done(_ message: String) -> String { short(true, message) }

  /// The answer to what cannot be done.
  static func refusal(_ message: String) -> String { short(false, message) }

  private static func short(_ isDone: Bool, _ message: String) -> String {
    var json = JSONText()
    json.object { json in
      json.boolean("ok", isDone)
      json.string("message", message)
    }
    return json.text
  }
}
