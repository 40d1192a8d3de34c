import Events
import Testing
import Values

@testable import Tracking

/// What alerts and scores weigh in a reputation, and which level of threat they come to.
@Suite struct ReputationWeightTests {
  private static func reputation(_ event: borrowing Event) -> Double? {
    guard case .decimal(let value) = event[.sourceReputation] else { return nil }
    return value
  }

  /// The phone after one alert against it.
  private static func phone(
    alertOf severity: Severity, spoofability: Int, transport: String? = "UDP"
  ) -> Event {
    var events = ProfileEvents()
    events.sip("REGISTER")
    if let transport { events.event.set(.proto, copying: transport) }
    events.profiles.observe(
      alertOf: severity, sid: 7, spoofability: spoofability, by: events.event, events.parties)
    return events.filled()
  }

  @Test(
    arguments: [
      (.high, 0, 20), (.high, 1, 27.5), (.high, 2, 35), (.high, 3, 42.5), (.medium, 0, 35),
      (.medium, 1, 38.8), (.medium, 2, 42.5), (.medium, 3, 46.3), (.low, 0, 45), (.low, 3, 48.8),
      (.info, 0, 50),
    ] as [(Severity, Int, Double)])
  func `an alert weighs less the easier it is to forge`(severity: Severity, spoofability: Int, left: Double) {
    let event = Self.phone(alertOf: severity, spoofability: spoofability)
    #expect(Self.reputation(event) == left)
    let level = ThreatLevel(reputation: left)
    #expect(event.string(.sourceThreatLevel) == (level == .low ? nil : "\(level.name)"))
  }

  @Test(arguments: ["TCP", "SCTP"])
  func `who completed a handshake forged nothing`(transport: String) {
    for spoofability in 0...3 {
      let event = Self.phone(alertOf: .high, spoofability: spoofability, transport: transport)
      #expect(Self.reputation(event) == 20)
    }
  }

  @Test(arguments: [-5, 4, 99])
  func `a spoofability out of range counts as the nearest`(spoofability: Int) {
    let near = spoofability < 0 ? 20.0 : 42.5
    #expect(Self.reputation(Self.phone(alertOf: .high, spoofability: spoofability)) == near)
  }

  @Test func `alerts that anyone can forge alone make nobody severe at once`() {
    var events = ProfileEvents()
    events.sip("REGISTER")
    var levels: [String?] = []
    for sid in 1...7 {
      events.profiles.observe(alertOf: .high, sid: sid, spoofability: 3, by: events.event, events.parties)
      levels.append(events.filled().string(.sourceThreatLevel))
    }
    // 42.5, 35, 27.5, 20, 12.5, 5, 0.
    #expect(levels == [nil, "elevated", "elevated", "high", "high", "severe", "severe"])
  }

  /// The phone after scores, one an hour.
  private static func phone(scores: [Double]) -> ProfileEvents {
    var events = ProfileEvents()
    events.sip("REGISTER")
    for score in scores {
      let time = Timestamp(seconds: events.seconds, nanoseconds: 0)
      events.profiles.observe(score: score, of: ProfileEvents.phone, at: time)
    }
    return events
  }

  @Test(
    arguments: [
      ([0.99], 50), ([0.9974], 50), ([0.9975], 40), ([1], 40), ([1, 0.5], 40), ([1, 1], 30), ([1, 1, 1], 20),
      ([1, 1, 1, 1], 10), ([1, 1, 1, 1, 1, 1], 10),
    ] as [([Double], Double)])
  func `a score from 0.9975 on weighs ten points, down to ten`(scores: [Double], left: Double) {
    var events = Self.phone(scores: scores)
    let event = events.phone(explains: true)
    #expect(Self.reputation(event) == left)
    let reasons = event.string(.sourceReputationReasons)
    #expect(reasons == nil)
    #expect(event.has(.sourceReputationReasons) == (left < 50))
    #expect(event[.sourceScore] == .decimal(Double(Float(scores.max() ?? 0))))
  }

  @Test func `scores alone can make a source high and never severe`() {
    var events = Self.phone(scores: Array(repeating: 1, count: 50))
    #expect(events.phone().string(.sourceThreatLevel) == "high")
  }

  @Test func `a score is told apart from alerts among the reasons`() {
    var events = Self.phone(scores: [1, 1])
    events.profiles.observe(alertOf: .medium, sid: 9, spoofability: 1, by: events.event, events.parties)
    let event = events.phone(explains: true)
    guard case .list(let range) = event[.sourceReputationReasons] else {
      Issue.record("there are no reasons")
      return
    }
    let texts = event.items[range.range].compactMap { item -> String? in
      guard case .text(let text) = item else { return nil }
      return String(decoding: event.text[text.range], as: UTF8.self)
    }
    #expect(texts.sorted() == ["alert-medium sid 9 1x -11.3", "score 2x -20"])
  }
}
