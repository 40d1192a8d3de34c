import Foundation
import Testing
import Values

@testable import Rules

@Suite struct ZoneTests {
  @Test(
    arguments: [
      ("UTC0", 0, nil), ("CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200),
      ("EST5EDT,M3.2.0,M11.1.0", -18_000, -14_400),
      ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 37_800, 39_600), ("<-03>3", -10_800, nil),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 0), ("XXX3EDT4,0/0,J365/23", -10_800, -14_400),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600),
    ] as [(String, Int64, Int64?)])
  func `POSIX rules have a standard and a summer offset`(_ text: String, _ standard: Int64, _ summer: Int64?)
    throws
  {
    let rule = try #require(PosixZoneRule(Array(text.utf8)))
    #expect(rule.standardOffset == standard)
    #expect(rule.daylight?.offset == summer)
  }

  @Test(arguments: [
    "", "CET", "-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
    "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J5", "CET-1CEST,J366,J5", "<CET-1", "CET-168", "CET-1:60",
    "CET-1CEST,M3.5.0,M10.5.0 ", "CET99999999999999999999",
  ])
  func `texts that are no POSIX rule are refused`(_ text: String) {
    #expect(PosixZoneRule(Array(text.utf8)) == nil)
  }

  @Test func `days of a rule fall on the right dates`() {
    func date(_ day: PosixZoneRule.Day, _ year: Int) -> String {
      let time = CivilTime(secondsSinceEpoch: PosixZoneRule.Change(day: day, time: 0).seconds(inYear: year))
      return "\(time.year)-\(time.month)-\(time.day)"
    }
    #expect(date(.weekday(month: 3, week: 5, day: 0), 2026) == "2026-3-29")
    #expect(date(.weekday(month: 10, week: 5, day: 0), 2026) == "2026-10-25")
    #expect(date(.weekday(month: 11, week: 1, day: 0), 2026) == "2026-11-1")
    #expect(date(.weekday(month: 2, week: 5, day: 6), 2026) == "2026-2-28")
    #expect(date(.weekday(month: 12, week: 5, day: 4), 2026) == "2026-12-31")
    #expect(date(.julian(60), 2024) == "2024-3-1")
    #expect(date(.julian(59), 2024) == "2024-2-28")
    #expect(date(.julian(60), 2026) == "2026-3-1")
    #expect(date(.ordinal(59), 2024) == "2024-2-29")
    #expect(date(.ordinal(0), 2026) == "2026-1-1")
  }

  @Test func `the footer's rule goes on to the end of packet time`() throws {
    let zone = try ZoneDatabase(folder: "/usr/share/zoneinfo").zone(named: "Europe/Berlin")
    for year in [2038, 2100, 2261] {
      let january = Int64(CivilTime.daysSinceEpoch(year: year, month: 1, day: 15)) * 86_400
      let july = Int64(CivilTime.daysSinceEpoch(year: year, month: 7, day: 15)) * 86_400
      #expect(zone.period(at: january).offset == 3600)
      #expect(zone.period(at: july).offset == 7200)
    }
  }

  @Test func `periods follow each other without a gap`() throws {
    let zone = try ZoneDatabase(folder: "/usr/share/zoneinfo").zone(named: "Africa/Casablanca")
    var period = zone.period(at: .min)
    var count = 0
    while period.end < .max {
      let next = zone.period(at: period.end)
      #expect(next.start == period.end)
      #expect(zone.period(at: period.end - 1).start == period.start)
      period = next
      count += 1
    }
    #expect(count > 100)
  }

  @Test func `a machine without time zones says what to install`() {
    var loader = RuleLoader()
    loader.options.zoneFolder = "/nonexistent/zoneinfo"
    let text = """
      schedules:
        a: {zone: Europe/Berlin, any_of: [{days: [mon]}]}
        b: {zone: UTC, any_of: [{days: [mon]}]}
      """
    let loaded = loader.load(files: [SourceFile(text: text)])
    #expect(messages(loaded) == ["this machine has no time zones in '/nonexistent/zoneinfo'"])
    #expect(loaded.report.diagnostics.first?.help == "install the package tzdata")
    #expect(loaded.schedules.map(\.name.value) == ["b"])
  }

  @Test(arguments: [
    "../zoneinfo/UTC", "/etc/passwd", "", "Europe", "Europe/", "zone.tab", "right/UTC", "a b",
  ])
  func `names that are no zones are refused`(_ name: String) {
    #expect(throws: ZoneDatabase.Problem.self) {
      try ZoneDatabase(folder: "/usr/share/zoneinfo").zone(named: name)
    }
  }

  @Test func `a damaged file is refused or read, never trapped on`() throws {
    let url = URL(filePath: "/usr/share/zoneinfo/America/New_York")
    let bytes = Array(try Data(contentsOf: url))
    #expect(ZoneTransitions(tzif: bytes) != nil)
    for count in 0..<bytes.count - 1 {
      // Only the last line, which is the rule, may be cut to something that is whole without it.
      let cut = ZoneTransitions(tzif: Array(bytes[..<count]))
      #expect(cut == nil || count > bytes.count - 40)
    }
    let seed: UInt64 = 4
    var random = SeededGenerator(seed: seed)
    for _ in 0..<3000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        damaged[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      guard let zone = ZoneTransitions(tzif: damaged) else { continue }
      for seconds in [Int64.min, -1, 0, 1_772_000_000, .max] { _ = zone.period(at: seconds) }
    }
  }
}
