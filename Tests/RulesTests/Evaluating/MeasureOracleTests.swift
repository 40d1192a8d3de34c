import Events
import Testing
import Values

@testable import Rules

/// A match as the oracle sees it.
private struct Match {
  var time: Int64
  var hasFailed: Bool
  var user: Int
  var size: Int64?
}

/// Says by brute force which matches of a key are in one window.
private struct SpanOracle<Element> {
  let motion: WindowMotion
  let length: Int64
  /// Times are told apart by so much.
  let granule: Int64
  private var accepted: [(time: Int64, element: Element)] = []

  init(_ motion: WindowMotion, length: Int64, granule: Int64 = 1) {
    self.motion = motion
    self.length = length
    self.granule = granule
  }

  /// All that are in the window with the new one, in the order in which they came; nil when it is late.
  mutating func add(_ element: Element, at time: Int64) -> [(time: Int64, element: Element)]? {
    let times = accepted.map(\.time)
    switch motion {
    case .sliding:
      let end = max(times.max() ?? time, time)
      guard time / granule > end / granule - length / granule else { return nil }
      accepted.append((time, element))
      return accepted.filter { $0.time / granule > end / granule - length / granule }
    case .tumbling:
      guard (times.max() ?? 0) / length <= time / length else { return nil }
      accepted.append((time, element))
      return accepted.filter { $0.time / length == time / length }
    case .session:
      if let newest = times.max(), time - newest >= length { accepted = [] }
      if let first = accepted.map(\.time).min(), first - time >= length { return nil }
      accepted.append((time, element))
      return accepted
    }
  }
}

@Suite struct WindowMotionOracleTests {
  @Test(arguments: WindowMotion.allCases)
  func `many distinct values reach the threshold when brute force says so`(_ motion: WindowMotion) {
    let seed: UInt64 = 20_261_122
    var generator = SeededGenerator(seed: seed)
    var reached = 0
    for stream in 0..<20 {
      let minimum = [65, 80, 100].randomElement(using: &generator) ?? 65
      let length = Int64.random(in: 100...400, using: &generator)
      var window = CompiledWindow(keys: 0..<0, length: length, minimum: minimum)
      window.motion = motion
      window.contents = .values(ValueSource(kind: .timestamp))
      var table = WindowTable(window, budget: 1 << 20, lateness: 20)
      var oracle = SpanOracle<UInt64>(motion, length: length)
      var clock: Int64 = 1000
      for step in 0..<400 {
        clock += Int64.random(in: 0...4, using: &generator)
        let time = clock - (step % 5 == 0 ? Int64.random(in: 0...20, using: &generator) : 0)
        let value = UInt64.random(in: 0..<160, using: &generator)
        let key = KeyHash(high: 1, low: 1)
        let outcome = table.add(
          WindowHit(key: key, value: KeyHash(high: 7, low: value), time: time, packet: 1))
        let inside = oracle.add(value, at: time).map { Set($0.map(\.element)).count }
        switch (outcome, inside) {
        case (.late, nil): break
        case (.counting, let count?) where count < minimum: #expect(table.count(of: key) == count)
        case (.reached, let count?) where count >= minimum: reached += 1
        default: Issue.record("stream \(stream) step \(step) of seed \(seed): \(outcome), \(inside ?? -1)")
        }
      }
    }
    #expect(reached > 100)
  }

  @Test(arguments: WindowMotion.allCases, [false, true])
  func `each kind of window equals brute force over random streams`(
    _ motion: WindowMotion, _ isDistinct: Bool
  ) {
    let seed: UInt64 = 20_261_121
    var generator = SeededGenerator(seed: seed)
    for stream in 0..<10_000 {
      let minimum = [1, 2, 3, 4, 8, 9, 17].randomElement(using: &generator) ?? 1
      let length = Int64.random(in: 1...40, using: &generator)
      var window = CompiledWindow(keys: 0..<0, length: length, minimum: minimum)
      window.motion = motion
      if isDistinct { window.contents = .values(ValueSource(kind: .timestamp)) }
      var table = WindowTable(window, budget: 1 << 20, lateness: 20)
      var oracles: [UInt64: SpanOracle<UInt64>] = [:]
      var clock: Int64 = 100
      for step in 0..<Int.random(in: 5...40, using: &generator) {
        clock += Int64.random(in: 0...(Bool.random(using: &generator) ? 4 : 20), using: &generator)
        let isLate = Int.random(in: 0..<4, using: &generator) == 0
        let time = clock - (isLate ? Int64.random(in: 0...20, using: &generator) : 0)
        let key = UInt64.random(in: 0..<2, using: &generator)
        let value = UInt64.random(in: 0..<20, using: &generator)
        let hit = WindowHit(
          key: KeyHash(high: key, low: key), value: KeyHash(high: 7, low: value), time: time, packet: 1)
        let outcome = table.add(hit)
        let inside = oracles[key, default: SpanOracle(motion, length: length)].add(value, at: time)
        let isRight =
          switch (outcome, inside) {
          case (.late, nil): true
          case (.counting(let count), let inside?): count == Self.count(inside, isDistinct) && count < minimum
          case (.reached, let inside?): Self.count(inside, isDistinct) >= minimum
          default: false
          }
        guard isRight else {
          Issue.record("seed \(seed) stream \(stream) step \(step): \(outcome)")
          return
        }
      }
    }
  }

  private static func count(_ inside: [(time: Int64, element: UInt64)], _ isDistinct: Bool) -> Int {
    isDistinct ? Set(inside.map(\.element)).count : inside.count
  }
}

@Suite struct MeasureOracleTests {
  private static let havings = [
    "total >= 4 and failed / total >= 0.5", "users >= 3 and total >= 3", "bytes > 40",
    "mean >= 6 and total >= 3", "smallest < 2 and largest > 8", "high >= 9",
    "refused >= 3", "refused >= 2 and users - refused >= 2",
  ]

  private static func rules(_ motion: WindowMotion) -> String {
    let values =
      "{total: {count: true}, failed: {count_if: sip.to.user == \"x\"}, users: {distinct: sip.from.user}, "
      + "refused: {distinct: sip.from.user, if: sip.to.user == \"x\"}, "
      + "bytes: {sum: sip.content_length}, mean: {avg: sip.content_length}, "
      + "smallest: {min: sip.content_length}, largest: {max: sip.content_length}, high: {p95: sip.content_length}}"
    let rules = havings.enumerated().map { index, having in
      """
        - id: r\(index)
          sid: \(index + 1)
          title: R
          event: sip.request
          measure: {by: [client.ip], within: 640ms, window: \(motion.rawValue), values: \(values)}
          having: \(having)
          suppress: {for: 0s}

      """
    }
    return "rules:\n" + rules.joined()
  }

  /// Which rules fire for the matches in a window.
  private static func expected(_ inside: [Match]) -> [Int] {
    let sizes = inside.compactMap(\.size).map(Double.init).sorted()
    let sum = sizes.reduce(0, +)
    let failed = inside.count(where: \.hasFailed)
    let refused = Set(inside.filter(\.hasFailed).map(\.user)).count
    let truths = [
      inside.count >= 4 && Double(failed) / Double(inside.count) >= 0.5,
      Set(inside.map(\.user)).count >= 3 && inside.count >= 3, sum > 40,
      !sizes.isEmpty && sum / Double(sizes.count) >= 6 && inside.count >= 3,
      (sizes.first ?? 9) < 2 && (sizes.last ?? 0) > 8,
      !sizes.isEmpty && sizes[Int((Double(sizes.count) * 0.95).rounded(.up)) - 1] >= 9,
      refused >= 3, refused >= 2 && Set(inside.map(\.user)).count - refused >= 2,
    ]
    return truths.indices.filter { truths[$0] }
  }

  @Test(arguments: WindowMotion.allCases)
  func `measures equal brute force over random streams`(_ motion: WindowMotion) throws {
    let seed: UInt64 = 640
    var generator = SeededGenerator(seed: seed)
    let set = try compile(Self.rules(motion))
    var engine = RuleEngine(set)
    var event = Event(headerSlots: set.headerNames.names.count)
    var fired = 0
    for stream in 0..<10_000 {
      engine.restart()
      var oracles: [Int: SpanOracle<Match>] = [:]
      var clock: Int64 = 1_000_000
      for step in 0..<Int.random(in: 3...20, using: &generator) {
        clock += Int64.random(in: 0...(Bool.random(using: &generator) ? 30 : 400), using: &generator)
        let isLate = Int.random(in: 0..<5, using: &generator) == 0
        let client = Int.random(in: 1...2, using: &generator)
        let match = Match(
          time: clock - (isLate ? Int64.random(in: 0...900, using: &generator) : 0),
          hasFailed: Bool.random(using: &generator), user: Int.random(in: 0..<5, using: &generator),
          size: Bool.random(using: &generator) ? Int64.random(in: 0...10, using: &generator) : nil)
        Self.fill(&event, match, client: client)
        var alerts: [Alert] = []
        engine.process(event, into: &alerts)
        var oracle = oracles[client] ?? SpanOracle(motion, length: 640, granule: 10)
        let wanted = oracle.add(match, at: match.time).map { Self.expected($0.map(\.element)) } ?? []
        oracles[client] = oracle
        fired += wanted.count
        guard alerts.map(\.rule) == wanted else {
          Issue.record("seed \(seed) stream \(stream) step \(step): \(alerts.map(\.rule)), not \(wanted)")
          return
        }
      }
    }
    #expect(fired > 10_000)
  }

  private static func fill(_ event: inout Event, _ match: Match, client: Int) {
    event.reset(.sipRequest, at: Timestamp(nanoseconds: match.time * 1_000_000), sequence: 1)
    event.set(.clientIP, .ip(IPAddress(v4: UInt32(client))))
    event.set(.sipFromUser, copying: "u\(match.user)")
    event.set(.sipToUser, copying: match.hasFailed ? "x" : "y")
    if let size = match.size { event.set(.sipContentLength, .integer(size)) }
  }
}
