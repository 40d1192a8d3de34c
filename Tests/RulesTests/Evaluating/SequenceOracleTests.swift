import Events
import Testing
import Values

@testable import Rules

/// An event of a random stream: a kind, a key of two values, a value that steps compare.
private struct Happening {
  var time: Int64
  var sequence: UInt64
  var kind: EventKind
  var key: UInt32
  var value: Int64

  func isBefore(_ other: Happening) -> Bool {
    time != other.time ? time < other.time : sequence < other.sequence
  }
}

/// A sequence as the oracle knows it.
private struct Pattern {
  var steps: [(kind: EventKind, count: Int)]
  var window: Int64
  var until: EventKind?
  /// Whether an event belongs to the chain with these earlier matches, by step.
  var belongs: @Sendable (_ step: Int, Happening, _ earlier: [[Happening]]) -> Bool

  /// Says by brute force which events complete a chain, each with the latest time one can begin.
  func completions(_ events: [Happening]) -> [String] {
    var found: [String] = []
    for key in Set(events.map(\.key)) {
      let own = events.filter { $0.key == key }.sorted { $0.isBefore($1) }
      for (index, event) in own.enumerated() where event.kind == steps[steps.count - 1].kind {
        if let start = latestStart(own, endingAt: index) { found.append("\(event.sequence) from \(start)") }
      }
    }
    return found.sorted()
  }

  private func latestStart(_ own: [Happening], endingAt end: Int) -> Int64? {
    var best: Int64?
    for first in 0...end where own[first].kind == steps[0].kind {
      guard own[first].time > own[end].time - window else { continue }
      // An event of `until` ends chains before it, and may be a step of later ones.
      if let until, first < end, own[first + 1...end].contains(where: { $0.kind == until }) { continue }
      if isReachable(own, first, end, step: 0, earlier: [[]]) { best = max(best ?? .min, own[first].time) }
    }
    return best
  }

  /// Whether a chain with some earlier matches can go on with the event at an index and finish at the end.
  private func isReachable(
    _ own: [Happening], _ index: Int, _ end: Int, step: Int, earlier: [[Happening]]
  ) -> Bool {
    guard own[index].kind == steps[step].kind, belongs(step, own[index], Array(earlier.dropLast())) else {
      return false
    }
    var (step, earlier) = (step, earlier)
    earlier[step].append(own[index])
    if earlier[step].count == steps[step].count {
      if step == steps.count - 1 { return index == end }
      step += 1
      earlier.append([])
    }
    guard index < end else { return false }
    return (index + 1...end).contains { isReachable(own, $0, end, step: step, earlier: earlier) }
  }
}

@Suite struct SequenceOracleTests {
  private static func text(_ steps: String, within: Int64, until: String = "") -> String {
    """
    rules:
      - id: r
        sid: 1
        title: R
        suppress: {for: 0s}
        sequence:
          within: \(within)ms
          steps:
    \(steps)\(until)
    """
  }

  private static let by = "by: [client.ip]"

  private static let patterns: [(text: String, pattern: Pattern)] = [
    (
      text(
        """
              - {name: a, event: stun, \(by)}
              - {name: b, event: tls, \(by)}
              - {name: c, event: rtcp, \(by)}

        """, within: 14),
      Pattern(
        steps: [(.stun, 1), (.tls, 1), (.rtcp, 1)], window: 14, until: nil, belongs: { _, _, _ in true })
    ),
    (
      text(
        """
              - {name: a, event: stun, \(by), count: {at_least: 3}}
              - {name: b, event: tls, \(by)}

        """, within: 20, until: "      until: {event: dtls, \(by)}\n"),
      Pattern(steps: [(.stun, 3), (.tls, 1)], window: 20, until: .dtls, belongs: { _, _, _ in true })
    ),
    (
      text(
        """
              - {name: a, event: stun, \(by)}
              - {name: b, event: stun, \(by), when: pkt_len != a.pkt_len}
              - {name: c, event: tls, \(by), when: pkt_len == a.pkt_len or pkt_len == b.pkt_len + 1}

        """, within: 18),
      Pattern(
        steps: [(.stun, 1), (.stun, 1), (.tls, 1)], window: 18, until: nil,
        belongs: { step, event, earlier in
          switch step {
          case 0: true
          case 1: event.value != earlier[0][0].value
          default: event.value == earlier[0][0].value || event.value == earlier[1][0].value + 1
          }
        })
    ),
    (
      text(
        """
              - {name: a, event: stun, \(by)}
              - {name: b, event: tls, \(by), count: {at_least: 2}, when: pkt_len >= a.pkt_len}
              - {name: c, event: tls, \(by), count: {more_than: 1}, when: pkt_len != b.pkt_len}

        """, within: 25, until: "      until: {event: dtls, \(by)}\n"),
      Pattern(
        steps: [(.stun, 1), (.tls, 2), (.tls, 2)], window: 25, until: .dtls,
        belongs: { step, event, earlier in
          switch step {
          case 0: true
          case 1: event.value >= earlier[0][0].value
          default: event.value != earlier[1][1].value
          }
        })
    ),
    (
      text(
        """
              - {name: a, event: tls, \(by)}
              - {name: b, event: stun, \(by), count: {at_least: 2}}

        """, within: 16, until: "      until: {event: tls, \(by)}\n"),
      Pattern(steps: [(.tls, 1), (.stun, 2)], window: 16, until: .tls, belongs: { _, _, _ in true })
    ),
  ]

  private static let kinds: [[EventKind]] = [
    [.stun, .tls, .rtcp], [.stun, .stun, .tls, .dtls], [.stun, .stun, .tls],
    [.stun, .tls, .tls, .tls, .dtls],
    [.tls, .stun, .stun],
  ]

  @Test func `chains equal brute force over random streams, in any order within the lateness`() throws {
    let seed: UInt64 = 20_261_123
    var generator = SeededGenerator(seed: seed)
    var completions = 0
    for (number, pattern) in Self.patterns.enumerated() {
      let set = try compile(pattern.text)
      var limits = EngineLimits()
      limits.lateness = 10_000_000
      var engine = RuleEngine(set, limits: limits)
      var event = Event()
      for stream in 0..<2200 {
        engine.restart()
        var clock: Int64 = 100
        var events: [Happening] = []
        var alerts: [Alert] = []
        for step in 0..<Int.random(in: 4...14, using: &generator) {
          let late = step % 3 == 0 ? Int64.random(in: 0...10, using: &generator) : 0
          let happening = Happening(
            time: clock - late, sequence: UInt64(step),
            kind: Self.kinds[number].randomElement(using: &generator) ?? .stun,
            key: UInt32.random(in: 1...10, using: &generator) == 1 ? 2 : 1,
            value: Int64.random(in: 1...3, using: &generator))
          events.append(happening)
          event.reset(
            happening.kind, at: Timestamp(nanoseconds: happening.time * 1_000_000),
            sequence: happening.sequence)
          event.set(.clientIP, ip: IPAddress(v4: happening.key))
          event.set(.pktLen, integer: happening.value)
          engine.process(event, into: &alerts)
          clock += Int64.random(in: 0...4, using: &generator)
        }
        engine.finish(into: &alerts)
        let found = alerts.map { "\($0.sequence) from \(($0.windowStart?.nanoseconds ?? 0) / 1_000_000)" }
        let expected = pattern.pattern.completions(events)
        completions += expected.count
        guard found.sorted() == expected else {
          Issue.record(
            "seed \(seed) pattern \(number) stream \(stream): \(found), not \(expected): \(events)")
          return
        }
      }
    }
    #expect(completions > 5000)
  }
}
