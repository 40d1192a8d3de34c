import Numbering
import Testing
import Values

@testable import Simulation

/// What is dialled in simulated companies.
struct FictionalNumbersTests {
  /// Country codes of the places where the companies are.
  private static let homes = [
    "small-office": "49", "office-day": "49", "call-centre": "44", "hotel": "43", "international": "31",
  ]

  private func facts(of prefix: String, home: String, seed: UInt64) -> NumberFacts {
    var random = RandomSource(seed: seed)
    let number = Array(FictionalNumbers.number(prefix, &random).utf8)
    return NumberPlan(DialPlan(countryCode: home, nationalPrefix: "0")).facts(of: number.span)
  }

  @Test(arguments: FictionalNumbers.costly)
  func `a costly number is a number of its country`(prefix: String) {
    for seed in 1...20 {
      let facts = facts(of: prefix, home: "49", seed: UInt64(seed))
      #expect(facts.number != nil && (facts.country != nil || prefix.hasPrefix("0088")), "seed \(seed)")
    }
  }

  @Test(arguments: SimulatedCapture.names)
  func `people dial numbers that there can be`(scenario: String) throws {
    let home = try #require(Self.homes[scenario])
    for (prefix, _) in try SimulatedCapture.scenario(scenario).calls.destinations {
      for seed in 1...20 {
        #expect(facts(of: prefix, home: home, seed: UInt64(seed)).number != nil, "\(prefix), seed \(seed)")
      }
    }
  }
}
