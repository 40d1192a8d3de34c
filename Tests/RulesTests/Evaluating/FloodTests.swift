import Events
import Foundation
import Testing
import Values

@testable import Rules

/// A flood of spoofed sources with one real attacker inside: memory stays within its bound, and the attacker is
/// reported by every kind of rule.
@Suite struct FloodTests {
  private static let rules = """
    rules:
      - id: count
        sid: 1
        title: Count
        event: registration.failed
        threshold: {by: [client.ip], within: 60s, count: {at_least: 20}}
      - id: distinct
        sid: 2
        title: Distinct
        event: registration.failed
        threshold: {by: [client.ip], within: 60s, distinct: {of: registration.aor, at_least: 20}}
      - id: measure
        sid: 3
        title: Measure
        event: registration.failed
        measure:
          by: [client.ip]
          within: 60s
          values: {total: {count: true}, users: {distinct: registration.aor}, bad: {count_if: registration.code == 403}}
        having: total >= 20 and users / total > 0.8 and bad / total > 0.8
      - id: novelty
        sid: 4
        title: Novelty
        event: registration.failed
        first_seen: {of: registration.user_agent, by: [client.ip], memory: 30d, warmup: 5s}
      - id: absence
        sid: 5
        title: Absence
        event: registration.failed
        when: registration.aor starts_with "wait"
        absence: {by: [client.ip], within: 5s, expect: {event: registration.registered}}
      - id: chained
        sid: 6
        title: Chained
        event: alert
        when: 'alert.rule in ["count", "distinct", "measure"]'
        threshold: {by: [client.ip], within: 60s, distinct: {of: alert.rule, at_least: 3}}
    """

  private static let attacker = IPAddress(v4: 0x0a00_0001)

  /// What came out of a flood.
  private struct Outcome {
    /// Alerts about the attacker, by rule.
    var reported: [String: Int] = [:]
    var alerts: [String: Int] = [:]
    var counters = EngineCounters()
    var largest = 0
  }

  /// Runs spoofed sources through rules, each with one event, every eighth with two; between so many of them
  /// the attacker fails with another account.
  private func flood(sources: Int, aSecond rate: Int, betweenAttempts: Int, _ limits: EngineLimits) throws
    -> Outcome
  {
    let set = try compile(Self.rules)
    var engine = RuleEngine(set, limits: limits)
    var outcome = Outcome()
    var alerts: [Alert] = []
    var event = Event()
    var sequence: UInt64 = 0
    let attempts = sources / betweenAttempts
    for number in 0..<sources {
      let time = Int64(number) * (1_000_000_000 / Int64(rate))
      if number % betweenAttempts == 0 {
        let attempt = number / betweenAttempts
        let agent = attempt == attempts / 2 ? "dialler" : "phone"
        fill(&event, Self.attacker, "wait\(attempt)@example.com", agent, at: time, sequence)
        sequence += 1
        process(&engine, event, set, &alerts, &outcome)
      }
      let spoofed = IPAddress(v4: 0x6000_0000 &+ UInt32(truncatingIfNeeded: number))
      for _ in 0..<(number % 8 == 0 ? 2 : 1) {
        fill(&event, spoofed, "wait@example.com", "phone", at: time, sequence)
        sequence += 1
        process(&engine, event, set, &alerts, &outcome)
      }
      if number % (sources / 16) == 0 { outcome.largest = max(outcome.largest, engine.counters.bytes) }
    }
    engine.finish(into: &alerts)
    outcome.counters = engine.counters
    outcome.largest = max(outcome.largest, outcome.counters.bytes)
    return outcome
  }

  private func fill(
    _ event: inout Event, _ client: IPAddress, _ account: String, _ agent: String, at time: Int64,
    _ sequence: UInt64
  ) {
    event.reset(.registrationFailed, at: Timestamp(nanoseconds: time), sequence: sequence)
    event.set(.clientIP, .ip(client))
    event.set(.registrationCode, .integer(403))
    event.set(.registrationAOR, copying: account)
    event.set(.registrationUserAgent, copying: agent)
  }

  private func process(
    _ engine: inout RuleEngine, _ event: borrowing Event, _ set: CompiledRuleSet, _ alerts: inout [Alert],
    _ outcome: inout Outcome
  ) {
    engine.process(event, into: &alerts)
    for alert in alerts {
      let id = set.metadata[alert.rule].id
      outcome.alerts[id, default: 0] += 1
      if engine.group(of: alert, for: event) == ["10.0.0.1"] { outcome.reported[id, default: 0] += 1 }
    }
    alerts.removeAll(keepingCapacity: true)
  }

  private func expectAttacker(_ outcome: Outcome) {
    for id in ["count", "distinct", "measure", "novelty", "chained"] {
      #expect(outcome.reported[id, default: 0] > 0, "\(id)")
      #expect(outcome.alerts[id] == outcome.reported[id], "\(id): nobody else is reported")
    }
    #expect(outcome.largest <= outcome.counters.byteLimit)
    #expect(outcome.counters.evictions > 0, "the flood was larger than the tables")
  }

  @Test func `an attacker is found among 40,000 spoofed sources in a megabyte`() throws {
    var limits = EngineLimits()
    limits.totalBytes = 1 << 20
    let outcome = try flood(sources: 40_000, aSecond: 2000, betweenAttempts: 40, limits)
    expectAttacker(outcome)
  }

  /// RINGWATCH_FLOOD=1 swift test -c release -Xswiftc -enable-testing --filter FloodTests
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RINGWATCH_FLOOD"] == "1", "takes a minute"))
  func `an attacker is found among 10,000,000 spoofed sources`() throws {
    let start = ContinuousClock.now
    let outcome = try flood(sources: 10_000_000, aSecond: 10_000, betweenAttempts: 5000, EngineLimits())
    let counters = outcome.counters
    print(
      "\(counters.events) events in \(ContinuousClock.now - start), \(outcome.largest) bytes of \(counters.byteLimit),",
      "\(counters.evictions) evictions, alerts \(outcome.alerts.sorted { $0.key < $1.key }),",
      "resident \(residentMegabytes() ?? 0) MB")
    expectAttacker(outcome)
    #expect((residentMegabytes() ?? 0) < 600)
  }

  /// At the most so far.
  private func residentMegabytes() -> Int? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").dropLast().last.flatMap { Int($0) }.map { $0 / 1024 }
  }
}
