import Events
import Testing
import Values

@testable import Rules

private func event(
  _ milliseconds: Int64, client: UInt32? = 1, user: String = "a", size: Int64? = nil, packet: Int64 = 0
) -> ShortEvent {
  var event = ShortEvent(kind: .sipRequest, milliseconds: milliseconds)
  if let client { event.fields.append((.clientIP, .ip(IPAddress(v4: client)))) }
  if let size { event.fields.append((.sipContentLength, .integer(size))) }
  if packet > 0 { event.fields.append((.pcapCnt, .integer(packet))) }
  event.texts = [(.sipFromUser, user)]
  return event
}

private func measuring(
  _ values: String, _ having: String, within: String = "64s", window: WindowMotion = .sliding, sid: Int = 1,
  _ rest: String = ""
) -> String {
  """
    - id: r\(sid)
      sid: \(sid)
      title: R
      event: sip.request
      measure: {by: [client.ip], within: \(within), window: \(window.rawValue), values: {\(values)}}
      having: \(having)
  \(rest)

  """
}

private func seconds(_ alerts: [Alert]) -> [Double] { alerts.map { Double($0.timestamp.nanoseconds) / 1e9 } }

@Suite struct MeasureTests {
  private static let count = "total: {count: true}"

  @Test func `a sliding window forgets whole parts and never holds what is older than it`() throws {
    let set = try compile("rules:\n" + measuring(Self.count, "total >= 2"))
    // Parts are of one second: 64 s later the part is gone, 63 s later all of it is there.
    #expect(seconds(run(set, [event(999), event(63_999)])) == [63.999])
    #expect(run(set, [event(0), event(64_000)]).isEmpty)
    #expect(run(set, [event(999), event(64_000)]).isEmpty)
  }

  @Test func `an alert says how many matches there are and in which window`() throws {
    let set = try compile("rules:\n" + measuring(Self.count, "total >= 3"))
    let alerts = run(set, (1...3).map { event(Int64($0) * 1500, packet: Int64($0)) })
    #expect(alerts.map(\.count) == [3])
    #expect(alerts.first?.windowEnd == Timestamp(nanoseconds: 4_500_000_000))
    // The first instant that counts is 63 s before the part of the end begins.
    #expect(alerts.first?.windowStart == Timestamp(nanoseconds: -59_000_000_001))
    #expect(alerts.first?.evidence.array == [1, 2, 3])
  }

  @Test func `a tumbling window contains its first instant and not its last`() throws {
    let rules = "rules:\n" + measuring(Self.count, "total >= 2", within: "60s", window: .tumbling)
    let set = try compile(rules)
    #expect(run(set, [event(59_999), event(60_000)]).isEmpty)
    let alerts = run(set, [event(60_000), event(119_999)])
    #expect(alerts.map(\.windowStart) == [Timestamp(seconds: 60, nanoseconds: 0)])
  }

  @Test func `a session goes on while pauses are shorter than its length`() throws {
    let set = try compile("rules:\n" + measuring(Self.count, "total >= 4", within: "10s", window: .session))
    let alerts = run(set, [event(0), event(9999), event(19_998), event(29_997)])
    #expect(alerts.map(\.count) == [4])
    #expect(alerts.first?.windowStart == Timestamp(nanoseconds: 0))
    #expect(run(set, [event(0), event(9999), event(19_999), event(29_998)]).isEmpty)
  }

  @Test func `rules with values of the same name are judged each by its own`() throws {
    let rules =
      "rules:\n" + measuring(Self.count, "total >= 2", within: "1s", sid: 1)
      + measuring(Self.count, "total >= 2", within: "64s", sid: 2)
    #expect(run(try compile(rules), [event(0), event(5000)]).map(\.rule) == [1])
  }

  @Test func `distinct values count up to the cap and then stay there`() throws {
    let cap = MeasureDeclaration.maximumDistinct
    let more = "    suppress: {for: 0s}"
    let rules =
      "rules:\n" + measuring("users: {distinct: sip.from.user}", "users >= \(cap)", within: "1h", more)
      + measuring("users: {distinct: sip.from.user}", "users > \(cap)", within: "1h", sid: 2, more)
    let alerts = run(try compile(rules), (0..<cap + 20).map { event(Int64($0), user: "u\($0)") })
    #expect(alerts.count == 21 && alerts.allSatisfy { $0.rule == 0 })
  }

  @Test func `a percentile is that of the most recent values`() throws {
    let set = try compile(
      "rules:\n"
        + measuring("high: {p95: sip.content_length}", "high == 7", within: "1h", "    suppress: {for: 0s}")
    )
    let cap = MeasureDeclaration.maximumSamples
    let old = (0..<cap).map { event(Int64($0), size: 1) }
    // Of 1024 values 973 are the 95 %: the 52nd sevens makes it seven.
    let new = (0..<60).map { event(Int64(cap + $0), size: 7) }
    #expect(run(set, old + new).first?.sequence == UInt64(cap + 51))
  }

  @Test func `durations are measured as durations`() throws {
    let rules = """
      rules:
        - id: r
          sid: 1
          title: R
          event: transaction
          measure: {by: [client.ip], within: 60s, values: {slow: {avg: transaction.duration}}}
          having: slow > 2s

      """
    var fast = event(0)
    fast.kind = .transaction
    fast.fields.append((.transactionDuration, .duration(1_000_000_000)))
    var slow = fast
    slow.milliseconds = 1000
    slow.fields.append((.transactionDuration, .duration(4_000_000_000)))
    #expect(seconds(run(try compile(rules), [fast, slow])) == [1])
  }

  @Test func `without a value there is no mean, and nothing is divided by nothing`() throws {
    let values =
      "total: {count: true}, mean: {avg: sip.content_length}, big: {count_if: sip.content_length > 5}"
    let rules =
      "rules:\n" + measuring(values, "mean < 100", sid: 1) + measuring(values, "not mean > 100", sid: 2)
      + measuring(values, "total >= 1 and big / (total - 1) >= 0", sid: 3)
    #expect(run(try compile(rules), [event(0)]).isEmpty)
    #expect(run(try compile(rules), [event(0), event(1)]).map(\.rule) == [2])
    #expect(run(try compile(rules), [event(0), event(1, size: 6)]).map(\.rule) == [0, 1, 2])
  }

  @Test func `events without a key and events that come too late are counted as such`() throws {
    let set = try compile("rules:\n" + measuring(Self.count, "total >= 2", within: "1s", window: .tumbling))
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var subject = Event()
    // 900 is within the lateness of the engine, and its window is over.
    for (index, short) in [event(1100), event(900), event(1150, client: nil), event(1200)].enumerated() {
      short.fill(&subject, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(subject, into: &alerts)
    }
    #expect(alerts.map(\.sequence) == [3])
    #expect(engine.counters.late == 1 && engine.counters.missingKeys == 1)
  }

  @Test(arguments: WindowMotion.allCases)
  func `a flood of keys stays within the bound, and who is near the minimum is kept`(_ motion: WindowMotion)
    throws
  {
    let values = "total: {count: true}, users: {distinct: sip.from.user}, high: {p95: sip.content_length}"
    let set = try compile(
      "rules:\n" + measuring(values, "total >= 10 and users >= 10", within: "1h", window: motion))
    var limits = EngineLimits()
    limits.bytesPerRule = 256 << 10
    var engine = RuleEngine(set, limits: limits)
    var alerts: [Alert] = []
    var subject = Event()
    var sequence: UInt64 = 0
    for index in 0..<20_000 {
      event(Int64(index), client: UInt32(index) + 1, size: 1).fill(
        &subject, sequence: sequence, headerNames: set.headerNames)
      engine.process(subject, into: &alerts)
      guard index % 300 == 0 else { continue }
      sequence += 1
      event(Int64(index), client: 0xffff_0001, user: "u\(index)", size: 1).fill(
        &subject, sequence: sequence, headerNames: set.headerNames)
      engine.process(subject, into: &alerts)
    }
    #expect(seconds(alerts) == [2.7])
    #expect(engine.counters.evictions > 10_000)
    #expect(engine.counters.bytes <= engine.counters.byteLimit)
  }

  @Test func `a key near the minimum is kept in all windows of its rule`() throws {
    let values = "total: {count: true}, users: {distinct: sip.from.user}, high: {p95: sip.content_length}"
    let set = try compile(
      "rules:\n" + measuring(values, "total >= 10 and users >= 10 and high == 9", within: "1h"))
    var limits = EngineLimits()
    limits.bytesPerRule = 64 << 10
    let attack = (0..<9).map { event($0, client: 0xffff_0001, user: "u\($0)", size: 9) }
    let flood = (0..<4000).map { event($0 + 10, client: UInt32($0 / 2) + 1, user: "v\($0)", size: 1) }
    let last = event(5000, client: 0xffff_0001, user: "u9")
    #expect(seconds(run(set, attack + flood + [last], limits: limits)) == [5])
  }

  @Test func `what check says of memory contains all windows of a measure`() throws {
    let one = try compile("rules:\n" + measuring(Self.count, "total >= 2"))
    let two = try compile("rules:\n" + measuring("users: {distinct: sip.from.user}", "users >= 2"))
    let limits = EngineLimits()
    #expect(two.memoryBound(ofRule: 0, limits) > one.memoryBound(ofRule: 0, limits) + limits.bytesPerRule / 2)
  }
}
