import Events
import Rules
import Testing
import Values

/// Runs events past a rule as a sensor does: the probe brings them.
private func explain(
  _ rules: String, rule: String = "watched", all: Bool = false, examples: Int = 3,
  _ events: [(kind: EventKind, second: Int64, fields: [(Field, Any)])]
) throws -> RuleExplanation {
  let outcome = RuleSetLoader.load(texts: [("rules.yaml", "rules:\n" + rules)])
  let ruleSet = try #require(outcome.ruleSet, "\(outcome.report.renderText())")
  let number = try #require(ruleSet.ruleIndex(id: rule))
  let explainer = try #require(
    RuleExplainer(
      ruleSet, rule: number, sources: outcome.report.sources, exampleCount: examples, keepsAll: all))
  var engine = RuleEngine(explainer.ruleSet)
  var alerts: [Alert] = []
  for (index, given) in events.enumerated() {
    var event = Event(headerSlots: explainer.ruleSet.headerNames.names.count)
    event.reset(
      given.kind, at: Timestamp(seconds: 1_772_403_240 + given.second, nanoseconds: 0),
      sequence: UInt64(index))
    event.set(.pcapCnt, integer: Int64(index + 1))
    for (field, value) in given.fields {
      switch value {
      case let number as Int: event.set(field, integer: Int64(number))
      case let flag as Bool: event.set(field, bool: flag)
      case let text as String:
        if let address = IPAddress(text) {
          event.set(field, ip: address)
        } else {
          event.set(field, copying: text)
        }
      default: break
      }
    }
    alerts.removeAll()
    engine.process(event, into: &alerts)
    for alert in alerts where alert.rule == explainer.probe { explainer.explain(event) }
  }
  return explainer.finish(at: nil)
}

private let request = EventKind.sipRequest

extension RuleExplanation {
  fileprivate func count(_ outcome: Outcome) -> Int { groups.first { $0.outcome == outcome }?.count ?? 0 }
}

@Suite struct RuleExplainerTests {
  private static let guessing = """
      - id: watched
        sid: 1
        title: T
        event: sip.request
        when: sip.method == "REGISTER" and sip.size > 100 and not (sip.retransmission or sip.forwarded)
        except:
          - {name: own, when: client.ip in 10.0.0.0/8}
          - {name: monitors, when: sip.user_agent contains "monitor"}
        threshold: {by: [client.ip, sip.to.user], within: 60s, count: {at_least: 3}}

    """

  private static func register(_ second: Int64, _ more: [(Field, Any)] = []) -> (
    EventKind, Int64, [(Field, Any)]
  ) {
    let fields: [(Field, Any)] = [
      (.sipMethod, "REGISTER"), (.sipSize, 500), (.sipRetransmission, false), (.sipForwarded, false),
      (.clientIP, "192.0.2.1"), (.sipToUser, "201"),
    ]
    return (request, second, fields + more)
  }

  @Test func `the first clause that is not true is named, and absent is told apart from false`() throws {
    let found = try explain(
      Self.guessing,
      [
        (request, 0, [(.sipMethod, "INVITE"), (.sipSize, 1)]), (request, 1, [(.sipSize, 500)]),
        Self.register(2, [(.sipSize, 99)]), Self.register(3, [(.sipForwarded, true)]),
      ])
    #expect(found.eventCount == 4)
    #expect(
      found.renderText().hasPrefix(
        """
        Rule watched (rules.yaml:2), sip.request: 4 events, 0 alerts

               1 false: sip.method == "REGISTER"
                 2026-03-01T22:14:00Z packet 1  sip.method=INVITE

               1 unknown (absent): sip.method == "REGISTER"
                 2026-03-01T22:14:01Z packet 2  sip.method is absent

               1 false: sip.size > 100
                 2026-03-01T22:14:02Z packet 3  sip.size=99

               1 false: not (sip.retransmission or sip.forwarded)
                 2026-03-01T22:14:03Z packet 4  sip.retransmission=false, sip.forwarded=true

        """), "\(found.renderText())")
  }

  @Test func `exceptions, missing keys, counting, firing and silence are told`() throws {
    let found = try explain(
      Self.guessing,
      [
        Self.register(0, [(.clientIP, "10.1.1.1")]), Self.register(1, [(.sipUserAgent, "my monitor")]),
        (
          request, 2,
          [
            (.sipMethod, "REGISTER"), (.sipSize, 500), (.sipRetransmission, false), (.sipForwarded, false),
            (.clientIP, "192.0.2.1"),
          ]
        ), Self.register(3), Self.register(4, [(.sipToUser, "202")]), Self.register(5), Self.register(6),
        Self.register(7),
      ])
    #expect(found.count(.excepted("own")) == 1 && found.count(.excepted("monitors")) == 1)
    #expect(found.count(.missingKey("sip.to.user")) == 1)
    #expect(found.count(.counted) == 3 && found.count(.fired) == 1 && found.count(.suppressed) == 1)
    let counted = try #require(found.groups.first { $0.outcome == .counted }?.examples.last)
    #expect(counted.values.map(\.name) == ["client.ip", "sip.to.user", "count"])
    #expect(counted.values.map(\.value) == ["192.0.2.1", "201", "2 of 3"])
    #expect(found.nearest?.packet == 6)
    let alert = try #require(found.alerts.first)
    #expect(found.alerts.count == 1)
    #expect(alert.group.map(\.value) == ["192.0.2.1", "201"])
    #expect(alert.alert.count == 3 && alert.alert.evidence.array == [4, 6, 7])
    #expect(
      found.renderText().hasSuffix(
        """
        Alert at 2026-03-01T22:14:06Z
            key      client.ip=192.0.2.1, sip.to.user=201
            count    3
            window   after 2026-03-01T22:13:06Z, up to 2026-03-01T22:14:06Z
            packets  4, 6, 7

        """), "\(found.renderText())")
  }

  @Test func `the schedule and late events are told`() throws {
    let rules = """
        - id: watched
          sid: 1
          title: T
          event: sip.request
          during: night
          threshold: {by: [], within: 5s, count: {at_least: 3}}
      schedules:
        night: {zone: UTC, any_of: [{days: [sun, mon, tue, wed, thu, fri, sat], hours: "22:14-22:15"}]}

      """
    let found = try explain(
      rules, [(request, -1, []), (request, 30, []), (request, 20, []), (request, 61, [])])
    #expect(found.count(.offSchedule("night")) == 2)
    #expect(found.count(.counted) == 1 && found.count(.late) == 1)
  }

  @Test func `a measure shows its values, and an absence what it waits for`() throws {
    let measure = """
        - id: watched
          sid: 1
          title: T
          event: sip.response
          measure: {by: [client.ip], within: 60s, values: {total: {count: true}, bad: {count_if: sip.code >= 400}}}
          having: total >= 2 and bad / total > 0.6

      """
    let answer = { (second: Int64, code: Int) in
      (EventKind.sipResponse, second, [(Field.clientIP, "192.0.2.1" as Any), (.sipCode, code)])
    }
    let measured = try explain(measure, [answer(0, 404), answer(1, 200), answer(2, 500)])
    let counted = try #require(measured.groups.first { $0.outcome == .counted })
    #expect(counted.examples.last?.values.map(\.value) == ["192.0.2.1", "2", "1"])
    #expect(measured.count(.fired) == 1)

    let absence = """
        - id: watched
          sid: 1
          title: T
          event: call.answered
          absence: {by: [call.id], within: 5s, expect: {event: rtp.started, when: rtp.srtp}}

      """
    let waited = try explain(
      absence,
      [
        (.callAnswered, 0, [(.callID, "a")]), (.callAnswered, 1, [(.callID, "b")]),
        (.rtpStarted, 2, [(.callID, "a"), (.rtpSRTP, true)]),
        (.rtpStarted, 3, [(.callID, "b"), (.rtpSRTP, false)]),
        (.callAnswered, 20, [(.callID, "c")]),
      ])
    #expect(waited.count(.waiting) == 3 && waited.count(.expected) == 1)
    #expect(waited.count(.stopped(clause: "rtp.srtp", isUnknown: false)) == 1)
    #expect(waited.alerts.map { $0.group.map(\.value) } == [["b"]])
    #expect(waited.pendingCount == 1)
    #expect(waited.renderText().contains(": the expected event did not come\n"))
    #expect(waited.renderText().contains("       1 still waiting at the end of the input\n"))
  }

  @Test func `lists, functions and hostile text are shown`() throws {
    let rule = """
        - id: watched
          sid: 1
          title: T
          event: sip.request
          when: len(sip.user_agent) < 5 and header["X-A"] == "b"

      """
    let found = try explain(
      rule, [(request, 0, [(.sipUserAgent, "evil\u{1b}[2J\n")]), (request, 1, [(.sipUserAgent, "ok")])])
    let text = found.renderText()
    #expect(text.contains("len(sip.user_agent)=9\n"))
    #expect(text.contains("header[\"x-a\"] is absent"))
    #expect(!text.contains("\u{1b}"))
  }

  @Test func `all events can be listed, and JSON has the same`() throws {
    let found = try explain(
      Self.guessing, all: true, examples: 1,
      [Self.register(0), Self.register(1), Self.register(2), (request, 3, [(.sipMethod, "BYE")])])
    #expect(found.observations.map(\.packet) == [1, 2, 3, 4])
    #expect(
      found.renderText().hasPrefix(
        """
        2026-03-01T22:14:00Z packet 1: counted, and not yet enough  client.ip=192.0.2.1, sip.to.user=201, count=1 of 3
        2026-03-01T22:14:01Z packet 2: counted, and not yet enough  client.ip=192.0.2.1, sip.to.user=201, count=2 of 3
        2026-03-01T22:14:02Z packet 3: fired  client.ip=192.0.2.1, sip.to.user=201
        2026-03-01T22:14:03Z packet 4: false: sip.method == "REGISTER"  sip.method=BYE

        """), "\(found.renderText())")
    let json = found.renderJSON()
    #expect(
      json.hasPrefix(
        #"{"rule":"watched","file":"rules.yaml","line":2,"event":"sip.request","events":4,"outcomes":["#))
    #expect(
      json.contains(#"{"outcome":"false","clause":"sip.method == \"REGISTER\"","count":1,"examples":[{"#))
    #expect(
      json.contains(
        #""alerts":[{"time":"2026-03-01T22:14:02Z","reason":"match","key":{"client.ip":"192.0.2.1","sip.to.user":"201"},"count":3,"#
      ))
    #expect(json.hasSuffix("}]}\n"))
  }

  @Test func `other rules run as ever, and what is added to them has no name of a rule`() throws {
    let rules = Self.guessing + "  - {id: other, sid: 2, title: T, event: sip.request, suppress: {for: 0s}}\n"
    let found = try explain(rules, rule: "other", [Self.register(0), Self.register(1)])
    #expect(found.count(.fired) == 2 && found.alerts.count == 2)
  }
}
