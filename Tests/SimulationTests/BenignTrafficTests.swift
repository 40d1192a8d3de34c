import Foundation
import Testing
import Values

@testable import Simulation

/// What people do is what a sensor sees, and nothing in it is wrong unless it is meant to be.
@Suite struct BenignTrafficTests {
  static func run(_ name: String, minutes: Int64 = 15, media: String? = nil) throws -> SimulatedCapture {
    try SimulatedCapture(name, media: media) {
      $0.duration = minutes * 60_000_000_000
      $0.start = $0.start.advanced(byNanoseconds: 7_200_000_000_000)
    }
  }

  @Test(arguments: SimulatedCapture.names)
  func `the messages of a shipped scenario have no fault that is not labelled`(name: String) throws {
    var scenario = try SimulatedCapture.scenario(name)
    scenario.errors.brokenMessage = 0
    let isSet = scenario.setMedia("2s")
    #expect(isSet)
    let capture = SimulatedCapture(scenario) {
      $0.duration = 900_000_000_000
      $0.start = $0.start.advanced(byNanoseconds: 7_200_000_000_000)
    }
    let faults = try capture.events().events("anomaly").map { $0["anomaly"] as? [String: Any] ?? [:] }
    #expect(faults.isEmpty, "\(faults.prefix(3))")
  }

  @Test(arguments: ["office-day", "small-office", "call-centre", "international"])
  func `a sensor counts the calls and answers that the metadata tells`(name: String) throws {
    let capture = try Self.run(name)
    let calls = try capture.events()
    let counts = capture.result.counts
    // Behind a telephone system each call is two dialogs, of which the far one is not there when the system
    // itself refuses; the near one always is.
    let isProxy = try SimulatedCapture.scenario(name).network.server == .proxy
    let started = calls.events("call", "started").count
    #expect(counts.calls > 5)
    #expect(isProxy ? started == counts.calls : (counts.calls...2 * counts.calls).contains(started))
    let answered = calls.events("call", "answered").count
    #expect(isProxy ? answered == counts.answered : answered >= counts.answered)
  }

  @Test func `every frame is in the metadata, and every message is counted by its kind`() throws {
    let capture = try Self.run("office-day", media: "1s")
    let counts = capture.result.counts
    #expect(capture.frames.count == counts.packets)
    #expect(capture.frames.reduce(0) { $0 + $1.bytes.count } == counts.bytes)
    let messages = try capture.events().events("sip").count
    #expect(messages == counts.messages.values.reduce(0, +))
  }

  @Test(arguments: ["office-day", "international"])
  func `time never goes back`(name: String) throws {
    let times = try Self.run(name, media: "1s").frames.map(\.time)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func `calls follow the hours of the company`() throws {
    var scenario = try SimulatedCapture.scenario("office-day")
    scenario.calendar.nightPercent = 0
    scenario.calendar.weekendPercent = 0
    let night = SimulatedCapture(scenario) {
      $0.start = $0.start.advanced(byNanoseconds: 14 * 3_600_000_000_000)
      $0.duration = 3_600_000_000_000
    }
    #expect(night.result.counts.calls == 0)
    let saturday = SimulatedCapture(scenario) {
      $0.start = $0.start.advanced(byNanoseconds: (5 * 24 + 2) * 3_600_000_000_000)
      $0.duration = 3_600_000_000_000
    }
    #expect(saturday.result.counts.calls == 0)
    let morning = SimulatedCapture(scenario) {
      $0.start = $0.start.advanced(byNanoseconds: 2 * 3_600_000_000_000)
      $0.duration = 3_600_000_000_000
    }
    // 8,000 calls over nine hours and two fifths of an hour of lunch: 851 in an hour.
    #expect((730...970).contains(morning.result.counts.calls))
  }

  @Test func `oddities are labelled as benign and say which rules may fire`() throws {
    var scenario = try SimulatedCapture.scenario("small-office")
    scenario.errors.oneWayAudio = 300
    scenario.errors.lostBye = 500
    scenario.errors.wrongPassword = 1000
    scenario.errors.brokenMessage = 1000
    let capture = SimulatedCapture(scenario) { $0.duration = 3_600_000_000_000 }
    let labels = try capture.labels()
    let names = Set(labels.compactMap { $0["oddity"] as? String })
    #expect(names.isSuperset(of: ["one-way-audio", "lost-bye", "wrong-password", "broken-message"]))
    #expect(labels.allSatisfy { $0["attack"] == nil })
    let oneWay = labels.first { $0["oddity"] as? String == "one-way-audio" }
    #expect(oneWay?["rules"] as? [String] == ["one-way-audio"])
  }
}
