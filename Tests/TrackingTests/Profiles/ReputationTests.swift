import Testing
import Values

@testable import Tracking

@Suite struct ReputationTests {
  private func hours(_ value: Int64) -> Timestamp { Timestamp(seconds: value * 3600, nanoseconds: 0) }

  private func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 1e-5 }

  @Test func `it starts in the middle`() {
    #expect(Reputation().value(at: hours(5)) == 50)
    #expect(Reputation().reasons.isEmpty)
  }

  @Test func `each event moves it by its weight`() {
    for reason in ReputationReason.allCases {
      var reputation = Reputation()
      reputation.move(reason, at: hours(1))
      #expect(isNear(reputation.value(at: hours(1)), 50 + reason.weight), "\(reason)")
    }
  }

  @Test func `no event moves it beyond its bound`() {
    for reason in ReputationReason.allCases {
      var reputation = Reputation()
      for _ in 0..<200 { reputation.move(reason, at: hours(1)) }
      #expect(isNear(reputation.value(at: hours(1)), reason.bound), "\(reason)")
      #expect(reputation.reasons.first?.count == 200)
      #expect(isNear(reputation.reasons.first?.amount ?? 0, reason.bound - 50))
    }
  }

  @Test func `an event does not lift what others brought below its bound`() {
    var reputation = Reputation()
    for _ in 0..<2 { reputation.move(.alertHigh, at: hours(1)) }
    #expect(reputation.value(at: hours(1)) == 0)
    reputation.move(.malformed, at: hours(1))
    #expect(reputation.value(at: hours(1)) == 0)
    reputation.move(.registered, at: hours(1))
    #expect(reputation.value(at: hours(1)) == 5)
  }

  @Test(
    arguments: [
      (0, 20.0), (24, 35.0), (48, 42.5), (12, 28.786_796_564), (6, 24.773_107_539), (1680, 50.0),
    ] as [(Int64, Double)])
  func `half of the distance is forgotten in a day`(_ elapsed: Int64, _ expected: Double) {
    var reputation = Reputation()
    reputation.move(.alertHigh, at: hours(100))
    #expect(isNear(reputation.value(at: hours(100 + elapsed)), expected))
  }

  @Test func `time that runs backward changes nothing`() {
    var reputation = Reputation()
    reputation.move(.alertHigh, at: hours(100))
    #expect(reputation.value(at: hours(1)) == 20)
    reputation.move(.alertLow, at: hours(1))
    #expect(reputation.value(at: hours(100)) == 15)
    #expect(Reputation().value(at: Timestamp(nanoseconds: .min)) == 50)
    #expect(reputation.value(at: Timestamp(nanoseconds: .max)) == 50)
  }

  @Test func `the latest six reasons are remembered, with how often and how much`() {
    var reputation = Reputation()
    for sid in 1...5 { reputation.move(.alertLow, detail: UInt32(sid), at: hours(Int64(sid))) }
    reputation.move(.notFound, at: hours(6))
    reputation.move(.notFound, at: hours(7))
    reputation.move(.longCall, at: hours(8))
    let reasons = reputation.reasons
    #expect(reasons.map(\.reason) == [.alertLow, .alertLow, .alertLow, .alertLow, .notFound, .longCall])
    #expect(reasons.map(\.detail) == [2, 3, 4, 5, 0, 0])
    #expect(reasons[4].count == 2 && reasons[4].amount == -4)
  }
}
