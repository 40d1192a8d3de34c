import Testing
import Values

@testable import Anomaly

@Suite struct SurpriseDetectorTests {
  @Test func `guessed passwords are found and explained`() throws {
    var detector = SurpriseDetector()
    let scores = SmallPopulation(attackHour: 150).scores(&detector)
    let worst = try #require(scores.max { $0.value < $1.value })
    #expect(worst.entity == SmallPopulation.entity(7) && (150...152).contains(worst.hour))
    #expect(worst.value > 0.999 && !worst.isWarmingUp && worst.family == .registration)
    #expect(worst.expectedFalseAlarmsPerDay < 0.06)
    let reason = try #require(worst.reasons.first)
    #expect(reason.family == .registration && reason.surprise > 3)
    #expect(reason.observed > reason.expected)
  }

  @Test func `a row's score knows nothing of later rows`() {
    var (whole, cut) = (SurpriseDetector(), SurpriseDetector())
    let rows = SmallPopulation(attackHour: 100, outageHour: 130).rows()
    let end = rows.count * 3 / 4 + 17
    let all = rows.map { whole.score($0.row, hour: $0.hour) }
    let some = rows[..<end].map { cut.score($0.row, hour: $0.hour) }
    #expect(Array(all[..<end]) == some)
  }

  @Test func `an outage is one event of the population and nobody's fault`() {
    var detector = SurpriseDetector()
    let rows = SmallPopulation(outageHour: 108).rows()
    var scores: [AnomalyScore] = []
    for hour in 0..<192 {
      detector.score(hour: hour, rows: rows.filter { $0.hour == hour }.map(\.row), into: &scores)
    }
    let outage = scores.filter { $0.hour == 108 }
    #expect(outage.count == 60 && outage.allSatisfy { $0.value < 0.99 })
    let events = detector.takePopulationEvents().filter { $0.hour == 108 }
    #expect(events.contains { $0.feature == "net_fail" && $0.share > 0.03 && $0.entities == 60 })
    #expect(detector.takePopulationEvents().isEmpty)
  }

  @Test func `the first days are warming up`() {
    var detector = SurpriseDetector()
    let scores = SmallPopulation(sources: 5, days: 5).scores(&detector)
    #expect(scores.allSatisfy { $0.isWarmingUp == ($0.hour < 72) })
    #expect(scores.filter { $0.hour == 10 }.allSatisfy { $0.samples == 10 })
  }

  @Test func `no value makes a score that is no number`() {
    var detector = SurpriseDetector()
    let values = [1e308, -1e308, .infinity, -.infinity, .nan, 0, -0.0, 1, 1e9, 1e-300]
    var state: UInt64 = 3
    for hour in 0..<80 {
      for source in 0..<8 {
        var row = FeatureRow()
        for feature in Feature.allCases {
          row[feature] = values[SmallPopulation.draw(5, &state) % values.count]
        }
        let score = detector.score(EntityRow(entity: SmallPopulation.entity(source), row: row), hour: hour)
        #expect(
          score.value >= 0 && score.value <= 1 && score.surprise.isFinite, "\(hour) \(source): \(score)")
        #expect(score.expectedFalseAlarmsPerDay.isFinite)
        for reason in score.reasons { #expect(reason.observed.isFinite && reason.expected.isFinite) }
      }
    }
    #expect(detector.baseline.entities.figures.allSatisfy { $0.isFinite })
    #expect(detector.baseline.groups.excess.allSatisfy { $0.isFinite })
    #expect(detector.dayRows.figures.allSatisfy { $0.sum().isFinite })
  }

  @Test func `hours that are wild do not hang or trap`() {
    var detector = SurpriseDetector()
    let row = EntityRow(entity: SmallPopulation.entity(1), row: FeatureRow())
    for hour in [5, 3, -1, 6, 1_000_000, 999_999, Int.max, Int.min] {
      #expect(detector.score(row, hour: hour).value.isFinite)
    }
    #expect(detector.watchedHours > 0)
  }

  @Test func `a flood of new entities drives out no old one`() {
    var options = SurpriseOptions()
    options.entityLimit = 64
    var detector = SurpriseDetector(options: options)
    for (hour, row) in SmallPopulation(sources: 32, days: 2).rows() { _ = detector.score(row, hour: hour) }
    for source in 1000..<3000 {
      let row = EntityRow(entity: SmallPopulation.entity(source), row: FeatureRow())
      #expect(detector.score(row, hour: 48).value.isFinite)
    }
    #expect((0..<32).allSatisfy { detector.baseline.entities.place(of: SmallPopulation.entity($0)) != nil })
    #expect(detector.entityUsage.entries <= 64 && detector.entityUsage.evictions >= 1900)
  }

  @Test func `the last 24 hours are added up for as long as a source is seen`() {
    var detector = SurpriseDetector()
    for hour in 0..<60 {
      for source in 0..<30 {
        var row = FeatureRow()
        row[.registers] = 1
        // One source pauses for longer than rows of others are kept.
        guard source != 5 || hour % 30 < 3 else { continue }
        _ = detector.score(EntityRow(entity: SmallPopulation.entity(source), row: row), hour: hour)
        let expected = source == 5 ? Double(hour % 30 + 1) : Double(min(hour + 1, 24))
        #expect(detector.scratch.dayValues[1] == expected, "source \(source), hour \(hour)")
      }
    }
  }

  @Test func `one entity's rare surprises count once a day in a channel`() {
    var (features, counted) = (FeatureCalibration(), ChannelSet())
    var surprises = [Double](repeating: 0, count: 72)
    for _ in 0..<2500 { features.add(surprises, channels: 72, counted: &counted) }
    features.refit()
    let before = features.counts
    surprises[70] = 5
    for _ in 0..<24 { features.add(surprises, channels: 72, counted: &counted) }
    let added = zip(features.counts, before).map { $0 - $1 }
    #expect(added.reduce(0, +) == 1)
    let other = counted.insert(71)
    #expect(other)
  }

  @Test func `requests without a registration are found, counted or not`() throws {
    for isCounted in [false, true] {
      var detector = SurpriseDetector()
      var worst = 0.0
      for (hour, row) in SmallPopulation().rows() {
        var row = row
        // Some have keep-alive messages all the time; one of them is no phone.
        if row.entity.low < 12 { row.row[.options] = 8 }
        if isCounted { row.unregistered = 0 }
        _ = detector.score(row, hour: hour)
        guard (130..<160).contains(hour), row.entity == SmallPopulation.entity(59) else { continue }
        var scan = FeatureRow()
        (scan[.options], scan[.registers], scan[.sipMessages]) = (8, 0, 16)
        let foreign = EntityRow(
          entity: SmallPopulation.entity(99), row: scan, unregistered: isCounted ? 8 : .nan)
        let score = detector.score(foreign, hour: hour)
        worst = max(worst, score.value)
      }
      #expect(worst > 0.998, "\(isCounted): \(worst)")
    }
  }

  @Test func `the first days may be learned from only`() {
    var (judged, learned) = (SurpriseDetector(), SurpriseDetector())
    learned.options.skipsFirstDays = true
    let rows = SmallPopulation(attackHour: 100, outageHour: 70).rows()
    for hour in 0..<150 {
      let rows = rows.filter { $0.hour == hour }.map(\.row)
      var (all, few): ([AnomalyScore], [AnomalyScore]) = ([], [])
      judged.score(hour: hour, rows: rows, into: &all)
      learned.score(hour: hour, rows: rows, into: &few)
      #expect(all.map(\.samples) == few.map(\.samples))
      if hour < 47 { #expect(few.allSatisfy { $0.value == 0 && $0.isWarmingUp && $0.reasons.isEmpty }) }
      if hour >= 48 { #expect(all == few, "hour \(hour)") }
    }
  }

  @Test func `a newcomer is compared with those of its volume`() throws {
    var detector = SurpriseDetector()
    var first: AnomalyScore?
    for (hour, row) in SmallPopulation(days: 9).rows() {
      _ = detector.score(row, hour: hour)
      // A source like number 8, on its first morning.
      guard hour == 178, row.entity == SmallPopulation.entity(8) else { continue }
      first = detector.score(EntityRow(entity: SmallPopulation.entity(500), row: row.row), hour: hour)
    }
    let score = try #require(first)
    #expect(score.samples == 0 && !score.isWarmingUp && score.value < 0.98, "\(score)")
  }

  @Test func `groups of few join a neighbour`() throws {
    var detector = SurpriseDetector()
    for (hour, row) in SmallPopulation(sources: 20, days: 4).rows() {
      var row = row
      // One calls far more than the others.
      if row.entity == SmallPopulation.entity(3) { row.row[.invites] = 500 }
      _ = detector.score(row, hour: hour)
    }
    let place = try #require(detector.baseline.entities.place(of: SmallPopulation.entity(3)))
    #expect(detector.baseline.entities.records[place].group == 3)
  }

  @Test func `rows of the day have a limit`() {
    var options = SurpriseOptions()
    options.rowLimit = 1024
    var detector = SurpriseDetector(options: options)
    let scores = SmallPopulation(sources: 100, days: 3).scores(&detector)
    #expect(scores.allSatisfy { $0.value.isFinite })
    #expect(detector.rowUsage.entries <= 1024 && detector.rowUsage.evictions > 0)
  }

  @Test func `a source nobody has room for is compared with its peers`() {
    var options = SurpriseOptions()
    options.entityLimit = 8
    var detector = SurpriseDetector(options: options)
    let population = SmallPopulation(sources: 9, days: 4)
    let scores = population.scores(&detector)
    #expect(scores.count == 9 * 96 && detector.entityUsage.evictions > 0)
    #expect(scores.allSatisfy { $0.value.isFinite })
  }
}
