import Foundation
import Testing

@testable import Anomaly

@Suite struct DayCalibrationTests {
  /// Strangest hours of benign days: a body, and a tail with the weight that is set or a heavier one.
  private func days(_ count: Int, heavier: Double, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let probability = (Double(state >> 33) + 0.5) / Double(UInt64(1) << 31)
      guard probability < 0.05 else { return 4 + 6.7 * (1 - probability) }
      return 10.7 + heavier * (pow(probability / 0.05, -0.2) - 1) / 0.2
    }
  }

  private func fitted(heavier: Double, attacks: Int) -> DayCalibration {
    var calibration = DayCalibration(enough: 400)
    calibration.expectCalibratedFeatures()
    for day in 0..<12 {
      for worst in days(2000, heavier: heavier, seed: UInt64(day + 1)) { calibration.add(worst) }
      for attack in 0..<attacks { calibration.add(25 + Double(attack)) }
      calibration.refit()
    }
    return calibration
  }

  @Test(arguments: [0, 8, 20], [1.0, 1.5])
  func `as many benign days are above a value as it says, attacks or not`(_ attacks: Int, _ heavier: Double) {
    let calibration = fitted(heavier: heavier, attacks: attacks)
    let fresh = days(200_000, heavier: heavier, seed: 77)
    for promised in [0.01, 0.0025, 0.001] {
      let found = Double(fresh.count { calibration.probability($0) <= promised }) / Double(fresh.count)
      #expect(found < 2 * promised && found > promised / 2, "\(promised): \(found)")
    }
  }

  @Test func `a stranger hour is rarer, before any days and after`() {
    var expectant = DayCalibration(enough: 400)
    expectant.expectCalibratedFeatures()
    for calibration in [DayCalibration(enough: 400), expectant, fitted(heavier: 1, attacks: 5)] {
      var last = 1.1
      for step in 0..<700 {
        let probability = calibration.probability(Double(step) / 10)
        #expect(probability > 0 && probability <= 1 && probability <= last, "\(step): \(probability)")
        last = probability
      }
      #expect(last < 0.001)
    }
  }

  @Test func `quiet hours are told apart too`() {
    let calibration = fitted(heavier: 1, attacks: 0)
    let probabilities = (0...40).map { calibration.probability(Double($0) / 10) }
    #expect(zip(probabilities, probabilities.dropFirst()).allSatisfy { $0 > $1 })
  }
}
