import Testing
import Tracking
import Values

@testable import Report

/// What holds the memory of a report, and its figures.
@Suite struct GatheringTests {
  private struct Weight: Ranked, Sendable {
    var rank = 0
  }

  @Test func `a flood of new keys displaces itself`() {
    var table = RankedTable<Int, Weight>(limit: 8)
    for key in 0..<4 { table.update(key, default: Weight()) { $0.rank += 5 } }
    for key in 100..<10_000 { table.update(key, default: Weight()) { $0.rank += 1 } }
    #expect(table.count <= 16)
    #expect(table.ranked.prefix(4).map(\.key) == [0, 1, 2, 3])
    #expect(table.ranked.count == 8)
    #expect(table.ranked.count + table.leftOut == 9904)
  }

  @Test func `a list keeps the first of the highest rank in their order`() {
    var list = RankedList<Weight>(limit: 3)
    for rank in [1, 9, 2, 9, 3, 9, 9] { list.append(Weight(rank: rank)) }
    #expect(list.kept.map(\.rank) == [9, 9, 9] && list.total == 7 && list.leftOut == 4)
  }

  @Test func `a tally names what is left as others`() {
    var tally = Tally(limit: 4)
    for (name, count) in [("a", 5), ("b", 3), ("c", 1)] { tally.add(name, count) }
    #expect(tally.top(2).map(\.name) == ["a", "b", "(others)"])
    #expect(tally.top(2).map(\.count) == [5, 3, 1])
  }

  @Test func `quantiles are by nearest rank, and thinning keeps them close`() {
    var sample = QuantileSample()
    for value in 1...100 { sample.add(Double(value)) }
    #expect(sample.quantiles([0.5, 0.95, 1]) == [50, 95, 100])
    var large = QuantileSample()
    for value in 0..<1_000_000 { large.add(Double(value % 1000)) }
    #expect(large.count == 1_000_000 && large.sample.count <= 1 << 16)
    #expect(abs((large.quantiles([0.5])?[0] ?? 0) - 500) < 10)
  }

  @Test func `a timeline of a year fits and loses nothing`() {
    var timeline = Timeline()
    for hour in 0..<8760 { timeline.add(.calls, at: Timestamp(seconds: Int64(hour) * 3600, nanoseconds: 0)) }
    #expect(timeline.row(.calls).count <= Timeline.limit)
    #expect(timeline.row(.calls).reduce(0, +) == 8760)
  }

  @Test(
    arguments: [
      (0, 3 * 24), (Int64(1_772_403_247), 6 * 24 + 22), (Int64(1_772_409_600), 0), (Int64(-1), 2 * 24 + 23),
    ] as [(Int64, Int)])
  func `hours of the week count from Monday`(seconds: Int64, index: Int) {
    #expect(WeekHour.index(of: Timestamp(seconds: seconds, nanoseconds: 0), LocalClock()) == index)
  }

  @Test func `extreme times trap nothing`() {
    var timeline = Timeline()
    var peak = PeakCounter(seconds: 3600)
    for nanoseconds in [Int64.min, 0, .max] {
      let time = Timestamp(nanoseconds: nanoseconds)
      timeline.add(.calls, at: time)
      peak.add(at: time)
      _ = WeekHour.index(of: time, LocalClock())
      _ = TimeText.machine(time) + TimeText.human(time)
    }
    #expect(timeline.row(.calls).reduce(0, +) == 3)
    _ = peak.peakTime
  }

  @Test(
    arguments: [
      (nil, 0, .low), (60, 0, .low), (50, 0, .low), (45, 10, .low), (39.9, 20, .elevated), (20, 60, .high),
      (9, 82, .severe), (0, 100, .severe),
    ] as [(Double?, Int, ThreatLevel)])
  func `a threat is as bad as the lowest reputation`(reputation: Double?, score: Int, level: ThreatLevel) {
    var party = Party(name: "a", at: Timestamp(nanoseconds: 0))
    party.lowestReputation = reputation
    #expect(Threat(party).score == score && Threat(party).level == level)
  }

  @Test func `reasons name the rules, the worst first`() {
    var party = Party(name: "a", at: Timestamp(nanoseconds: 0))
    party.alerts = [
      .init(rule: "b", title: "", severity: 2, spoofable: nil, count: 9),
      .init(rule: "a", title: "", severity: 1, spoofable: nil, count: 1),
    ]
    party.reasons = ["alert-high sid 1 1x -30", "not-found 12x -24", "forbidden 2x -0", "registered 1x +5"]
    #expect(
      Threat(party).reasons == [
        "1 alert of severity high: a", "9 alerts of severity medium: b", "not-found 12x (−24 points)",
        "forbidden 2x", "registered 1x (+5 points)",
      ])
  }

  @Test func `text in a page is nothing but text`() {
    #expect(HTMLText.escaped("plain") == "plain")
    #expect(HTMLText.escaped("<a href=\"x\">'&`") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#96;")
    #expect(HTMLText.escaped("\0\u{1b}\u{7f}\n") == "␀␛␡␊")
    #expect(HTMLText.escaped("a\u{202e}b") == "a⟨U+202E⟩b")
    #expect(HTMLText.escaped("Zoë 张") == "Zoë 张")
  }

  @Test func `numbers are written for people`() {
    #expect(NumberText.grouped(1_234_567) == "1\u{2009}234\u{2009}567")
    #expect(NumberText.decimal(2.5, digits: 2) == "2.50" && NumberText.decimal(-0.04, digits: 1) == "0.0")
    #expect(NumberText.decimal(.infinity, digits: 1) == "–")
    #expect(NumberText.percent(0.125) == "12.5\u{a0}%" && NumberText.percent(0.0012) == "0.12\u{a0}%")
    #expect(
      TimeText.length(197_000_000_000) == "3 min 17 s" && TimeText.length(90_000_000_000_000) == "1 d 1 h")
  }
}
